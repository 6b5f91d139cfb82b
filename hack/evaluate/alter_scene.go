// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"image"
	"image/draw"
	"math"
	"math/rand/v2"

	"github.com/disintegration/imaging"

	"github.com/fotobox-project/fotobox/image/pixel"
)

// roll of a frame in degrees, positive = clockwise in the picture.
func roll(f pixel.Frame) float64 { return math.Atan2(f.Uy, f.Ux) * 180 / math.Pi }

// rolled turns the picture so that the line between the pupils has that angle,
// degrees, positive = clockwise. What comes into view takes the corner's colour.
func rolled(degrees float64) alteration {
	return func(c *canvas, _ *rand.Rand) *image.NRGBA {
		return imaging.Rotate(c.img, roll(c.eyes)-degrees, c.img.NRGBAAt(5, 5))
	}
}

// A backdrop is what the background's light is multiplied by at a place of the
// face's frame. A portrait shows about 1.8 inter-eye distances to both sides of the
// nose, and heads are 1.2 wide.
type backdrop func(x, y float64) [3]float64

// behind alters the background and not the person.
func behind(b backdrop) alteration {
	return func(c *canvas, _ *rand.Rand) *image.NRGBA {
		plain := c.background()
		return c.lit(c.img.Rect, func(x, y int, v *[3]float64) {
			k := float64(plain.Pix[plain.PixOffset(x, y)]) / 255
			if k == 0 {
				return
			}
			for j, f := range b(c.at(x, y)) {
				v[j] *= 1 + k*(f-1)
			}
		})
	}
}

func even(v float64) [3]float64 { return [3]float64{v, v, v} }

// tone leaves that share of the light.
func tone(share float64) backdrop {
	return func(_, _ float64) [3]float64 { return even(share) }
}

// slope falls by that share from one side of the portrait to the other.
func slope(share float64) backdrop {
	return func(x, _ float64) [3]float64 { return even(1 - share*min(max((x+1.8)/3.6, 0), 1)) }
}

// below falls by that share from above the head to the chin, as lamps from above
// leave a wall.
func below(share float64) backdrop {
	return func(_, y float64) [3]float64 { return even(1 - share*min(max((y+2)/3.5, 0), 1)) }
}

// picture hangs beside the head, in a corner of the portrait.
func picture(x, y float64) [3]float64 {
	if x > 1.1 && y < -1.2 {
		return [3]float64{0.3, 0.5, 0.6}
	}
	return even(1)
}

// stripes of a curtain.
func stripes(x, _ float64) [3]float64 { return even(0.7 + 0.3*math.Sin(2*math.Pi*x/0.4)) }

// door is darker wood beside the wall, with an edge beside the head.
func door(x, _ float64) [3]float64 {
	if x < -1.35 {
		return [3]float64{0.5, 0.36, 0.25}
	}
	return even(1)
}

// clutter is shelves with things of several colours.
func clutter(x, y float64) [3]float64 {
	n := uint32(int(x*2.5+50)*73856093) ^ uint32(int(y*2+50)*19349663)
	n = n*1664525 + 1013904223
	return [3]float64{0.25 + float64(n>>24)/340, 0.25 + float64(n>>16&255)/340, 0.25 + float64(n>>8&255)/340}
}

// shadowBehind is the head's shadow on the wall, beside and below the head, as one
// lamp near the camera throws it.
func shadowBehind(c *canvas, r *rand.Rand) *image.NRGBA {
	side := 2 * pupil(r)
	plain := c.background()
	dx, dy := int(side*0.35*c.ied()), int(0.12*c.ied())
	cast := imaging.Blur(imaging.Resize(plain, plain.Rect.Dx()/4, 0, imaging.Box), 0.02*c.ied())
	scale := float64(cast.Rect.Dx()) / float64(plain.Rect.Dx())
	return c.lit(c.img.Rect, func(x, y int, v *[3]float64) {
		at := image.Pt(int(float64(x-dx)*scale), int(float64(y-dy)*scale))
		if !at.In(cast.Rect) {
			return
		}
		dark := 1 - float64(cast.Pix[cast.PixOffset(at.X, at.Y)])/255
		k := 1 - 0.4*dark*float64(plain.Pix[plain.PixOffset(x, y)])/255
		v[0], v[1], v[2] = v[0]*k, v[1]*k, v[2]*k
	})
}

// beside widens the picture and sets another person there, that large.
func beside(size float64) alteration {
	return func(c *canvas, r *rand.Rand) *image.NRGBA {
		other := c.other
		if other == nil || size == 1 {
			other = c.img
		}
		w, h := c.img.Rect.Dx(), c.img.Rect.Dy()
		small := imaging.Resize(other, 0, int(float64(h)*size), imaging.Linear)
		out := image.NewNRGBA(image.Rect(0, 0, w+small.Rect.Dx(), h))
		draw.Draw(out, out.Rect, image.NewUniform(c.img.NRGBAAt(w-3, 3)), image.Point{}, draw.Src)
		person, guest := 0, w
		if r.IntN(2) == 0 {
			person, guest = small.Rect.Dx(), 0
		}
		draw.Draw(out, c.img.Rect.Add(image.Pt(person, 0)), c.img, image.Point{}, draw.Src)
		draw.Draw(out, small.Rect.Add(image.Pt(guest, h-small.Rect.Dy())), small, image.Point{}, draw.Src)
		return out
	}
}
