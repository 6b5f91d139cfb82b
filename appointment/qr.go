// SPDX-License-Identifier: EUPL-1.2

package appointment

import (
	"errors"
	"image"
	"image/color"
	"image/draw"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// quietZone is the white border in modules that a reader needs (ISO/IEC 18004, 9.1).
const quietZone = 4

// QR draws the text as a QR code, level M, alphanumeric mode, with a quiet zone of 4 modules.
// An appointment's text makes version 6, 41 x 41 modules. A camera needs at least 4 pixels per module.
func QR(text string, pixelsPerModule int) (image.Image, error) {
	if pixelsPerModule < 1 || pixelsPerModule > 100 {
		return nil, errors.New("qr: pixels per module are not within 1 to 100")
	}
	m, err := modules(text)
	if err != nil {
		return nil, err
	}
	side := len(m) * pixelsPerModule
	img := image.NewGray(image.Rect(0, 0, side, side))
	draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
	for y, row := range m {
		for x, dark := range row {
			if dark {
				at := image.Rect(x, y, x+1, y+1)
				at.Min, at.Max = at.Min.Mul(pixelsPerModule), at.Max.Mul(pixelsPerModule)
				draw.Draw(img, at, image.Black, image.Point{}, draw.Src)
			}
		}
	}
	return img, nil
}

// QRText draws the same code with half-block characters, two modules each. Its light modules are
// the drawn ones, so that it is right on a terminal with a dark background.
func QRText(text string) (string, error) {
	m, err := modules(text)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for y := 0; y < len(m); y += 2 {
		for x := range m[y] {
			upper, lower := !m[y][x], y+1 < len(m) && !m[y+1][x]
			b.WriteString(halfBlock(upper, lower))
		}
		b.WriteByte('\n')
	}
	return b.String(), nil
}

func halfBlock(upper, lower bool) string {
	switch {
	case upper && lower:
		return "█"
	case upper:
		return "▀"
	case lower:
		return "▄"
	}
	return " "
}

// modules returns the rows of the code, quiet zone included; true is dark.
func modules(text string) ([][]bool, error) {
	code, err := qr.Encode(text, qr.M, qr.AlphaNumeric)
	if err != nil {
		// Not the encoder's error: it quotes the text, which may be somebody's code.
		return nil, errors.New("qr: the text is too long or not in the alphanumeric alphabet")
	}
	n := code.Bounds().Dx()
	m := make([][]bool, n+2*quietZone)
	for y := range m {
		m[y] = make([]bool, n+2*quietZone)
		for x := range m[y] {
			p := image.Pt(x-quietZone, y-quietZone)
			m[y][x] = p.In(code.Bounds()) && code.At(p.X, p.Y) == color.Black
		}
	}
	return m, nil
}
