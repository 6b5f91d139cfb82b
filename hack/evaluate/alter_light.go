// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"image"
	"math"
	"math/rand/v2"

	"github.com/disintegration/imaging"

	"github.com/fotobox-project/fotobox/image/phototest"
)

// alteration makes another picture of a canvas; the same numbers give the same.
type alteration = func(*canvas, *rand.Rand) *image.NRGBA

// gain changes the light by so many stops.
func gain(stops float64) alteration {
	return func(c *canvas, _ *rand.Rand) *image.NRGBA { return phototest.Exposed(c.img, stops) }
}

// cast multiplies the channels.
func cast(red, green, blue float64) alteration {
	return func(c *canvas, _ *rand.Rand) *image.NRGBA {
		return c.lit(c.img.Rect, func(_, _ int, v *[3]float64) {
			v[0], v[1], v[2] = v[0]*red, v[1]*green, v[2]*blue
		})
	}
}

// sideLight leaves one side of the head 1/factor of its light; the side is drawn by lot.
func sideLight(factor float64) alteration {
	return func(c *canvas, r *rand.Rand) *image.NRGBA {
		side := 1.0
		if r.IntN(2) == 0 {
			side = -1
		}
		plain := c.background()
		return c.lit(c.img.Rect, func(x, y int, v *[3]float64) {
			u, _ := c.at(x, y)
			head := 1 - float64(plain.Pix[plain.PixOffset(x, y)])/255
			k := 1 - (1-1/factor)*phototest.Smooth(-0.5, 0.5, side*u)*head
			v[0], v[1], v[2] = v[0]*k, v[1]*k, v[2]*k
		})
	}
}

// sockets leave that share of the light in both eye sockets.
func sockets(share float64) alteration {
	return func(c *canvas, _ *rand.Rand) *image.NRGBA {
		return c.lit(c.around(0, 0, 1.2), func(x, y int, v *[3]float64) {
			u, w := c.at(x, y)
			d := math.Hypot((math.Abs(u)-0.5)/0.42, (w+0.03)/0.26)
			k := 1 - (1-share)*(1-phototest.Smooth(0.6, 1.1, d))
			v[0], v[1], v[2] = v[0]*k, v[1]*k, v[2]*k
		})
	}
}

// hotSpots are shining patches on forehead, nose and one cheek.
func hotSpots(c *canvas, _ *rand.Rand) *image.NRGBA {
	spots := [][3]float64{{0.15, -0.75, 0.26}, {0, 0.45, 0.10}, {0.62, 0.55, 0.18}}
	return c.lit(c.around(0, 0, 1.5), func(x, y int, v *[3]float64) {
		u, w := c.at(x, y)
		for _, s := range spots {
			k := 1 - phototest.Smooth(0.5, 1.3, math.Hypot(u-s[0], w-s[1])/s[2])
			for i := range v {
				v[i] += k * 1.2
			}
		}
	})
}

// redEyes paints the pupils as a flash beside the lens does.
func redEyes(c *canvas, _ *rand.Rand) *image.NRGBA {
	return c.lit(c.around(0, 0, 0.7), func(x, y int, v *[3]float64) {
		u, w := c.at(x, y)
		k := 1 - phototest.Smooth(0.8, 1.2, math.Hypot(math.Abs(u)-0.5, w)/0.05)
		for i, red := range [3]float64{0.45, 0.03, 0.04} {
			v[i] += (red - v[i]) * 0.9 * k
		}
	})
}

// blurred by a Gaussian of that deviation in inter-eye distances.
func blurred(sigma float64) alteration {
	return func(c *canvas, _ *rand.Rand) *image.NRGBA { return imaging.Blur(c.img, sigma*c.ied()) }
}

// moved during the exposure by that many inter-eye distances, in a direction drawn by lot.
func moved(length float64) alteration {
	return func(c *canvas, r *rand.Rand) *image.NRGBA {
		a := r.Float64() * math.Pi
		way := make([]image.Point, max(2, int(length*c.ied()+0.5)))
		for i := range way {
			d := float64(i) - float64(len(way)-1)/2
			way[i] = image.Pt(int(math.Round(d*math.Cos(a))), int(math.Round(d*math.Sin(a))))
		}
		out := c.clone()
		w, h := out.Rect.Dx(), out.Rect.Dy()
		for y := range h {
			for x := range w {
				smear(out.Pix[4*(y*w+x):], c.img, x, y, way)
			}
		}
		return out
	}
}

// smear writes the mean colour along the way.
func smear(to []uint8, img *image.NRGBA, x, y int, way []image.Point) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	var sum [3]int
	for _, d := range way {
		o := 4 * (min(max(y+d.Y, 0), h-1)*w + min(max(x+d.X, 0), w-1))
		for k := range sum {
			sum[k] += int(img.Pix[o+k])
		}
	}
	for k := range sum {
		to[k] = uint8((sum[k] + len(way)/2) / len(way))
	}
}

// noisy adds Gaussian noise of that deviation, levels.
func noisy(deviation float64) alteration {
	return func(c *canvas, r *rand.Rand) *image.NRGBA { return phototest.Noisy(c.img, deviation, r) }
}

// contrast keeps that share of it.
func contrast(share float64) alteration {
	return func(c *canvas, _ *rand.Rand) *image.NRGBA { return phototest.Flattened(c.img, share) }
}

func grey(c *canvas, _ *rand.Rand) *image.NRGBA { return imaging.Grayscale(c.img) }
