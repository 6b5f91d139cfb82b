// SPDX-License-Identifier: EUPL-1.2

package cameratest

import (
	"image"
	"testing"
)

func TestFraming(t *testing.T) {
	tests := map[string]struct{ photo, want image.Rectangle }{
		"same shape":       {image.Rect(0, 0, 675, 900), image.Rect(0, 0, 675, 900)},
		"square":           {image.Rect(0, 0, 900, 900), image.Rect(112, 0, 787, 900)},
		"wide":             {image.Rect(0, 0, 1000, 600), image.Rect(275, 0, 725, 600)},
		"tall":             {image.Rect(0, 0, 600, 1000), image.Rect(0, 50, 600, 850)},
		"part of a larger": {image.Rect(100, 50, 700, 850), image.Rect(100, 50, 700, 850)},
		"one pixel":        {image.Rect(0, 0, 1, 1), image.Rect(0, 0, 1, 1)},
	}
	for name, test := range tests {
		got := framing(test.photo, stillSize())
		if got != test.want || !got.In(test.photo) || got.Empty() {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}

// Every photo covers the whole picture.
func TestFilmCovers(t *testing.T) {
	for _, size := range []image.Point{{10, 10}, {300, 100}, {100, 300}, {1, 1}, {2000, 1500}} {
		photo := image.NewGray(image.Rectangle{Max: size})
		for i := range photo.Pix {
			photo.Pix[i] = 130
		}
		img := Film(photo, previewSize())
		if img.Bounds().Size() != previewSize() {
			t.Errorf("%v: filmed as %v", size, img.Bounds())
		}
		for _, p := range []image.Point{{}, {479, 0}, {0, 639}, {479, 639}} {
			if c := img.NRGBAAt(p.X, p.Y); c.R != 130 || c.A != 255 {
				t.Errorf("%v: %v at %v, want the photo's grey", size, c, p)
			}
		}
	}
}
