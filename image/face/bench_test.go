// SPDX-License-Identifier: EUPL-1.2

package face

import (
	"fmt"
	"image"
	"testing"

	"github.com/disintegration/imaging"
)

// BenchmarkFind is the time of a still, BenchmarkTrack that of a preview frame,
// by the width of a picture of 4:3 with one face in its middle.
func BenchmarkFind(b *testing.B) { benchmark(b, (*Finder).Find) }

func BenchmarkTrack(b *testing.B) { benchmark(b, (*Finder).Track) }

func benchmark(b *testing.B, search func(*Finder, image.Image) ([]Face, error)) {
	f := finder(b)
	for _, width := range []int{320, 640, 1280} {
		b.Run(fmt.Sprint(width), func(b *testing.B) {
			frame := imaging.Fill(portrait(b), width, width*3/4, imaging.Center, imaging.Linear)
			faces, err := search(f, frame)
			if err != nil || len(faces) != 1 {
				b.Fatalf("got %d faces, error %v; want 1", len(faces), err)
			}
			for b.Loop() {
				search(f, frame)
			}
		})
	}
}
