// SPDX-License-Identifier: EUPL-1.2

package face

import "math"

// plan is how thoroughly a picture is searched. Detection needs few pixels: its
// time depends on the smallest face alone. Points do not gain from a box above
// 300 pixels, which is an IED of about 105 (measured from 35 to 140).
type plan struct {
	detectSide int     // longer side of the picture for detection, pixels
	smallest   float64 // side of the smallest face's box, in the picture's shorter side
	pointBox   float64 // largest side of a box in which points are located, pixels
	pupils     []nudge
	middle     []nudge // for points in the middle of the face
	points     []nudge // for those of one half
}

func stillPlan() plan {
	return plan{
		detectSide: 320, smallest: 1. / 8, pointBox: 300,
		pupils: pairs(64), middle: pairs(32), points: nudges(31),
	}
}

func previewPlan() plan {
	return plan{
		detectSide: 320, smallest: 1. / 5, pointBox: 200,
		pupils: pairs(16), middle: pairs(10), points: nudges(9),
	}
}

const (
	shift = 0.10 // from one window to the next, in its side
	grow  = 1.10 // from one window's side to the next

	// leastBox is the smallest window, pixels: pico was trained at about 24.
	leastBox = 20

	// leastScore tells a face from chance: see TestFacesAreFound. In pictures
	// without a person one of 100 crops scores above it, frontal portraits
	// score from 46 (worst thumbnail) over 75 (worst London sitter) to 400.
	leastScore = 10

	// sureScore is that of a face whose roll need not be searched. Upright
	// faces have 46 or more; a head rolled by 15 degrees has half of its
	// score, at 25 an upright window may sit beside the head.
	sureScore = 50

	// tilt is the roll of the two further searches. The upright search ends
	// near 20 degrees, these reach to 40.
	tilt = 20 * math.Pi / 180
)
