// SPDX-License-Identifier: EUPL-1.2

package phototest

import (
	"image"
	"math"
	"math/rand/v2"

	"github.com/fotobox-project/fotobox/image/pixel"
)

// Glasses puts glasses before the eyes, whose frame is given: their lenses let that
// share of the light through.
func Glasses(img *image.NRGBA, eyes pixel.Frame, through float64) *image.NRGBA {
	return Lit(img, Around(eyes, 0, 0, 1.3), func(x, y int, v *[3]float64) {
		u, w := eyes.From(float64(x)+0.5, float64(y)+0.5)
		rim := math.Pow(math.Pow(math.Abs(math.Abs(u)-0.5)/0.40, 3)+math.Pow(math.Abs(w-0.04)/0.30, 3), 1.0/3)
		lens := 1 - Smooth(0.97, 1.03, rim)
		frame := 1 - Smooth(0.8, 1.2, math.Abs(rim-1)/0.07)
		if math.Abs(u) < 0.12 { // the bridge
			frame = max(frame, 1-Smooth(0.8, 1.2, math.Abs(w+0.06)/0.025))
		}
		for j := range v {
			v[j] *= 1 - lens*(1-through)
			v[j] += (0.015 - v[j]) * frame
		}
	})
}

// Strands of the head's own hair, or of dark hair where none is seen, fall over the eye
// at that x of the eyes' frame: -0.5 or 0.5.
func Strands(img *image.NRGBA, eyes pixel.Frame, eye float64, r *rand.Rand) *image.NRGBA {
	hair := hairOf(img, eyes)
	type strand struct{ x, lean, bow, half float64 }
	var list []strand
	for range 26 {
		list = append(list, strand{eye + r.NormFloat64()*0.13, r.NormFloat64() * 0.08, r.NormFloat64() * 0.06, 0.006 + 0.012*r.Float64()})
	}
	return Lit(img, Around(eyes, eye, 0, 1.3), func(x, y int, v *[3]float64) {
		u, w := eyes.From(float64(x)+0.5, float64(y)+0.5)
		fade := Smooth(-1.25, -0.9, w) * (1 - Smooth(0.55, 0.8, w))
		for i, s := range list {
			middle := s.x + s.lean*w + s.bow*w*w
			k := (1 - Smooth(0.6, 1.4, math.Abs(u-middle)/s.half)) * fade
			shine := 0.7 + 0.6*float64(i%5)/4
			for j := range v {
				v[j] += (hair[j]*shine - v[j]) * k
			}
		}
	})
}

// hairOf gives the linear colour above the forehead, or dark brown where that is bright.
func hairOf(img *image.NRGBA, eyes pixel.Frame) [3]float64 {
	brown := [3]float64{0.030, 0.018, 0.012}
	x, y := eyes.At(0, -1.5)
	if !(image.Point{int(x), int(y)}).In(img.Rect) {
		return brown
	}
	var colour [3]float64
	for k, s := range img.Pix[img.PixOffset(int(x), int(y)):][:3] {
		colour[k] = math.Pow(float64(s)/255, 2.2)
	}
	if colour[1] > 0.25 {
		return brown
	}
	return colour
}
