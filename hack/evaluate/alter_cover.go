// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"image"
	"math"
	"math/rand/v2"

	"github.com/fotobox-project/fotobox/image/phototest"
)

// pupil is the x of the eye that is drawn by lot, in the face's frame.
func pupil(r *rand.Rand) float64 { return float64(r.IntN(2)) - 0.5 }

// strands fall over one eye, drawn by lot.
func strands(c *canvas, r *rand.Rand) *image.NRGBA {
	return phototest.Strands(c.img, c.eyes, pupil(r), r)
}

// cloth covers one eye, as a scarf or a patch does.
func cloth(c *canvas, r *rand.Rand) *image.NRGBA {
	eye := pupil(r)
	colour := [3]float64{0.05 + 0.4*r.Float64(), 0.05 + 0.3*r.Float64(), 0.05 + 0.4*r.Float64()}
	return c.lit(c.around(eye, 0, 1), func(x, y int, v *[3]float64) {
		u, w := c.at(x, y)
		k := 1 - phototest.Smooth(0.97, 1.03, math.Hypot((u-eye)/0.42, w/0.3))
		weave := 0.9 + 0.1*math.Sin(60*u)*math.Sin(60*w)
		for j := range v {
			v[j] += (colour[j]*weave - v[j]) * k
		}
	})
}

// spectacles draws glasses whose lenses let that share of the light through.
func spectacles(through float64) alteration {
	return func(c *canvas, _ *rand.Rand) *image.NRGBA { return phototest.Glasses(c.img, c.eyes, through) }
}

// glare is the lamps' reflections in clear glasses.
func glare(c *canvas, r *rand.Rand) *image.NRGBA {
	gx, gy, size := r.Float64()*0.16-0.08, r.Float64()*0.1-0.05, 0.10+0.05*r.Float64()
	return phototest.Lit(phototest.Glasses(c.img, c.eyes, 1), c.around(0, 0, 1), func(x, y int, v *[3]float64) {
		u, w := c.at(x, y)
		k := 1 - phototest.Smooth(0.6, 1.1, math.Hypot(u-math.Copysign(0.5, u)-gx, w-gy)/size)
		for j := range v {
			v[j] += (0.95 - v[j]) * k
		}
	})
}
