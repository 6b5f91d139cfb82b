// SPDX-License-Identifier: EUPL-1.2

package cameratest

// flat is a triangle in the picture with the barycentric coordinates u and v as planes over it.
type flat struct {
	a, b, c                  corner
	left, right, top, bottom float32
	ux, uy, vx, vy           float32 // change of u and v for each sample to the right and down
}

// newFlat says false for a triangle that is seen from its edge.
func newFlat(d *drawing, n int32) (flat, bool) {
	t := &d.triangles[n].corners
	a, b, c := d.corners[t[0]], d.corners[t[1]], d.corners[t[2]]
	area := (b.x-a.x)*(c.y-a.y) - (b.y-a.y)*(c.x-a.x)
	if area > -1e-6 && area < 1e-6 {
		return flat{}, false
	}
	return flat{
		a: a, b: b, c: c,
		left: min(a.x, b.x, c.x), right: max(a.x, b.x, c.x),
		top: min(a.y, b.y, c.y), bottom: max(a.y, b.y, c.y),
		ux: (b.y - c.y) / area, uy: (c.x - b.x) / area,
		vx: (c.y - a.y) / area, vy: (a.x - c.x) / area,
	}, true
}

// at is the weight of corners a and b at a place in the picture.
func (f *flat) at(x, y float32) (u, v float32) {
	dx, dy := x-f.c.x, y-f.c.y
	return f.ux*dx + f.uy*dy, f.vx*dx + f.vy*dy
}

// span narrows a row's samples from x0 to x1, where the first has the weights u and v, to those that
// may lie in the triangle: one more at each end, so that rounding leaves no gap to the next triangle.
func (f *flat) span(x0, x1 int, u, v float32) (from, to int) {
	first, last := float32(0), float32(x1-x0)
	for _, edge := range [3][2]float32{{u, f.ux}, {v, f.vx}, {1 - u - v, -f.ux - f.vx}} {
		switch at := -edge[0] / edge[1]; {
		case edge[1] > 0:
			first = max(first, at)
		case edge[1] < 0:
			last = min(last, at)
		case edge[0] < 0:
			return x0, x0
		}
	}
	if first > last+1 {
		return x0, x0
	}
	return x0 + max(int(first)-1, 0), min(x0+int(last)+2, x1)
}

// paintAt is what the painter looks at, at weights u, v of triangle n.
func (d *drawing) paintAt(n int32, u, v float32) vec {
	a, b, c := d.vertices(n)
	return blend(a.paint, b.paint, c.paint, u, v)
}

func (d *drawing) vertices(n int32) (a, b, c *vertex) {
	t := &d.triangles[n]
	v := d.meshes[t.mesh].vertices
	first := d.first[t.mesh]
	return &v[t.corners[0]-first], &v[t.corners[1]-first], &v[t.corners[2]-first]
}

func blend(a, b, c vec, u, v float32) vec {
	p, q := float64(u), float64(v)
	return a.mul(p).add(b.mul(q)).add(c.mul(1 - p - q))
}

// pen lights samples; it keeps what the next sample is likely to need again.
type pen struct {
	hit  hit
	flat flat
	of   int32 // the triangle of flat, less 1
}

// light is the colour of triangle n at a sample's place in the picture.
func (p *pen) light(d *drawing, n int32, x, y float32) vec {
	if p.of != n+1 {
		p.flat, _ = newFlat(d, n)
		p.of = n + 1
	}
	u, v := p.flat.at(x, y)
	a, b, c := d.vertices(n)
	p.hit = hit{
		paint: blend(a.paint, b.paint, c.paint, u, v),
		along: blend(a.along, b.along, c.along, u, v).unit(),
		pixel: d.view.pixel(float64(p.flat.c.away)),
	}
	return d.meshes[d.triangles[n].mesh].light(&p.hit)
}
