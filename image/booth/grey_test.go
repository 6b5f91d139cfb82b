// SPDX-License-Identifier: EUPL-1.2

package booth

import (
	"math"
	"testing"
)

func TestCard(t *testing.T) {
	held := func(light float64) func(x, y float64) float64 { return box(0.4, 0.4, 0.62, 0.55, light) }
	for _, tt := range []struct {
		name  string
		gain  [3]float64
		paint func(x, y float64) float64
		want  error
	}{
		{"a grey card", [3]float64{1, 1, 1}, held(0.3), nil},
		{"in warm light", [3]float64{1.2, 1, 0.8}, held(0.3), nil},
		{"nothing", [3]float64{1, 1, 1}, nil, errNoCard},
		{"too small", [3]float64{1, 1, 1}, box(0.48, 0.48, 0.52, 0.52, 0.3), errNoCard},
		{"half of it covered by a hand", [3]float64{1, 1, 1}, func(x, y float64) float64 {
			if x > 0.52 && y > 0.44 {
				return 0.7
			}
			return held(0.3)(x, y)
		}, errNoCard},
		{"glossy", [3]float64{1, 1, 1}, held(3), errCardBurnt},
		{"black", [3]float64{1, 1, 1}, held(0.02), errCardDark},
		{"a red folder", [3]float64{1.2, 0.4, 0.4}, held(0.5), errNotGrey},
	} {
		r := usual()
		r.gain, r.paint = tt.gain, tt.paint
		g, err := Card(r.picture(480, 640))
		if err != tt.want {
			t.Errorf("%s: got %v, want %v", tt.name, err, tt.want)
		}
		for k := range 3 {
			if err == nil && math.Abs(g.Gains[k]*tt.gain[k]-1) > 0.02 {
				t.Errorf("%s: gains %v, want the inverse of %v", tt.name, g.Gains, tt.gain)
			}
		}
	}
}
