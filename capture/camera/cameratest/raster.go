// SPDX-License-Identifier: EUPL-1.2

package cameratest

import (
	"image"
	"runtime"
	"sync"
	"sync/atomic"
)

const (
	samples  = 2  // per pixel in each direction
	bandRows = 16 // rows of pixels that one worker draws at a time
)

// corner is a vertex in the picture: samples to the right and down, cm away.
type corner struct{ x, y, away float32 }

// triangle is a visible triangle of a mesh.
type triangle struct {
	corners [3]int32 // in drawing.corners
	mesh    int32
}

// drawing is all triangles of a picture, sorted into bands.
type drawing struct {
	view      view
	meshes    []*mesh
	first     []int32 // the first corner of each mesh
	corners   []corner
	triangles []triangle
	bands     [][]int32
	backdrop  func(x, y int) vec
	rows      []outline
	srgb      *srgb
	coarse    bool // see view.coarse
}

// outline is what a row of the picture shows of the sitter.
type outline struct{ pixels, sum int } // sum of their x

func newDrawing(v view, meshes []*mesh, backdrop func(x, y int) vec) *drawing {
	d := &drawing{view: v, meshes: meshes, backdrop: backdrop, srgb: newSRGB(), coarse: v.coarse()}
	d.bands = make([][]int32, (v.size.Y+bandRows-1)/bandRows)
	d.rows = make([]outline, v.size.Y)
	corners, triangles := 0, 0
	for _, m := range meshes {
		corners += len(m.vertices)
		triangles += len(m.triangles)
	}
	d.corners, d.triangles = make([]corner, 0, corners), make([]triangle, 0, triangles)
	for i, m := range meshes {
		d.add(int32(i), m)
	}
	return d
}

func (d *drawing) add(number int32, m *mesh) {
	first := int32(len(d.corners))
	d.first = append(d.first, first)
	for i := range m.vertices {
		x, y, away := d.view.project(m.vertices[i].place)
		d.corners = append(d.corners, corner{float32(samples * x), float32(samples * y), float32(away)})
	}
	for _, t := range m.triangles {
		tri := triangle{corners: [3]int32{t[0] + first, t[1] + first, t[2] + first}, mesh: number}
		d.sort(tri)
	}
}

// sort puts a triangle into the bands it touches.
func (d *drawing) sort(t triangle) {
	a, b, c := d.corners[t.corners[0]], d.corners[t.corners[1]], d.corners[t.corners[2]]
	top, bottom := int(min(a.y, b.y, c.y)), int(max(a.y, b.y, c.y))
	left, right := min(a.x, b.x, c.x), max(a.x, b.x, c.x)
	if right < 0 || left > float32(samples*d.view.size.X) || bottom < 0 {
		return
	}
	if d.meshes[t.mesh].closed && (b.x-a.x)*(c.y-a.y) < (b.y-a.y)*(c.x-a.x) {
		return // seen from inside
	}
	n := int32(len(d.triangles))
	d.triangles = append(d.triangles, t)
	for i := max(top, 0) / (samples * bandRows); i <= bottom/(samples*bandRows) && i < len(d.bands); i++ {
		d.bands[i] = append(d.bands[i], n)
	}
}

// draw renders the bands on all processors. The picture does not depend on their number.
func (d *drawing) draw() *image.NRGBA {
	img := image.NewNRGBA(image.Rectangle{Max: d.view.size})
	var next atomic.Int32
	var done sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		done.Go(func() {
			b := newBand(d, img)
			for i := next.Add(1) - 1; int(i) < len(d.bands); i = next.Add(1) - 1 {
				b.draw(int(i))
			}
		})
	}
	done.Wait()
	return img
}

// band is one worker's part of the picture.
type band struct {
	*drawing
	img  *image.NRGBA
	top  int // first row of samples
	wide int // samples
	away []float32
	pen  pen
	seen []int32 // the triangle that each sample shows; -1 = backdrop
}

func newBand(d *drawing, img *image.NRGBA) *band {
	wide := samples * d.view.size.X
	n := wide * samples * bandRows
	return &band{drawing: d, img: img, wide: wide, away: make([]float32, n), seen: make([]int32, n)}
}

func (b *band) draw(n int) {
	b.top = n * samples * bandRows
	for i := range b.seen {
		b.seen[i] = -1
		b.away[i] = 1e9
	}
	for _, t := range b.bands[n] {
		b.fill(t)
	}
	for y := n * bandRows; y < min((n+1)*bandRows, b.view.size.Y); y++ {
		for x := range b.view.size.X {
			b.set(x, y, b.colour(x, y))
			if b.seen[(y*samples-b.top)*b.wide+x*samples] >= 0 {
				b.rows[y].pixels++
				b.rows[y].sum += x
			}
		}
	}
}

// fill marks the samples in which triangle n is the nearest so far.
func (b *band) fill(n int32) {
	f, ok := newFlat(b.drawing, n)
	if !ok {
		return
	}
	x0, x1 := max(int(f.left), 0), min(int(f.right)+1, b.wide)
	y0, y1 := max(int(f.top)-b.top, 0), min(int(f.bottom)+1-b.top, samples*bandRows)
	hole := b.meshes[b.triangles[n].mesh].hole
	for y := y0; y < y1; y++ {
		row := y * b.wide
		u, v := f.at(float32(x0)+.5, float32(y+b.top)+.5)
		from, to := f.span(x0, x1, u, v)
		u, v = u+float32(from-x0)*f.ux, v+float32(from-x0)*f.vx
		for x := from; x < to; x, u, v = x+1, u+f.ux, v+f.vx {
			w := 1 - u - v
			if u < 0 || v < 0 || w < 0 {
				continue
			}
			away := u*f.a.away + v*f.b.away + w*f.c.away
			if away >= b.away[row+x] || hole != nil && hole(b.paintAt(n, u, v)) {
				continue
			}
			b.away[row+x], b.seen[row+x] = away, n
		}
	}
}
