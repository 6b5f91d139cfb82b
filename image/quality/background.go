// SPDX-License-Identifier: EUPL-1.2

package quality

import (
	"math"
	"slices"
)

// cell is the grain in which the background is told from the person, pixels of the wall.
const (
	cell        = 4
	cellsAcross = wallWidth / cell
	cellsDown   = wallHeight / cell
	wallPerEyes = 113. * wallWidth / (side - 2*wallLeft) // pixels of the wall for an aligned inter-eye distance
)

// scene is the wall in cells of mean colour.
type scene struct {
	shades  []shade
	outside []bool
	places  []place
}

// shade is a colour as luma and two differences, so that brightness may vary more
// than hue, as it does on a lit wall.
type shade struct{ y, b, r float64 }

func (a shade) near(b shade, luma, hue float64) bool {
	return math.Abs(a.y-b.y) < luma && math.Hypot(a.b-b.b, a.r-b.r) < hue
}

// background marks the wall's pixels that show it and not the person.
func (w *wall) background() []bool {
	s := w.scene()
	wall := s.grown()
	for i, other := range s.objects(wall) {
		wall[i] = wall[i] || other
	}
	mask := make([]bool, wallWidth*wallHeight)
	for o := range mask {
		c := min(o/wallWidth/cell, cellsDown-1)*cellsAcross + min(o%wallWidth/cell, cellsAcross-1)
		mask[o] = surrounded(wall, c)
	}
	return mask
}

func (w *wall) scene() *scene {
	n := cellsAcross * cellsDown
	s := &scene{shades: make([]shade, n), outside: make([]bool, n), places: make([]place, n)}
	for i := range n {
		x, y := i%cellsAcross*cell, i/cellsAcross*cell
		var sum [3]float64
		for dy := range cell {
			for dx := range cell {
				o := (y+dy)*wallWidth + x + dx
				s.outside[i] = s.outside[i] || w.outside[o]
				for k := range sum {
					sum[k] += float64(float64(w.pix[3*o+k]) / (cell * cell))
				}
			}
		}
		luma := float64(0.299*sum[0]) + float64(0.587*sum[1]) + float64(0.114*sum[2])
		s.shades[i] = shade{luma, (sum[2] - luma) * 0.56, (sum[0] - luma) * 0.71}
		s.places[i] = w.place(float64(x)+cell/2, float64(y)+cell/2)
	}
	return s
}

// place is a place in inter-eye distances from the middle between the eyes.
type place struct{ u, v float64 }

func (w *wall) place(x, y float64) place {
	const scale = float64(wallWidth) / (side - 2*wallLeft)
	m := w.eyes()
	return place{(x - float64((m.x-wallLeft)*scale)) / wallPerEyes, (y - float64(m.y*scale)) / wallPerEyes}
}

// beyond tells whether a place lies outside of an oval around the eyes. At 1 it is
// 1.35 inter-eye distances wide and 2.4 high to each side, which holds most heads
// with their hair.
func (p place) beyond(oval float64) bool { return math.Hypot(p.u/1.35, p.v/2.4) > oval }

// border tells whether a cell lies at the edge of the wall or of the photo, at the
// top or the sides.
func (s *scene) border(i int) bool {
	x, y := i%cellsAcross, i/cellsAcross
	if x == 0 || x == cellsAcross-1 || y == 0 {
		return true
	}
	return s.outside[i-1] || s.outside[i+1] || s.outside[i-cellsAcross]
}

// grown is the plain part of the background: from the edges, as long as the step
// to the next cell is small and the colour is not far from the typical one.
func (s *scene) grown() []bool {
	const shoulders = 0.6 // may begin there
	var seeds []int
	for i := range s.shades {
		if p := s.places[i]; p.beyond(1) && p.v < shoulders && !s.outside[i] && s.border(i) {
			seeds = append(seeds, i)
		}
	}
	typical := s.typical(seeds)
	seeds = slices.DeleteFunc(seeds, func(i int) bool { return !s.shades[i].near(typical, 45, 18) })
	return s.flood(seeds, func(from, to int) bool {
		c := s.shades[to]
		return c.near(s.shades[from], 9, 5) && c.near(typical, 60, 16)
	})
}

func (s *scene) typical(seeds []int) shade {
	if len(seeds) == 0 {
		return shade{}
	}
	median := func(part func(shade) float64) float64 {
		var v []float64
		for _, i := range seeds {
			v = append(v, part(s.shades[i]))
		}
		slices.Sort(v)
		return v[len(v)/2]
	}
	return shade{
		median(func(c shade) float64 { return c.y }),
		median(func(c shade) float64 { return c.b }),
		median(func(c shade) float64 { return c.r }),
	}
}

// objects are what stands or hangs before the plain part: above the eyes, farther
// from the head than nearly all hair, and reaching to an edge at the top or the
// sides. Below the eyes hair may fall wide.
func (s *scene) objects(plain []bool) []bool {
	const widestHair = 1.3
	free := func(i int) bool {
		p := s.places[i]
		return p.v < 0 && p.beyond(widestHair) && !plain[i] && !s.outside[i]
	}
	var seeds []int
	for i := range s.shades {
		if free(i) && s.border(i) {
			seeds = append(seeds, i)
		}
	}
	return s.flood(seeds, func(_, to int) bool { return free(to) })
}

// flood marks what is reached from the seeds by steps to the four neighbours.
func (s *scene) flood(seeds []int, may func(from, to int) bool) []bool {
	reached := make([]bool, len(s.shades))
	for _, i := range seeds {
		reached[i] = true
	}
	queue := slices.Clone(seeds)
	for len(queue) > 0 {
		i := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		for _, n := range neighbours(i) {
			if !reached[n] && !s.outside[n] && may(i, n) {
				reached[n] = true
				queue = append(queue, n)
			}
		}
	}
	return reached
}

func neighbours(i int) (n []int) {
	if i%cellsAcross > 0 {
		n = append(n, i-1)
	}
	if i%cellsAcross < cellsAcross-1 {
		n = append(n, i+1)
	}
	if i >= cellsAcross {
		n = append(n, i-cellsAcross)
	}
	if i < cellsAcross*(cellsDown-1) {
		n = append(n, i+cellsAcross)
	}
	return n
}

// surrounded tells whether the cell and all around it are marked: one cell is
// taken away where the person begins, or where the photo ends. Beyond the wall all
// counts as marked.
func surrounded(marked []bool, i int) bool {
	x, y := i%cellsAcross, i/cellsAcross
	for v := max(0, y-1); v <= min(cellsDown-1, y+1); v++ {
		for u := max(0, x-1); u <= min(cellsAcross-1, x+1); u++ {
			if !marked[v*cellsAcross+u] {
				return false
			}
		}
	}
	return true
}
