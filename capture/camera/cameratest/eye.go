// SPDX-License-Identifier: EUPL-1.2

package cameratest

import "math"

// Sizes of an eye, cm.
const (
	ballRadius  = 1.2
	ballWide    = 1.4 // the ball is wider than high by this factor: it fills the corners of the lids
	irisRadius  = .6
	pupilRadius = .2
	lidThick    = .07
	lidHalf     = 1.45 // half width of the opening
	ballFront   = 8.0  // z of the cornea
)

// eyeball is one eye: its middle and where it looks, on the unturned head.
type eyeball struct {
	middle vec
	look   vec // unit
}

// eyeballs are the eyes left and right in the picture. At gaze 0 both look into a camera in front of
// the head.
func eyeballs(gazeX, gazeY float64) [2]eyeball {
	var eyes [2]eyeball
	for i, x := range []float64{-eyeX, eyeX} {
		m := vec{x, 0, ballFront - ballRadius}
		ahead := vec{0, 0, distance}.sub(m).unit()
		look := turn(gazeX, gazeY, 0).direction(ahead)
		eyes[i] = eyeball{middle: m, look: look}
	}
	return eyes
}

// pupil is the middle of the pupil on the surface of the ball.
func (e eyeball) pupil() vec {
	return e.surface(e.look)
}

// surface is the place of the ball in direction d from its middle.
func (e eyeball) surface(d vec) vec {
	flat := vec{d.x / ballWide, d.y, d.z}
	return e.middle.add(d.mul(ballRadius / math.Sqrt(flat.dot(flat))))
}

// lids are the edges of the opening between the lids, in heights on the face.
type lids struct{ open, squint float64 }

// across is the place between the corners of the eye at x: -1 inner, 1 outer.
func across(x float64) float64 { return (math.Abs(x) - eyeX) / lidHalf }

// axis is the line from the inner corner of the eye to the outer, which lies a little higher.
func axis(t float64) float64 { return .03 - .1*t }

func (l lids) lower(t float64) float64 {
	return axis(t) + .43*(1-.6*l.squint)*math.Pow(max(0, 1-t*t), .8)
}

// raised is the edge of the upper lid of an open eye.
func (l lids) raised(t float64) float64 {
	return axis(t) - .52*math.Pow(max(0, 1-t*t), .72) - .05*t*(1-t*t)
}

func (l lids) upper(t float64) float64 {
	lo := l.lower(t)
	return lo + (l.raised(t)-lo)*l.open*(1-.3*l.squint)
}

// between reports whether (x, y) of the face lies in the opening.
func (l lids) between(x, y float64) bool {
	if math.Abs(y) > .8 {
		return false
	}
	t := across(x)
	return t > -1 && t < 1 && y > l.upper(t) && y < l.lower(t)
}

// corners are the inner and outer corner of the opening on the side of x = s.
func corners(s float64) (inner, outer [2]float64) {
	return [2]float64{s * (eyeX - lidHalf), axis(-1)}, [2]float64{s * (eyeX + lidHalf), axis(1)}
}

// lidded is the depth of the skin at (x, y), if it were at z without the eye: it lies on the ball in
// and close around the opening, and is never behind the ball's lid.
func lidded(x, y, z float64) float64 {
	dx, r := math.Abs(x)-eyeX, ballRadius+lidThick
	rest := r*r - dx*dx/(ballWide*ballWide) - y*y
	if rest <= 0 {
		return z
	}
	lid := ballFront - ballRadius + math.Sqrt(rest)
	near := smooth(1.22, 1, math.Hypot(dx/lidHalf, y/.8)) // 0 where the ball ends
	z = softMax(z, lid)
	return z + (lid-z)*near
}

// softMax is the larger of a and b, rounded off where they differ by less than a few millimetres.
func softMax(a, b float64) float64 {
	const round = .2 // cm
	d := (b - a) / round
	if math.Abs(d) > 8 {
		return max(a, b)
	}
	return a + round*math.Log1p(math.Exp(d))
}
