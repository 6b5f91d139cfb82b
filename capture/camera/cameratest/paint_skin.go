// SPDX-License-Identifier: EUPL-1.2

package cameratest

import "math"

// body is what the painters of one picture share.
type body struct {
	light lighting
	grain *grain
	turn  rotation
	head  *head
	eyes  [2]eyeball
	tone  vec // skin
	hair  vec
	iris  vec
	dark  float64 // 0 light skin .. 1 very dark

	features Features
	lenses   Lenses
	camera   vec // where it is, seen from the unturned head
}

// face lights a point of the head's skin.
func (b *body) face(h *hit) vec {
	m := b.skin(h)
	if p := h.paint; p.z > 1 && p.y > -4 {
		b.hollows(&m, p)
		b.age(&m, p)
		b.brow(&m, h)
		b.lidLines(&m, p)
		b.nostrils(&m, p)
		b.mouth(&m, h)
		b.beard(&m, h)
	}
	b.scalp(&m, h)
	return b.behind(b.light.shine(m, h.along), h.paint)
}

// skin is the plain skin at a point: mottled, with pores.
func (b *body) skin(h *hit) matter {
	p := h.paint
	u, v := 8*math.Atan2(p.x, p.z+1), p.y
	pores := .05*b.grain.fine(u, v, 9, h.pixel) + .075*b.grain.fine(u, v, 21, h.pixel)
	k := 1 + .035*b.grain.at(u*.6, v*.6) + .03*b.grain.at(u*2.2, v*2.2) + pores
	m := matter{colour: b.tone.mul(k), gloss: (.17 + 1.2*pores) * (1 - .6*b.dark), shade: 1}
	blush := .5*hump(math.Abs(p.x)-4.3, 2.6)*hump(p.y-3.4, 2.6) +
		.45*hump(p.x, 1.6)*hump(p.y-4, 1.5) + .12*b.grain.at(u*.9+40, v*.9)
	m.colour = m.colour.times(vec{1, 1 - .16*blush, 1 - .18*blush})
	return m
}

// hollows shades what lies deep: room light hardly comes there.
func (b *body) hollows(m *matter, p vec) {
	ax := math.Abs(p.x)
	socket := .24 - .1*b.dark
	m.shade *= 1 - socket*hump(ax-2.9, 2.6)*hump(p.y+.75, 1.6) // under the brow
	m.shade *= 1 - socket*hump(ax-1.25, 1.3)*hump(p.y+.2, 2.4) // beside the root of the nose
	m.shade *= 1 - .12*hump(ax-2.8, 2.4)*hump(p.y-1.3, 1.1)    // below the eye
	m.shade *= 1 - .3*hump(p.x, 2.2)*hump(p.y-5.15, .7)        // under the nose
	m.shade *= 1 - .3*hump(ax-2, .5)*hump(p.y-4.4, .9)         // beside its wings
	if ax > 1.1 {                                              // the wings' edge
		m.shade *= 1 - .25*hump(math.Hypot(ax-1.25, p.y-4.2)-.56, .16)*hump(p.y-4.2, .8)
	}
	m.shade *= 1 - .16*hump(p.x, 2.3)*hump(p.y-8.8, .8) // under the lip
	m.shade *= 1 - .25*hump(ax-mouthHalf-.1, .5)*hump(p.y-mouthY, .5)
	m.shade *= 1 - .35*smooth(11.2, 12.4, p.y)
}

// nostrils are two dark ovals below the tip of the nose.
func (b *body) nostrils(m *matter, p vec) {
	ax := math.Abs(p.x)
	if ax > 1.6 || p.y < 3.9 || p.y > 5.2 {
		return
	}
	r := math.Hypot((ax-.72)/1.35, p.y-4.68-.1*ax)
	m.to(b.tone.times(vec{.09, .05, .05}), 1-smooth(.12, .34, r), 0)
}

// to paints colour over m with strength k.
func (m *matter) to(colour vec, k, gloss float64) {
	m.colour = m.colour.mix(colour, k)
	m.gloss += (gloss - m.gloss) * k
}
