// SPDX-License-Identifier: EUPL-1.2

package model_test

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"

	"github.com/disintegration/imaging"
)

// The functions here make a good photo bad in one known way, along its points
// that were placed by hand.

type spot struct{ x, y float64 }

// marks are the hand-placed points of a photo, by their names in LANDMARKS.csv.
type marks map[string]float64

func (m marks) at(name string) spot { return spot{m[name+"_x"], m[name+"_y"]} }

func (m marks) ied() float64 {
	l, r := m.at("eye_l"), m.at("eye_r")
	return math.Hypot(r.x-l.x, r.y-l.y)
}

// shut pulls the upper lids down over the share of the eyes' opening.
func shut(img *image.NRGBA, m marks, share float64) *image.NRGBA {
	out := imaging.Clone(img)
	ied := m.ied()
	for _, eye := range []string{"eye_l_", "eye_r_"} {
		a, b := m.at(eye+"outer"), m.at(eye+"inner")
		if a.x > b.x {
			a, b = b, a
		}
		upper, lower := lid(a, b, m.at(eye+"upper")), lid(a, b, m.at(eye+"lower"))
		for x := int(a.x) + 1; x < int(b.x); x++ {
			u, l := upper(float64(x)+0.5)-0.01*ied, lower(float64(x)+0.5)
			if l > u {
				pull(out, img, x, u-0.14*ied, u+0.02*ied, u+share*(l-u))
			}
		}
	}
	return out
}

// lid is the parabola through both corners of an eye and the middle of a lid.
func lid(a, b, middle spot) func(x float64) float64 {
	along := func(x float64) (t, y float64) {
		t = (x - a.x) / (b.x - a.x)
		return t, a.y + (b.y-a.y)*t
	}
	t, y := along(middle.x)
	bend := (middle.y - y) / (t * (1 - t))
	return func(x float64) float64 {
		t, y := along(x)
		return y + bend*t*(1-t)
	}
}

// pull stretches the skin of column x, from top to lash, down to edge.
func pull(out, img *image.NRGBA, x int, top, lash, edge float64) {
	for y := int(top); y <= int(edge); y++ {
		from := top + (float64(y)+0.5-top)*(lash-top)/(edge-top) - 0.5
		i := int(math.Floor(from))
		f := from - float64(i)
		p, q := img.NRGBAAt(x, i), img.NRGBAAt(x, i+1)
		mix := func(a, b uint8) uint8 { return uint8(float64(a)*(1-f) + float64(b)*f + 0.5) }
		out.SetNRGBA(x, y, color.NRGBA{mix(p.R, q.R), mix(p.G, q.G), mix(p.B, q.B), 255})
	}
}

// tinted puts glasses on whose lenses swallow that share of the light.
func tinted(img *image.NRGBA, m marks, share float64) *image.NRGBA {
	out := imaging.Clone(img)
	ied := m.ied()
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			for _, eye := range []spot{m.at("eye_l"), m.at("eye_r")} {
				u, v := (float64(x)-eye.x)/ied/0.42, ((float64(y)-eye.y)/ied-0.05)/0.32
				d := math.Pow(math.Abs(u), 3) + math.Pow(math.Abs(v), 3)
				c := img.NRGBAAt(x, y)
				dim := func(a uint8) uint8 { return uint8(float64(a)*(1-share) + 12*share) }
				if d < 1 {
					out.SetNRGBA(x, y, color.NRGBA{dim(c.R), dim(c.G), dim(c.B), 255})
				} else if d < 1.35 {
					out.SetNRGBA(x, y, color.NRGBA{20, 18, 18, 255})
				}
			}
		}
	}
	return out
}

// stranded hangs forty brown strands before the eye on the left.
func stranded(img *image.NRGBA, m marks) *image.NRGBA {
	out := imaging.Clone(img)
	r := rand.New(rand.NewPCG(1, 9))
	ied, eye := m.ied(), m.at("eye_l")
	for range 40 {
		from, to := eye.x+ied*(0.25+0.2*r.NormFloat64()), eye.x+0.15*ied*r.NormFloat64()
		top, bottom := eye.y-0.7*ied, eye.y+ied*(0.2+0.5*r.Float64())
		half, shade := ied*(0.006+0.008*r.Float64()), 0.7+0.6*r.Float64()
		for y := top; y < bottom; y++ {
			t := (y - top) / (bottom - top)
			x := from + (to-from)*t*(2-t)
			for dx := -half; dx <= half; dx++ {
				out.SetNRGBA(int(x+dx), int(y), color.NRGBA{uint8(60 * shade), uint8(40 * shade), uint8(28 * shade), 255})
			}
		}
	}
	return out
}
