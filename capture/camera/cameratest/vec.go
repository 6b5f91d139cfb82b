// SPDX-License-Identifier: EUPL-1.2

package cameratest

import "math"

// vec is a place or direction in centimetres (x right and y down in the picture, z to the camera),
// or a colour in linear light.
type vec struct{ x, y, z float64 }

func (a vec) add(b vec) vec            { return vec{a.x + b.x, a.y + b.y, a.z + b.z} }
func (a vec) sub(b vec) vec            { return vec{a.x - b.x, a.y - b.y, a.z - b.z} }
func (a vec) mul(k float64) vec        { return vec{a.x * k, a.y * k, a.z * k} }
func (a vec) times(b vec) vec          { return vec{a.x * b.x, a.y * b.y, a.z * b.z} }
func (a vec) dot(b vec) float64        { return a.x*b.x + a.y*b.y + a.z*b.z }
func (a vec) mix(b vec, t float64) vec { return a.add(b.sub(a).mul(t)) }

func (a vec) cross(b vec) vec {
	return vec{a.y*b.z - a.z*b.y, a.z*b.x - a.x*b.z, a.x*b.y - a.y*b.x}
}

func (a vec) unit() vec { return a.mul(1 / (math.Sqrt(a.dot(a)) + 1e-12)) }

// smooth rises from 0 at x = a to 1 at x = b; a may be greater than b.
func smooth(a, b, x float64) float64 {
	t := min(max((x-a)/(b-a), 0), 1)
	return t * t * (3 - 2*t)
}

// hump is 1 at 0 and 0 beyond w: the cheap bell of the painters.
func hump(x, w float64) float64 {
	t := 1 - x*x/(w*w)
	if t <= 0 {
		return 0
	}
	return t * t
}

// bell is the Gaussian of the shapes.
func bell(x, sd float64) float64 { return math.Exp(-x * x / (2 * sd * sd)) }

func sign(x float64) float64 { return math.Copysign(1, x) }

func radians(degrees float64) float64 { return degrees * math.Pi / 180 }
