// SPDX-License-Identifier: EUPL-1.2

package face

import "math"

// plan is how thoroughly a picture is searched. Detection needs few pixels: its
// time depends on the smallest face alone. Points do not gain from a box above
// 300 pixels, which is an IED of about 105 (measured from 35 to 140).
type plan struct {
	detectSide int     // longer side of the picture for detection, pixels
	smallest   float64 // side of the smallest face's box, in the picture's shorter side
	steps      []steps // tried in turn until a face is found
	pointBox   float64 // largest side of a box in which points are located, pixels
	pupils     []nudge
	middle     []nudge // for points in the middle of the face
	points     []nudge // for those of one half
	// mends tells that pupils which contradict the corners of the eyes are searched
	// again. The preview goes without: its hints come from many frames.
	mends bool
}

func stillPlan() plan {
	return plan{
		detectSide: 320, smallest: 1. / 8, steps: []steps{coarse(), fine()}, pointBox: 300,
		pupils: pairs(64), middle: pairs(32), points: nudges(31), mends: true,
	}
}

func previewPlan() plan {
	return plan{
		detectSide: 320, smallest: 1. / 5, steps: []steps{coarse()}, pointBox: 200,
		pupils: pairs(16), middle: pairs(10), points: nudges(9),
	}
}

// steps is how densely windows cover the picture.
type steps struct {
	shift float64 // from one window to the next, in its side
	grow  float64 // from one window's side to the next
	least float64 // score of a face; less is chance
}

// coarse suits the preview. In pictures without a person two of 100 crops score
// 10; frontal portraits score from 46 (worst thumbnail) over 75 (worst of the
// London set) to 400.
func coarse() steps { return steps{shift: 0.10, grow: 1.10, least: 10} }

// fine takes ten times as long. It finds a face that the coarse windows happened
// to miss. One of 100 crops without a person scores 15, the London set from 85.
func fine() steps { return steps{shift: 0.05, grow: 1.05, least: 15} }

// weight makes scores comparable, which are sums over all windows on a face: a
// window counts by the share of places and sizes that it stands for, 1 if coarse.
func (s steps) weight() float64 { return s.shift * s.shift * (s.grow - 1) / 0.001 }

const (
	// leastBox is the smallest window, pixels: pico was trained at about 24.
	leastBox = 20

	// sureScore is that of a face whose roll need not be searched. A head rolled
	// by 15 degrees has half of its upright score, and beyond 20 an upright
	// window may sit beside the head.
	sureScore = 50

	// tilt is the roll of the two further searches. The upright search ends
	// near 20 degrees, these reach to 40.
	tilt = 20 * math.Pi / 180
)
