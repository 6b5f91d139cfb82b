// SPDX-License-Identifier: EUPL-1.2

package pixel

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// only hides the type of a picture, so that the slow way is taken.
type only struct{ image.Image }

func TestLumaFastPathsAgreeWithTheSlowOne(t *testing.T) {
	src := ramp(61, 47)
	nrgba, gray := image.NewNRGBA(src.Rect), image.NewGray(src.Rect)
	draw.Draw(nrgba, src.Rect, src, image.Point{}, draw.Src)
	draw.Draw(gray, src.Rect, src, image.Point{}, draw.Src)
	ycc := image.NewYCbCr(src.Rect, image.YCbCrSubsampleRatio420)
	for i := range ycc.Y {
		ycc.Y[i] = uint8(i * 13)
	}
	for i := range ycc.Cb {
		ycc.Cb[i], ycc.Cr[i] = 128, 128
	}
	part := image.Rect(5, 3, 58, 44)
	for _, img := range []image.Image{src, nrgba, gray, ycc, src.SubImage(part), gray.SubImage(part), ycc.SubImage(part)} {
		for _, side := range []int{1000, 40, 17, 1} {
			fast, s := Luma(img, side)
			slow, _ := Luma(only{img}, side)
			if !cmp.Equal(slow, fast) {
				t.Errorf("%T %v to side %d (scale %v): fast differs from slow", img, img.Bounds(), side, s)
			}
		}
	}
}

func TestLumaAveragesByArea(t *testing.T) {
	img := image.NewGray(image.Rect(10, 20, 13, 23))
	copy(img.Pix, []uint8{0, 100, 200, 40, 80, 120, 10, 20, 30})
	got, scale := Luma(img, 2)
	// each result pixel covers 1.5 x 1.5: weights 1, .5 / .5, .25
	want := &Gray{W: 2, H: 2, Pix: []uint8{
		uint8(math.Round((0 + 50 + 20 + 20) / 2.25)), uint8(math.Round((200 + 50 + 60 + 20) / 2.25)),
		uint8(math.Round((10 + 10 + 20 + 20) / 2.25)), uint8(math.Round((30 + 10 + 60 + 20) / 2.25)),
	}}
	if diff := cmp.Diff(want, got); diff != "" || scale != 1.5 {
		t.Errorf("scale %v, want 1.5; (-want +got):\n%s", scale, diff)
	}
}

// A dot keeps its place at every scale: the sum of brightness and its centre.
func TestLumaKeepsPlaces(t *testing.T) {
	const x0, y0, side = 333, 207, 24
	img := image.NewGray(image.Rect(0, 0, 640, 480))
	draw.Draw(img, image.Rect(x0, y0, x0+side, y0+side), image.NewUniform(color.White), image.Point{}, draw.Src)
	for _, maxSide := range []int{640, 500, 320, 233, 97} {
		g, scale := Luma(img, maxSide)
		var sum, sx, sy float64
		for i, v := range g.Pix {
			sum += float64(v)
			sx += float64(v) * (float64(i%g.W) + 0.5) * scale
			sy += float64(v) * (float64(i/g.W) + 0.5) * scale
		}
		if d := math.Hypot(sx/sum-x0-side/2, sy/sum-y0-side/2); d > 0.05*scale {
			t.Errorf("side %d: centre is off by %.3f pixels of the source (scale %.2f)", maxSide, d, scale)
		}
		if got := sum * scale * scale / 255 / (side * side); math.Abs(got-1) > 0.02 {
			t.Errorf("side %d: brightness changed by the factor %.3f", maxSide, got)
		}
	}
}

func TestLumaNeverEnlarges(t *testing.T) {
	if g, scale := Luma(ramp(30, 40), 500); g.W != 30 || g.H != 40 || scale != 1 {
		t.Errorf("got %dx%d at scale %v; want 30x40 at 1", g.W, g.H, scale)
	}
	if got := Fit(ramp(30, 40), 500).Bounds(); got != image.Rect(0, 0, 30, 40) {
		t.Errorf("Fit gives %v; want the size unchanged", got)
	}
	if got := Fit(ramp(300, 400), 100).Bounds(); got != image.Rect(0, 0, 75, 100) {
		t.Errorf("Fit gives %v; want 75x100", got)
	}
}

func TestRegionStaysInThePicture(t *testing.T) {
	g := Region(ramp(30, 40), image.Rect(-10, 20, 15, 90), 1)
	if g.W != 15 || g.H != 20 || g.At(-5, 99) != g.Pix[19*15] {
		t.Errorf("got %dx%d; want 15x20 and the nearest pixel outside", g.W, g.H)
	}
	if g := Region(ramp(30, 40), image.Rect(50, 50, 60, 60), 2); g.W != 0 || len(g.Pix) != 0 {
		t.Errorf("a part outside the picture gave %d pixels", len(g.Pix))
	}
}

func TestLinearIsThatOfTheStandard(t *testing.T) {
	table := Linear()
	for _, tt := range []struct {
		in   int
		want float64
	}{{0, 0}, {10, 0.0030353}, {128, 0.2158605}, {255, 1}} {
		if got := float64(table[tt.in]); math.Abs(got-tt.want) > 1e-6 {
			t.Errorf("linear light of %d: got %v, want %v", tt.in, got, tt.want)
		}
	}
}

func BenchmarkLuma(b *testing.B) {
	for _, w := range []int{640, 1280, 2592} {
		src := ramp(w, w*3/4)
		pictures := map[string]image.Image{"RGBA": src, "YCbCr": image.NewYCbCr(src.Rect, image.YCbCrSubsampleRatio420)}
		for name, img := range pictures {
			b.Run(fmt.Sprintf("%s-%d-to-320", name, w), func(b *testing.B) {
				for b.Loop() {
					Luma(img, 320)
				}
			})
		}
	}
}
