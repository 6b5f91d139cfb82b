// SPDX-License-Identifier: EUPL-1.2

package cameratest

import "math"

// lipColour is redder than the skin and darker than it: least so in very dark skin.
func (b *body) lipColour() vec {
	light, dark := vec{.8, .46, .47}, vec{.74, .56, .6}
	c := b.tone.times(light.mix(dark, b.dark))
	if k := b.features.LipTone; k > 0 {
		return c.mix(vec{.3, .03, .045}, .7*k)
	} else if k < 0 {
		return c.mix(b.tone, -.75*k)
	}
	return c
}

// mouth paints lips, the line between them and what is behind.
func (b *body) mouth(m *matter, h *hit) {
	p := h.paint
	t := math.Abs(p.x) / mouthHalf
	d := p.y - mouthY
	if t > 1.1 || d < -.9 || d > 1.1 {
		return
	}
	swell := max(0, 1-t*t)
	edge := .05 + h.pixel
	in := smooth(-edge, edge, d+upperLip(p.x, swell)) * smooth(-edge, edge, lowerLip(swell)-d)
	lines := 1 + .12*b.grain.fine(p.x, p.y*.25, 7, h.pixel)
	if d < 0 {
		lines *= .84
	}
	m.to(b.lipColour().mul(lines), .9*in, (.3*smooth(0, .5, d)+.1)*(1-.6*b.dark))
	line := hump(d, .1+h.pixel) * (1 - smooth(.98, 1.08, t))
	m.to(b.tone.times(vec{.13, .07, .07}), .9*line, 0)
	if t < 1 && math.Abs(d) < slit {
		b.inside(m, p, (d+slit)/(2*slit))
	}
}

// upperLip and lowerLip are the heights of the lips at x, swell 1 in the middle and 0 at the corner.
func upperLip(x, swell float64) float64 { return .58*math.Pow(swell, .7) - .1*hump(x, .4) }
func lowerLip(swell float64) float64    { return .86 * math.Pow(swell, .6) }

// inside paints the mouth's inside: v is 0 at the upper lip and 1 at the lower.
func (b *body) inside(m *matter, p vec, v float64) {
	gap := b.head.drop(vec{p.x, mouthY + slit, p.z}) - b.head.drop(vec{p.x, mouthY - slit, p.z})
	if gap < .03 {
		return
	}
	m.to(vec{.03, .008, .008}, 1, 0)
	teeth := min(.75/gap, .8) * smooth(.25, .4, b.head.smile+b.head.mouth+2*b.head.teeth)
	if v < teeth && math.Abs(p.x) < 2.3 {
		seam := hump(math.Mod(math.Abs(p.x)+.4, .8)-.4, .05)
		m.to(vec{.58, .55, .48}.mul(1-.5*seam), 1-.95*smooth(.7, 2.3, math.Abs(p.x)), .2)
	}
	m.to(vec{.3, .1, .1}, .7*smooth(.7, 1, v), .1)
}
