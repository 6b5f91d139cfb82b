// SPDX-License-Identifier: EUPL-1.2

package cameratest

import "math"

// browLine is the middle of the brow at |x|, and half its width there; width 0 is beside the brow.
func browLine(ax float64) (y, half float64) {
	if ax < 1.1 || ax > 5.2 {
		return 0, 0
	}
	t := (ax - 1.1) / 4.1
	y = -1.85 - .55*math.Sin(t*2.3) + .5*t*t
	return y, (.36 - .24*smooth(.45, 1, t)) * smooth(0, .06, t)
}

// brow paints the ground of the brow; its hairs are strands.
func (b *body) brow(m *matter, h *hit) {
	p := h.paint
	if p.y < -3.4 || p.y > -1 {
		return
	}
	y, half := browLine(math.Abs(p.x))
	if half == 0 {
		return
	}
	k := 1 - smooth(.5, 1.15, math.Abs(p.y-y)/half)
	k *= .62 + .25*b.grain.fine(p.x+p.y, p.y*.3, 9, h.pixel)
	m.to(b.hair.mul(1.1).mix(b.tone.mul(.25), .3), k, .05)
}

// scalp paints the skin under the hair.
func (b *body) scalp(m *matter, h *hit) {
	d := b.head.line.depth(h.paint)
	if d < -.3 {
		return
	}
	d += .22*b.grain.fine(h.paint.x, h.paint.y*.2, 11, h.pixel) + .15*b.grain.at(h.paint.x*3, h.paint.y)
	m.to(b.hair.mul(.5), .95*smooth(0, .7, d), .05)
	m.shade *= 1 - .2*smooth(-.3, .1, d)
}

// hairline is where the hair begins.
type hairline struct {
	side curve // the z that the hair reaches at each height: temple, sideburn, behind the ear, nape
}

func newHairline() hairline {
	return hairline{side: curve{
		{-7, 5.2}, {-5.6, 4.9}, {-4, 4.4}, {-2, 3.1}, {-.5, 2.1}, {1.4, 1.4}, {1.9, -2.2}, {5, -3}, {6, -6},
	}}
}

// depth is how far inside the hairline a place of the head lies, cm; negative is outside.
func (l *hairline) depth(p vec) float64 {
	front := -6.75 + .02*p.x*p.x - p.y
	if p.y < -7.5 {
		return front
	}
	return max(front, min(l.side.at(p.y)-p.z, 6-p.y))
}
