// SPDX-License-Identifier: EUPL-1.2

package rule

import (
	"image"
	"math"
	"testing"

	"github.com/fotobox-project/fotobox/image/face"
	"github.com/fotobox-project/fotobox/image/phototest"
	"github.com/fotobox-project/fotobox/image/pixel"
	"github.com/fotobox-project/fotobox/image/portrait"
)

// bust is a face of one colour before a wall of another, with a forehead that
// shines at some places.
func bust(wall, skin [3]uint8, shine uint8) (*image.NRGBA, []face.Face) {
	img := plain(600, 800)
	f := sketch(300, 350, 100, 0)
	eyes := portrait.Eyes(f)
	for i := 0; i < len(img.Pix); i += 4 {
		x, y := eyes.From(float64(i/4%600)+0.5, float64(i/4/600)+0.5)
		c := wall
		if (x/1.1)*(x/1.1)+(y-0.1)*(y-0.1)/4 < 1 {
			c = skin
		}
		if shine > 0 && math.Hypot(x, y+0.5) < 0.06 {
			c = [3]uint8{shine, shine, shine}
		}
		copy(img.Pix[i:], c[:])
	}
	return img, []face.Face{f}
}

// TestBlankWall: a wall that is lost tells over-exposure of dark skin together with
// skin that begins to be lost; a wall made white by a computer alone does not.
func TestBlankWall(t *testing.T) {
	for _, tt := range []struct {
		name       string
		wall, skin uint8
		shine      uint8
		side       Side
	}{
		{"white wall, dark skin", 255, 70, 0, Inside},
		{"white wall, dark skin that shines a little", 255, 70, 200, Inside},
		{"white wall, dark skin that begins to be lost", 255, 70, 253, High},
		{"light wall, dark skin with a glint", 235, 70, 253, Inside},
		{"white wall, light skin", 255, 200, 0, Inside},
	} {
		img, faces := bust([3]uint8{tt.wall, tt.wall, tt.wall}, [3]uint8{tt.skin, tt.skin, tt.skin}, tt.shine)
		v, err := exposure().Measure(Whole(img, pixel.RGB24, faces))
		if side := DePassport2025().Limits["7.1"].side(v); err != nil || side != tt.side {
			t.Errorf("%s: %.2f %s, %v; want %s", tt.name, v, side, err, tt.side)
		}
	}
}

// TestDarkFace: a face before a bright window is too dark, whatever the wall has; the
// darkest skin in good light is not.
func TestDarkFace(t *testing.T) {
	for _, tt := range []struct {
		skin uint8
		side Side
	}{{10, Low}, {38, Low}, {50, Inside}, {90, Inside}, {200, Inside}} {
		img, faces := bust([3]uint8{220, 220, 220}, [3]uint8{tt.skin, tt.skin, tt.skin}, 0)
		v, err := exposure().Measure(Whole(img, pixel.RGB24, faces))
		if side := DePassport2025().Limits["7.1"].side(v); err != nil || side != tt.side {
			t.Errorf("a face of %d: %.2f %s, %v; want %s", tt.skin, v, side, err, tt.side)
		}
	}
}

// TestDarkestFace: the darkest skin in good light has three times the light that a face
// must have.
func TestDarkestFace(t *testing.T) {
	finder, err := face.New()
	if err != nil {
		t.Fatal(err)
	}
	least, who, n := 1.0, "", 0
	for _, s := range sitters(t, "london-*", "canada-*") {
		faces, err := finder.Find(s.img)
		if err != nil || len(faces) == 0 {
			t.Fatalf("%s: %d faces, %v", s.name, len(faces), err)
		}
		p, _, _ := Cut(DePassport2025(), s.img, pixel.RGB24, faces)
		if light := p.lit().face; light < least {
			least, who = light, s.name
		}
		n++
	}
	t.Logf("the darkest of %d: %.3f, %s", n, least, who)
	if least < 3*leastFace {
		t.Errorf("%s has %.3f in good light, want three times %.3f or more", who, least, leastFace)
	}
}

// TestCast: coloured light is told from a coloured wall by the skin.
func TestCast(t *testing.T) {
	in := func(c [3]float64, light [3]float64) (out [3]uint8) {
		for i := range c {
			out[i] = phototest.Level(c[i] * light[i])
		}
		return out
	}
	grey, blue := [3]float64{0.5, 0.5, 0.5}, [3]float64{0.38, 0.48, 0.62}
	light, dark := [3]float64{0.45, 0.25, 0.19}, [3]float64{0.12, 0.062, 0.05}
	white, warm, cold, green := [3]float64{1, 1, 1}, [3]float64{1.4, 1, 0.75}, [3]float64{0.75, 1, 1.4}, [3]float64{0.85, 1.3, 0.85}
	for _, tt := range []struct {
		name              string
		wall, skin, light [3]float64
		side              Side
	}{
		{"white light", grey, light, white, Inside},
		{"white light, dark skin", grey, dark, white, Inside},
		{"a blue wall", blue, light, white, Inside},
		{"a blue wall, dark skin", blue, dark, white, Inside},
		{"warm light", grey, light, warm, High},
		{"warm light, dark skin", grey, dark, warm, High},
		{"cold light", grey, light, cold, High},
		{"green light, dark skin", grey, dark, green, High},
	} {
		img, faces := bust(in(tt.wall, tt.light), in(tt.skin, tt.light), 0)
		v, err := naturalColour().Measure(Whole(img, pixel.RGB24, faces))
		if side := DePassport2025().Limits["7.3"].side(v); err != nil || side != tt.side {
			t.Errorf("%s: %.2f %s, %v; want %s", tt.name, v, side, err, tt.side)
		}
	}
}

// TestGrain: a station's photo is measured at 100 samples, a small one at fewer than
// it has, and none is enlarged.
func TestGrain(t *testing.T) {
	for ied, want := range map[float64]float64{340: 100, 150: 100, 100: 70, 50: 40, 25: 25, 18: 18} {
		if got := grain(ied); got != want {
			t.Errorf("%v pixels: got %v, want %v", ied, got, want)
		}
	}
}
