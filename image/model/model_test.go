// SPDX-License-Identifier: EUPL-1.2

package model_test

import (
	"errors"
	"image"
	"math"
	"testing"

	"github.com/disintegration/imaging"

	"github.com/fotobox-project/fotobox/capture/camera/cameratest"
	"github.com/fotobox-project/fotobox/image/face"
	"github.com/fotobox-project/fotobox/image/model"
	"github.com/fotobox-project/fotobox/image/phototest"
	"github.com/fotobox-project/fotobox/image/pixel"
)

// seen renders a sitter and finds the face in it.
func seen(t testing.TB, s cameratest.Sitter) (image.Image, face.Face) {
	t.Helper()
	finder, err := face.New()
	if err != nil {
		t.Fatal(err)
	}
	s.Head = 0.9
	img, _ := s.Render(image.Pt(240, 300))
	faces, err := finder.Find(img)
	if err != nil || len(faces) == 0 {
		t.Fatalf("%d faces (%v)", len(faces), err)
	}
	return img, faces[0]
}

func judged(t testing.TB, s cameratest.Sitter) *model.Sample {
	t.Helper()
	m, err := sample(seen(t, s))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Each model tells apart what it is for, on the sitter that it was not trained on.
func TestSitter(t *testing.T) {
	good := judged(t, cameratest.Default())
	for name, tt := range map[string]struct {
		change func(*cameratest.Sitter)
		score  func(*model.Sample) float64 // good is high
	}{
		"closed eyes": {func(s *cameratest.Sitter) { s.Eyes = 0 }, (*model.Sample).Eyes},
		"teeth":       {func(s *cameratest.Sitter) { s.Teeth = 1 }, func(s *model.Sample) float64 { return 1 - s.Open() }},
		"open mouth":  {func(s *cameratest.Sitter) { s.Mouth = 0.6 }, func(s *model.Sample) float64 { return 1 - s.Open() }},
		"smile":       {func(s *cameratest.Sitter) { s.Smile = 1 }, func(s *model.Sample) float64 { return 1 - s.Smile() }},
		"hair":        {func(s *cameratest.Sitter) { s.Fringe = 1 }, (*model.Sample).Visible},
		"tint": {func(s *cameratest.Sitter) {
			s.Glasses, s.Lenses = true, cameratest.Lenses{Tint: 0.9}
		}, (*model.Sample).Visible},
	} {
		s := cameratest.Default()
		tt.change(&s)
		if bad, ok := tt.score(judged(t, s)), tt.score(good); bad > 0.4 || ok < 0.6 {
			t.Errorf("%s: %.2f, without %.2f; want below 0.4 and above 0.6", name, bad, ok)
		}
	}
}

// Yaw is within 2 degrees up to 15, pitch within 4.
func TestPose(t *testing.T) {
	if phototest.UnderRace {
		t.Skip("about pictures, not under the race detector")
	}
	poses := [][2]float64{{0, 0}, {-15, 0}, {-10, 0}, {-5, 0}, {5, 0}, {10, 0}, {15, 0}, {0, -12}, {0, -6}, {0, 6}, {0, 12}, {8, 6}, {-8, -6}}
	var turned, nodded float64 // worst errors
	for _, want := range poses {
		s := cameratest.Default()
		s.Yaw, s.Pitch = want[0], want[1]
		yaw, pitch := judged(t, s).Pose()
		t.Logf("yaw %5.1f: %5.1f, pitch %5.1f: %5.1f", s.Yaw, yaw, s.Pitch, pitch)
		turned, nodded = max(turned, math.Abs(yaw-s.Yaw)), max(nodded, math.Abs(pitch-s.Pitch))
	}
	if turned > 2 || nodded > 4 {
		t.Errorf("errors of yaw up to %.1f and of pitch up to %.1f, want up to 2 and 4", turned, nodded)
	}
}

// A mirrored picture looks to the other side, and is otherwise judged the same.
func TestMirrored(t *testing.T) {
	s := cameratest.Default()
	s.Yaw, s.Pitch = 8, 5
	img, f := seen(t, s)
	a, err := sample(img, f)
	if err != nil {
		t.Fatal(err)
	}
	b, err := sample(imaging.FlipH(img), flipped(f, float64(img.Bounds().Dx())))
	if err != nil {
		t.Fatal(err)
	}
	yaw, pitch := a.Pose()
	otherYaw, otherPitch := b.Pose()
	for name, v := range map[string][2]float64{
		"yaw": {yaw, -otherYaw}, "pitch": {pitch, otherPitch}, "eyes": {a.Eyes(), b.Eyes()}, "visible": {a.Visible(), b.Visible()},
	} {
		if math.Abs(v[0]-v[1]) > 0.3 {
			t.Errorf("%s: %.2f, mirrored %.2f", name, v[0], v[1])
		}
	}
}

func flipped(f face.Face, width float64) face.Face {
	flip := func(p face.Point) face.Point { return face.Point{X: width - p.X, Y: p.Y, Spread: p.Spread} }
	return face.Face{
		EyeLeft: flip(f.EyeRight), EyeRight: flip(f.EyeLeft),
		OuterLeft: flip(f.OuterRight), InnerLeft: flip(f.InnerRight), InnerRight: flip(f.InnerLeft), OuterRight: flip(f.OuterLeft),
		Nose: flip(f.Nose), MouthLeft: flip(f.MouthRight), MouthRight: flip(f.MouthLeft), LipTop: flip(f.LipTop), LipBottom: flip(f.LipBottom),
	}
}

// What is no face's patch is refused, and nothing panics on a grey one.
func TestNew(t *testing.T) {
	grey := image.NewGray(image.Rect(0, 0, 400, 500))
	f := face.Face{EyeLeft: face.Point{X: 150, Y: 200}, EyeRight: face.Point{X: 250, Y: 200}}
	if _, err := model.New(pixel.Resample(grey, model.Frame(f), -1, -1, 1, 1, 40), f); !errors.Is(err, model.ErrPatch) {
		t.Errorf("a small patch: %v, want %v", err, model.ErrPatch)
	}
	if _, err := sample(grey, f); err == nil {
		t.Error("points far from the face were taken")
	}
	middle := face.Point{X: 200, Y: 250}
	for _, p := range []*face.Point{&f.OuterLeft, &f.InnerLeft, &f.InnerRight, &f.OuterRight, &f.Nose, &f.MouthLeft, &f.MouthRight, &f.LipTop, &f.LipBottom} {
		*p = middle
	}
	s, err := sample(grey, f)
	if err != nil {
		t.Fatal(err)
	}
	table, err := model.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range table.Models {
		for _, v := range s.Inputs(m.Name) {
			if len(v) != len(m.Weights) {
				t.Errorf("%s: %d inputs and %d weights", m.Name, len(v), len(m.Weights))
			}
			if sum := m.Sum(v); math.IsNaN(sum) || math.IsInf(sum, 0) {
				t.Errorf("%s: %v of a grey picture", m.Name, sum)
			}
		}
	}
}

func BenchmarkModels(b *testing.B) {
	img, f := seen(b, cameratest.Default())
	patch := pixel.Resample(img, model.Frame(f), model.Left, model.Top, model.Right, model.Bottom, model.PerUnit)
	s, err := model.New(patch, f)
	if err != nil {
		b.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		run  func()
	}{
		{"New", func() { model.New(patch, f) }},
		{"Eyes", func() { s.Eyes() }},
		{"Visible", func() { s.Visible() }},
		{"Open", func() { s.Open() }},
		{"Smile", func() { s.Smile() }},
		{"Pose", func() { s.Pose() }},
	} {
		b.Run(tt.name, func(b *testing.B) {
			for b.Loop() {
				tt.run()
			}
		})
	}
}
