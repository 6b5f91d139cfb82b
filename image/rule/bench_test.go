// SPDX-License-Identifier: EUPL-1.2

package rule

import (
	"fmt"
	"image"
	"testing"
	"time"

	"github.com/disintegration/imaging"

	"github.com/fotobox-project/fotobox/image/face"
	"github.com/fotobox-project/fotobox/image/pixel"
)

// scene is a photo in which the head fills the frame as in front of a station.
func scene(b *testing.B, width int) (*image.NRGBA, []face.Face) {
	b.Helper()
	finder, err := face.New()
	if err != nil {
		b.Fatal(err)
	}
	img := preview(sitters(b, "london-001-03.jpg")[0])
	img = imaging.Resize(img, width, 0, imaging.CatmullRom)
	faces, err := finder.Find(img)
	if err != nil || len(faces) != 1 {
		b.Fatalf("%d faces, %v", len(faces), err)
	}
	return img, faces
}

// BenchmarkGuide is the work on every preview frame besides finding the face.
func BenchmarkGuide(b *testing.B) {
	for _, width := range []int{320, 640, 1280} {
		b.Run(fmt.Sprint(width), func(b *testing.B) {
			img, faces := scene(b, width)
			for b.Loop() {
				Guide(DePassport2025(), image.Point{}, faces, img)
			}
		})
	}
}

// BenchmarkLook is all work on a preview frame of 480x640: finding the face too.
func BenchmarkLook(b *testing.B) {
	finder, err := face.New()
	if err != nil {
		b.Fatal(err)
	}
	img, _ := scene(b, 480)
	var track Track
	at := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	for b.Loop() {
		faces, err := finder.Track(img)
		if err != nil {
			b.Fatal(err)
		}
		at = at.Add(time.Second / 30)
		track, _ = track.Look(DePassport2025(), at, image.Point{}, faces, img)
	}
}

// BenchmarkReport is all rules on a finished portrait.
func BenchmarkReport(b *testing.B) {
	img, faces := scene(b, 1944)
	p, _, err := Cut(DePassport2025(), img, pixel.RGB24, faces)
	if err != nil {
		b.Fatal(err)
	}
	set := DePassport2025()
	for b.Loop() {
		Judge(Whole(p.Image, p.Colour, p.Faces), set)
	}
}

// BenchmarkJudge is all rules on a frame.
func BenchmarkJudge(b *testing.B) {
	for _, width := range []int{320, 640, 1280} {
		b.Run(fmt.Sprint(width), func(b *testing.B) {
			img, faces := scene(b, width)
			set := DePassport2025()
			for b.Loop() {
				Judge(Whole(img, pixel.RGB24, faces), set)
			}
		})
	}
}

// BenchmarkCut is from a still to the judged portrait.
func BenchmarkCut(b *testing.B) {
	img, faces := scene(b, 1944)
	set := DePassport2025()
	for b.Loop() {
		p, _, err := Cut(DePassport2025(), img, pixel.RGB24, faces)
		if err != nil {
			b.Fatal(err)
		}
		Judge(p, set)
	}
}
