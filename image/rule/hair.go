// SPDX-License-Identifier: EUPL-1.2

package rule

import (
	"math"

	"github.com/fotobox-project/fotobox/image/pixel"
)

// hair floods from the oval's edge through what has the colour of the hair and is
// not open wall.
func (w wall) hair(free []bool) []bool {
	p := w.patch
	typical := w.shade(box(p, p.R, -0.7, -1.7, 0.7, -1.2), box(p, p.G, -0.7, -1.7, 0.7, -1.2), box(p, p.B, -0.7, -1.7, 0.7, -1.2))
	like := func(o int) bool {
		const luma, hue, farthest = 45, 14, 1.35 // what has the colour further out is not hair alone
		if x, y := p.Place(o); !free[o] || w.open[o] || !nearHead(x/farthest, y/farthest) {
			return false
		}
		l, b, r := shadeOf(p, o)
		b, r = b-typical[1], r-typical[2]
		return math.Abs(l-typical[0]) < luma && float64(b*b)+float64(r*r) < hue*hue
	}
	var edge []int
	for o := range free {
		if like(o) && w.next(o, func(n int) bool { return !free[n] && !p.Outside[n] }) {
			edge = append(edge, o)
		}
	}
	return w.flood(edge, func(_, to int) bool { return like(to) })
}

// shadeOf gives a sample as luma and two differences of colour.
func shadeOf(p *pixel.Patch, o int) (luma, blue, red float64) {
	luma = float64(p.Y[o])
	return luma, float64((float64(p.B[o]) - luma) * 0.56), float64((float64(p.R[o]) - luma) * 0.71)
}

// shade is the typical one of some samples.
func (w wall) shade(r, g, b []float32) [3]float64 {
	red, green, blue := percentile(r, 0.5), percentile(g, 0.5), percentile(b, 0.5)
	luma := float64(0.299*red) + float64(0.587*green) + float64(0.114*blue)
	return [3]float64{luma, float64((blue - luma) * 0.56), float64((red - luma) * 0.71)}
}
