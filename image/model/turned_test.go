// SPDX-License-Identifier: EUPL-1.2

package model_test

import (
	"math"
	"testing"

	"github.com/fotobox-project/fotobox/image/face"
	"github.com/fotobox-project/fotobox/image/phototest"
)

// TestTurned: of the people who turn their head at least half are seen to turn it
// by more than the 10 degrees of TR-03121, of those who look into the camera nobody.
func TestTurned(t *testing.T) {
	if phototest.UnderRace {
		t.Skip("about pictures, not under the race detector")
	}
	finder, err := face.New()
	if err != nil {
		t.Fatal(err)
	}
	yaw := func(p phototest.Photo) float64 {
		img, _, err := p.Open()
		if err != nil {
			t.Error(err)
			return 0
		}
		faces, err := finder.Find(img)
		if err != nil || len(faces) == 0 {
			return math.NaN()
		}
		s, err := sample(img, faces[0])
		if err != nil {
			return math.NaN()
		}
		yaw, _ := s.Pose()
		return yaw
	}
	turned, seen := 0, 0
	for _, p := range phototest.Where(t, 1, func(p phototest.Photo) bool { return p.Traits.Has("head-turned") }) {
		if v := yaw(p); !math.IsNaN(v) {
			seen++
			if math.Abs(v) > 10 {
				turned++
			}
			t.Logf("%s: %.1f", p.Name, v)
		}
	}
	for _, p := range phototest.List(t, 8, "london-0*") {
		if v := yaw(p); !(math.Abs(v) <= 10) {
			t.Errorf("%s looks straight, measured %.1f", p.Name, v)
		}
	}
	if 2*turned < seen || seen < 15 {
		t.Errorf("%d of %d turned heads are beyond 10 degrees, want half and more of at least 15", turned, seen)
	}
}
