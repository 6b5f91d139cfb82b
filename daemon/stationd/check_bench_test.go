// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"image"
	"image/jpeg"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/fotobox-project/fotobox/capture/camera/cameratest"
)

// BenchmarkCheck is the command on one picture of 12 megapixels, from the file to
// the printed line; `go run ./hack/measure` gives time and memory of the whole program.
func BenchmarkCheck(b *testing.B) {
	s := cameratest.Default()
	s.Noise = 3 // as of a small sensor, so that the file has a camera's size
	img, _ := s.Render(image.Pt(4000, 3000))
	name := filepath.Join(b.TempDir(), "sitter.jpg")
	file, err := os.Create(name)
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	if err := jpeg.Encode(file, img, &jpeg.Options{Quality: 92}); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if status := check([]string{"--json", name}, io.Discard, io.Discard); status > 1 {
			b.Fatal(status)
		}
	}
}
