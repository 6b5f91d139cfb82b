// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"testing"

	"github.com/fotobox-project/fotobox/image/phototest"
	"github.com/fotobox-project/fotobox/image/pixel"
)

func TestLids(t *testing.T) {
	c := drawn(t)
	half, shut := lids(0.5)(c, nil), lids(0.97)(c, nil)
	for _, eye := range []float64{-0.5, 0.5} {
		if got := c.times(shut, eye, 0, 0.03); got < 1.7 {
			t.Errorf("eye at %g: the iris shows through lids that are shut: %.2f of its light", eye, got)
		}
		near(t, "below the middle of eyes half shut", c.times(half, eye, 0.05, 0.01), 1, 0.05)
	}
	near(t, "cheek", c.times(shut, 0.5, 0.5, 0.1), 1, 0)
}

func TestWinkShutsOneEye(t *testing.T) {
	c := drawn(t)
	out := wink(0.97)(c, seeded("a"))
	l, r := c.times(out, -0.5, 0, 0.03), c.times(out, 0.5, 0, 0.03)
	near(t, "the open eye", min(l, r), 1, 0)
	if max(l, r) < 1.7 {
		t.Errorf("no eye was shut: %.2f and %.2f of their light", l, r)
	}
}

func TestGape(t *testing.T) {
	c := drawn(t)
	x := int((c.marks["mouth_l"].X + c.marks["mouth_r"].X) / 2)
	for _, opening := range []float64{0.05, 0.12} {
		out := gape(opening, false)(c, nil)
		var rows int
		for y := range out.Rect.Dy() {
			if out.NRGBAAt(x, y) == (color.NRGBA{52, 22, 20, 255}) {
				rows++
			}
		}
		near(t, "rows of the open mouth", float64(rows), opening*c.ied(), 1)
	}
	lips, teeth := c.marks["lip_lower_top"].Y, gape(0.08, true)(c, nil)
	if p := teeth.NRGBAAt(x, int(lips+0.04*c.ied())); p.R < 200 || p.B < 180 {
		t.Errorf("no teeth are seen between the lips: %v", p)
	}
}

func TestRolled(t *testing.T) {
	c := drawn(t)
	for _, degrees := range []float64{-10, 9} {
		faces := found(t, rolled(degrees)(c, nil))
		if len(faces) != 1 {
			t.Fatalf("%g degrees: found %d faces", degrees, len(faces))
		}
		near(t, "roll", faces[0].Roll(), degrees, 1)
	}
}

func TestSecondFace(t *testing.T) {
	c := drawn(t)
	for _, size := range []float64{0.4, 1} {
		if n := len(found(t, beside(size)(c, seeded("a")))); n != 2 {
			t.Errorf("second face of %g: found %d", size, n)
		}
	}
}

// point is a white dot on black, to see what blurs do.
func point() *canvas {
	img := image.NewNRGBA(image.Rect(0, 0, 81, 81))
	draw.Draw(img, img.Rect, image.Black, image.Point{}, draw.Src)
	for y := 39; y <= 41; y++ {
		for x := 39; x <= 41; x++ {
			img.Set(x, y, color.White)
		}
	}
	return newCanvas(img, phototest.Marks{"eye_l": {X: -160}, "eye_r": {X: 240}}, nil)
}

// variances of the light along both axes.
func variances(img *image.NRGBA) (vx, vy float64) {
	var sum float64
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			v := float64(img.Pix[img.PixOffset(x, y)])
			dx, dy := float64(x-40), float64(y-40)
			sum, vx, vy = sum+v, vx+v*dx*dx, vy+v*dy*dy
		}
	}
	return vx / sum, vy / sum
}

func TestBlurred(t *testing.T) {
	c := point()
	was, _ := variances(c.img)
	vx, vy := variances(blurred(0.01)(c, nil)) // 1 % of 400 pixels
	near(t, "deviation across", math.Sqrt(vx-was), 4, 0.25)
	near(t, "deviation down", math.Sqrt(vy-was), 4, 0.25)
}

func TestMoved(t *testing.T) {
	c := point()
	was, _ := variances(c.img)
	vx, vy := variances(moved(0.05)(c, seeded("a"))) // 20 pixels: a variance of 20²/12
	near(t, "deviation along the way", math.Sqrt(vx+vy-2*was), 20/math.Sqrt(12), 0.5)
}

func TestLevels(t *testing.T) {
	c := drawn(t)
	near(t, "one stop less", c.times(gain(-1)(c, nil), 0, 0.9, 0.1), 0.5, 0.02)
	warm := cast(1.2, 1, 0.75)(c, nil)
	near(t, "blue of the cast", c.mean(warm, 0.5, 0.5, 0.1, 2)/c.mean(c.img, 0.5, 0.5, 0.1, 2), 0.75, 0.03)
	near(t, "green of the cast", c.times(warm, 0.5, 0.5, 0.1), 1, 0)

	flat, rough := contrast(0.45)(c, nil), noisy(18)(c, seeded("a"))
	var was, is, noise, n float64
	for i := 1; i < len(flat.Pix); i += 4 {
		v := float64(c.img.Pix[i])
		was, is = was+math.Abs(v-128), is+math.Abs(float64(flat.Pix[i])-128)
		if v > 70 && v < 185 {
			noise, n = noise+(float64(rough.Pix[i])-v)*(float64(rough.Pix[i])-v), n+1
		}
	}
	near(t, "contrast", is/was, 0.45, 0.01)
	near(t, "noise", math.Sqrt(noise/n), 18, 0.5)
}

func TestLight(t *testing.T) {
	c := drawn(t)
	side := sideLight(2)(c, seeded("a"))
	l, r := c.times(side, -0.6, 0.5, 0.08), c.times(side, 0.6, 0.5, 0.08)
	near(t, "the bright side", max(l, r), 1, 0.01)
	near(t, "the other side", min(l, r), 0.5, 0.02)
	near(t, "the background", float64(side.NRGBAAt(3, 3).G), float64(c.img.NRGBAAt(3, 3).G), 0)

	dark := sockets(0.3)(c, nil)
	near(t, "socket", c.times(dark, 0.5, -0.03, 0.05), 0.3, 0.03)
	near(t, "below the socket", c.times(dark, 0.5, 0.6, 0.1), 1, 0)

	if got := c.mean(hotSpots(c, nil), 0.15, -0.75, 0.08, 1); got < 0.98 {
		t.Errorf("the hot spot has %.2f of white", got)
	}
	red := redEyes(c, nil)
	if got := c.mean(red, 0.5, 0, 0.02, 0) / c.mean(red, 0.5, 0, 0.02, 1); got < 4 {
		t.Errorf("the pupil's red is %.1f times its green", got)
	}
	if pixel.Linear()[phototest.Level(0.5)] < 0.49 || pixel.Linear()[phototest.Level(0.5)] > 0.51 {
		t.Error("level is not the inverse of pixel.Linear")
	}
}

func TestCovers(t *testing.T) {
	c := drawn(t)
	for _, tt := range []struct {
		name  string
		alter alteration
	}{{"strands", strands}, {"cloth", cloth}} {
		out := tt.alter(c, seeded("a"))
		var changed [2]float64
		for i := range out.Pix {
			p := i / 4
			x, y := c.at(p%out.Rect.Dx(), p/out.Rect.Dx())
			if i%4 == 1 && math.Abs(math.Abs(x)-0.5) < 0.2 && math.Abs(y) < 0.1 && out.Pix[i] != c.img.Pix[i] {
				if x < 0 {
					changed[0]++
				} else {
					changed[1]++
				}
			}
		}
		area := 0.4 * 0.2 * c.ied() * c.ied()
		if more, less := max(changed[0], changed[1])/area, min(changed[0], changed[1])/area; more < 0.3 || less > 0.05 {
			t.Errorf("%s cover %.2f of one eye and %.2f of the other", tt.name, more, less)
		}
	}
	near(t, "tinted lens", c.times(spectacles(0.15)(c, seeded("a")), 0.5, 0.2, 0.03), 0.15, 0.03)
	near(t, "clear lens", c.times(spectacles(1)(c, seeded("a")), 0.5, 0.2, 0.03), 1, 0)
	if got := c.mean(glare(c, seeded("a")), 0.5, 0, 0.03, 1); got < 0.5 {
		t.Errorf("the glare has %.2f of white", got)
	}
}

func TestBehind(t *testing.T) {
	c := drawn(t)
	for _, tt := range []struct {
		name  string
		alter alteration
		least float64 // between the darkest and the brightest place of the background, levels
	}{
		{"stripes", behind(stripes), 40},
		{"door", behind(door), 40},
		{"gradient", behind(slope(0.5)), 20},
		{"clutter", behind(clutter), 60},
		{"picture", behind(picture), 40},
		{"below", behind(below(0.25)), 15},
		{"shadow", shadowBehind, 25},
	} {
		out := tt.alter(c, seeded("a"))
		lo, hi := 255, 0
		for i, v := range c.background().Pix {
			if v == 255 {
				g := int(out.Pix[4*i+1])
				lo, hi = min(lo, g), max(hi, g)
			}
		}
		if float64(hi-lo) < tt.least {
			t.Errorf("%s: the background spans %d levels", tt.name, hi-lo)
		}
		near(t, tt.name+": face", c.times(out, 0, 0.3, 0.3), 1, 0)
	}
}
