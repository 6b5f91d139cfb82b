// SPDX-License-Identifier: EUPL-1.2

package booth

import (
	"fmt"
	"image"
	"math"
)

// Reason says why a calibration does not fit any more.
type Reason string

// The reasons. Fits is none.
const (
	Fits    Reason = ""
	Picture Reason = "picture" // not a picture of this camera
	Light   Reason = "light"   // all of it is brighter or darker
	Side    Reason = "lamp"    // one side is darker: a lamp is dead or covered
	Moved   Reason = "moved"   // the edges in the scene lie elsewhere: the camera moved
	Changed Reason = "changed" // something stands in the scene that was not there
)

// Reasons lists those for which a calibration does not fit.
func Reasons() []Reason { return []Reason{Picture, Light, Side, Moved, Changed} }

// A Fit says whether a calibration still fits what the camera sees.
type Fit struct {
	Reason Reason
	// Light is the luminance against the empty scene, median.
	Light float64
	// Tilt is the light of the right third over that of the left one, against the
	// empty scene.
	Tilt float64
	// Right and Down are how far the edges moved, as a share of the picture's width
	// and height; 0 where the scene has none.
	Right, Down float64
	// Other is the share of the picture that differs from the empty scene.
	Other float64
}

// String says it to a person, with what to do.
func (f Fit) String() string {
	switch f.Reason {
	case Fits:
		return fmt.Sprintf("the calibration fits (light %.2f)", f.Light)
	case Picture:
		return "the calibration belongs to another camera; calibrate again"
	case Light:
		return fmt.Sprintf("the light is %.2f of what was calibrated; check lamps and exposure, or calibrate again", f.Light)
	case Side:
		side := "right"
		if f.Tilt > 1 {
			side = "left"
		}
		return fmt.Sprintf("the %s side of the picture is darker than calibrated (%.2f); check the lamp there", side, math.Min(f.Tilt, 1/f.Tilt))
	case Moved:
		return fmt.Sprintf("the camera moved (%.1f %% to the side, %.1f %% up or down); put it back, or calibrate again", 100*f.Right, 100*f.Down)
	}
	return fmt.Sprintf("%.0f %% of the scene differs from the empty one; remove what stands there, or calibrate again", 100*f.Other)
}

// Bounds of a calibration that fits. Exposure that a camera regulates by itself
// may vary with what it sees; lamps lose a fifth of their light over their life.
const (
	lightLeast = 0.6  // luminance against the empty scene
	lightMost  = 1.6  //
	tiltMost   = 0.18 // logarithm: a fifth between left and right
	otherMost  = 0.05 // share of cells that differ
	otherBy    = 0.2  // by this logarithm
)

// Fit compares a picture in which nobody is, preview or still, with the empty scene.
func (s *Scene) Fit(img image.Image) Fit {
	if alike(img.Bounds().Size()) != nil {
		return Fit{Reason: Picture}
	}
	now, was := sampled(img), grid{s.light().Mean}
	ratio := make([]float32, cells)
	for o := range ratio {
		ratio[o] = logRatio(now.luminance(o), was.luminance(o))
	}
	var f Fit
	middle, left, right := strips(ratio)
	f.Light, f.Tilt = math.Exp(middle), math.Exp(right-left)
	for _, r := range ratio {
		if math.Abs(float64(r)-middle) > otherBy {
			f.Other += 1. / cells
		}
	}
	var held bool
	f.Right, f.Down, held = shift(was, now)
	switch {
	case held && math.Abs(right-left) > tiltMost:
		f.Reason = Side
	case f.Light < lightLeast || f.Light > lightMost:
		f.Reason = Light
	case !held:
		f.Reason = Moved
	case f.Other > otherMost:
		f.Reason = Changed
	}
	return f
}

// strips gives the medians of the whole picture and its left and right third.
func strips(ratio []float32) (middle, left, right float64) {
	var l, r []float32
	for o, v := range ratio {
		switch x := o % Columns; {
		case x < Columns/3:
			l = append(l, v)
		case x >= Columns*2/3:
			r = append(r, v)
		}
	}
	return percentile(append([]float32(nil), ratio...), 0.5), percentile(l, 0.5), percentile(r, 0.5)
}
