// SPDX-License-Identifier: EUPL-1.2

package chart

import (
	"cmp"
	"image"
	"math"
	"slices"

	"github.com/fotobox-project/fotobox/image/pixel"
)

// searched is the longer side of the picture that the markers are searched in, pixels.
const searched = 1600

// A blob is a connected dark area.
type blob struct {
	box  image.Rectangle
	at   point // centroid
	area int
}

func (b blob) fill() float64 { return float64(b.area) / float64(b.box.Dx()*b.box.Dy()) }

func (b blob) size() float64 { return math.Sqrt(float64(b.box.Dx() * b.box.Dy())) }

func (b blob) round() bool {
	r := float64(b.box.Dx()) / float64(b.box.Dy())
	return r > 0.4 && r < 2.5
}

// dark marks the pixels that are clearly darker than what is around them.
func dark(g *pixel.Gray) []bool {
	half := max(g.W, g.H) / 14 // more than a marker
	sums := make([]int64, (g.W+1)*(g.H+1))
	for y := range g.H {
		row := int64(0)
		for x := range g.W {
			row += int64(g.Pix[y*g.W+x])
			sums[(y+1)*(g.W+1)+x+1] = sums[y*(g.W+1)+x+1] + row
		}
	}
	mask := make([]bool, g.W*g.H)
	for y := range g.H {
		y0, y1 := max(y-half, 0), min(y+half+1, g.H)
		for x := range g.W {
			x0, x1 := max(x-half, 0), min(x+half+1, g.W)
			sum := sums[y1*(g.W+1)+x1] - sums[y0*(g.W+1)+x1] - sums[y1*(g.W+1)+x0] + sums[y0*(g.W+1)+x0]
			mask[y*g.W+x] = 100*int64(g.Pix[y*g.W+x])*int64((x1-x0)*(y1-y0)) < 75*sum
		}
	}
	return mask
}

// blobs are the mask's connected areas of at least least pixels. It clears the mask.
func blobs(mask []bool, width, least int) (list []blob) {
	var queue []int
	for start := range mask {
		if !mask[start] {
			continue
		}
		b := blob{box: image.Rect(start%width, start/width, start%width+1, start/width+1)}
		queue, mask[start] = append(queue[:0], start), false
		var sx, sy float64
		for ; b.area < len(queue); b.area++ {
			o := queue[b.area]
			x, y := o%width, o/width
			sx, sy = sx+float64(x), sy+float64(y)
			b.box = b.box.Union(image.Rect(x, y, x+1, y+1))
			for _, n := range [4]struct {
				o  int
				ok bool
			}{{o - 1, x > 0}, {o + 1, x < width-1}, {o - width, true}, {o + width, true}} {
				if n.ok && n.o >= 0 && n.o < len(mask) && mask[n.o] {
					queue, mask[n.o] = append(queue, n.o), false
				}
			}
		}
		if b.area >= least {
			b.at = point{sx/float64(b.area) + 0.5, sy/float64(b.area) + 0.5}
			list = append(list, b)
		}
	}
	return list
}

// rings are the places where a round dark spot stands in the middle of a dark ring,
// in the picture's pixels, the largest first, at most ten.
func rings(g *pixel.Gray, scale float64) (places []point) {
	var cores, around []blob
	for _, b := range blobs(dark(g), g.W, 6) {
		switch {
		case !b.round():
		case b.fill() > 0.6:
			cores = append(cores, b)
		case b.fill() > 0.25:
			around = append(around, b)
		}
	}
	slices.SortFunc(around, func(a, b blob) int { return cmp.Compare(b.area, a.area) })
	for _, ring := range around {
		for _, core := range cores {
			ratio := core.size() / ring.size()
			if off := math.Hypot(core.at.x-ring.at.x, core.at.y-ring.at.y); off < 0.1*ring.size() && ratio > 0.15 && ratio < 0.55 {
				places = append(places, point{core.at.x * scale, core.at.y * scale})
				break
			}
		}
		if len(places) == 10 {
			break
		}
	}
	return places
}

// fours yields every choice of four places, clockwise, that could be the markers,
// each with the marker first that could be the upper left one.
func fours(places []point) func(yield func([4]point) bool) {
	return func(yield func([4]point) bool) {
		for a := range places {
			for b := a + 1; b < len(places); b++ {
				for c := b + 1; c < len(places); c++ {
					for d := c + 1; d < len(places); d++ {
						q := clockwise([4]point{places[a], places[b], places[c], places[d]})
						for range 4 {
							if upright(q) && !yield(q) {
								return
							}
							q = [4]point{q[1], q[2], q[3], q[0]}
						}
					}
				}
			}
		}
	}
}

// clockwise sorts places around their middle, as seen in a picture whose y grows downwards.
func clockwise(q [4]point) [4]point {
	var m point
	for _, p := range q {
		m.x, m.y = m.x+p.x/4, m.y+p.y/4
	}
	slices.SortFunc(q[:], func(a, b point) int {
		return cmp.Compare(math.Atan2(a.y-m.y, a.x-m.x), math.Atan2(b.y-m.y, b.x-m.x))
	})
	return q
}

// upright tells whether the four could be the markers' rectangle, seen from about the front.
func upright(q [4]point) bool {
	side := func(i int) float64 { return math.Hypot(q[(i+1)%4].x-q[i].x, q[(i+1)%4].y-q[i].y) }
	alike := func(a, b, ratio float64) bool { return a/b > ratio/1.5 && a/b < ratio*1.5 }
	return alike(side(0), side(2), 1) && alike(side(1), side(3), 1) && alike(side(1), side(0), markerTall)
}
