// SPDX-License-Identifier: EUPL-1.2

package chart

import (
	"image"
	"math"
	"strings"
	"testing"
)

// good is a camera of 12 megapixels, upright, that meets every duty when it can be lifted.
func good() (*Measurement, Place) {
	m := &Measurement{Size: image.Pt(3040, 4056), PerMM: 6.4, Distortion: -1, Reach: 0.4, Dots: 90, Residual: 0.1, Steps: 10, White: 230}
	for _, s := range squares() {
		m.Sharpness = append(m.Sharpness, Sharpness{s.place, 0.2, 1.2})
	}
	return m, Place{Distance: 850, Height: 1350, Travel: 500}
}

// TestJudge: each duty fails for its own reason, with a sentence that says what to do.
func TestJudge(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*Measurement, *Place)
		fails  string
		says   string
	}{
		"good":        {func(*Measurement, *Place) {}, "", ""},
		"no height":   {func(_ *Measurement, p *Place) { p.Height = 0 }, "", ""},
		"few pixels":  {func(m *Measurement, p *Place) { m.PerMM = 5 }, "pixels", "farther away than 797 mm"},
		"wide angle":  {func(m *Measurement, p *Place) { m.Size = image.Pt(6000, 8000) }, "field of view", "take a longer one"},
		"barrel":      {func(m *Measurement, p *Place) { m.Distortion = -16 }, "distortion", "another lens"},
		"soft corner": {func(m *Measurement, p *Place) { m.Sharpness[3].PerMM = 0.3 }, "sharpness", "bottom right"},
		"straight":    {func(m *Measurement, p *Place) { m.Sharpness[2].MTF50 = 0 }, "sharpness", "turn the chart"},
		"burnt out":   {func(m *Measurement, p *Place) { m.White = 255 }, "exposure", "less light"},
		"dark":        {func(m *Measurement, p *Place) { m.Steps = 7 }, "exposure", "more light"},
		"tilted":      {func(m *Measurement, p *Place) { m.Slope = 0.0002 }, "chart", "square to the camera"},
		"bent":        {func(m *Measurement, p *Place) { m.Residual = 3 }, "chart", "stiff board"},
		"fixed":       {func(_ *Measurement, p *Place) { p.Travel = 0 }, "body heights", "of 340 mm travel covers them, from a lens at 1406 mm"},
		"lying":       {func(m *Measurement, p *Place) { m.Size, p.Height = image.Pt(4056, 2000), 0; p.Travel = 0 }, "", ""},
		"too near":    {func(m *Measurement, p *Place) { m.Size = image.Pt(4056, 2000) }, "body heights", "turn the camera upright"},
	} {
		m, p := good()
		tc.change(m, &p)
		var failed []string
		for _, f := range m.Judge(p) {
			if !f.OK {
				failed = append(failed, f.Name)
				if !strings.Contains(f.Words, tc.says) {
					t.Errorf("%s: %s says %q, want %q in it", name, f.Name, f.Words, tc.says)
				}
			}
		}
		if got := strings.Join(failed, ", "); got != tc.fails {
			t.Errorf("%s: fails %q, want %q", name, got, tc.fails)
		}
	}
}

// TestTravel: the lift that is advised does it, and two millimetres less do not.
func TestTravel(t *testing.T) {
	m, p := good()
	p.Height, p.Travel = m.lowestLens(p), m.travel(p)
	if f := m.heights(p); !f.OK {
		t.Errorf("as advised: %s", f.Words)
	}
	p.Travel -= 2
	if f := m.heights(p); f.OK {
		t.Errorf("with less: %s", f.Words)
	}
}

// TestPortraitScale: 1600 pixels over a head of 225 mm at three quarters of the height.
func TestPortraitScale(t *testing.T) {
	if math.Abs(leastPerMM-5.333) > 0.001 {
		t.Errorf("got %.3f pixels per mm, want 5.333", leastPerMM)
	}
}
