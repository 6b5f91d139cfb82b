// SPDX-License-Identifier: EUPL-1.2

package portrait

import (
	"image"
	"math"

	"github.com/fotobox-project/fotobox/image/face"
	"github.com/fotobox-project/fotobox/image/pixel"
)

// sketch places the points of an average face: the middle of its eyes at (x, y),
// the inter-eye distance and the roll in degrees.
func sketch(x, y, ied, roll float64) face.Face {
	sin, cos := math.Sincos(roll * math.Pi / 180)
	eyes := pixel.Frame{X: x, Y: y, Ux: ied * cos, Uy: ied * sin}
	at := func(u, v float64) face.Point {
		px, py := eyes.At(u, v)
		return face.Point{X: px, Y: py, Spread: 0.01 * ied}
	}
	return face.Face{
		Box:     image.Rect(int(x-ied), int(y-ied), int(x+ied), int(y+ied)),
		EyeLeft: at(-0.5, 0), EyeRight: at(0.5, 0),
		OuterLeft: at(-0.7, 0), InnerLeft: at(-0.3, 0), InnerRight: at(0.3, 0), OuterRight: at(0.7, 0),
		Nose: at(0, 0.6), MouthLeft: at(-0.4, 1.03), MouthRight: at(0.4, 1.03),
		LipTop: at(0, 0.95), LipBottom: at(0, 1.2),
	}
}

// proportions is the head of a sketch without a picture to look at.
func proportions(f face.Face) Head {
	return Measure(image.NewGray(image.Rect(0, 0, 1, 1)), f)
}
