// SPDX-License-Identifier: EUPL-1.2

package cameratest

import "math"

// glasses are the tubes of a frame: two rims, the bridge, two temples.
func glasses(l Lenses) *mesh {
	m := &mesh{}
	thick := .15 * (1 + .7*l.Thick)
	for _, side := range []float64{-1, 1} {
		m.tube(rim(side, l.half()), thick, true)
		m.tube([]vec{{side * 5.75, -.5, 7.6}, {side * 6.9, -.5, 6.2}, {side * 7.5, -.45, 3}, {side * 7.7, -.3, -1}}, .14, false)
	}
	m.tube([]vec{{-.85, -.15, 9.75}, {-.5, -.42, 10}, {0, -.5, 10.1}, {.5, -.42, 10}, {.85, -.15, 9.75}}, thick, false)
	return m
}

// rim is the outline of a lens: a rounded oblong, bent around the face.
func rim(side, half float64) []vec {
	const n = 72
	line := make([]vec, n)
	for i := range line {
		sin, cos := math.Sincos(float64(i) / n * 2 * math.Pi)
		x := 3.3 + 2.5*sign(cos)*math.Pow(math.Abs(cos), .72)
		y := .32 + half*sign(sin)*math.Pow(math.Abs(sin), .72)
		line[i] = vec{side * x, y, 9.95 - .068*x*x - .04*y}
	}
	return line
}

// tube adds a tube of radius r along line.
func (m *mesh) tube(line []vec, r float64, closed bool) {
	const around = 10
	first := int32(len(m.vertices))
	n := len(line)
	rows := n
	if closed {
		rows++
	}
	for j := range rows {
		along := line[min(j+1, n-1)].sub(line[max(min(j, n-1)-1, 0)])
		if closed {
			along = line[(j+1)%n].sub(line[(j+n-1)%n])
		}
		a := along.cross(vec{z: 1}).unit()
		c := along.cross(a).unit()
		for i := range around {
			sin, cos := math.Sincos(float64(i) / around * 2 * math.Pi)
			d := a.mul(cos).add(c.mul(sin))
			p := line[j%n].add(d.mul(r))
			m.vertices = append(m.vertices, vertex{paint: p, place: p, along: d})
		}
	}
	for _, t := range grid(rows, around, true) {
		m.triangles = append(m.triangles, [3]int32{t[0] + first, t[1] + first, t[2] + first})
	}
}

// frame lights a point of the glasses.
func (b *body) frame(h *hit) vec {
	return b.light.shine(matter{colour: or(b.lenses.Frame, vec{.018, .016, .015}), gloss: .12, shade: 1}, h.along)
}
