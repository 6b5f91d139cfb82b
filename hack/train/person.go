// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"

	"github.com/disintegration/imaging"

	"github.com/fotobox-project/fotobox/capture/camera/cameratest"
)

// A person is a sitter and what happened to the picture.
type person struct {
	sitter cameratest.Sitter
	blur   float64 // pixels
	hidden [2]bool // the eye left and right in the picture
}

func newPerson(r *rand.Rand) person {
	s := cameratest.Default()
	s.Seed = r.Uint64()
	s.Head, s.Noise = 0.8+0.25*r.Float64(), 4*r.Float64()*r.Float64()
	s.Skin = r.Float64()
	if chance(r, 0.5) {
		s.Hair = colour(r, []color.NRGBA{{190, 150, 90, 255}, {120, 80, 50, 255}, {60, 40, 30, 255}, {20, 17, 15, 255}, {150, 148, 145, 255}})
	}
	if s.Skin < 0.5 && chance(r, 0.6) {
		s.Iris = colour(r, []color.NRGBA{{90, 120, 150, 255}, {95, 110, 80, 255}, {110, 85, 50, 255}, {60, 40, 25, 255}})
	}
	s.Yaw, s.Pitch, s.Roll = 20*even(r), 20*even(r), 4*even(r)
	if chance(r, 0.5) {
		s.Yaw, s.Pitch = s.Yaw/3, s.Pitch/3
	}
	s.GazeX, s.GazeY = -s.Yaw*r.Float64()+5*r.NormFloat64(), -s.Pitch*r.Float64()+4*r.NormFloat64()
	expression(r, &s)
	s.Glasses = chance(r, 0.4)
	s.Lamps = cameratest.Lamps{Left: 0.6 + 0.7*r.Float64(), Right: 0.6 + 0.7*r.Float64(), Ambient: 0.5 + 1.5*r.Float64()}
	return person{sitter: s, blur: 1.2 * r.Float64() * r.Float64()}
}

// expression draws eyes and mouth, about half of them neutral.
func expression(r *rand.Rand, s *cameratest.Sitter) {
	s.Eyes = 0.7 + 0.3*r.Float64()
	if chance(r, 0.4) {
		s.Eyes = 0.25 * r.Float64() * r.Float64()
	}
	switch {
	case chance(r, 0.45):
	case chance(r, 0.6):
		s.Smile = r.Float64()
		s.Mouth = 0.3 * r.Float64() * r.Float64()
	default:
		s.Mouth = r.Float64()
	}
}

// photo renders the person about as finely as the models look.
func (p person) photo() image.Image {
	img, _ := p.sitter.Render(image.Pt(208, 256))
	if p.blur > 0.3 {
		return imaging.Blur(img, p.blur)
	}
	return img
}

func chance(r *rand.Rand, share float64) bool { return r.Float64() < share }

// even is uniform in -1..1.
func even(r *rand.Rand) float64 { return 2*r.Float64() - 1 }

// colour is between two of the colours.
func colour(r *rand.Rand, list []color.NRGBA) color.NRGBA {
	a, b, k := list[r.IntN(len(list))], list[r.IntN(len(list))], r.Float64()
	mix := func(a, b uint8) uint8 { return uint8(float64(a)*(1-k) + float64(b)*k) }
	return color.NRGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 255}
}

// What the models shall tell of a person.

func eyesOpen(p person) []float64 {
	truth := []float64{between(p.sitter.Eyes, 0.3, 0.6), between(p.sitter.Eyes, 0.3, 0.6)}
	for i, hidden := range p.hidden {
		if hidden {
			truth[i] = math.NaN()
		}
	}
	return truth
}

func eyesVisible(p person) []float64 {
	truth := []float64{1, 1}
	for i, hidden := range p.hidden {
		if hidden {
			truth[i] = 0
		}
	}
	return truth
}

func mouthOpen(p person) []float64 {
	return []float64{between(max(p.sitter.Mouth, p.sitter.Smile-0.45), 0.03, 0.12)}
}

func smiling(p person) []float64 { return []float64{between(p.sitter.Smile, 0.1, 0.35)} }

func yaw(p person) []float64 { return []float64{p.sitter.Yaw} }

func pitch(p person) []float64 { return []float64{p.sitter.Pitch} }
