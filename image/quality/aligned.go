// SPDX-License-Identifier: EUPL-1.2

package quality

import (
	"image"
	"math"

	"github.com/fotobox-project/fotobox/image/pixel"
)

// side is that of the aligned picture in pixels.
const side = 616

// targets are where eyes, nose tip and corners of the mouth come to lie in it, in
// OFIQ's pixels: (0, 0) is the middle of the first.
func targets() []point {
	return []point{{251, 272}, {364, 272}, {308, 336}, {262, 402}, {355, 402}}
}

// aligned is the photo turned, scaled and shifted so that the face lies where
// OFIQ has it.
type aligned struct {
	pix   []uint8 // R, G, B of 616 x 616 pixels; black where the photo has none
	lumi  []uint8 // their luminance, as luminance gives it
	known []bool  // the pixel lies in the photo
	marks         // rounded to whole pixels, in OFIQ's pixels
}

// align takes single pixels without averaging where the photo is finer, as OFIQ does.
func align(img image.Image, m marks) *aligned {
	const half = 0.5 // from corners of pixels to their middles
	from := []point{m.eyeLeft, m.eyeRight, m.nose, m.mouthLeft, m.mouthRight}
	for i := range from {
		from[i] = point{from[i].x - half, from[i].y - half}
	}
	s := leastMedian(from, targets())
	a := &aligned{pix: make([]uint8, 3*side*side), known: make([]bool, side*side)}
	a.fill(img, s.inverse())
	a.lumi = luminances(a.pix)
	corner := s
	corner.u, corner.v = s.u-float64(half*(s.a-s.b)), s.v-float64(half*(s.b+s.a))
	a.marks = m.through(corner).rounded()
	return a
}

func (m marks) rounded() marks {
	for _, p := range []*point{&m.eyeLeft, &m.eyeRight, &m.nose, &m.mouthLeft, &m.mouthRight, &m.lips, &m.chin} {
		*p = point{math.Round(p.x), math.Round(p.y)}
	}
	return m
}

// fill reads the photo between its pixels in steps of 1/32, in whole numbers, so
// that every machine gets the same picture.
func (a *aligned) fill(img image.Image, back similarity) {
	size := img.Bounds().Size()
	r := reader{at: pixel.At(img), w: size.X, h: size.Y}
	const part = 32
	for y := range side {
		for x := range side {
			p := back.at(point{float64(x), float64(y)})
			if !(math.Abs(p.x) < 1e7 && math.Abs(p.y) < 1e7) {
				continue
			}
			px, py := int(math.Floor(float64(p.x*part)+0.5)), int(math.Floor(float64(p.y*part)+0.5))
			o := y*side + x
			nx, ny := (px+part/2)>>5, (py+part/2)>>5
			a.known[o] = nx >= 0 && ny >= 0 && nx < r.w && ny < r.h
			c := r.between(px>>5, py>>5, px&31, py&31)
			a.pix[3*o], a.pix[3*o+1], a.pix[3*o+2] = c[0], c[1], c[2]
		}
	}
}

// reader reads a photo that is black outside.
type reader struct {
	at   func(x, y int) (r, g, b uint8)
	w, h int
}

// between interpolates at fx, fy 32nds right of and below the pixel (x, y).
func (r reader) between(x, y, fx, fy int) (c [3]uint8) {
	if x < -1 || y < -1 || x >= r.w || y >= r.h {
		return c
	}
	var sum [3]int
	for k, weight := range [4]int{(32 - fx) * (32 - fy), fx * (32 - fy), (32 - fx) * fy, fx * fy} {
		px, py := x+k&1, y+k>>1
		if weight == 0 || px < 0 || py < 0 || px >= r.w || py >= r.h {
			continue
		}
		red, green, blue := r.at(px, py)
		sum[0], sum[1], sum[2] = sum[0]+weight*int(red), sum[1]+weight*int(green), sum[2]+weight*int(blue)
	}
	for i, v := range sum {
		c[i] = uint8((v + 512) >> 10)
	}
	return c
}
