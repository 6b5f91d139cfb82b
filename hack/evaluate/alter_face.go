// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
)

// lids pulls both upper lids down over that share of the eyes' opening, along the
// lines that were placed by hand.
func lids(share float64) alteration {
	return func(c *canvas, _ *rand.Rand) *image.NRGBA {
		out := c.clone()
		c.lower(out, "eye_l_", share)
		c.lower(out, "eye_r_", share)
		return out
	}
}

// wink pulls one upper lid down, drawn by lot.
func wink(share float64) alteration {
	return func(c *canvas, r *rand.Rand) *image.NRGBA {
		out := c.clone()
		c.lower(out, [2]string{"eye_l_", "eye_r_"}[r.IntN(2)], share)
		return out
	}
}

type place struct{ x, y float64 }

func (m marks) place(name string) place { return place{m[name+"_x"], m[name+"_y"]} }

func (c *canvas) lower(out *image.NRGBA, eye string, share float64) {
	a, b := c.marks.place(eye+"outer"), c.marks.place(eye+"inner")
	if a.x > b.x {
		a, b = b, a
	}
	upper := arc(a, b, c.marks.place(eye+"upper"))
	lower := arc(a, b, c.marks.place(eye+"lower"))
	for x := int(a.x) + 1; x < int(b.x); x++ {
		u, l := upper(float64(x)+0.5)-0.01*c.ied(), lower(float64(x)+0.5)
		if l > u {
			stretch(out, c.img, x, u-0.14*c.ied(), u+0.02*c.ied(), u+share*(l-u))
		}
	}
}

// arc is the parabola through both ends and a place between them.
func arc(a, b, middle place) func(x float64) float64 {
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

// stretch pulls what lies in column x between top and end so that end comes to edge.
func stretch(out, img *image.NRGBA, x int, top, end, edge float64) {
	for y := int(top); y <= int(edge); y++ {
		out.SetNRGBA(x, y, between(img, x, top+(float64(y)+0.5-top)*(end-top)/(edge-top)-0.5))
	}
}

// between interpolates in a column.
func between(img *image.NRGBA, x int, y float64) color.NRGBA {
	i := int(math.Floor(y))
	f := y - float64(i)
	p, q := img.NRGBAAt(x, i), img.NRGBAAt(x, i+1)
	mix := func(a, b uint8) uint8 { return uint8(float64(a)*(1-f) + float64(b)*f + 0.5) }
	return color.NRGBA{mix(p.R, q.R), mix(p.G, q.G), mix(p.B, q.B), 255}
}

// gape opens the mouth along the line between the lips that was placed by hand:
// the lower lip and the chin move down by that many inter-eye distances, and the
// dark of the mouth or teeth are seen between.
func gape(opening float64, teeth bool) alteration {
	return func(c *canvas, _ *rand.Rand) *image.NRGBA {
		out := c.clone()
		a, b := c.marks.place("mouth_l"), c.marks.place("mouth_r")
		upper, lower := c.marks.place("lip_upper_bottom"), c.marks.place("lip_lower_top")
		line := arc(a, b, place{(upper.x + lower.x) / 2, (upper.y + lower.y) / 2})
		for x := int(a.x) + 1; x < int(b.x); x++ {
			t := (float64(x) + 0.5 - a.x) / (b.x - a.x)
			open := opening * c.ied() * min(1, 6*t*(1-t))
			c.part(out, x, line(float64(x)+0.5), open, teeth)
		}
		return out
	}
}

// part opens one column below the line; what was below is squeezed towards the chin.
func (c *canvas) part(out *image.NRGBA, x int, line, open float64, teeth bool) {
	const reach = 0.55 // inter-eye distances that give way
	end := line + reach*c.ied()
	for y := int(line); y < int(end); y++ {
		down := float64(y) + 0.5 - line
		switch {
		case down >= open:
			out.SetNRGBA(x, y, between(c.img, x, line+(down-open)*(end-line)/(end-line-open)-0.5))
		case teeth:
			out.SetNRGBA(x, y, color.NRGBA{218, 208, 192, 255})
		default:
			out.SetNRGBA(x, y, color.NRGBA{52, 22, 20, 255})
		}
	}
}
