// SPDX-License-Identifier: EUPL-1.2

package portrait

import (
	"image"
	"image/color"
	"math"
	"testing"

	"github.com/fotobox-project/fotobox/image/face"
)

// ramp is a picture whose red grows with x and whose green grows with y, so that
// a pixel tells where it came from.
func ramp(w, h int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetNRGBA(x, y, color.NRGBA{uint8(255 * x / w), uint8(255 * y / h), 128, 255})
		}
	}
	return img
}

func TestTakePlaces(t *testing.T) {
	img := ramp(2000, 2600)
	c := Crop{Centre: Point{1000, 1300}, Scale: 1.4, Roll: 5, Size: image.Pt(Width, Height)}
	got := Take(img, c)
	if got.Rect.Size() != image.Pt(Width, Height) {
		t.Fatalf("size %v", got.Rect)
	}
	f := c.Frame()
	for _, p := range []image.Point{{0, 0}, {1243, 0}, {622, 800}, {0, 1599}, {1243, 1599}, {300, 1000}} {
		x, y := f.At(float64(p.X)+0.5, float64(p.Y)+0.5)
		want := [2]float64{255 * (x - 0.5) / 2000, 255 * (y - 0.5) / 2600}
		g := got.NRGBAAt(p.X, p.Y)
		if math.Abs(float64(g.R)-want[0]) > 1.5 || math.Abs(float64(g.G)-want[1]) > 1.5 || g.B != 128 || g.A != 255 {
			t.Errorf("at %v: got %v, want red %.1f green %.1f", p, g, want[0], want[1])
		}
	}
}

// TestTakeIdentity: a crop at scale 1 without a turn copies the pixels.
func TestTakeIdentity(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, Width+20, Height+20))
	for i := range img.Pix {
		img.Pix[i] = uint8(i * 2654435761 >> 7)
		if i%4 == 3 {
			img.Pix[i] = 255
		}
	}
	c := Crop{Centre: Point{Width/2 + 10, Height/2 + 10}, Scale: 1, Size: image.Pt(Width, Height)}
	got := Take(img, c)
	for y := range Height {
		for x := range Width {
			if got.NRGBAAt(x, y) != img.NRGBAAt(x+10, y+10) {
				t.Fatalf("pixel %d, %d: got %v, want %v", x, y, got.NRGBAAt(x, y), img.NRGBAAt(x+10, y+10))
			}
		}
	}
}

// TestTakeAliasing: stripes finer than the portrait's pixels become grey.
func TestTakeAliasing(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 900, 1100))
	for i := range img.Pix {
		img.Pix[i] = uint8(255 * (i % 2))
	}
	got := Take(img, Crop{Centre: Point{450, 550}, Scale: 2.2, Size: image.Pt(311, 400)})
	for x := 20; x < 290; x++ {
		if v := got.NRGBAAt(x, 200).R; v < 108 || v > 148 {
			t.Fatalf("column %d: %d, want about 128", x, v)
		}
	}
}

// TestTakeBounds: pictures of every type that do not start at (0, 0).
func TestTakeBounds(t *testing.T) {
	full := ramp(500, 600)
	c := Crop{Centre: Point{180, 240}, Scale: 1, Size: image.Pt(311, 400)}
	want := Take(full.SubImage(image.Rect(40, 60, 460, 560)), c)
	shifted := image.NewRGBA(image.Rect(-40, -60, 460, 540))
	for y := range 600 {
		for x := range 500 {
			shifted.Set(x-40, y-60, full.At(x, y))
		}
	}
	got := Take(shifted.SubImage(image.Rect(0, 0, 420, 500)), c)
	if string(got.Pix) != string(want.Pix) {
		t.Error("the same pixels at other coordinates give another portrait")
	}
	if p := want.NRGBAAt(155, 200); math.Abs(float64(p.R)-255*220/500) > 2 {
		t.Errorf("middle is %v", p)
	}
}

// TestMap: points of the face go where their pixels go.
func TestMap(t *testing.T) {
	c := Crop{Centre: Point{900, 1300}, Scale: 1.3, Roll: -4, Size: image.Pt(Width, Height)}
	f := sketch(950, 1200, 400, -4)
	m, frame := c.Map(f), c.Frame()
	for _, pair := range [][2]face.Point{{f.EyeLeft, m.EyeLeft}, {f.Nose, m.Nose}, {f.LipBottom, m.LipBottom}} {
		x, y := frame.At(pair[1].X, pair[1].Y)
		if math.Hypot(x-pair[0].X, y-pair[0].Y) > 1e-6 {
			t.Errorf("point %v came back as %.3f, %.3f", pair[0], x, y)
		}
		if math.Abs(pair[1].Spread-pair[0].Spread/1.3) > 1e-9 {
			t.Errorf("spread %v became %v", pair[0].Spread, pair[1].Spread)
		}
	}
	if got, want := m.IED(), 400/1.3; math.Abs(got-want) > 1e-6 {
		t.Errorf("eye distance %.3f, want %.3f", got, want)
	}
	if half := Scale(f, 0.5); math.Abs(half.IED()-200) > 1e-9 || half.Box.Dx() != f.Box.Dx()/2 {
		t.Errorf("half the face: %v", half)
	}
}

func BenchmarkTake(b *testing.B) {
	img := ramp(1944, 2592)
	c := Crop{Centre: Point{972, 1296}, Scale: 1.4, Roll: 2, Size: image.Pt(Width, Height)}
	for b.Loop() {
		Take(img, c)
	}
}

func BenchmarkMeasure(b *testing.B) {
	img, f := ramp(480, 640), sketch(240, 300, 100, 0)
	for b.Loop() {
		Measure(img, f)
	}
}

func BenchmarkPlan(b *testing.B) {
	f := sketch(972, 1200, 460, 3)
	h := proportions(f)
	for b.Loop() {
		Plan(image.Pt(1944, 2592), f, h, Adults())
	}
}
