// SPDX-License-Identifier: EUPL-1.2

package cameratest

import "math"

// Lamps are the strengths of the station's lights; 1 is the normal strength of each.
type Lamps struct {
	Left, Right float64 // beside the camera, left and right in the picture, a little above the eyes
	Ambient     float64 // the soft light of the room, mostly from above
}

// leftLamp is the direction to the left lamp; the right one mirrors it.
func leftLamp() vec { return vec{-.72, -.3, .62}.unit() }

// lighting is the lamps made ready for shining.
type lighting struct {
	lamps   [2]lamp
	ambient float64
}

type lamp struct {
	to    vec // direction to the lamp
	half  vec // between the lamp and the camera
	power float64
}

func newLighting(l Lamps) lighting {
	left, right := leftLamp(), leftLamp()
	right.x = -right.x
	return lighting{
		lamps:   [2]lamp{newLamp(left, l.Left), newLamp(right, l.Right)},
		ambient: .23 * l.Ambient,
	}
}

func newLamp(to vec, strength float64) lamp {
	return lamp{to: to, half: to.add(vec{z: 1}).unit(), power: .565 * strength}
}

// shine is the light that matter with the normal n sends to the camera. Light wraps around edges,
// red the furthest, as it does in skin.
func (l *lighting) shine(m matter, n vec) vec {
	n.z = max(n.z, 0)
	room := l.ambient * (.62 - .2*n.y + .38*n.z)
	sum := vec{room, room, room}
	glare := 0.0
	for i := range l.lamps {
		lamp := &l.lamps[i]
		d := n.dot(lamp.to)
		sum.x += lamp.power * wrap(d, .45)
		sum.y += lamp.power * wrap(d, .34)
		sum.z += lamp.power * wrap(d, .3)
		glare += lamp.power * highlight(n.dot(lamp.half))
	}
	glare *= m.gloss * m.shade
	return m.colour.times(sum).mul(m.shade).add(vec{glare, glare, glare})
}

// wrap is the cosine d of a lamp's angle as if the lamp were w wider than a point.
func wrap(d, w float64) float64 { return max(0, (d+w)/(1+w)) }

// highlight is d to the power of 24.
func highlight(d float64) float64 {
	if d <= 0 {
		return 0
	}
	d *= d
	d *= d
	d *= d // 8
	return d * d * d
}

// comb is the light that a hair of direction along sends to the camera; n is the normal of the
// skin it lies on.
func (l *lighting) comb(colour, along, n vec, gloss float64) vec {
	room := l.ambient * (.7 - .3*n.y)
	sum, glare := room, 0.0
	for i := range l.lamps {
		lamp := &l.lamps[i]
		a, b := along.dot(lamp.to), along.dot(lamp.half)
		sum += lamp.power * wrap(n.dot(lamp.to), .5) * (.3 + .7*math.Sqrt(max(0, 1-a*a)))
		glare += lamp.power * highlight(max(0, 1-b*b)) * wrap(n.dot(lamp.half), .2)
	}
	glare *= gloss
	return colour.mul(sum).add(vec{glare, glare, glare}.mul(.5)).add(colour.mul(2 * glare))
}
