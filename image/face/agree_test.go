// SPDX-License-Identifier: EUPL-1.2

package face

import (
	"image"
	"math"
	"testing"

	"github.com/fotobox-project/fotobox/image/pixel"
)

func TestUnevenIsTheDifferenceInHeight(t *testing.T) {
	f := Face{
		OuterLeft: Point{X: 10, Y: 51}, InnerLeft: Point{X: 30, Y: 49}, InnerRight: Point{X: 110, Y: 49}, OuterRight: Point{X: 130, Y: 51},
		EyeLeft: Point{X: 25, Y: 46}, EyeRight: Point{X: 125, Y: 46}, // both look to the right, and up
	}
	if got := f.uneven(); math.Abs(got) > 1e-9 {
		t.Errorf("pupils that lie alike: got %v; want 0", got)
	}
	f.EyeLeft.Y -= 10
	for range 4 {
		if got := f.uneven(); math.Abs(got-0.1) > 1e-9 {
			t.Errorf("one pupil a tenth higher: got %v; want 0.1", got)
		}
		for _, p := range f.points() { // turns all by a right angle
			p.X, p.Y = -p.Y, p.X
		}
	}
}

// graySearch gives a photo as the finder sees it, and the face in it.
func graySearch(t *testing.T, f *Finder) (*pixel.Gray, Face) {
	t.Helper()
	g, _ := pixel.Luma(portrait(t), 640)
	faces, err := f.Find(&image.Gray{Pix: g.Pix, Stride: g.W, Rect: image.Rect(0, 0, g.W, g.H)})
	if err != nil || len(faces) != 1 {
		t.Fatalf("got %d faces, error %v; want 1", len(faces), err)
	}
	return g, faces[0]
}

// A pupil that was lost to the brow comes back, with the points that it misled.
func TestSettleFindsALostPupil(t *testing.T) {
	f := finder(t)
	g, want := graySearch(t, f)
	ied := want.IED()
	for _, p := range []plan{f.still, f.preview} {
		got := want
		got.EyeLeft.Y -= 0.15 * ied
		f.locateRest(&got, g, p)
		if got.uneven() <= alike {
			t.Fatalf("the lost pupil is not seen: %v", got.uneven())
		}
		f.settle(&got, g, p)
		for i, q := range got.points() {
			if d := distance(*q, *want.points()[i]) / ied; d > 0.04 {
				t.Errorf("point %d is off by %.3f of the IED; want 0.04 at most", i, d)
			}
		}
		if got.Spread() > 0.05 {
			t.Errorf("spread %.3f; want that of a good face", got.Spread())
		}
	}
}

// Where nothing can be found the pupils are not believed, and what agrees is left as it is.
func TestSettleTellsWhatItCannotMend(t *testing.T) {
	f := finder(t)
	g, want := graySearch(t, f)
	got := want
	f.settle(&got, g, f.still)
	if got != want {
		t.Errorf("a face that agrees was changed: %+v, want %+v", got, want)
	}
	left := 0
	for seed := range uint64(20) {
		got := want
		got.EyeLeft.Y -= 0.15 * got.IED()
		f.settle(&got, noise(g.W, g.H, seed), f.preview)
		uneven := got.uneven()
		if uneven <= alike {
			continue
		}
		left++
		if got.Spread() < uneven-1e-9 {
			t.Errorf("noise %d: pupils %.3f of the IED uneven have spread %.3f", seed, uneven, got.Spread())
		}
	}
	if left == 0 {
		t.Error("all faces of noise were mended")
	}
}
