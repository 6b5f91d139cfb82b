// SPDX-License-Identifier: EUPL-1.2

package booth

import (
	"errors"
	"fmt"
	"image"
	"math"

	"github.com/fotobox-project/fotobox/image/pixel"
)

// ErrHidden: too little of the wall is seen around the person to compare by.
var ErrHidden = errors.New("too little of the background is seen to compare it with the empty scene")

// leastSeen is the share of the cells around the head that must show the wall.
const leastSeen = 0.25

// A Comparison is what differs between a picture with a person and the empty scene.
type Comparison struct {
	// Gain is the wall's linear light now over that of the empty scene: R, G, B.
	Gain [3]float64
	// Light is the same for luminance: 1 as calibrated, 0.5 one stop darker.
	Light float64
	// Cast is how far the light is from neutral: the largest departure of one
	// channel from the mean of the three, share. Neutral is what the grey card
	// showed, and without one the light of the calibration.
	Cast float64
	// Burnt is the share of the wall that is burnt out now and was not.
	Burnt float64
	// Uneven is the range of the wall's light against the empty scene around the
	// head, 5 % to 95 %, as a share of its median: 0 as calibrated.
	Uneven float64
	// Foreign is the share of what is seen far from head and body that is not the wall:
	// a thing, a pattern, somebody else.
	Foreign float64
	// Shadow is by how much the wall near the head is darker than the rest of it
	// against the empty scene, share.
	Shadow float64
	// Seen is the share of the cells around the head that show the wall.
	Seen float64

	size image.Point
	wall []bool
}

// Wall tells whether the picture shows the wall at (x, y), pixels from its top
// left corner. Outside of the picture it is false.
func (c *Comparison) Wall(x, y float64) bool {
	i, j := int(math.Floor(x*Columns/float64(c.size.X))), int(math.Floor(y*Rows/float64(c.size.Y)))
	return i >= 0 && i < Columns && j >= 0 && j < Rows && c.wall[j*Columns+i]
}

// Compare compares a whole picture of the camera, preview or still, with the
// empty scene. eyes is the frame of the person's face: the origin between the
// pupils, x along the eyes, the unit their distance.
//
// Every value is a ratio to the empty scene, so that neither the wall's own
// pattern nor the lamps' own gradient counts. The error is ErrHidden, or says that
// picture and face do not belong to the scene.
func Compare(s *Scene, img image.Image, eyes pixel.Frame) (*Comparison, error) {
	size := img.Bounds().Size()
	if err := alike(size); err != nil {
		return nil, err
	}
	if unit := eyes.Unit() * Columns / float64(max(size.X, 1)); !(unit > 3 && unit < Columns) {
		return nil, fmt.Errorf("compare with the empty scene: a face of %.1f cells between the eyes cannot be", unit)
	}
	t := newTrial(s, sampled(img), eyes, size)
	if !t.level() {
		return nil, ErrHidden
	}
	t.calm()
	t.spread()
	t.shade()
	t.fill()
	c := &Comparison{size: size, wall: t.wall}
	if c.Seen = t.seen(); c.Seen < leastSeen {
		return nil, ErrHidden
	}
	t.report(c)
	return c, nil
}

// alike refuses pictures of another shape than the camera's 3:4.
func alike(size image.Point) error {
	if size.X < Columns/2 || size.Y < Rows/2 || math.Abs(float64(size.X)*Rows/(float64(size.Y)*Columns)-1) > 0.02 {
		return fmt.Errorf("compare with the empty scene: a picture of %dx%d is not the camera's", size.X, size.Y)
	}
	return nil
}
