// SPDX-License-Identifier: EUPL-1.2

package model_test

import (
	"math"
	"strings"
	"testing"

	"github.com/fotobox-project/fotobox/image/face"
)

// TestTurned: of the people who turn their head at least half are seen to turn it
// by more than the 10 degrees of TR-03121, of those who look into the camera nobody.
func TestTurned(t *testing.T) {
	if underRace {
		t.Skip("about pictures, not under the race detector")
	}
	finder, err := face.New()
	if err != nil {
		t.Fatal(err)
	}
	yaw := func(name string) float64 {
		img := read(t, name)
		if img == nil {
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
	turned, seen, straight := 0, 0, 0
	for _, row := range table(t, "SOURCES.csv")[1:] {
		switch {
		case strings.Contains(row[6], "head-turned"):
			if v := yaw(row[0]); !math.IsNaN(v) {
				seen++
				if math.Abs(v) > 10 {
					turned++
				}
				t.Logf("%s: %.1f", row[0], v)
			}
		case strings.HasPrefix(row[0], "london-0"):
			if straight++; straight%8 != 0 {
				continue
			}
			if v := yaw(row[0]); !(math.Abs(v) <= 10) {
				t.Errorf("%s looks straight, measured %.1f", row[0], v)
			}
		}
	}
	if 2*turned < seen || seen < 15 {
		t.Errorf("%d of %d turned heads are beyond 10 degrees, want half and more of at least 15", turned, seen)
	}
}
