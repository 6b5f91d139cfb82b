// SPDX-License-Identifier: EUPL-1.2

package cameratest

import "math"

// lidLines draws the roots of the lashes, the wet edge of the lower lid and the fold above the eye.
func (b *body) lidLines(m *matter, p vec) {
	t := across(p.x)
	if math.Abs(t) > 1.25 || math.Abs(p.y) > 1.3 {
		return
	}
	l := b.head.lids
	inside := 1 - smooth(.97, 1.12, math.Abs(t))
	t = min(max(t, -1), 1)
	lash := 1 - smooth(.02, .1+.03*t+.12*b.features.Liner, math.Abs(p.y-l.upper(t)+.02))
	m.to(b.tone.times(vec{.1, .07, .07}), .92*lash*inside, .1)
	rim := 1 - smooth(.01, .08, math.Abs(p.y-l.lower(t)-.02))
	m.to(b.tone.times(vec{.62, .42, .4}), .7*rim*inside, .3)
	deep := b.features.Fold
	fold := hump(p.y-l.raised(t)+.3-.05*t-.12*max(deep, 0), .11+.06*max(deep, 0)) * (.35 + .65*l.open)
	m.to(b.tone.times(vec{.5, .4, .4}), .75*fold*inside*(1+min(deep, 0)), .1)
	under := hump(p.y-l.lower(t)-.32, .14) * l.squint
	m.to(b.tone.times(vec{.6, .48, .46}), .6*under*inside, .1)
}

// eye lights a point of an eyeball.
func (b *body) eye(h *hit) vec {
	e := &b.eyes[0]
	if h.paint.x > 0 {
		e = &b.eyes[1]
	}
	off := h.paint.sub(e.pupil())
	r := math.Sqrt(off.dot(off))
	m := b.white(h)
	if r < irisRadius+.1 {
		b.irisAt(&m, off, r, h.pixel)
	}
	k := b.catchlight(e, off, r) * m.shade
	return b.behind(b.light.shine(m, h.along).mul(1-k).add(vec{.85, .85, .85}.mul(k)), h.paint)
}

// white is the white of the eye in the shade of the lids.
func (b *body) white(h *hit) matter {
	p := h.paint
	l := b.head.lids
	t := min(max(across(p.x), -1), 1)
	m := matter{colour: vec{.6, .56, .54}.mul(1 - .5*b.dark), shade: 1}
	veins := hump(b.grain.at(p.x*9, p.y*14), .16) * smooth(.35, .9, math.Abs(t))
	m.to(vec{.5, .25, .22}, .35*veins, 0)
	m.to(b.tone.times(vec{.8, .4, .4}), smooth(-.8, -.95, t), .3) // tear duct
	m.shade *= (.42 + .58*smooth(-.02, .3, p.y-l.upper(t))) * (.8 + .2*smooth(0, .15, l.lower(t)-p.y))
	m.shade *= 1 - .45*smooth(.55, 1, math.Abs(t))
	return m
}

// irisAt paints iris and pupil at the distance r from the pupil's middle.
func (b *body) irisAt(m *matter, off vec, r, pixel float64) {
	angle := math.Atan2(off.y, off.x)
	fibre := b.grain.fine(angle*7, r*2.5, 1.6, pixel/3)
	k := (1.05 + .5*fibre) * (1.25 - .5*smooth(.2, .45, r)) * (1 - .75*smooth(.47, irisRadius, r))
	edge := max(.03, pixel/2)
	m.to(b.iris.mul(k), 1-smooth(irisRadius-edge, irisRadius+edge, r), 0)
	m.to(vec{.004, .004, .004}, 1-smooth(pupilRadius-edge, pupilRadius+edge, r), 0)
}

// catchlight is how much of a lamp the cornea mirrors at the distance r from the pupil's middle.
func (b *body) catchlight(e *eyeball, off vec, r float64) float64 {
	const cornea = .78 // radius, cm: rounder than the ball
	if r > irisRadius {
		return 0
	}
	off = off.sub(e.look.mul(off.dot(e.look) - math.Sqrt(cornea*cornea-r*r)))
	n := b.turn.direction(off).unit()
	k := 0.0
	for _, l := range b.light.lamps {
		k += min(1, 1.7*l.power) * smooth(.9945, .9975, n.dot(l.half))
	}
	return min(k, 1)
}
