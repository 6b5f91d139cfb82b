// SPDX-License-Identifier: EUPL-1.2

package cameratest

import "math"

// Heights on the head, cm below the line of the eyes.
const (
	crownY = -11.5
	browY  = -2.0 // below it profiles are tables, above it the skull is an ellipsoid
	jawY   = 9    // below it the chin closes
	chinY  = 12.4
)

// cranium is the ellipsoid of the skull above the brow: its radii about {0, browY, 0}.
func cranium() vec { return vec{7.45, browY - crownY, 9.4} }

// section is the outline of the head at one height: a superellipse about {0, z}.
type section struct {
	half        float64 // half width
	z           float64 // where it is widest
	front, back float64 // depth from z
	power       float64
}

// skull knows the outline at each height.
type skull struct{ half, z, front, back curve }

// newSkull has a knot above the brow in each profile that makes it join the ellipsoid without an edge.
func newSkull() skull {
	return skull{
		half: curve{{-4, 7.35}, {-2, 7.45}, {0, 7.35}, {2, 7.15}, {4, 6.75}, {6, 6.05}, {7.5, 5.35},
			{9, 4.45}, {10.5, 3.55}, {12.2, 2.8}},
		z: curve{{-4, .05}, {-2, 0}, {0, .05}, {2, .2}, {6, 1.4}, {9, 3}, {12.2, 4}},
		front: curve{{-4, 9.1}, {-2, 9.4}, {0, 9.1}, {2, 8.9}, {4, 8.95}, {5.2, 9.1}, {7.2, 9.35}, {8.6, 9.05},
			{10, 9.15}, {12.2, 8.9}},
		back: curve{{-4, 9.4}, {-2, 9.4}, {0, 9.4}, {2, 9}, {4, 8}, {6, 6.5}, {9, 3.4}, {12.2, 1}},
	}
}

func (k skull) at(y float64) section {
	if y < browY {
		r := cranium()
		t := (y - browY) / r.y
		open := math.Sqrt(max(1e-6, 1-t*t)) // never 0: it divides
		return section{half: r.x * open, front: r.z * open, back: r.z * open, power: 2}
	}
	z := k.z.at(y)
	s := section{half: k.half.at(y), z: z, front: k.front.at(y) - z, back: k.back.at(y) + z}
	s.power = 2 + .35*smooth(browY, 2, y)
	if y > jawY {
		t := (y - jawY) / (chinY - jawY)
		open := math.Sqrt(max(1e-6, 1-t*t)) // never 0: it divides
		s.half, s.front, s.back = s.half*open, s.front*open, s.back*open
	}
	return s
}

// around is the place at angle a about the vertical axis: 0 is the middle of the face, positive is
// to the right in the picture.
func (s section) around(a float64) (x, z float64) {
	sin, cos := math.Sincos(a)
	depth := s.front
	if cos < 0 {
		depth = s.back
	}
	x = s.half * sign(sin) * math.Pow(math.Abs(sin), 2/s.power)
	z = s.z + depth*sign(cos)*math.Pow(math.Abs(cos), 2/s.power)
	return x, z
}

// face is the depth of the front at x, and how much the place faces the camera, 0..1.
func (s section) face(x float64) (z, frontal float64) {
	t := math.Pow(min(math.Abs(x)/s.half, 1), s.power)
	cos := math.Pow(1-t, .5)
	return s.z + s.front*math.Pow(1-t, 1/s.power), cos
}

// heights are the rows of the head's mesh: close where the face has detail, closest between the lips.
func heights(fine float64) []float64 {
	var ys []float64
	for t := range 20 {
		ys = append(ys, browY+(crownY-browY)*math.Cos(float64(t)/20*math.Pi/2))
	}
	for y := browY; y < mouthY-slit; y += fine {
		ys = append(ys, y)
	}
	for t := range 5 {
		ys = append(ys, mouthY+slit*(float64(t)/2-1))
	}
	for y := mouthY + slit + fine; y < jawY; y += fine {
		ys = append(ys, y)
	}
	for t := range 13 {
		ys = append(ys, jawY+(chinY-jawY)*math.Sin(float64(t)/12*math.Pi/2))
	}
	return ys
}

// angles are the columns of the head's mesh: three of four lie in the face.
func angles(n int) []float64 {
	as := make([]float64, n)
	for i := range as {
		t := float64(i)/float64(n)*2 - 1
		as[i] = math.Pi * t * (.42 + .58*t*t) // spacing grows to the back
	}
	return as
}
