// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"image"
	"math"
	"math/rand/v2"
)

// pupil is the x of the eye that is drawn by lot, in the face's frame.
func pupil(r *rand.Rand) float64 { return float64(r.IntN(2)) - 0.5 }

// strands of the head's own hair, or of dark hair where none is seen, fall over one eye.
func strands(c *canvas, r *rand.Rand) *image.NRGBA {
	eye := pupil(r)
	hair := c.hair()
	type strand struct{ x, lean, bow, half float64 }
	var list []strand
	for range 26 {
		list = append(list, strand{eye + r.NormFloat64()*0.13, r.NormFloat64() * 0.08, r.NormFloat64() * 0.06, 0.006 + 0.012*r.Float64()})
	}
	return c.lit(c.around(eye, 0, 1.3), func(x, y int, v *[3]float64) {
		u, w := c.at(x, y)
		fade := smooth(-1.25, -0.9, w) * (1 - smooth(0.55, 0.8, w))
		for i, s := range list {
			middle := s.x + s.lean*w + s.bow*w*w
			k := (1 - smooth(0.6, 1.4, math.Abs(u-middle)/s.half)) * fade
			shine := 0.7 + 0.6*float64(i%5)/4
			for j := range v {
				v[j] += (hair[j]*shine - v[j]) * k
			}
		}
	})
}

// hair gives the linear colour above the forehead, or dark brown where that is bright.
func (c *canvas) hair() [3]float64 {
	brown := [3]float64{0.030, 0.018, 0.012}
	x, y := c.eyes.At(0, -1.5)
	if !(image.Point{int(x), int(y)}).In(c.img.Rect) {
		return brown
	}
	var colour [3]float64
	for k, s := range c.img.Pix[c.img.PixOffset(int(x), int(y)):][:3] {
		colour[k] = math.Pow(float64(s)/255, 2.2)
	}
	if colour[1] > 0.25 {
		return brown
	}
	return colour
}

// cloth covers one eye, as a scarf or a patch does.
func cloth(c *canvas, r *rand.Rand) *image.NRGBA {
	eye := pupil(r)
	colour := [3]float64{0.05 + 0.4*r.Float64(), 0.05 + 0.3*r.Float64(), 0.05 + 0.4*r.Float64()}
	return c.lit(c.around(eye, 0, 1), func(x, y int, v *[3]float64) {
		u, w := c.at(x, y)
		k := 1 - smooth(0.97, 1.03, math.Hypot((u-eye)/0.42, w/0.3))
		weave := 0.9 + 0.1*math.Sin(60*u)*math.Sin(60*w)
		for j := range v {
			v[j] += (colour[j]*weave - v[j]) * k
		}
	})
}

// spectacles draws glasses whose lenses let that share of the light through, with
// or without the lamps' reflections in them.
func spectacles(through float64, glare bool) alteration {
	return func(c *canvas, r *rand.Rand) *image.NRGBA {
		gx, gy, size := r.Float64()*0.16-0.08, r.Float64()*0.1-0.05, 0.10+0.05*r.Float64()
		return c.lit(c.around(0, 0, 1.3), func(x, y int, v *[3]float64) {
			u, w := c.at(x, y)
			side := math.Abs(u) - 0.5
			rim := math.Pow(math.Pow(math.Abs(side)/0.40, 3)+math.Pow(math.Abs(w-0.04)/0.30, 3), 1.0/3)
			lens := 1 - smooth(0.97, 1.03, rim)
			frame := 1 - smooth(0.8, 1.2, math.Abs(rim-1)/0.07)
			if math.Abs(u) < 0.12 { // the bridge
				frame = max(frame, 1-smooth(0.8, 1.2, math.Abs(w+0.06)/0.025))
			}
			spot := 0.0
			if glare {
				spot = lens * (1 - smooth(0.6, 1.1, math.Hypot((u-math.Copysign(0.5, u))-gx, w-gy)/size))
			}
			for j := range v {
				v[j] *= 1 - lens*(1-through)
				v[j] += (0.95 - v[j]) * spot
				v[j] += (0.015 - v[j]) * frame
			}
		})
	}
}
