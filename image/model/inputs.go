// SPDX-License-Identifier: EUPL-1.2

package model

import "math"

// eye is what is seen of the eye on that side (-1 left in the picture, 1 right),
// always as if it were the right one: gradients around the pupil, the brightness
// of its parts against the cheeks, and where its corners lie.
func (s *Sample) eye(side float64) []float64 {
	w := window{x: side * 0.5, y: -0.02, columns: 6, rows: 4, cell: 0.1, mirrored: side < 0}
	v := w.gradients(s.luma)
	fine := window{x: side * 0.5, y: 0, columns: 8, rows: 5, cell: 0.06, mirrored: side < 0}
	v = append(v, s.against(fine.means(s.luma))...)
	return append(v, s.corners(side)...)
}

// against gives brightness as the logarithm of its ratio to the cheeks', bounded.
func (s *Sample) against(v []float64) []float64 {
	for i := range v {
		v[i] = min(max(math.Log((v[i]+8)/(s.cheeks+8)), -1.5), 0.8)
	}
	return v
}

// corners is where the corners of an eye lie beside its pupil.
func (s *Sample) corners(side float64) []float64 {
	i := 0
	if side > 0 {
		i = 1
	}
	in, out := s.points.inner[i], s.points.outer[i]
	return []float64{side*in.x - 0.5, in.y, side*out.x - 0.5, out.y}
}

// visible is what is seen of the eye on that side, and how it differs from the
// other eye.
func (s *Sample) visible(side float64) []float64 {
	own, other := s.eyeRegion(side), s.eyeRegion(-side)
	v := make([]float64, 0, 2*len(own))
	v = append(v, own...)
	for i := range own {
		v = append(v, math.Abs(own[i]-other[i]))
	}
	return v
}

// eyeRegion is the eye with brow and lens: coarse gradients and brightness.
func (s *Sample) eyeRegion(side float64) []float64 {
	w := window{x: side * 0.5, y: 0, columns: 5, rows: 4, cell: 0.15, mirrored: side < 0}
	return append(w.gradients(s.luma), s.against(w.means(s.luma))...)
}

// mouth is what is seen of the mouth: gradients, brightness and redness against
// the cheeks, and the shape that its points make.
func (s *Sample) mouth() []float64 {
	p := s.points
	l, r := p.mouth[0], p.mouth[1]
	x, y := (l.x+r.x)/2, (l.y+r.y)/2
	v := window{x: x, y: y + 0.02, columns: 8, rows: 5, cell: 0.12}.gradients(s.luma)
	fine := window{x: x, y: y + 0.02, columns: 6, rows: 7, cell: 0.08}
	v = append(v, s.against(fine.means(s.luma))...)
	for _, red := range fine.means(s.red) {
		v = append(v, 5*(red-s.redder))
	}
	lips := []float64{
		r.x - l.x, p.lips[1].y - p.lips[0].y, p.lips[0].y - y, p.lips[1].y - y, y,
		y - p.nose.y, (p.lips[1].y - p.lips[0].y) / max(r.x-l.x, 0.1),
	}
	return append(v, lips...)
}

// pose is what tells the head's direction: even values stay in a mirrored
// picture, odd ones change sign.
func (s *Sample) pose() (even, odd []float64) {
	even, odd = s.points.halves()
	n, m := len(even), len(odd)
	for i := range n {
		for j := range m {
			odd = append(odd, even[i]*odd[j])
		}
		for j := i; j < n; j++ {
			even = append(even, even[i]*even[j])
		}
	}
	for i := range m {
		for j := i; j < m; j++ {
			even = append(even, odd[i]*odd[j])
		}
	}
	w := window{x: 0, y: 0.45, columns: 10, rows: 10, cell: 0.16}
	g := w.gradients(s.luma)
	w.mirrored = true
	h := w.gradients(s.luma)
	for j := range w.rows {
		for i := range w.columns / 2 * directions {
			o := j*w.columns*directions + i
			even, odd = append(even, g[o]+h[o]), append(odd, g[o]-h[o])
		}
	}
	return even, odd
}

// halves are the points' coordinates as sums and differences of both sides.
func (p points) halves() (even, odd []float64) {
	for _, pair := range [][2]xy{p.inner, p.outer, p.mouth} {
		l, r := pair[0], pair[1]
		even = append(even, r.x-l.x, l.y+r.y)
		odd = append(odd, r.x+l.x, r.y-l.y)
	}
	for _, q := range []xy{p.nose, p.lips[0], p.lips[1]} {
		even, odd = append(even, q.y), append(odd, q.x)
	}
	return even, odd
}
