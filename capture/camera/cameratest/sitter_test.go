// SPDX-License-Identifier: EUPL-1.2

package cameratest

import (
	"bytes"
	"image"
	"image/color"
	"math"
	"runtime"
	"testing"
)

// aboutPictures leaves a test out under the race detector.
func aboutPictures(t *testing.T) {
	t.Helper()
	if RaceEnabled {
		t.Skip("about pictures, not under the race detector")
	}
}

// region is the part of a picture around a place of the face, in distances of the eyes.
func region(img *image.NRGBA, truth Truth, at Point, wide, high float64) *image.NRGBA {
	k := truth.IED()
	r := image.Rect(int(at.X-wide*k/2), int(at.Y-high*k/2), int(at.X+wide*k/2), int(at.Y+high*k/2))
	return img.SubImage(r).(*image.NRGBA)
}

// mean is the mean light of a picture, linear.
func mean(img *image.NRGBA) vec {
	var sum vec
	b := img.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			sum = sum.add(linear(img.NRGBAAt(x, y)))
		}
	}
	return sum.mul(1 / float64(b.Dx()*b.Dy()))
}

func cheek(truth Truth) Point {
	return Point{truth.PupilLeft.X, truth.PupilLeft.Y + .55*truth.IED()}
}

func TestDeterministic(t *testing.T) {
	s := Default()
	first, truth := s.Render(previewSize())
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	if again, other := s.Render(previewSize()); !bytes.Equal(first.Pix, again.Pix) || truth != other {
		t.Error("the same sitter looks different when one processor renders it")
	}
	s.Seed = 1
	if again, _ := s.Render(previewSize()); bytes.Equal(first.Pix, again.Pix) {
		t.Error("another seed gives the same picture")
	}
}

// The backdrop is the even grey of TR-03121 and not darkened anywhere.
func TestBackdrop(t *testing.T) {
	aboutPictures(t)
	s := Default()
	s.Noise = 0
	img, _ := s.Render(previewSize())
	want := color.NRGBA{R: 0xC8, G: 0xC8, B: 0xC8, A: 255}
	for _, p := range []image.Point{{}, {479, 0}, {0, 400}, {479, 400}, {240, 40}} {
		if got := img.NRGBAAt(p.X, p.Y); got != want {
			t.Errorf("backdrop at %v = %v, want %v", p, got, want)
		}
	}
	s.Gradient = .2
	img, _ = s.Render(previewSize())
	if left, right := img.NRGBAAt(0, 9).R, img.NRGBAAt(479, 9).R; left > 0xC2 || right < 0xCC {
		t.Errorf("gradient from %#x to %#x, want darker to brighter than 0xc8", left, right)
	}
}

// Natural colour (ISO/IEC 29794-5: a* 5..25, b* 5..35), no clipped skin, and levels enough.
func TestSkinColour(t *testing.T) {
	aboutPictures(t)
	for _, skin := range []float64{0, .5, 1} {
		s := Default()
		s.Skin = skin
		img, truth := s.Render(image.Pt(720, 960))
		a, b := lab(mean(region(img, truth, cheek(truth), .3, .3)))
		if a < 6 || a > 24 || b < 6 || b > 33 {
			t.Errorf("skin %v: a* %.1f b* %.1f, want 6..24 and 6..33", skin, a, b)
		}
		face := region(img, truth, Point{truth.Nose.X, truth.Nose.Y - .1*truth.IED()}, 1.9, 2.3)
		levels, clipped := density(face)
		if min(levels[0], levels[1], levels[2]) < 140 {
			t.Errorf("skin %v: %v levels in the face, want at least 140 of each", skin, levels)
		}
		if clipped > .0005 {
			t.Errorf("skin %v: %.4f of the face clipped", skin, clipped)
		}
	}
}

// lab is a* and b* of CIELAB under D65.
func lab(c vec) (a, b float64) {
	f := func(v float64) float64 {
		if v > .008856 {
			return math.Cbrt(v)
		}
		return 7.787*v + 16./116
	}
	x := f((.4124*c.x + .3576*c.y + .1805*c.z) / .9505)
	y := f(.2126*c.x + .7152*c.y + .0722*c.z)
	z := f((.0193*c.x + .1192*c.y + .9505*c.z) / 1.089)
	return 500 * (x - y), 200 * (y - z)
}

// density counts the levels of each channel and the share of pixels with one at its upper end.
func density(img *image.NRGBA) (levels [3]int, clipped float64) {
	var seen [3][256]bool
	b := img.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			p := img.Pix[img.PixOffset(x, y):]
			for c := range 3 {
				seen[c][p[c]] = true
			}
			if max(p[0], p[1], p[2]) == 255 {
				clipped++
			}
		}
	}
	for c := range 3 {
		for _, s := range seen[c] {
			if s {
				levels[c]++
			}
		}
	}
	return levels, clipped / float64(b.Dx()*b.Dy())
}

// Each parameter shows where it should, and in the direction that its comment says.
func TestParametersShow(t *testing.T) {
	aboutPictures(t)
	base := Default()
	plain, truth := base.Render(previewSize())
	eye, mouth := truth.PupilLeft, Point{truth.LipTop.X, (truth.LipTop.Y + truth.LipBottom.Y) / 2}
	tests := map[string]struct {
		change     func(*Sitter)
		at         Point
		wide, high float64
	}{
		"closed eyes": {func(s *Sitter) { s.Eyes = 0 }, eye, .35, .12},
		"half closed": {func(s *Sitter) { s.Eyes = .4 }, eye, .35, .12},
		"gaze":        {func(s *Sitter) { s.GazeX = 15 }, eye, .35, .12},
		"open mouth":  {func(s *Sitter) { s.Mouth = .4 }, mouth, .5, .3},
		"smile":       {func(s *Sitter) { s.Smile = 1 }, mouth, .8, .3},
		"glasses":     {func(s *Sitter) { s.Glasses = true }, eye, .8, .7},
	}
	for name, test := range tests {
		s := base
		test.change(&s)
		img, _ := s.Render(previewSize())
		got := difference(region(img, truth, test.at, test.wide, test.high), region(plain, truth, test.at, test.wide, test.high))
		if got < 8 {
			t.Errorf("%s: mean difference %.1f grey levels, want at least 8", name, got)
		}
	}
}

// difference is the mean difference of two equally large pictures, grey levels.
func difference(a, b *image.NRGBA) float64 {
	sum := 0.0
	size := a.Bounds().Size()
	for y := range size.Y {
		for x := range size.X {
			p, q := a.Pix[y*a.Stride+4*x:], b.Pix[y*b.Stride+4*x:]
			for c := range 3 {
				sum += math.Abs(float64(p[c]) - float64(q[c]))
			}
		}
	}
	return sum / float64(3*size.X*size.Y)
}

// The default light is even; a lamp that is off leaves its side darker.
func TestLampsAreLeftAndRight(t *testing.T) {
	aboutPictures(t)
	ratio := func(s Sitter) float64 {
		img, truth := s.Render(previewSize())
		right := Point{truth.PupilRight.X, cheek(truth).Y}
		return mean(region(img, truth, cheek(truth), .3, .3)).y / mean(region(img, truth, right, .3, .3)).y
	}
	s := Default()
	if got := ratio(s); got < .97 || got > 1.03 {
		t.Errorf("left to right light = %.2f, want 1", got)
	}
	s.Lamps.Left = 0
	if got := ratio(s); got > .7 {
		t.Errorf("left to right light without the left lamp = %.2f, want below 0.7", got)
	}
	s.Lamps = Lamps{Left: 1, Ambient: 1}
	if got := ratio(s); got < 1.4 {
		t.Errorf("left to right light without the right lamp = %.2f, want above 1.4", got)
	}
}
