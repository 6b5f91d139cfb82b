// SPDX-License-Identifier: EUPL-1.2

package cameratest_test

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"testing"

	"github.com/fotobox-project/fotobox/capture/camera/cameratest"
	"github.com/fotobox-project/fotobox/image/face"
)

// worstPupil is how far a found pupil may lie from the true one, share of the distance of the eyes.
const worstPupil = .05

func finder(t *testing.T) *face.Finder {
	t.Helper()
	f, err := face.New()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// pupilError is the larger error of both pupils, share of the distance of the eyes.
func pupilError(f face.Face, truth cameratest.Truth) float64 {
	left := math.Hypot(f.EyeLeft.X-truth.PupilLeft.X, f.EyeLeft.Y-truth.PupilLeft.Y)
	right := math.Hypot(f.EyeRight.X-truth.PupilRight.X, f.EyeRight.Y-truth.PupilRight.Y)
	return max(left, right) / truth.IED()
}

// look finds the one face of a picture as a still and as a preview and returns the worst pupil.
func look(f *face.Finder, s cameratest.Sitter) (found face.Face, worst float64, err error) {
	img, truth := s.Render(image.Pt(480, 640))
	for _, find := range []func(image.Image) ([]face.Face, error){f.Find, f.Track} {
		faces, err := find(img)
		if err != nil || len(faces) != 1 {
			return found, 0, fmt.Errorf("%d faces, want 1 (%v)", len(faces), err)
		}
		found, worst = faces[0], max(worst, pupilError(faces[0], truth))
	}
	return found, worst, nil
}

type pose struct{ yaw, pitch, roll float64 }

// poses go to 20 degrees around each axis, and further in combination than a person should.
func poses() []pose {
	all := []pose{{}, {10, 8, 10}, {-10, -8, 10}, {12, -10, -8}, {-12, 10, -12}}
	for _, a := range []float64{-20, -10, 10, 20} {
		all = append(all, pose{yaw: a}, pose{pitch: a}, pose{roll: a})
	}
	return all
}

// With -v it prints the table of scores and pupil errors.
func TestFoundInEveryPose(t *testing.T) {
	f, skins, all := finder(t), []float64{0, .5, 1}, poses()
	if cameratest.RaceEnabled || testing.Short() {
		skins, all = []float64{1}, all[:2]
	}
	for _, skin := range skins {
		for _, p := range all {
			s := cameratest.Default()
			s.Skin, s.Yaw, s.Pitch, s.Roll = skin, p.yaw, p.pitch, p.roll
			found, worst, err := look(f, s)
			t.Logf("skin %.2f yaw %3.0f pitch %3.0f roll %3.0f: score %3.0f, roll %5.1f, worst pupil %.1f %% of IED",
				skin, p.yaw, p.pitch, p.roll, found.Score, found.Roll(), 100*worst)
			if err != nil || worst > worstPupil {
				t.Errorf("skin %.2f pose %+v: pupil off %.3f of IED, want at most %v (%v)", skin, p, worst, worstPupil, err)
			}
			if p.yaw == 0 && p.pitch == 0 && math.Abs(found.Roll()-p.roll) > 1 {
				t.Errorf("skin %.2f: roll = %.1f, want %v within 1 degree", skin, found.Roll(), p.roll)
			}
		}
	}
}

func TestFoundInEveryState(t *testing.T) {
	if cameratest.RaceEnabled {
		t.Skip("about pictures, not under the race detector")
	}
	states := map[string]func(*cameratest.Sitter){
		"mouth open":   func(s *cameratest.Sitter) { s.Mouth = 1 },
		"smile":        func(s *cameratest.Sitter) { s.Smile = 1 },
		"glasses":      func(s *cameratest.Sitter) { s.Glasses = true },
		"gaze left":    func(s *cameratest.Sitter) { s.GazeX = -12 },
		"gaze right":   func(s *cameratest.Sitter) { s.GazeX = 12 },
		"left lamp":    func(s *cameratest.Sitter) { s.Lamps.Right = 0 },
		"right lamp":   func(s *cameratest.Sitter) { s.Lamps.Left = 0 },
		"off centre":   func(s *cameratest.Sitter) { s.X, s.Y = .1, -.08 },
		"far away":     func(s *cameratest.Sitter) { s.Head = .35 },
		"noise":        func(s *cameratest.Sitter) { s.Noise = 8 },
		"other person": func(s *cameratest.Sitter) { s.Seed = 5 },
		"fair": func(s *cameratest.Sitter) {
			s.Skin, s.Hair, s.Iris = 0, color.NRGBA{R: 190, G: 150, B: 90, A: 255}, color.NRGBA{R: 90, G: 120, B: 150, A: 255}
		},
		"blue wall": func(s *cameratest.Sitter) { s.Background, s.Gradient = color.NRGBA{R: 120, G: 150, B: 190, A: 255}, .3 },
	}
	f := finder(t)
	for name, change := range states {
		s := cameratest.Default()
		change(&s)
		if _, worst, err := look(f, s); err != nil || worst > worstPupil {
			t.Errorf("%s: pupil off %.3f of IED, want at most %v (%v)", name, worst, worstPupil, err)
		}
	}
}

// A closed eye has no pupil to find; the face is found all the same.
func TestFoundWithClosedEyes(t *testing.T) {
	s := cameratest.Default()
	s.Eyes = 0
	if _, _, err := look(finder(t), s); err != nil {
		t.Error(err)
	}
}
