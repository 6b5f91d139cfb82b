// SPDX-License-Identifier: EUPL-1.2

package rule

import (
	"errors"
	"math"

	"github.com/fotobox-project/fotobox/image/pixel"
	"github.com/fotobox-project/fotobox/image/portrait"
)

// The part of the picture in which the wall is looked at, and its grain, in
// inter-eye distances. What lies lower is shoulders.
const (
	wallSide    = 2.4
	wallTop     = -3
	wallBottom  = 0.8
	wallPerUnit = 16
	leastWall   = 60 // samples
)

var errNoWall = errors.New("the picture shows too little of the background")

// wall is what is surely background behind the judged face.
type wall struct {
	patch *pixel.Patch
	seen  []int // samples of the background: no head, no hair, nothing beyond the picture's edge
	// lit is what an even wall would look like, per sample: red, green, blue of
	// sRGB. It is the picture's own estimate, a plane through what is seen; the
	// empty scene may take its place.
	lit func(o int) [3]float64
}

// wall looks for the background.
func newWall(p *Picture) wall {
	w := wall{patch: pixel.Resample(p.Image, portrait.Eyes(p.Faces[0]), -wallSide, wallTop, wallSide, wallBottom, wallPerUnit)}
	w.look(1)
	if len(w.seen) < leastWall {
		w.look(0.85) // a tight picture; hair goes by its colour
	}
	if p.against != nil {
		return w.inBooth(p)
	}
	if len(w.seen) >= leastWall {
		w.lit = w.plane()
	}
	return w
}

// look takes what lies outside of an oval that is k times as large as usual.
func (w *wall) look(k float64) {
	free := make([]bool, len(w.patch.Y))
	for o, outside := range w.patch.Outside {
		x, y := w.patch.Place(o)
		free[o] = !outside && !nearHead(x/k, y/k)
	}
	w.seen = w.without(free, w.hair(free))
}

// nearHead tells whether a point lies in an oval that holds most heads with
// their hair.
func nearHead(x, y float64) bool {
	x, y = x/1.5, (y-0.1)/2.4
	return x*x+y*y < 1
}

// hair floods from the oval's edge through what has the colour of the hair.
func (w wall) hair(free []bool) []bool {
	p := w.patch
	hair, queue := make([]bool, len(free)), []int(nil)
	typical := w.shade(box(p, p.R, -0.7, -1.7, 0.7, -1.2), box(p, p.G, -0.7, -1.7, 0.7, -1.2), box(p, p.B, -0.7, -1.7, 0.7, -1.2))
	like := func(o int) bool {
		const luma, hue, farthest = 45, 14, 1.35 // what has the colour further out is not hair alone
		if x, y := p.Place(o); !nearHead(x/farthest, y/farthest) {
			return false
		}
		l, b, r := shadeOf(p, o)
		return math.Abs(l-typical[0]) < luma && math.Hypot(b-typical[1], r-typical[2]) < hue
	}
	for o := range free {
		if free[o] && like(o) && w.next(o, func(n int) bool { return !free[n] && !p.Outside[n] }) {
			hair[o], queue = true, append(queue, o)
		}
	}
	for len(queue) > 0 {
		o := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		w.next(o, func(n int) bool {
			if free[n] && !hair[n] && like(n) {
				hair[n], queue = true, append(queue, n)
			}
			return false
		})
	}
	return hair
}

// next asks about the neighbours of a sample until one answers.
func (w wall) next(o int, ask func(n int) bool) bool {
	p := w.patch
	i := o % p.W
	return i > 0 && ask(o-1) || i < p.W-1 && ask(o+1) || o >= p.W && ask(o-p.W) || o+p.W < len(p.Y) && ask(o+p.W)
}

// shadeOf gives a sample as luma and two differences of colour.
func shadeOf(p *pixel.Patch, o int) (luma, blue, red float64) {
	luma = float64(p.Y[o])
	return luma, (float64(p.B[o]) - luma) * 0.56, (float64(p.R[o]) - luma) * 0.71
}

// shade is the typical one of some samples.
func (w wall) shade(r, g, b []float32) [3]float64 {
	red, green, blue := percentile(r, 0.5), percentile(g, 0.5), percentile(b, 0.5)
	luma := 0.299*red + 0.587*green + 0.114*blue
	return [3]float64{luma, (blue - luma) * 0.56, (red - luma) * 0.71}
}

// without lists the free samples that are not hair nor beside it, where its edge
// is soft. When nearly all would be hair, the wall has its colour: then all count.
func (w wall) without(free, hair []bool) []int {
	var all, rest []int
	for o := range free {
		if !free[o] {
			continue
		}
		all = append(all, o)
		if !hair[o] && !w.next(o, func(n int) bool { return hair[n] }) {
			rest = append(rest, o)
		}
	}
	if len(rest) < len(all)/4 {
		return all
	}
	return rest
}

// How far a wall may darken over the picture, in levels for each inter-eye
// distance. A slow gradient is tolerated (ICAO TR Portrait Quality 2018), as lamps
// from above give it; one from side to side is uneven light.
const (
	steepestDown   = 10
	steepestAcross = 2
)

// plane fits what is seen, no steeper than allowed.
func (w wall) plane() func(o int) [3]float64 {
	p := w.patch
	var fit [3]tilt
	for i, channel := range [][]float32{p.R, p.G, p.B} {
		fit[i] = w.tilt(channel)
	}
	return func(o int) (c [3]float64) {
		x, y := p.Place(o)
		for i, t := range fit {
			c[i] = t.over(x, y)
		}
		return c
	}
}

// tilt is a plane through (x0, y0).
type tilt struct{ at, x, y, x0, y0 float64 }

// over is the plane's value above a place.
func (t tilt) over(x, y float64) float64 {
	return t.at + float64(t.x*(x-t.x0)) + float64(t.y*(y-t.y0))
}

// tilt fits a plane by least squares.
func (w wall) tilt(channel []float32) (t tilt) {
	n := float64(len(w.seen))
	for _, o := range w.seen {
		x, y := w.patch.Place(o)
		t.x0, t.y0, t.at = t.x0+x/n, t.y0+y/n, t.at+float64(channel[o])/n
	}
	var xx, xy, yy, xv, yv float64
	for _, o := range w.seen {
		x, y := w.patch.Place(o)
		x, y, v := x-t.x0, y-t.y0, float64(channel[o])-t.at
		xx, xy, yy, xv, yv = xx+x*x, xy+x*y, yy+y*y, xv+x*v, yv+y*v
	}
	if d := xx*yy - xy*xy; d > 1e-6*xx*yy {
		t.x, t.y = (xv*yy-yv*xy)/d, (yv*xx-xv*xy)/d
	}
	t.x = min(max(t.x, -steepestAcross), steepestAcross)
	t.y = min(max(t.y, -steepestDown), steepestDown)
	return t
}
