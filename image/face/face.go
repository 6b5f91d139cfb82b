// SPDX-License-Identifier: EUPL-1.2

// Package face finds faces in a picture and locates the points of the eyes, nose
// and mouth on them, with a measure of how certain each place is.
package face

import (
	"image"
	"math"
)

// Point is a place in the picture that was searched: pixels from the top left
// corner of its first pixel, whatever its bounds are, so that the middle of
// that pixel is (0.5, 0.5). X grows to the right and Y downwards.
type Point struct {
	X, Y float64
	// Spread is how far apart the searches from slightly different starts
	// ended: the median of their distances from the point, in pixels. It is
	// below 2 % of the IED where the finder is sure, and above 5 % on points
	// that it cannot see. In a still, that of the pupils is at least as
	// large as their contradiction to the corners of the eyes, where there is one.
	Spread float64
}

// Face is one face. Left and right are those of the picture: EyeLeft is the
// person's right eye. The points of the mouth lie on the outer edge of the lips.
type Face struct {
	Box   image.Rectangle // roughly brows to chin, square; pixels as in Point
	Score float64         // the detector's, from 10; most frontal portraits have 100 to 400

	EyeLeft, EyeRight      Point // pupils (feature points 3.6 and 3.5 of ISO/IEC 14496-2)
	OuterLeft, InnerLeft   Point // corners of the eye left in the picture
	InnerRight, OuterRight Point // corners of the eye right in the picture
	Nose                   Point // tip of the nose
	MouthLeft, MouthRight  Point // corners of the mouth
	LipTop, LipBottom      Point // middle of the upper lip's upper and of the lower lip's lower edge
}

// IED is the inter-eye distance: from pupil to pupil, in pixels.
func (f Face) IED() float64 {
	return math.Hypot(f.EyeRight.X-f.EyeLeft.X, f.EyeRight.Y-f.EyeLeft.Y)
}

// Roll is the angle of the line through the pupils, in degrees, positive for a
// head turned clockwise in the picture.
func (f Face) Roll() float64 { return f.roll() * 180 / math.Pi }

func (f Face) roll() float64 {
	return math.Atan2(f.EyeRight.Y-f.EyeLeft.Y, f.EyeRight.X-f.EyeLeft.X)
}

// Spread is that of the less certain pupil, in IED. It is infinite when both
// pupils fell on one place.
func (f Face) Spread() float64 {
	if f.IED() == 0 {
		return math.Inf(1)
	}
	return max(f.EyeLeft.Spread, f.EyeRight.Spread) / f.IED()
}
