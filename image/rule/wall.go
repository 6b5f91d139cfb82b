// SPDX-License-Identifier: EUPL-1.2

package rule

import (
	"errors"

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
)

var errNoWall = errors.New("the picture shows too little of the background")

// wall is what is surely background behind the judged face, and its squares.
type wall struct {
	patch *pixel.Patch
	seen  []int  // samples of the background: no head, no hair, nothing beyond the picture's edge
	open  []bool // samples that are surely no hair; nil where the empty scene tells that of all
	// even is what an even wall shows as one colour, or as a slow change of it, per
	// sample: red, green and blue. It is the picture itself, or what differs from the
	// empty scene.
	even  [3][]float32
	cells []cell
}

// newWall looks for the background.
func newWall(p *Picture) wall {
	w := wall{patch: pixel.Resample(p.Image, portrait.Eyes(p.Faces[0]), -wallSide, wallTop, wallSide, wallBottom, wallPerUnit)}
	if p.against != nil {
		return w.inBooth(p)
	}
	w.even = [3][]float32{w.patch.R, w.patch.G, w.patch.B}
	w.look(1)
	if len(w.cells) < leastCells {
		w.look(0.85) // a tight picture; hair goes by its colour
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
	w.open = w.reached(free)
	w.seen = w.without(free, w.hair(free))
	w.cells = w.squares()
}

// nearHead tells whether a point lies in an oval that holds most heads with
// their hair.
func nearHead(x, y float64) bool { return away(x, y) < 1 }

// away is the square of how many times as large that oval must be to hold a point.
func away(x, y float64) float64 {
	x, y = x/1.5, (y-0.1)/2.4
	return float64(x*x) + float64(y*y)
}

// reached floods from the upper corners over small steps of colour, up to the head.
// What is reached is a wall, or a door before it, though it has the colour of the
// hair: hair has edges.
func (w wall) reached(free []bool) []bool {
	const small = 8 // levels from one sample to the next: lamps give 1, a hair's edge 20 and more
	p := w.patch
	near := func(a, b float32) bool { return max(a-b, b-a) < small }
	return w.flood(w.corners(free), func(from, to int) bool {
		return free[to] && near(p.R[from], p.R[to]) && near(p.G[from], p.G[to]) && near(p.B[from], p.B[to])
	})
}

// corners lists, on each side of the head, the fifth of the free samples above
// the brows that lies farthest from it: hair seldom comes there.
func (w wall) corners(free []bool) (list []int) {
	const brows, nearer = -0.8, 0.8
	var sides [2][]int
	var far [2][]float32
	for o := range free {
		x, y := w.patch.Place(o)
		if !free[o] || y > brows {
			continue
		}
		i := 0
		if x > 0 {
			i = 1
		}
		sides[i], far[i] = append(sides[i], o), append(far[i], float32(away(x, y)))
	}
	for i, side := range sides {
		least := float32(percentile(append([]float32(nil), far[i]...), nearer))
		for k, o := range side {
			if far[i][k] >= least {
				list = append(list, o)
			}
		}
	}
	return list
}

// flood marks the samples from which it starts and what can be reached from them.
func (w wall) flood(from []int, passes func(from, to int) bool) []bool {
	in := make([]bool, len(w.patch.Y))
	for _, o := range from {
		in[o] = true
	}
	for len(from) > 0 {
		o := from[len(from)-1]
		from = from[:len(from)-1]
		w.next(o, func(n int) bool {
			if !in[n] && passes(o, n) {
				in[n], from = true, append(from, n)
			}
			return false
		})
	}
	return in
}

// next asks about the neighbours of a sample until one answers.
func (w wall) next(o int, ask func(n int) bool) bool {
	p := w.patch
	i := o % p.W
	return i > 0 && ask(o-1) || i < p.W-1 && ask(o+1) || o >= p.W && ask(o-p.W) || o+p.W < len(p.Y) && ask(o+p.W)
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
