// SPDX-License-Identifier: EUPL-1.2

package phototest

import (
	"image"
	"math"
	"math/rand/v2"

	"github.com/disintegration/imaging"

	"github.com/fotobox-project/fotobox/image/pixel"
)

// levelled changes the sRGB values, 0 to 255, and no transparency.
func levelled(img *image.NRGBA, curve func(v float64) float64) *image.NRGBA {
	out := imaging.Clone(img)
	for i, v := range out.Pix {
		if i%4 != 3 {
			out.Pix[i] = uint8(min(max(curve(float64(v))+0.5, 0), 255))
		}
	}
	return out
}

// Flattened keeps that share of the contrast.
func Flattened(img *image.NRGBA, share float64) *image.NRGBA {
	return levelled(img, func(v float64) float64 { return 128 + (v-128)*share })
}

// Noisy adds Gaussian noise of that deviation, levels.
func Noisy(img *image.NRGBA, deviation float64, r *rand.Rand) *image.NRGBA {
	return levelled(img, func(v float64) float64 { return v + r.NormFloat64()*deviation })
}

// Exposed changes the light by so many stops.
func Exposed(img *image.NRGBA, stops float64) *image.NRGBA {
	f := math.Exp2(stops)
	return Lit(img, img.Rect, func(_, _ int, v *[3]float64) { v[0], v[1], v[2] = v[0]*f, v[1]*f, v[2]*f })
}

// Lit calls f for the pixels of a copy within the rectangle, with the place in pixels
// and linear red, green and blue from 0 to 1, which f may change.
func Lit(img *image.NRGBA, r image.Rectangle, f func(x, y int, c *[3]float64)) *image.NRGBA {
	table, levels := pixel.Linear(), newLevels()
	out := imaging.Clone(img)
	r = r.Intersect(out.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			o := out.PixOffset(x, y)
			v := [3]float64{float64(table[out.Pix[o]]), float64(table[out.Pix[o+1]]), float64(table[out.Pix[o+2]])}
			was := v
			f(x, y, &v)
			for k := range v {
				if v[k] != was[k] {
					out.Pix[o+k] = levels.of(v[k])
				}
			}
		}
	}
	return out
}

// Level is the sRGB value of linear light, which saturates beyond 0 to 1.
func Level(l float64) uint8 {
	l = min(max(l, 0), 1)
	if l <= 0.0031308 {
		return uint8(255*12.92*l + 0.5)
	}
	return uint8(255*(1.055*math.Pow(l, 1/2.4)-0.055) + 0.5)
}

// levelTable is Level at equal steps from 0 to 1, a fifth of a level apart at most:
// millions of pixels are made from it.
type levelTable [1 << 14]uint8

func newLevels() (t levelTable) {
	for i := range t {
		t[i] = Level(float64(i) / float64(len(t)-1))
	}
	return t
}

func (t *levelTable) of(l float64) uint8 {
	return t[int(min(max(l, 0), 1)*float64(len(t)-1)+0.5)]
}

// Around is the rectangle of a picture about a place of the frame, radius in its units.
func Around(f pixel.Frame, x, y, radius float64) image.Rectangle {
	px, py := f.At(x, y)
	r := radius * f.Unit()
	return image.Rect(int(px-r), int(py-r), int(px+r)+2, int(py+r)+2)
}

// Smooth rises from 0 at a to 1 at b.
func Smooth(a, b, v float64) float64 {
	t := min(max((v-a)/(b-a), 0), 1)
	return t * t * (3 - 2*t)
}
