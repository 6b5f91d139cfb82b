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
	sitter  cameratest.Sitter
	blur    float64    // pixels
	hidden  [2]float64 // how much is hidden of the eye left and right in the picture, 0..1
	cloth   uint64     // seed of the cloth over an eye, 0 = none
	clothed int        // which eye, 0 or 1
}

func newPerson(r *rand.Rand) person {
	s := cameratest.Default()
	s.Seed = r.Uint64()
	s.Head, s.Noise = 0.85+0.2*r.Float64(), 5*r.Float64()*r.Float64()
	s.Features = features(r)
	colours(r, &s)
	s.Yaw, s.Pitch, s.Roll = 20*even(r), 20*even(r), 4*even(r)
	if chance(r, 0.5) {
		s.Yaw, s.Pitch = s.Yaw/3, s.Pitch/3
	}
	s.GazeX, s.GazeY = -s.Yaw*r.Float64()+5*r.NormFloat64(), -s.Pitch*r.Float64()+4*r.NormFloat64()
	expression(r, &s)
	p := person{sitter: s, blur: 1.3 * r.Float64() * r.Float64()}
	if chance(r, 0.4) {
		p.wear(r)
	}
	if chance(r, 0.25) {
		p.cover(r)
	}
	return p
}

// features draws a face. Most measures lie near the middle, as they do in people.
func features(r *rand.Rand) cameratest.Features {
	measure := func() float64 { return max(-1.2, min(1.2, 0.55*r.NormFloat64())) }
	share := func(often float64) float64 {
		k := r.Float64()
		if !chance(r, often) {
			return 0
		}
		return k
	}
	return cameratest.Features{
		Width: measure(), Jaw: measure(), Chin: measure(), Flat: measure(),
		EyesApart: measure(), EyeTilt: measure(), EyeWidth: measure(), EyeHeight: 1.2 * measure(), Fold: 1.4 * measure(),
		Brow: measure(), BrowThick: measure(),
		NoseWidth: measure(), NoseLength: measure(), NoseDepth: measure(),
		MouthWidth: measure(), MouthLow: measure(), Lips: measure(), LipTone: measure(),
		Thin: 0.7 + 0.2*r.Float64(), // the models do not look at it, and it renders quickly
		Age:  share(0.5), Liner: share(0.3), Beard: share(0.25),
	}
}

// colours draws skin, hair, eyes and the light.
func colours(r *rand.Rand, s *cameratest.Sitter) {
	s.Skin = r.Float64()
	if chance(r, 0.5) {
		s.Hair = colour(r, []color.NRGBA{{190, 150, 90, 255}, {120, 80, 50, 255}, {60, 40, 30, 255}, {20, 17, 15, 255}, {150, 148, 145, 255}})
	}
	if s.Skin < 0.5 && chance(r, 0.6) {
		s.Iris = colour(r, []color.NRGBA{{90, 120, 150, 255}, {95, 110, 80, 255}, {110, 85, 50, 255}, {60, 40, 25, 255}})
	}
	light := 0.6 + 0.6*r.Float64()
	s.Lamps = cameratest.Lamps{Left: light * (1 + 0.35*even(r)), Right: light * (1 + 0.35*even(r)), Ambient: light * (0.4 + 1.8*r.Float64())}
}

// expression draws eyes and mouth, many of them neutral. A hearty smile narrows the eyes.
func expression(r *rand.Rand, s *cameratest.Sitter) {
	s.Eyes = 0.65 + 0.4*r.Float64()
	if chance(r, 0.4) {
		s.Eyes = 0.3 * r.Float64() * r.Float64()
	} else if chance(r, 0.1) {
		s.Eyes = r.Float64()
	}
	switch {
	case chance(r, 0.42):
		s.Smile, s.Squint = 0.1*r.Float64()*r.Float64(), 0.6*r.Float64()*r.Float64()
		return
	case chance(r, 0.65):
		s.Smile = r.Float64()
		s.Squint = s.Smile * r.Float64()
		if chance(r, 0.6) {
			s.Teeth = s.Smile * (0.4 + 0.6*r.Float64())
		}
		s.Mouth = 0.25 * r.Float64() * r.Float64() * s.Smile
	case chance(r, 0.4):
		s.Teeth = r.Float64()
	default:
		s.Mouth = r.Float64() * r.Float64()
	}
}

// wear puts glasses on: half of them with a veil or a tint that leaves the eyes
// visible, some so dark or bright that it does not.
func (p *person) wear(r *rand.Rand) {
	s := &p.sitter
	s.Glasses = true
	s.Lenses = cameratest.Lenses{Thick: -1.1 + 2.4*r.Float64(), High: even(r)}
	s.Lenses.Frame = colour(r, []color.NRGBA{{0, 0, 0, 255}, {20, 15, 12, 255}, {90, 50, 25, 255}, {150, 140, 120, 255}, {190, 190, 190, 255}, {60, 20, 25, 255}})
	switch {
	case chance(r, 0.35):
		s.Lenses.Tint, s.Lenses.Veil = 0.25*r.Float64(), 0.3*r.Float64()*r.Float64()
	case chance(r, 0.4):
		s.Lenses.Tint = 0.6 + 0.4*r.Float64()
		s.Lenses.Veil = 0.4 * r.Float64() * r.Float64()
		p.hidden = [2]float64{s.Lenses.Tint, s.Lenses.Tint}
	}
}

// cover hangs hair before an eye, or beside it, or cloth over it.
func (p *person) cover(r *rand.Rand) {
	side := r.IntN(2)
	if chance(r, 0.25) {
		p.cloth, p.hidden[side] = 1+r.Uint64N(1<<32), 1
		p.clothed = side
		return
	}
	k := r.Float64()
	p.sitter.Fringe = k * float64(2*side-1)
	p.hidden[side] = max(p.hidden[side], min(1, 0.15+1.2*k))
}

// photo renders the person about as finely as the models look.
func (p person) photo() *image.NRGBA {
	img, truth := p.sitter.Render(image.Pt(208, 256))
	if p.cloth != 0 {
		p.drape(img, truth)
	}
	if p.blur > 0.3 {
		return imaging.Blur(img, p.blur)
	}
	return img
}

// drape covers an eye with a piece of cloth, its edge above the brow or across it.
func (p person) drape(img *image.NRGBA, truth cameratest.Truth) {
	r := rand.New(rand.NewPCG(p.cloth, 5))
	eye, side := truth.PupilLeft, -1.0
	if p.clothed == 1 {
		eye, side = truth.PupilRight, 1
	}
	ied := truth.IED()
	inner, upper, lower := 0.22+0.1*even(r), 0.25+0.5*r.Float64(), 0.15+0.5*r.Float64()
	lean, wave := 0.4*even(r), 6+10*r.Float64()
	base, fold := colour(r, []color.NRGBA{{15, 15, 20, 255}, {230, 230, 225, 255}, {140, 30, 40, 255}, {40, 60, 110, 255}, {150, 110, 85, 255}}), 0.25*r.Float64()
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			u, v := side*(float64(x)-eye.X)/ied, (float64(y)-eye.Y)/ied
			if u < -inner+lean*v || v < -upper || v > lower {
				continue
			}
			k := 1 - fold + fold*math.Sin(wave*(u+0.5*lean*v))
			img.SetNRGBA(x, y, color.NRGBA{uint8(float64(base.R) * k), uint8(float64(base.G) * k), uint8(float64(base.B) * k), 255})
		}
	}
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

// eyesOpen counts the lids alone; the hidden eye of a person tells nothing.
func eyesOpen(p person) []float64 {
	open := between(p.sitter.Eyes*(1-0.3*p.sitter.Squint), 0.3, 0.5)
	truth := []float64{open, open}
	for i, hidden := range p.hidden {
		if hidden > 0.3 {
			truth[i] = math.NaN()
		}
	}
	return truth
}

// eyesVisible leaves out closed eyes: whether one that is not seen is open cannot
// be told, and one that is closed has no white to show.
func eyesVisible(p person) []float64 {
	if p.sitter.Eyes < 0.5 {
		return []float64{math.NaN(), math.NaN()}
	}
	return []float64{1 - between(p.hidden[0], 0.2, 0.5), 1 - between(p.hidden[1], 0.2, 0.5)}
}

func mouthOpen(p person) []float64 {
	s := p.sitter
	return []float64{between(max(s.Mouth, s.Teeth/2, (s.Smile-0.4)/2), 0.03, 0.18)}
}

func smiling(p person) []float64 { return []float64{between(p.sitter.Smile, 0.1, 0.35)} }

func yaw(p person) []float64 { return []float64{p.sitter.Yaw} }

func pitch(p person) []float64 { return []float64{p.sitter.Pitch} }
