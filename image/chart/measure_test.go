// SPDX-License-Identifier: EUPL-1.2

package chart

import (
	"errors"
	"image"
	"math"
	"testing"
)

// trueMTF50 is that of a pixel's square and of the blur's kernel, cycles per pixel.
func trueMTF50(sigma float64) float64 {
	kernel := gauss(sigma)
	for f := 0.001; ; f += 0.001 {
		var contrast float64
		for i, w := range kernel {
			contrast += w * math.Cos(2*math.Pi*f*float64(i-len(kernel)/2))
		}
		if sinc(f)*contrast < 0.5 {
			return f
		}
	}
}

// TestMeasure compares with the truth of rendered pictures.
func TestMeasure(t *testing.T) {
	for name, change := range map[string]func(*shot){
		"usual":           func(*shot) {},
		"barrel":          func(s *shot) { s.distorted = -4 },
		"cushion":         func(s *shot) { s.distorted = 3 },
		"pan":             func(s *shot) { s.pan = 12 },
		"nod":             func(s *shot) { s.nod = -10; s.distorted = -1 },
		"turned":          func(s *shot) { s.turn = 6 },
		"upside down":     func(s *shot) { s.turn = 180 },
		"lying":           func(s *shot) { s.turn = 90; s.size = image.Pt(1600, 1200) },
		"off centre":      func(s *shot) { s.x, s.y = 40, -60; s.distorted = -2 },
		"far":             func(s *shot) { s.distance = 1600 },
		"blurred":         func(s *shot) { s.blur = 2 },
		"sharp":           func(s *shot) { s.blur = 0.45 },
		"noisy and dark":  func(s *shot) { s.noise, s.light = 4, 0.25 },
		"light from left": func(s *shot) { s.fall = 0.4 },
	} {
		if underRace && name != "nod" && name != "usual" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := usual()
			change(&s)
			m, err := Measure(s.render(), Bar)
			if err != nil {
				t.Fatal(err)
			}
			compare(t, s, m)
		})
	}
}

func compare(t *testing.T, s shot, m *Measurement) {
	t.Helper()
	perMM := s.focal / s.distance
	t.Logf("%.3f px/mm (%.3f), distortion %.2f %% (%.2f), tilt %.1f°, residual %.3f px, %d dots, reach %.2f, %d steps, white %.0f, MTF50 (%.3f): %v",
		m.PerMM, perMM, m.Distortion, s.distorted, math.Asin(m.Slope*s.distance)*180/math.Pi, m.Residual, m.Dots, m.Reach, m.Steps, m.White, trueMTF50(s.blur), m.Sharpness)
	if d := m.PerMM/perMM - 1; math.Abs(d) > 0.004 {
		t.Errorf("%.3f pixels per mm, want %.3f", m.PerMM, perMM)
	}
	if math.Abs(m.Distortion-s.distorted) > 0.3 {
		t.Errorf("distortion %.2f %%, want %.2f", m.Distortion, s.distorted)
	}
	tilt := math.Asin(m.Slope*s.distance) * 180 / math.Pi
	if want := math.Hypot(s.pan, s.nod); math.Abs(tilt-want) > 1 {
		t.Errorf("tilt %.1f°, want %.1f", tilt, want)
	}
	for _, sh := range m.Sharpness {
		if d := sh.MTF50/trueMTF50(s.blur) - 1; math.Abs(d) > 0.05 {
			t.Errorf("%s: MTF50 %.3f cycles per pixel, want %.3f", sh.Place, sh.MTF50, trueMTF50(s.blur))
		}
	}
	if m.Residual > 0.3 || m.Steps < 9 {
		t.Errorf("residual %.2f px, %d steps of grey", m.Residual, m.Steps)
	}
}

// TestNoChart: a picture without a whole chart is refused with a sentence that helps.
func TestNoChart(t *testing.T) {
	for name, change := range map[string]func(*shot){
		"half of it":  func(s *shot) { s.x = 200 },
		"far too far": func(s *shot) { s.distance = 9000 },
		"much blur":   func(s *shot) { s.blur = 7 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := usual()
			s.size, s.focal = image.Pt(600, 800), s.focal/2
			change(&s)
			if m, err := Measure(s.render(), Bar); !errors.Is(err, ErrNoChart) {
				t.Errorf("got %+v, %v; want ErrNoChart", m, err)
			}
		})
	}
	if _, err := Measure(image.NewGray(image.Rect(0, 0, 640, 480)), Bar); !errors.Is(err, ErrNoChart) {
		t.Errorf("empty picture: got %v, want ErrNoChart", err)
	}
	if _, err := Measure(usual().render(), 60); err == nil {
		t.Error("a bar of 60 mm is no print of the chart")
	}
}

// TestBar: a print that came out smaller is put right by the length of its bar.
func TestBar(t *testing.T) {
	m, err := Measure(usual().render(), 97)
	if err != nil {
		t.Fatal(err)
	}
	if want := 2300.0 / 850 / 0.97; math.Abs(m.PerMM/want-1) > 0.004 {
		t.Errorf("%.3f pixels per mm, want %.3f", m.PerMM, want)
	}
}
