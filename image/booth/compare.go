// SPDX-License-Identifier: EUPL-1.2

package booth

import (
	"errors"
	"fmt"
	"image"
	"math"

	"github.com/fotobox-project/fotobox/image/pixel"
)

// ErrHidden says that too little of the wall is seen around the person to compare by.
var ErrHidden = errors.New("too little of the background is seen to compare it with the empty scene")

// leastSeen is the share of the cells around the head that must show the wall.
const leastSeen = 0.25

// A Comparison is what differs between a picture with a person and the empty scene.
type Comparison struct {
	// Gain is the wall's linear light now over that of the empty scene: R, G, B.
	Gain [3]float64
	// Light is the same for luminance: 1 as calibrated, 0.5 one stop darker.
	Light float64
	// White is the linear light of what is grey now, R, G and B with a mean of 1.
	White [3]float64
	// Cast is how far White is from neutral: the largest departure of one channel
	// from the mean, share. Without a grey card the calibration's light is grey.
	Cast float64
	// Burnt is the share of the wall that is burnt out now and was not.
	Burnt float64
	// Uneven is the range of the wall's light against the empty scene around the
	// head, 5 % to 95 %, as a share of its median: 0 as calibrated.
	Uneven float64
	// Foreign is the share of what is seen far from head and body that is neither the
	// wall nor hair: a thing, a pattern, somebody else.
	Foreign float64
	// Shadow is by how much the wall near the head is darker than the rest of it
	// against the empty scene, share.
	Shadow float64
	// Seen is the share of the cells around the head that show the wall.
	Seen float64

	size   image.Point
	wall   []bool
	person []bool
	scene  *Scene
}

// Wall tells whether the picture shows the wall at (x, y), pixels from its top
// left corner. Outside of the picture it is false.
func (c *Comparison) Wall(x, y float64) bool {
	o := c.cell(x, y)
	return o >= 0 && c.wall[o]
}

// Person tells whether the picture shows head, hair or body at (x, y). What is
// neither wall nor person is foreign.
func (c *Comparison) Person(x, y float64) bool {
	o := c.cell(x, y)
	return o >= 0 && c.person[o]
}

// cell is the one at (x, y), -1 outside of the picture.
func (c *Comparison) cell(x, y float64) int {
	i, j := int(math.Floor(x*Columns/float64(c.size.X))), int(math.Floor(y*Rows/float64(c.size.Y)))
	if i < 0 || i >= Columns || j < 0 || j >= Rows {
		return -1
	}
	return j*Columns + i
}

// Lit is the colour that the empty scene would have at (x, y) in the picture's
// light, sRGB, 0 to 255: R, G, B.
func (c *Comparison) Lit(x, y float64) (rgb [3]float64) {
	u, v := float64(x*Columns)/float64(c.size.X)-0.5, float64(y*Rows)/float64(c.size.Y)-0.5
	u, v = min(max(u, 0), Columns-1), min(max(v, 0), Rows-1)
	i, j := min(int(u), Columns-2), min(int(v), Rows-2)
	u, v = u-float64(i), v-float64(j)
	o := j*Columns + i
	for k, mean := range c.scene.light().Mean {
		above := between(mean[o], mean[o+1], u)
		below := between(mean[o+Columns], mean[o+Columns+1], u)
		rgb[k] = encoded(c.Gain[k] * (float64(above*(1-v)) + float64(below*v)))
	}
	return rgb
}

func between(a, b float32, u float64) float64 {
	return float64(float64(a)*(1-u)) + float64(float64(b)*u)
}

// encoded is sRGB, 0 to 255, of linear light (IEC 61966-2-1).
func encoded(linear float64) float64 {
	if linear = min(max(linear, 0), 1); linear <= 0.0031308 {
		return 255 * 12.92 * linear
	}
	return 255 * (float64(1.055*math.Pow(linear, 1/2.4)) - 0.055)
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
	c := &Comparison{size: size, wall: t.wall, person: t.person(), scene: s}
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
