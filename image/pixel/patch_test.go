// SPDX-License-Identifier: EUPL-1.2

package pixel

import (
	"image"
	"image/color"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestFrameInverse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Float64Range(-1000, 1000)
		f := Frame{X: v.Draw(t, "X"), Y: v.Draw(t, "Y"), Ux: v.Draw(t, "Ux"), Uy: v.Draw(t, "Uy")}
		if f.Unit() < 0.1 {
			return
		}
		x, y := v.Draw(t, "x"), v.Draw(t, "y")
		if gx, gy := f.From(f.At(x, y)); math.Hypot(gx-x, gy-y) > 1e-6 {
			t.Fatalf("%v, %v of %v came back as %v, %v", x, y, f, gx, gy)
		}
	})
}

// TestFrameAxes: y is x turned clockwise, as pictures count rows downwards.
func TestFrameAxes(t *testing.T) {
	f := Frame{X: 10, Y: 20, Ux: 3, Uy: 4}
	if x, y := f.At(1, 0); x != 13 || y != 24 {
		t.Errorf("x axis at %v, %v", x, y)
	}
	if x, y := f.At(0, 1); x != 6 || y != 23 {
		t.Errorf("y axis at %v, %v", x, y)
	}
	if f.Unit() != 5 {
		t.Errorf("unit %v", f.Unit())
	}
}

// slope is a picture whose red grows by one a column and whose green by one a row.
func slope(w, h int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetNRGBA(x, y, color.NRGBA{uint8(x), uint8(y), 50, 255})
		}
	}
	return img
}

// TestResample reads places, finer and coarser than the picture, upright and turned.
func TestResample(t *testing.T) {
	img := slope(200, 200)
	for _, tt := range []struct {
		name    string
		frame   Frame
		perUnit float64
	}{
		{"finer", Frame{X: 100, Y: 100, Ux: 20}, 50},
		{"one to one", Frame{X: 100, Y: 100, Ux: 20}, 20},
		{"coarser", Frame{X: 100, Y: 100, Ux: 40}, 10},
		{"turned", Frame{X: 100, Y: 100, Ux: 30, Uy: 25}, 10},
	} {
		p := Resample(img, tt.frame, -0.5, -0.5, 0.5, 0.5, tt.perUnit)
		for o := range p.R {
			x, y := tt.frame.At(p.Place(o))
			if math.Abs(float64(p.R[o])-(x-0.5)) > 0.8 || math.Abs(float64(p.G[o])-(y-0.5)) > 0.8 || p.Outside[o] {
				t.Fatalf("%s: sample %d at %.1f, %.1f is red %.1f green %.1f, outside %t", tt.name, o, x, y, p.R[o], p.G[o], p.Outside[o])
			}
			if u, v := p.Place(o); p.Index(u, v) != o {
				t.Fatalf("%s: sample %d has the index %d", tt.name, o, p.Index(u, v))
			}
		}
	}
}

func TestResampleOutside(t *testing.T) {
	p := Resample(slope(100, 100), Frame{X: 0, Y: 50, Ux: 20}, -1, -1, 1, 1, 10)
	for o, outside := range p.Outside {
		if x, _ := p.Place(o); outside != (x < 0) {
			t.Fatalf("sample at %.2f: outside %t", x, outside)
		}
		if p.Outside[o] && p.R[o] > 1 {
			t.Fatalf("beyond the left edge the colour is %v, not that of the edge", p.R[o])
		}
	}
}

func TestAt(t *testing.T) {
	img := slope(120, 90)
	ycc := image.NewYCbCr(image.Rect(0, 0, 4, 4), image.YCbCrSubsampleRatio420)
	for i := range ycc.Y {
		ycc.Y[i] = uint8(40 + i)
	}
	for i := range ycc.Cb {
		ycc.Cb[i], ycc.Cr[i] = 100, 150
	}
	for _, tt := range []struct {
		name string
		img  image.Image
	}{
		{"part of NRGBA", img.SubImage(image.Rect(20, 10, 60, 70))},
		{"picture", Picture{Image: img}},
		{"YCbCr", ycc},
		{"grey", &image.Gray{Pix: []uint8{1, 2, 3, 4}, Stride: 2, Rect: image.Rect(5, 5, 7, 7)}},
	} {
		b := tt.img.Bounds()
		r, g, bl := At(tt.img)(1, 1)
		wr, wg, wb, _ := tt.img.At(b.Min.X+1, b.Min.Y+1).RGBA()
		if uint32(r) != wr>>8 || uint32(g) != wg>>8 || uint32(bl) != wb>>8 {
			t.Errorf("%s: got %d %d %d, want %d %d %d", tt.name, r, g, bl, wr>>8, wg>>8, wb>>8)
		}
	}
}
