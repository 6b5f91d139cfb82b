// SPDX-License-Identifier: EUPL-1.2

package cameratest

import (
	"bytes"
	"image"
	"math"
	"reflect"
	"testing"
)

// Each feature changes the picture.
func TestFeaturesShow(t *testing.T) {
	aboutPictures(t)
	small := image.Pt(120, 160)
	render := func(change func(*Features)) *image.NRGBA {
		s := Default()
		s.Head, s.Noise = .8, 0
		change(&s.Features)
		img, _ := s.Render(small)
		return img
	}
	plain := render(func(*Features) {})
	fields := reflect.TypeFor[Features]()
	for i := range fields.NumField() {
		name := fields.Field(i).Name
		img := render(func(f *Features) { reflect.ValueOf(f).Elem().Field(i).SetFloat(1) })
		if bytes.Equal(img.Pix, plain.Pix) {
			t.Errorf("%s does not show", name)
		}
	}
}

// What moves in the picture moves in the truth as well.
func TestFeaturesMoveTheTruth(t *testing.T) {
	s := Default()
	truth := func(f Features) Truth {
		s.Features = f
		b := s.body()
		return b.truth(&drawing{view: newView(s, previewSize())})
	}
	plain := truth(Features{})
	for name, test := range map[string]struct {
		features Features
		got      func(Truth) float64
	}{
		"eyes apart":   {Features{EyesApart: 1}, Truth.IED},
		"longer nose":  {Features{NoseLength: 1}, func(t Truth) float64 { return t.Nose.Y }},
		"wider mouth":  {Features{MouthWidth: 1}, func(t Truth) float64 { return t.MouthRight.X - t.MouthLeft.X }},
		"lower mouth":  {Features{MouthLow: 1}, func(t Truth) float64 { return t.MouthLeft.Y }},
		"thicker lips": {Features{Lips: 1}, func(t Truth) float64 { return t.LipBottom.Y - t.LipTop.Y }},
		"longer chin":  {Features{Chin: 1}, func(t Truth) float64 { return t.Chin.Y }},
		"tilted eyes":  {Features{EyeTilt: 1}, func(t Truth) float64 { return t.InnerLeft.Y - t.OuterLeft.Y }},
	} {
		if before, after := test.got(plain), test.got(truth(test.features)); after < before+1 {
			t.Errorf("%s: %.1f to %.1f pixels, want at least 1 more", name, before, after)
		}
	}
}

// A tint dims what is behind the lenses and nothing else; a fringe covers one eye.
func TestBeforeTheEyes(t *testing.T) {
	aboutPictures(t)
	s := Default()
	s.Glasses = true
	clear, truth := s.Render(previewSize())
	s.Lenses.Tint = .7
	dark, _ := s.Render(previewSize())
	light := func(img *image.NRGBA, at Point) float64 { return mean(region(img, truth, at, .2, .1)).y }
	if got := light(dark, truth.PupilLeft) / light(clear, truth.PupilLeft); math.Abs(got-.3) > .05 {
		t.Errorf("a tint of 0.7 leaves %.2f of the light, want 0.3", got)
	}
	if got := light(dark, cheek(truth)) / light(clear, cheek(truth)); math.Abs(got-1) > .02 {
		t.Errorf("a tint leaves %.2f of the cheek's light, want 1", got)
	}
	s = Default()
	plain, _ := s.Render(previewSize())
	s.Fringe = .9
	hair, _ := s.Render(previewSize())
	changed := func(at Point) float64 {
		return difference(region(plain, truth, at, .3, .2), region(hair, truth, at, .3, .2))
	}
	if left, right := changed(truth.PupilLeft), changed(truth.PupilRight); left > 2 || right < 15 {
		t.Errorf("a fringe on the right changes the eyes by %.1f and %.1f grey levels", left, right)
	}
}
