// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"image"
	"image/color"
	"image/draw"

	"github.com/fotobox-project/fotobox/capture/camera"
	"github.com/fotobox-project/fotobox/capture/camera/cameratest"
)

// The people of the stories; each has a photo in the folder of newScene.
const (
	good    = "good"    // as the rules want it
	shut    = "shut"    // eyes closed
	turned  = "turned"  // looks past the camera
	two     = "two"     // with somebody beside them
	child   = "child"   // small, far and low
	near    = "near"    // the same child, as the rules want it
	glasses = "glasses" // a lamp is mirrored in them, beside the eyes
	blind   = "blind"   // before the eyes
	dim     = "dim"     // in a room without enough light
	black   = "black"   // in one without any
)

// drawnSize is half of a still's: the camera's lens enlarges it, the rules do not
// mind, and under the race detector drawing takes long.
func drawnSize() image.Point { return image.Pt(camera.MinWidth/2, camera.MinHeight/2) }

// portrayed draws one of the people as the camera shall see them.
func portrayed(who string) image.Image {
	s := cameratest.Default()
	small := cameratest.Features{Width: 1, Jaw: -.5, Chin: -1, Flat: 1, EyesApart: .5, EyeHeight: 1, NoseLength: -1, NoseDepth: -1}
	switch who {
	case shut:
		s.Eyes = 0
	case turned:
		s.Yaw = 20
	case child:
		s.Features, s.Head, s.Y = small, .36, .15
	case near:
		s.Features = small
	case dim:
		s = lit(s, .2)
	case black:
		s = lit(s, 0)
	case two:
		return couple(s)
	case glasses:
		return mirrored(s, .14, -.1, .09, .06)
	case blind:
		return mirrored(s, 0, 0, .2, .14)
	}
	img, _ := s.Render(drawnSize())
	return img
}

// couple is the sitter and another person side by side.
func couple(s cameratest.Sitter) image.Image {
	s.Head, s.X = .4, -.25
	one, _ := s.Render(drawnSize())
	s.X, s.Skin, s.Seed = .25, .7, 3
	other, _ := s.Render(drawnSize())
	right := one.Bounds()
	right.Min.X = right.Dx() / 2
	draw.Draw(one, right, other, right.Min, draw.Src)
	return one
}

// lit is the sitter in a share of the light.
func lit(s cameratest.Sitter, light float64) cameratest.Sitter {
	s.Lamps = cameratest.Lamps{Left: light, Right: light, Ambient: light}
	grey := uint8(light * float64(s.Background.R))
	s.Background = color.NRGBA{R: grey, G: grey, B: grey, A: 255}
	return s
}

// mirrored is the sitter with glasses that mirror a lamp: an ellipse at (x, y) from
// each pupil with the half axes a and b, all in distances of the eyes.
func mirrored(s cameratest.Sitter, x, y, a, b float64) image.Image {
	s.Glasses = true
	img, truth := s.Render(drawnSize())
	ied := truth.IED()
	for _, p := range []cameratest.Point{truth.PupilLeft, truth.PupilRight} {
		for j := range img.Rect.Dy() {
			for i := range img.Rect.Dx() {
				if u, v := (float64(i)-p.X)/ied-x, (float64(j)-p.Y)/ied-y; u*u/(a*a)+v*v/(b*b) < 1 {
					img.SetNRGBA(i, j, color.NRGBA{R: 250, G: 250, B: 252, A: 255})
				}
			}
		}
	}
	return img
}
