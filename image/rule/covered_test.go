// SPDX-License-Identifier: EUPL-1.2

package rule

import (
	"image"
	"image/color"
	"math"
	"testing"

	"github.com/disintegration/imaging"

	"github.com/fotobox-project/fotobox/image/face"
	"github.com/fotobox-project/fotobox/image/phototest"
	"github.com/fotobox-project/fotobox/image/pixel"
)

// tinted puts glasses on whose lenses let that share of the light pass.
func tinted(s sitting, share float64) *image.NRGBA {
	return phototest.Glasses(s.img, s.marks.Eyes(), share)
}

// patched covers the eye on the left with cloth.
func patched(s sitting) *image.NRGBA {
	both := spotted(s, color.NRGBA{90, 60, 110, 255}, 0, 0, 0.42, 0.3)
	half := int(s.marks.Eyes().X)
	return imaging.Paste(both, imaging.Crop(s.img, image.Rect(half, 0, s.img.Rect.Dx(), s.img.Rect.Dy())), image.Pt(half, 0))
}

// TestCoveredByUs: cloth over an eye and tinted lenses, on people whose eyes are free.
func TestCoveredByUs(t *testing.T) {
	good := sitters(t, "london-[01]*", "canada-*")
	if *every > 1 {
		good = []sitting{good[0].halved(), good[len(good)-1].halved()}
	}
	caught(t, "free eyes", good, "3.2", Inside, 1, asIs)
	caught(t, "cloth over one eye", good, "3.2", Low, 0.95, patched)
	caught(t, "lenses pass 15 %", good, "3.2", Low, 0.95, func(s sitting) *image.NRGBA { return tinted(s, 0.15) })
	caught(t, "lenses pass 40 %", good, "3.2", Low, 0.85, func(s sitting) *image.NRGBA { return tinted(s, 0.4) })
	caught(t, "lenses pass 90 %", good, "3.2", Inside, 1, func(s sitting) *image.NRGBA { return tinted(s, 0.9) })
}

// TestLostPupil: one pupil that cannot be located is a covered eye; when nothing is
// known of the eyes, that is said.
func TestLostPupil(t *testing.T) {
	s := sitters(t, "london-*")[0].halved()
	finder, err := face.New()
	if err != nil {
		t.Fatal(err)
	}
	faces, err := finder.Find(s.img)
	if err != nil || len(faces) == 0 {
		t.Fatalf("%d faces, %v", len(faces), err)
	}
	for _, tt := range []struct {
		spread float64
		want   Side
	}{{0.01, Inside}, {0.04, Inside}, {0.1, Low}, {0.15, Low}, {0.3, Low}, {0.6, Unclear}, {math.NaN(), Unclear}} {
		f := faces[0]
		f.EyeLeft.Spread = tt.spread * f.IED()
		got := judge(eyesVisible(), Whole(s.img, pixel.RGB24, []face.Face{f}), DePassport2025())
		if got.Side != tt.want || (got.Side == Unclear) != (got.Reason != "") {
			t.Errorf("scatter %.2f: %.2f %s %q, want %s", tt.spread, got.Value, got.Side, got.Reason, tt.want)
		}
	}
}

// TestLens: the tone of the skin does not count, and one lens in shadow is not two.
func TestLens(t *testing.T) {
	linear := pixel.Linear()
	for _, skin := range []float32{60, 90, 200} {
		for _, share := range []float64{1, 0.5, 0.15} {
			dim := float32(phototest.Level(float64(linear[int(skin)]) * share))
			p := faceless(func(i, j int) float32 {
				if j > 60 && j < 124 { // -0.45 to 0.35
					return dim
				}
				return skin
			})
			if got := lens(p, -1); math.Abs(got-share) > 0.1 {
				t.Errorf("skin %v through %v: got %.2f", skin, share, got)
			}
		}
	}
}
