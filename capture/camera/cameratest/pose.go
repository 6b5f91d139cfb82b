// SPDX-License-Identifier: EUPL-1.2

package cameratest

import "math"

// rotation turns about a pivot.
type rotation struct {
	rows  [3]vec
	pivot vec
}

// neck is the place the head turns about: the upper neck joint, below and behind the ears.
func neckJoint() vec { return vec{0, 6, -2} }

// turn is the rotation by degrees: positive yaw moves the nose to the right in the picture, positive
// pitch moves it up, positive roll turns the head clockwise in the picture. Roll comes last.
func turn(yaw, pitch, roll float64) rotation {
	sy, cy := math.Sincos(radians(yaw))
	sp, cp := math.Sincos(radians(pitch))
	sr, cr := math.Sincos(radians(roll))
	// rows of yaw times pitch
	x := vec{cy, sy * sp, sy * cp}
	y := vec{0, cp, -sp}
	z := vec{-sy, cy * sp, cy * cp}
	return rotation{
		rows:  [3]vec{x.mul(cr).sub(y.mul(sr)), x.mul(sr).add(y.mul(cr)), z},
		pivot: neckJoint(),
	}
}

func (r rotation) direction(d vec) vec {
	return vec{r.rows[0].dot(d), r.rows[1].dot(d), r.rows[2].dot(d)}
}

// back is the place that r takes to p.
func (r rotation) back(p vec) vec {
	d := p.sub(r.pivot)
	return r.rows[0].mul(d.x).add(r.rows[1].mul(d.y)).add(r.rows[2].mul(d.z)).add(r.pivot)
}

func (r rotation) place(p vec) vec { return r.direction(p.sub(r.pivot)).add(r.pivot) }
