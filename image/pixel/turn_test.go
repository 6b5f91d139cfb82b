// SPDX-License-Identifier: EUPL-1.2

package pixel

import (
	"fmt"
	"image"
	"testing"
)

// stored gives where the pixel (x, y) of the upright picture lies in a file of
// w x h pixels, as Exif words it: 6 has its row 0 at the right side.
func stored(x, y, w, h, orientation int) (int, int) {
	switch orientation {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return y, h - 1 - x
	case 7:
		return w - 1 - y, h - 1 - x
	case 8:
		return w - 1 - y, x
	}
	return x, y
}

func filled(img *image.YCbCr) *image.YCbCr {
	for i := range img.Y {
		img.Y[i] = uint8(90 + i*7%80)
	}
	for i := range img.Cb {
		img.Cb[i], img.Cr[i] = uint8(110+i*5%40), uint8(100+i*11%60)
	}
	return img
}

func TestTurn(t *testing.T) {
	gray := image.NewGray(image.Rect(0, 0, 7, 5))
	for i := range gray.Pix {
		gray.Pix[i] = uint8(i * 3)
	}
	pictures := map[string]image.Image{"grey": gray, "RGBA": ramp(7, 5)}
	for _, ratio := range []image.YCbCrSubsampleRatio{
		image.YCbCrSubsampleRatio444, image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio420,
		image.YCbCrSubsampleRatio440, image.YCbCrSubsampleRatio411, image.YCbCrSubsampleRatio410,
	} {
		for _, size := range []image.Point{{8, 12}, {7, 5}, {8, 5}, {7, 12}} {
			pictures[fmt.Sprintf("%v %v", ratio, size)] = filled(image.NewYCbCr(image.Rectangle{Max: size}, ratio))
		}
	}
	big := filled(image.NewYCbCr(image.Rect(0, 0, 32, 32), image.YCbCrSubsampleRatio420))
	pictures["part, as decoders give it"] = big.SubImage(image.Rect(0, 0, 22, 14))
	for name, img := range pictures {
		w, h := img.Bounds().Dx(), img.Bounds().Dy()
		for o := 1; o <= 8; o++ {
			got := turn(img, o)
			if got.Bounds() != turned(w, h, o) {
				t.Fatalf("%s, orientation %d: bounds %v", name, o, got.Bounds())
			}
			differ(t, fmt.Sprintf("%s, orientation %d", name, o), got, img, o)
		}
	}
}

// differ compares every pixel with that of the file. Readers may round one level
// otherwise where the type has changed.
func differ(t *testing.T, name string, got, img image.Image, orientation int) {
	t.Helper()
	b := got.Bounds()
	at, from := At(got), At(img)
	for y := range b.Dy() {
		for x := range b.Dx() {
			r, g, bl := at(x, y)
			wr, wg, wb := from(stored(x, y, img.Bounds().Dx(), img.Bounds().Dy(), orientation))
			for _, d := range []int{int(r) - int(wr), int(g) - int(wg), int(bl) - int(wb)} {
				if d < -1 || d > 1 {
					t.Fatalf("%s at %d, %d: got %d %d %d, want %d %d %d", name, x, y, r, g, bl, wr, wg, wb)
				}
			}
		}
	}
}

// TestTurnKeepsType: grey and the usual colour pictures stay as readers like them,
// and what is upright is not touched.
func TestTurnKeepsType(t *testing.T) {
	ycc := image.NewYCbCr(image.Rect(0, 0, 16, 24), image.YCbCrSubsampleRatio422)
	if got := turn(ycc, 1); got != image.Image(ycc) {
		t.Error("an upright picture was copied")
	}
	got, ok := turn(ycc, 6).(*image.YCbCr)
	if !ok || got.SubsampleRatio != image.YCbCrSubsampleRatio440 || got.Rect != image.Rect(0, 0, 24, 16) {
		t.Errorf("4:2:2 turned became %T %v", got, got.Rect)
	}
	if _, ok := turn(image.NewGray(image.Rect(0, 0, 3, 5)), 8).(*image.Gray); !ok {
		t.Error("a grey picture became one of colours")
	}
}

// TestTurnDegrees: the upper left corner goes round clockwise.
func TestTurnDegrees(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 4, 2))
	img.Pix[0] = 255
	for degrees, want := range map[int]image.Point{0: {0, 0}, 90: {1, 0}, 180: {3, 1}, 270: {0, 3}} {
		got := Turn(img, degrees).(*image.Gray)
		if got.GrayAt(want.X, want.Y).Y != 255 {
			t.Errorf("%d degrees: the corner is not at %v of %v", degrees, want, got.Bounds())
		}
	}
}
