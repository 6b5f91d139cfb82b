// SPDX-License-Identifier: EUPL-1.2

package appointment

import (
	"image"
	"image/color"
	"strings"
	"testing"
)

// TestQR checks that an appointment makes version 6: 41 modules a side inside a white quiet zone of 4.
func TestQR(t *testing.T) {
	const px = 4
	img, err := QR(loadVectors(t).Fields[0].Text, px)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := img.Bounds(), image.Rect(0, 0, 49*px, 49*px); got != want {
		t.Fatalf("bounds are %v, want %v", got, want)
	}
	if got, want := darkBounds(img), image.Rect(4*px, 4*px, 45*px, 45*px); got != want {
		t.Errorf("dark modules lie in %v, want %v", got, want)
	}
	for _, corner := range []image.Point{{4, 4}, {38, 4}, {4, 38}} { // finder patterns: ring, gap, heart
		for i, want := range []bool{true, false, true, true, true, false, true} {
			at := image.Pt(corner.X+i, corner.Y+3).Mul(px)
			if got := img.At(at.X, at.Y) == (color.Gray{}); got != want {
				t.Errorf("finder pattern at %v, module %d: dark is %v, want %v", corner, i, got, want)
			}
		}
	}
}

func darkBounds(img image.Image) (r image.Rectangle) {
	b := img.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if img.At(x, y) == (color.Gray{}) {
				r = r.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return r
}

func TestQRText(t *testing.T) {
	text, err := QRText(loadVectors(t).Fields[0].Text)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if len(lines) != 25 {
		t.Fatalf("%d lines, want 25 for 49 modules", len(lines))
	}
	full := strings.Repeat("█", 49)
	if lines[0] != full || lines[1] != full || lines[23] != full {
		t.Error("the quiet zone is not light")
	}
	if want := strings.Repeat("▀", 49); lines[24] != want {
		t.Errorf("the last half line is %q, want %q", lines[24], want)
	}
	if want := "████ ▄▄▄▄▄ "; !strings.HasPrefix(lines[2], want) {
		t.Errorf("the finder pattern starts with %q, want %q", lines[2][:30], want)
	}
}

func TestQRRefuses(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		px         int
	}{
		{"lower case", "secret name", 4},
		{"too long", strings.Repeat("A", 5000), 4},
		{"no pixels", "FB1:", 0},
		{"too many pixels", "FB1:", 101},
	} {
		if _, err := QR(tt.text, tt.px); err == nil || strings.Contains(err.Error(), tt.text) && len(tt.text) > 5 {
			t.Errorf("%s: error is %v, want one without the text", tt.name, err)
		}
	}
	if _, err := QRText("lower case"); err == nil {
		t.Error("QRText took lower case")
	}
}
