// SPDX-License-Identifier: EUPL-1.2

package cameratest

import "math"

// ears is the mesh of both ears; paint.x is 0 in the middle and 1 at the rim, y and z are the place.
func ears() *mesh {
	m := &mesh{}
	for _, side := range []float64{-1, 1} {
		first := int32(len(m.vertices))
		const rows, columns = 14, 56
		for j := range rows {
			for i := range columns {
				r, a := float64(j)/(rows-1), float64(i)/columns*2*math.Pi
				m.vertices = append(m.vertices, earPoint(side, r, a))
			}
		}
		for _, t := range grid(rows, columns, true) {
			if side > 0 { // mirrored: keep the outside out
				t[1], t[2] = t[2], t[1]
			}
			m.triangles = append(m.triangles, [3]int32{t[0] + first, t[1] + first, t[2] + first})
		}
	}
	return m
}

// earPoint is the point of the ear at r (0 middle, 1 rim) and angle a (0 to the back, rising down).
func earPoint(side, r, a float64) vertex {
	sin, cos := math.Sincos(a)
	back := 1.75
	if cos < 0 {
		back = 1.5
	}
	high := 3.0
	if sin > 0 { // the lobe is narrower
		high, back = 2.9, back*(1-.28*sin)
	}
	u, v := r*back*cos, r*high*sin // to the back, down
	rim := .34*bell(r-.86, .1)*smooth(.9, .2, sin) + .2*bell(r-.52, .12)*smooth(.75, 0, sin)
	up := .15 + rim - .5*bell(r, .3) - .4*smooth(.92, 1, r)
	flare := radians(34)
	out := vec{side * math.Sin(flare), 0, -math.Cos(flare)}
	normal := vec{side * math.Cos(flare), 0, math.Sin(flare)}
	p := vec{side * 7.35, 1.7 + v, -.9}.add(out.mul(u)).add(normal.mul(up))
	p.z -= .12 * v // ears lean back
	return vertex{paint: vec{r, p.y, p.z}, place: p}
}

// ear lights a point of an ear.
func (b *body) ear(h *hit) vec {
	r := h.paint.x
	h.paint.x = 7
	m := b.skin(h)
	m.colour = m.colour.times(vec{1, .84, .82})
	m.shade = (.5 + .5*smooth(.15, .5, r)) * (1 - .35*hump(r-.68, .16)) * (1 - .3*smooth(.93, 1, r))
	return b.light.shine(m, h.along)
}
