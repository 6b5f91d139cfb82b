// SPDX-License-Identifier: EUPL-1.2

package model

import "math"

// eye is what is seen of the eye on that side (-1 left in the picture, 1 right),
// always as if it were the right one: gradients around the pupil, where its
// corners lie, and how its white and its iris differ.
func (s *Sample) eye(side float64) []float64 {
	w := window{x: side * 0.5, y: -0.02, columns: 6, rows: 4, cell: 0.1, mirrored: side < 0}
	v := append(w.gradients(s.luma), s.corners(side)...)
	return append(v, s.contrast(side))
}

// contrast is how much brighter the brighter one of the two whites beside the
// pupil is than the iris, as a share of it. The iris is taken at its brighter
// quarter: it fills its place when the eye is open, while a line of lashes leaves
// skin above and below it.
func (s *Sample) contrast(side float64) float64 {
	x := side * 0.5
	iris := s.luma.quantile(x, 0, 0.1, 0.1, 0.75)
	white := max(s.luma.quantile(x-0.13, 0.015, 0.08, 0.07, 0.75), s.luma.quantile(x+0.13, 0.015, 0.08, 0.07, 0.75))
	const dark = 20 // keeps noise in the dark from counting
	return (white - iris) / (white + dark)
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
	return []float64{float64(side*in.x) - 0.5, in.y, float64(side*out.x) - 0.5, out.y}
}

// visible is what is seen of the eye on that side, and how it differs from the
// other eye.
func (s *Sample) visible(side float64) []float64 {
	own, other := s.eyeRegion(side), s.eyeRegion(-side)
	v := make([]float64, 0, 2*len(own)+4)
	v = append(v, own...)
	for i := range own {
		v = append(v, math.Abs(own[i]-other[i]))
	}
	c, d := s.contrast(side), s.contrast(-side)
	return append(v, c, min(c, d), c-d, s.likeness())
}

// likeness is the correlation of both eyes, one of them mirrored.
func (s *Sample) likeness() float64 {
	w := window{x: -0.5, y: 0, columns: 12, rows: 7, cell: 0.05}
	a := w.means(s.luma)
	w.x, w.mirrored = 0.5, true
	return correlation(a, w.means(s.luma))
}

func correlation(a, b []float64) float64 {
	var ma, mb, ab, aa, bb float64
	for i := range a {
		ma, mb = ma+a[i]/float64(len(a)), mb+b[i]/float64(len(b))
	}
	for i := range a {
		x, y := a[i]-ma, b[i]-mb
		ab, aa, bb = ab+float64(x*y), aa+float64(x*x), bb+float64(y*y)
	}
	return ab / (math.Sqrt(aa*bb) + 1)
}

// eyeRegion is the eye with brow and lens: coarse brightness.
func (s *Sample) eyeRegion(side float64) []float64 {
	w := window{x: side * 0.5, y: 0, columns: 5, rows: 4, cell: 0.15, mirrored: side < 0}
	return s.against(w.means(s.luma))
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
	for j := range w.rows {
		for i := range w.columns / 2 {
			for k := range directions {
				a, b := g[(j*w.columns+i)*directions+k], g[(j*w.columns+w.columns-1-i)*directions+mirrored(k)]
				even, odd = append(even, a+b), append(odd, a-b)
			}
		}
	}
	return even, odd
}

// mirrored is the direction in which a gradient points in the mirrored picture.
func mirrored(direction int) int { return (directions/2 - direction + directions) % directions }

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

// noseDepth is how far the tip of the nose lies before the line from eyes to
// mouth, in inter-eye distances: it moves 0.0105 a degree.
const noseDepth = 0.6

// turn is the yaw in degrees by how far the nose lies off the line from the middle
// of the eyes to that of the mouth. People's noses spread by 3 degrees.
func (p points) turn() float64 {
	mouth := xy{(p.mouth[0].x + p.mouth[1].x) / 2, (p.mouth[0].y + p.mouth[1].y) / 2}
	if mouth.y < 0.5 {
		return 0 // no line to go by
	}
	return math.Atan((p.nose.x-float64(mouth.x*p.nose.y/mouth.y))/noseDepth) * 180 / math.Pi
}
