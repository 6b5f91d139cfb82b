// SPDX-License-Identifier: EUPL-1.2

package phototest

import (
	"image"
	"image/color"
	"math"

	"github.com/disintegration/imaging"
)

// Shut pulls the upper lids down over that share of the eyes' opening, along the
// lines that were placed by hand; only one lid if that eye is named: "eye_l".
func Shut(img *image.NRGBA, m Marks, share float64, only ...string) *image.NRGBA {
	out, eyes := imaging.Clone(img), []string{"eye_l", "eye_r"}
	if len(only) > 0 {
		eyes = only
	}
	for _, eye := range eyes {
		lower(out, img, m, eye, share)
	}
	return out
}

func lower(out, img *image.NRGBA, m Marks, eye string, share float64) {
	a, b, ied := m[eye+"_outer"], m[eye+"_inner"], m.IED()
	if a.X > b.X {
		a, b = b, a
	}
	upper, lower := arc(a, b, m[eye+"_upper"]), arc(a, b, m[eye+"_lower"])
	for x := int(a.X) + 1; x < int(b.X); x++ {
		u, l := upper(float64(x)+0.5)-0.01*ied, lower(float64(x)+0.5)
		if l > u {
			stretch(out, img, x, u-0.14*ied, u+0.02*ied, u+share*(l-u))
		}
	}
}

// arc is the parabola through both ends and a place between them.
func arc(a, b, middle Point) func(x float64) float64 {
	along := func(x float64) (t, y float64) {
		t = (x - a.X) / (b.X - a.X)
		return t, a.Y + (b.Y-a.Y)*t
	}
	t, y := along(middle.X)
	bend := (middle.Y - y) / (t * (1 - t))
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

// Gape opens the mouth along the line between the lips that was placed by hand:
// the lower lip and the chin move down by that many inter-eye distances, and the
// dark of the mouth or teeth are seen between.
func Gape(img *image.NRGBA, m Marks, opening float64, teeth bool) *image.NRGBA {
	out, ied := imaging.Clone(img), m.IED()
	a, b, upper, lower := m["mouth_l"], m["mouth_r"], m["lip_upper_bottom"], m["lip_lower_top"]
	line := arc(a, b, Point{(upper.X + lower.X) / 2, (upper.Y + lower.Y) / 2})
	for x := int(a.X) + 1; x < int(b.X); x++ {
		t := (float64(x) + 0.5 - a.X) / (b.X - a.X)
		part(out, img, x, line(float64(x)+0.5), opening*ied*min(1, 6*t*(1-t)), 0.55*ied, teeth)
	}
	return out
}

// part opens one column below the line; what was below is squeezed towards the chin,
// as far as the reach.
func part(out, img *image.NRGBA, x int, line, open, reach float64, teeth bool) {
	end := line + reach
	for y := int(line); y < int(end); y++ {
		down := float64(y) + 0.5 - line
		switch {
		case down >= open:
			out.SetNRGBA(x, y, between(img, x, line+(down-open)*(end-line)/(end-line-open)-0.5))
		case teeth:
			out.SetNRGBA(x, y, color.NRGBA{218, 208, 192, 255})
		default:
			out.SetNRGBA(x, y, color.NRGBA{52, 22, 20, 255})
		}
	}
}
