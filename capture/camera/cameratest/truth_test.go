// SPDX-License-Identifier: EUPL-1.2

package cameratest

import (
	"image"
	"image/color"
	"math"
	"testing"
)

// spot is the middle of the pixels near a place that mark accepts.
func spot(img *image.NRGBA, near Point, radius float64, mark func(color.NRGBA) bool) (Point, int) {
	var sum Point
	n := 0
	for y := int(near.Y - radius); y <= int(near.Y+radius); y++ {
		for x := int(near.X - radius); x <= int(near.X+radius); x++ {
			if mark(img.NRGBAAt(x, y)) {
				sum.X += float64(x) + .5
				sum.Y += float64(y) + .5
				n++
			}
		}
	}
	return Point{sum.X / float64(n), sum.Y / float64(n)}, n
}

func off(a, b Point) float64 { return math.Hypot(a.X-b.X, a.Y-b.Y) }

// The black spot of a pupil in a bright green iris, lit without catchlights, lies where Truth says.
func TestPupilTruth(t *testing.T) {
	aboutPictures(t)
	tests := map[string]func(*Sitter){
		"frontal":    func(*Sitter) {},
		"yaw":        func(s *Sitter) { s.Yaw = 20 },
		"pitch":      func(s *Sitter) { s.Pitch = -15 },
		"roll":       func(s *Sitter) { s.Roll = 20 },
		"gaze":       func(s *Sitter) { s.GazeX = -15 },
		"gaze up":    func(s *Sitter) { s.GazeY = 5 },
		"off centre": func(s *Sitter) { s.X, s.Y, s.Yaw, s.Roll = -.1, .05, -12, 7 },
	}
	for name, change := range tests {
		s := Default()
		s.Iris, s.Lamps, s.Noise = color.NRGBA{G: 255, A: 255}, Lamps{Ambient: 3}, 0
		change(&s)
		img, truth := s.Render(image.Pt(600, 800))
		k := truth.IED()
		black := func(c color.NRGBA) bool { return c.G < 60 && c.R < 60 }
		for _, want := range []Point{truth.PupilLeft, truth.PupilRight} {
			got, n := spot(img, want, .045*k, black)
			if n < 25 || off(got, want) > .006*k {
				t.Errorf("%s: pupil of %d pixels at %.1f, want %.1f (%.4f of IED off)", name, n, got, want, off(got, want)/k)
			}
		}
	}
}

// A dot painted on the skin lies where Truth says that place is.
func TestSkinTruth(t *testing.T) {
	inner, outer := corners(1)
	places := []struct {
		name string
		x, y float64
		want func(Truth) Point
	}{
		{"nose", 0, noseTipY, func(t Truth) Point { return t.Nose }},
		{"left mouth", -mouthHalf, mouthY, func(t Truth) Point { return t.MouthLeft }},
		{"right mouth", mouthHalf, mouthY, func(t Truth) Point { return t.MouthRight }},
		{"upper lip", 0, mouthY - upperLip(0, 1), func(t Truth) Point { return t.LipTop }},
		{"lower lip", 0, mouthY + lowerLip(1), func(t Truth) Point { return t.LipBottom }},
		{"inner corner", -inner[0], inner[1], func(t Truth) Point { return t.InnerLeft }},
		{"outer corner", outer[0], outer[1], func(t Truth) Point { return t.OuterRight }},
	}
	s := Default()
	s.Yaw, s.Pitch, s.Roll, s.Mouth, s.Smile = 8, -6, 10, .3, .4
	var dots []vec
	for _, place := range places {
		dots = append(dots, vec{place.x, place.y, 0})
	}
	img, truth := dotted(s, dots)
	for _, place := range places {
		want := place.want(truth)
		got, n := spot(img, want, .1*truth.IED(), func(c color.NRGBA) bool { return c.R > 230 && c.B > 230 && c.G < 60 })
		if n < 4 || off(got, want) > .02*truth.IED() {
			t.Errorf("%s: dot of %d pixels at %.1f, want %.1f", place.name, n, got, want)
		}
	}
}

// dotted renders s bald and green with magenta dots on the skin of the face.
func dotted(s Sitter, dots []vec) (*image.NRGBA, Truth) {
	b := s.body()
	v := newView(s, image.Pt(720, 960))
	meshes := b.meshes(s, v)
	meshes[0].light = func(h *hit) vec {
		for _, dot := range dots {
			if h.paint.z > 1 && math.Hypot(h.paint.x-dot.x, h.paint.y-dot.y) < .13 {
				return vec{1, 0, 1}
			}
		}
		return vec{0, 1, 0}
	}
	d := newDrawing(v, meshes[:len(meshes)-1], s.backdrop(v.size))
	img := d.draw()
	return img, b.truth(d)
}

// The chin is the lowest place of the skin, the top the highest that is not backdrop.
func TestChinAndTop(t *testing.T) {
	s := Default()
	s.Noise = 0
	b := s.body()
	v := newView(s, previewSize())
	d := newDrawing(v, b.meshes(s, v), s.backdrop(previewSize()))
	img := d.draw()
	truth := b.truth(d)
	lowest := 0.0
	for _, c := range d.corners[:d.first[1]] {
		lowest = max(lowest, float64(c.y)/samples)
	}
	if math.Abs(lowest-truth.Chin.Y) > 1 {
		t.Errorf("chin at %.1f, lowest skin at %.1f", truth.Chin.Y, lowest)
	}
	highest := 0
	for y := 0; highest == 0; y++ {
		for x := range previewSize().X {
			if img.NRGBAAt(x, y).R < backdrop-30 {
				highest = y
				break
			}
		}
	}
	if got := truth.Top.Y - float64(highest); got < 0 || got > 4 {
		t.Errorf("top at %.1f, first hair at %d, want within 4 pixels below", truth.Top.Y, highest)
	}
	if truth.Crown.Y <= truth.Top.Y || truth.Crown.Y > truth.Top.Y+.2*truth.IED() {
		t.Errorf("crown of the skull at %.1f, want close below the hair's top %.1f", truth.Crown.Y, truth.Top.Y)
	}
}

// The head is as high as Head says, and its eyes lie on the line that the view promises.
func TestHeadSize(t *testing.T) {
	aboutPictures(t)
	for _, head := range []float64{.3, .55, .7} {
		s := Default()
		s.Head = head
		_, truth := s.Render(previewSize())
		if got := (truth.Chin.Y - truth.Top.Y) / 640; math.Abs(got-head) > .02*head {
			t.Errorf("head of %.3f of the height, want %v", got, head)
		}
		if got := truth.PupilLeft.Y / 640; math.Abs(got-eyeLine) > .001 {
			t.Errorf("eyes at %.3f of the height, want %v", got, eyeLine)
		}
	}
}

// Positive angles turn the way their comments say.
func TestDirections(t *testing.T) {
	aboutPictures(t)
	_, neutral := Default().Render(previewSize())
	tests := map[string]struct {
		change func(*Sitter)
		got    func(Truth) float64
	}{
		"yaw moves the nose right":    {func(s *Sitter) { s.Yaw = 10 }, func(t Truth) float64 { return t.Nose.X - t.PupilLeft.X - t.PupilRight.X + t.PupilLeft.X }},
		"pitch moves the nose up":     {func(s *Sitter) { s.Pitch = 10 }, func(t Truth) float64 { return -t.Nose.Y + t.PupilLeft.Y }},
		"roll turns clockwise":        {func(s *Sitter) { s.Roll = 10 }, func(t Truth) float64 { return t.PupilRight.Y - t.PupilLeft.Y }},
		"gaze x moves pupils right":   {func(s *Sitter) { s.GazeX = 10 }, func(t Truth) float64 { return t.PupilLeft.X }},
		"gaze y moves pupils up":      {func(s *Sitter) { s.GazeY = 10 }, func(t Truth) float64 { return -t.PupilLeft.Y }},
		"x moves right":               {func(s *Sitter) { s.X = .1 }, func(t Truth) float64 { return t.Nose.X }},
		"y moves down":                {func(s *Sitter) { s.Y = .1 }, func(t Truth) float64 { return t.Nose.Y }},
		"mouth moves the chin down":   {func(s *Sitter) { s.Mouth = 1 }, func(t Truth) float64 { return t.Chin.Y }},
		"smile moves the corners up":  {func(s *Sitter) { s.Smile = 1 }, func(t Truth) float64 { return -t.MouthLeft.Y }},
		"smile moves the corners out": {func(s *Sitter) { s.Smile = 1 }, func(t Truth) float64 { return t.MouthRight.X - t.MouthLeft.X }},
	}
	for name, test := range tests {
		s := Default()
		test.change(&s)
		b := s.body()
		d := &drawing{view: newView(s, previewSize())}
		if before, after := test.got(neutral), test.got(b.truth(d)); after < before+3 {
			t.Errorf("%s: %.1f to %.1f pixels, want at least 3 more", name, before, after)
		}
	}
}
