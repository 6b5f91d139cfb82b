// SPDX-License-Identifier: EUPL-1.2

package portrait

import (
	"image/color"
	"math"
	"testing"
)

// TestMeasureBefore: where the background is told, the outline does not depend on
// what the picture looks like: here head and wall have one colour.
func TestMeasureBefore(t *testing.T) {
	skin := color.NRGBA{180, 130, 110, 255}
	for _, crown := range []float64{1.3, 1.6, 1.9} {
		img, eyes := drawn(skin, crown)
		middle, half := (1.76-crown)/2, (1.76+crown)/2
		wall := func(x, y float64) bool {
			u, v := eyes.From(x, y)
			return x >= 0 && y >= 0 && (u*u)/(1.1*1.1)+((v-middle)/half)*((v-middle)/half) >= 1 && v < 2.2
		}
		h := MeasureBefore(img, sketch(300, 350, 100, 0), wall)
		if got := (350 - h.Top.Y) / 100; !h.CrownSeen || math.Abs(got-crown) > 0.1 {
			t.Errorf("top at %.2f above the eyes: got %.2f, seen %t", crown, got, h.CrownSeen)
		}
		if got := h.Width / 100; !h.WidthSeen || got < 1.8 || got > 2.25 {
			t.Errorf("width %.2f, seen %t; want about 2.1", got, h.WidthSeen)
		}
	}
}

// TestMeasureBeforeNothing: a wall that is nowhere seen leaves the picture alone.
func TestMeasureBeforeNothing(t *testing.T) {
	img, _ := drawn(color.NRGBA{200, 200, 205, 255}, 1.6)
	f := sketch(300, 350, 100, 0)
	if got, want := MeasureBefore(img, f, func(x, y float64) bool { return false }), Measure(img, f); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
