// SPDX-License-Identifier: EUPL-1.2

package cameratest

import "math"

// colour is the light of a pixel: the mean of its samples, which share one colour where they show
// the same mesh.
func (b *band) colour(x, y int) vec {
	var seen [samples * samples]int32
	same := true
	for i := range seen {
		sx, sy := x*samples+i%samples, y*samples+i/samples-b.top
		seen[i] = b.seen[sy*b.wide+sx]
		same = same && b.alike(seen[0], seen[i])
	}
	if same {
		return b.sample(seen[0], float32(x*samples)+samples/2., float32(y*samples)+samples/2.)
	}
	var sum vec
	for i, n := range seen {
		sum = sum.add(b.sample(n, float32(x*samples+i%samples)+.5, float32(y*samples+i/samples)+.5))
	}
	return sum.mul(1. / (samples * samples))
}

// alike reports whether two samples may share a colour.
func (b *band) alike(n, m int32) bool {
	if n < 0 || m < 0 {
		return n == m
	}
	mesh := b.triangles[n].mesh
	if mesh != b.triangles[m].mesh || b.meshes[mesh].painted && b.coarse {
		return false
	}
	return n == m || !b.meshes[mesh].strands
}

func (b *band) sample(n int32, x, y float32) vec {
	if n < 0 {
		return b.backdrop(int(x)/samples, int(y)/samples)
	}
	return b.pen.light(b.drawing, n, x, y)
}

// set writes a colour as sRGB.
func (b *band) set(x, y int, c vec) {
	i := b.img.PixOffset(x, y)
	p := b.img.Pix[i : i+4 : i+4]
	p[0], p[1], p[2], p[3] = b.srgb.level(c.x), b.srgb.level(c.y), b.srgb.level(c.z), 255
}

// srgb is the sRGB level (IEC 61966-2-1) of each 1/8191 of linear light.
type srgb [8192]uint8

func newSRGB() *srgb {
	t := new(srgb)
	for i := range t {
		v := float64(i) / (float64(len(t)) - 1)
		if v <= .0031308 {
			t[i] = uint8(v*12.92*255 + .5)
		} else {
			t[i] = uint8((1.055*math.Pow(v, 1/2.4)-.055)*255 + .5)
		}
	}
	return t
}

func (t *srgb) level(v float64) uint8 {
	return t[int(min(max(v, 0), 1)*float64(len(t)-1)+.5)]
}
