// SPDX-License-Identifier: EUPL-1.2

package portrait

import (
	"image"
	"image/color"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/fotobox-project/fotobox/image/pixel"
)

// drawn paints a head as an oval of skin, 2.2 inter-eye distances wide, on a
// wall: its crown crown above the eyes, its chin 1.76 below.
func drawn(wall color.NRGBA, crown float64) (*image.NRGBA, pixel.Frame) {
	img := image.NewNRGBA(image.Rect(0, 0, 600, 800))
	f := sketch(300, 350, 100, 0)
	eyes := Eyes(f)
	for y := range 800 {
		for x := range 600 {
			u, v := eyes.From(float64(x)+0.5, float64(y)+0.5)
			middle, half := (1.76-crown)/2, (1.76+crown)/2
			c := wall
			if (u*u)/(1.1*1.1)+((v-middle)/half)*((v-middle)/half) < 1 || v > 2.2 && math.Abs(u) < 2 {
				c = color.NRGBA{180, 130, 110, 255}
			}
			img.SetNRGBA(x, y, c)
		}
	}
	return img, eyes
}

func TestMeasureOutline(t *testing.T) {
	for _, crown := range []float64{1.3, 1.6, 1.9} {
		img, _ := drawn(color.NRGBA{200, 200, 205, 255}, crown)
		h := Measure(img, sketch(300, 350, 100, 0))
		if got := (350 - h.Top.Y) / 100; !h.CrownSeen || math.Abs(got-crown) > 0.05 {
			t.Errorf("top at %.2f above the eyes: got %.2f, seen %t", crown, got, h.CrownSeen)
		}
		if got, want := 350-h.Crown.Y, 100*skull((350-h.Top.Y)/100); math.Abs(got-want) > 1e-6 {
			t.Errorf("crown %.2f above the eyes, want %.2f", got, want)
		}
		if got := h.Width / 100; !h.WidthSeen || got < 1.8 || got > 2.25 {
			t.Errorf("width %.2f, seen %t; want about 2.1", got, h.WidthSeen)
		}
		if got := (h.Chin.Y - 350) / 100; math.Abs(got-1.75) > 0.02 {
			t.Errorf("chin at %.2f below the eyes, want 1.75", got)
		}
	}
}

// TestMeasureHair: what rises far above a skull is hair, and does not make the
// head higher.
func TestMeasureHair(t *testing.T) {
	img, _ := drawn(color.NRGBA{200, 200, 205, 255}, 2.6)
	h := Measure(img, sketch(300, 350, 100, 0))
	if got := (350 - h.Crown.Y) / 100; math.Abs(got-tallestSkull) > 0.01 {
		t.Errorf("crown at %.2f, want %.2f", got, tallestSkull)
	}
	if got := (350 - h.Top.Y) / 100; math.Abs(got-2.6) > 0.1 {
		t.Errorf("top of the hair at %.2f, want 2.6", got)
	}
}

// TestSkull: a bald head ends where its outline does; under hair the skull rises
// with the outline, but less, and never above it.
func TestSkull(t *testing.T) {
	if got := skull(1.4); got != 1.4 {
		t.Errorf("a bald head of 1.40 became %.2f", got)
	}
	before := 1.2
	for top := 1.2; top < 3; top += 0.01 {
		got := skull(top)
		if got > top || got < before || got-before > 0.01+1e-9 || got > tallestSkull {
			t.Fatalf("outline %.2f: skull %.3f after %.3f", top, got, before)
		}
		before = got
	}
	if got := skull(1.8); got < 1.6 || got > 1.7 {
		t.Errorf("short hair up to 1.80 gives a skull of %.2f, want 1.6 to 1.7", got)
	}
}

// TestOutlineBias: over heads that lie anywhere between the samples the outline is
// neither too high nor too low, and does not drift with its distance.
func TestOutlineBias(t *testing.T) {
	var sum [2]float64
	for i := range 40 {
		crown := 1.3 + 0.9*float64(i)/40
		img, _ := drawn(color.NRGBA{200, 200, 205, 255}, crown)
		h := Measure(img, sketch(300, 350, 100, 0))
		sum[i/20] += (350-h.Top.Y)/100 - crown
	}
	for i, s := range sum {
		if mean := s / 20; math.Abs(mean) > 0.02 {
			t.Errorf("half %d: the outline is %+.3f too high on average, want 0.02 at most", i, mean)
		}
	}
}

// TestMeasureBusy: without a background to see the proportions serve.
func TestMeasureBusy(t *testing.T) {
	img, _ := drawn(color.NRGBA{200, 200, 205, 255}, 1.6)
	for y := range 800 { // shelves of coloured books
		for x := range 600 {
			n := uint32(x/15*40503+y/60*30011) * 2654435761
			img.SetNRGBA(x, y, color.NRGBA{uint8(n >> 8), uint8(n >> 16), uint8(n >> 24), 255})
		}
	}
	h := Measure(img, sketch(300, 350, 100, 0))
	if h.CrownSeen || h.WidthSeen {
		t.Errorf("an outline was seen among books: %+v", h)
	}
	if got := (350 - h.Crown.Y) / 100; math.Abs(got-skull(averageTop)) > 0.01 {
		t.Errorf("crown at %.2f, want %.2f", got, skull(averageTop))
	}
	// a face at the very edge must not be read beyond it
	Measure(img, sketch(5, 5, 100, 0))
}

// TestMeasureMirrored: the same person seen in a mirror has the same head. A lean
// and uneven sides make the two sides of the picture different. Without a lean an
// outline may run exactly along a row of samples, which belongs to one side only.
func TestMeasureMirrored(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, y := rapid.Float64Range(135, 165).Draw(t, "x"), rapid.Float64Range(165, 185).Draw(t, "y")
		ied, roll := rapid.Float64Range(30, 60).Draw(t, "ied"), rapid.Float64Range(0.5, 10).Draw(t, "roll")
		if rapid.Bool().Draw(t, "to the left") {
			roll = -roll
		}
		left, right := rapid.Float64Range(0.95, 1.25).Draw(t, "left"), rapid.Float64Range(0.95, 1.25).Draw(t, "right")
		img, mirrored := image.NewNRGBA(image.Rect(0, 0, 300, 400)), image.NewNRGBA(image.Rect(0, 0, 300, 400))
		f, g := sketch(x, y, ied, roll), sketch(300-x, y, ied, -roll)
		eyes := Eyes(f)
		for py := range 400 {
			for px := range 300 {
				u, v := eyes.From(float64(px)+0.5, float64(py)+0.5)
				side, c := right, color.NRGBA{200, 200, 205, 255}
				if u < 0 {
					side = left
				}
				if (u*u)/(side*side)+(v*v)/(1.76*1.76) < 1 {
					c = color.NRGBA{180, 130, 110, 255}
				}
				img.SetNRGBA(px, py, c)
				mirrored.SetNRGBA(299-px, py, c)
			}
		}
		a, b := Measure(img, f), Measure(mirrored, g)
		if !a.CrownSeen || !a.WidthSeen {
			t.Fatalf("no outline was seen: %+v", a)
		}
		if math.Abs(a.Width-b.Width) > 1e-6 || math.Abs(a.Height()-b.Height()) > 1e-6 {
			t.Fatalf("width %.4f and height %.4f, mirrored %.4f and %.4f", a.Width, a.Height(), b.Width, b.Height())
		}
	})
}
