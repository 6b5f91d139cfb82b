// SPDX-License-Identifier: EUPL-1.2

package portrait

import (
	"image"
	"math"
	"slices"

	"github.com/fotobox-project/fotobox/image/pixel"
)

// The part of the picture in which the outline is looked for, and its grain, in IED.
const (
	outlineSide    = 2.2
	outlineTop     = -3.2
	outlineBottom  = 0.9
	outlinePerUnit = 20
	// topSide: how far beside the middle axis the top is looked for.
	topSide = 0.45
	// outlineBias: the border of the grown background lies this far outside the
	// head: where an edge is soft a sample counts as head. With it the top of 51
	// photos lies 0.005 too high and their width is 0.005 too small, in the median,
	// against the middle of the edge on a grain ten times as fine.
	outlineBias = 0.02
	// tallestSkull and lowestSkull bound what is believed to be a skull's top;
	// what rises higher is hair, an outline that ends below them is at fault.
	// Bald heads among the test photos begin at 1.25.
	tallestSkull = 2.0
	lowestSkull  = 1.15
	// narrowest and widest bound what is believed to be a head without hair at its sides.
	narrowest = 1.8
	widest    = 2.55
)

// silhouette is what was told apart from the background around a head.
type silhouette struct {
	patch      *pixel.Patch
	background []bool
	plain      bool // enough background was seen to judge by
}

// outline grows the background from the upper and side borders of the patch.
func outline(img image.Image, eyes pixel.Frame) silhouette {
	p := pixel.Resample(img, eyes, -outlineSide, outlineTop, outlineSide, outlineBottom, outlinePerUnit)
	s := silhouette{patch: p, background: make([]bool, p.W*p.H)}
	seeds := s.seeds()
	if len(seeds) < p.W/2 {
		return s
	}
	s.plain = s.grow(seeds, s.typical(seeds))
	return s
}

// known takes the background as it is told. Where that shows none the picture alone must do.
func known(img image.Image, eyes pixel.Frame, wall func(x, y float64) bool) silhouette {
	s := silhouette{patch: pixel.Resample(img, eyes, -outlineSide, outlineTop, outlineSide, outlineBottom, outlinePerUnit)}
	s.background = make([]bool, s.patch.W*s.patch.H)
	seen := 0
	for o := range s.background {
		if s.background[o] = wall(eyes.At(s.patch.Place(o))); s.background[o] {
			seen++
		}
	}
	if s.plain = seen > len(s.background)/8; !s.plain {
		return outline(img, eyes)
	}
	return s
}

// seeds are the samples at the border of picture or patch that a head does not
// reach: above the chin and outside a generous oval.
func (s silhouette) seeds() (seeds []int) {
	p := s.patch
	for o, outside := range p.Outside {
		if outside {
			continue
		}
		x, y := p.Place(o)
		if y > 0.6 || (x*x)/(1.35*1.35)+(y*y)/(2.4*2.4) < 1 {
			continue
		}
		if i, j := o%p.W, o/p.W; i < 2 || i >= p.W-2 || j < 2 || s.nextToEdge(o) {
			seeds = append(seeds, o)
		}
	}
	return seeds
}

func (s silhouette) nextToEdge(o int) bool {
	p := s.patch
	return p.Outside[o-1] || p.Outside[o+1] || p.Outside[o-p.W]
}

// shade is a colour as luma and two differences, so that brightness may vary
// more than hue, as it does on a lit wall.
type shade struct{ y, b, r float64 }

func (s silhouette) shade(o int) shade {
	p := s.patch
	y := float64(p.Y[o])
	return shade{y, (float64(p.B[o]) - y) * 0.56, (float64(p.R[o]) - y) * 0.71}
}

func (a shade) near(b shade, luma, hue float64) bool {
	return math.Abs(a.y-b.y) < luma && math.Hypot(a.b-b.b, a.r-b.r) < hue
}

func (s silhouette) typical(seeds []int) shade {
	var y, b, r []float64
	for _, o := range seeds {
		c := s.shade(o)
		y, b, r = append(y, c.y), append(b, c.b), append(r, c.r)
	}
	return shade{median(y), median(b), median(r)}
}

// grow floods from the seeds: a neighbour belongs to the background when the
// step to it is small and it is not far from the typical colour. It reports
// whether half of the seeds are like each other, as on a plain background.
func (s silhouette) grow(seeds []int, typical shade) (plain bool) {
	p := s.patch
	var queue []int
	for _, o := range seeds {
		if s.shade(o).near(typical, 45, 18) {
			s.background[o] = true
			queue = append(queue, o)
		}
	}
	plain = len(queue) > len(seeds)/2
	for len(queue) > 0 {
		o := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		for _, n := range s.neighbours(o) {
			if n < 0 || s.background[n] || p.Outside[n] {
				continue
			}
			if c := s.shade(n); c.near(s.shade(o), 9, 5) && c.near(typical, 60, 16) {
				s.background[n] = true
				queue = append(queue, n)
			}
		}
	}
	return plain
}

func (s silhouette) neighbours(o int) [4]int {
	p := s.patch
	n := [4]int{o - p.W, -1, -1, -1}
	if o%p.W > 0 {
		n[1] = o - 1
	}
	if o%p.W < p.W-1 {
		n[2] = o + 1
	}
	if o/p.W < p.H-1 {
		n[3] = o + p.W
	}
	return n
}

// top gives the highest point of the head over the face, negative: above the
// eyes. It is not known when no column shows background above the head.
func (s silhouette) top() (float64, bool) {
	if !s.plain {
		return 0, false
	}
	var tops []float64
	for i := range s.patch.W {
		x, _ := s.patch.Place(i)
		if math.Abs(x) > topSide {
			continue
		}
		if y, ok := s.columnTop(i); ok {
			tops = append(tops, y)
		}
	}
	if len(tops) < 10 {
		return 0, false
	}
	slices.Sort(tops)
	y := tops[len(tops)/10] + outlineBias
	return y, y < -lowestSkull
}

// columnTop gives the upper edge of the first sample in a column that is not
// background and stays so for a fifth of an IED, below at least one sample of
// background.
func (s silhouette) columnTop(i int) (float64, bool) {
	p := s.patch
	run, seen := 0, false
	for j := range s.rowAt(-0.4) {
		o := j*p.W + i
		switch {
		case p.Outside[o]:
		case s.background[o]:
			run, seen = 0, true
		default:
			run++
		}
		if run == 4 {
			return p.Y0 + float64(j-3)/p.PerUnit, seen
		}
	}
	return 0, false
}

// rowAt is the number of whole samples above y.
func (s silhouette) rowAt(y float64) int {
	return min(max(int(math.Round((y-s.patch.Y0)*s.patch.PerUnit)), 0), s.patch.H)
}

// width gives the distance between the head's sides from the temples to the
// nose, where it is small: the ears stand out beyond their attachment. It is not
// known where hair hides the sides.
func (s silhouette) width() (float64, bool) {
	if !s.plain {
		return 0, false
	}
	var widths []float64
	for j := s.rowAt(-0.4); j < s.rowAt(0.5); j++ {
		l, okL := s.side(j, -1)
		r, okR := s.side(j, 1)
		if okL && okR {
			widths = append(widths, l+r)
		}
	}
	if len(widths) < 6 {
		return 0, false
	}
	slices.Sort(widths)
	w := widths[len(widths)/5] - 2*outlineBias
	return w, w > narrowest && w < widest
}

// side gives the distance from the middle axis to the inner edge of the first
// sample of background in a row, to the left for -1 and to the right for 1. The
// patch is as wide on both sides, so that mirrored pictures give the same.
func (s silhouette) side(row, sign int) (float64, bool) {
	p := s.patch
	for k := int(math.Round(0.6 * p.PerUnit)); k < p.W/2; k++ {
		o := row*p.W + p.W/2 + k
		if sign < 0 {
			o = row*p.W + p.W/2 - 1 - k
		}
		if p.Outside[o] {
			return 0, false
		}
		if s.background[o] {
			return float64(k) / p.PerUnit, true
		}
	}
	return 0, false
}

// median sorts v. It is 0 for none.
func median(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	slices.Sort(v)
	return v[len(v)/2]
}
