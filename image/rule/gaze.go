// SPDX-License-Identifier: EUPL-1.2

package rule

import (
	"errors"
	"math"

	"github.com/fotobox-project/fotobox/image/face"
	"github.com/fotobox-project/fotobox/image/portrait"
)

func gaze() Rule {
	return Rule{
		ID: "3.3", Name: "gaze", Clause: "7.2.3", Unit: "eye width", Scatter: 0.015,
		Method: "How far the pupils lie from the middle between the corners of their eyes, mean of both eyes, in widths of an eye; " +
			"about 0.08 for 10 degrees; positive where the eyes look to the right of the picture.",
		Measure: func(p *Picture) (float64, error) {
			f, err := p.clearFace()
			if err != nil {
				return 0, err
			}
			l, widthL := offCentre(f, f.EyeLeft, f.OuterLeft, f.InnerLeft)
			r, widthR := offCentre(f, f.EyeRight, f.InnerRight, f.OuterRight)
			width := (widthL + widthR) / 2
			if !(width > 0.15 && width < 0.7) {
				return 0, errCorners
			}
			return (l + r) / 2 / width, nil
		},
	}
}

var errCorners = errors.New("the corners of the eyes could not be located")

// offCentre gives how far a pupil lies right of the middle of its eye's corners,
// and the eye's width, in inter-eye distances.
func offCentre(f face.Face, pupil, left, right face.Point) (off, width float64) {
	eyes := portrait.Eyes(f)
	x, _ := eyes.From(pupil.X, pupil.Y)
	l, _ := eyes.From(left.X, left.Y)
	r, _ := eyes.From(right.X, right.Y)
	return x - (l+r)/2, math.Abs(r - l)
}
