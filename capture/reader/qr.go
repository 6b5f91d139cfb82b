// SPDX-License-Identifier: EUPL-1.2

// Package reader reads appointment codes: from the camera's frames, from USB code scanners, and from what
// a person typed.
package reader

import (
	"image"
	"slices"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"github.com/fotobox-project/fotobox/image/pixel"
)

// A Decoder finds a code in a picture. It reports false when there is none that can be read.
type Decoder interface {
	Decode(image.Image) (string, bool)
}

// QR returns a decoder of QR codes in any rotation. It is safe for concurrent use. A module needs
// about 4 pixels; up to 25 degrees of tilt, slight blur and glare are read (TestReadingRate measures them).
func QR() Decoder { return qr{} }

type qr struct{}

var _ Decoder = qr{}

const (
	// largest is the longer side in pixels at which frames are read; more is slower and not better.
	largest = 1280
	// smallest is the shorter side in pixels below which no code fits: version 1 at 1 pixel a module.
	smallest = 21
)

// Decode tries the frame at three sizes: the grid of modules falls differently on the pixels of
// each, and one size alone misses a tenth of tilted frames. Its last try is for light that blooms.
func (qr) Decode(img image.Image) (string, bool) {
	b := img.Bounds()
	if min(b.Dx(), b.Dy()) < smallest {
		return "", false
	}
	whole := min(max(b.Dx(), b.Dy()), largest)
	var middle *pixel.Gray
	for _, percent := range []int{100, 75, 85} {
		middle, _ = pixel.Luma(img, whole*percent/100)
		if text, ok := read(middle); ok {
			return text, true
		}
	}
	return read(thickened(middle))
}

// thickened gives dark modules back what overexposed paper or a bright screen has eaten of them:
// every pixel goes half the way to its darkest neighbour.
func thickened(g *pixel.Gray) *pixel.Gray {
	out := &pixel.Gray{Pix: slices.Clone(g.Pix), W: g.W, H: g.H}
	for y := 1; y < g.H-1; y++ {
		for i := y*g.W + 1; i < (y+1)*g.W-1; i++ {
			p := g.Pix[i]
			darkest := min(p, g.Pix[i-1], g.Pix[i+1], g.Pix[i-g.W], g.Pix[i+g.W])
			out.Pix[i] = p - (p-darkest)/2
		}
	}
	return out
}

// read looks for a code in one picture.
func read(g *pixel.Gray) (text string, ok bool) {
	// Anything may be held before the camera, and the library, which nobody maintains any more, is
	// not written to fend off every pattern. A frame that it cannot digest is a frame without a
	// code; the next one comes in a moment.
	defer func() {
		if recover() != nil {
			text, ok = "", false
		}
	}()
	source, err := gozxing.NewPlanarYUVLuminanceSource(g.Pix, g.W, g.H, 0, 0, g.W, g.H, false)
	if err != nil {
		return "", false
	}
	bitmap, err := gozxing.NewBinaryBitmap(gozxing.NewHybridBinarizer(source))
	if err != nil {
		return "", false
	}
	hints := map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, hints)
	if err != nil {
		return "", false
	}
	return result.GetText(), true
}
