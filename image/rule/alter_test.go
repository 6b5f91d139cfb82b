// SPDX-License-Identifier: EUPL-1.2

package rule

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"math/rand/v2"

	"github.com/disintegration/imaging"

	"github.com/fotobox-project/fotobox/image/pixel"
)

// The functions here make a good photo bad in one known way.

func levelled(img *image.NRGBA, curve func(v float64) float64) *image.NRGBA {
	out := image.NewNRGBA(img.Rect)
	for i, v := range img.Pix {
		out.Pix[i] = v
		if i%4 != 3 {
			out.Pix[i] = uint8(min(max(curve(float64(v))+0.5, 0), 255))
		}
	}
	return out
}

// exposed changes the light by that many stops, in linear light.
func exposed(img *image.NRGBA, stops float64) *image.NRGBA {
	linear := pixel.Linear()
	return levelled(img, func(v float64) float64 {
		l := min(1, float64(linear[int(v)])*math.Exp2(stops))
		if l <= 0.0031308 {
			return 255 * 12.92 * l
		}
		return 255 * (1.055*math.Pow(l, 1/2.4) - 0.055)
	})
}

// flattened keeps a share of the contrast.
func flattened(img *image.NRGBA, share float64) *image.NRGBA {
	return levelled(img, func(v float64) float64 { return 128 + (v-128)*share })
}

func noisy(img *image.NRGBA, deviation float64) *image.NRGBA {
	r := rand.New(rand.NewPCG(1, 2))
	return levelled(img, func(v float64) float64 { return v + r.NormFloat64()*deviation })
}

func grey(img *image.NRGBA) *image.NRGBA { return imaging.Grayscale(img) }

// twice sets the photo beside itself.
func twice(img *image.NRGBA) *image.NRGBA {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	out := image.NewNRGBA(image.Rect(0, 0, 2*w, h))
	draw.Draw(out, image.Rect(0, 0, w, h), img, image.Point{}, draw.Src)
	draw.Draw(out, image.Rect(w, 0, 2*w, h), img, image.Point{}, draw.Src)
	return out
}

// closed pulls the upper lids down over the share of the eyes' opening, along
// the lid lines that were placed by hand.
func closed(img *image.NRGBA, at map[string]float64, share float64) *image.NRGBA {
	out := imaging.Clone(img)
	ied := math.Hypot(at["eye_r_x"]-at["eye_l_x"], at["eye_r_y"]-at["eye_l_y"])
	for _, eye := range []string{"eye_l_", "eye_r_"} {
		a := corner{at[eye+"outer_x"], at[eye+"outer_y"]}
		b := corner{at[eye+"inner_x"], at[eye+"inner_y"]}
		if a.x > b.x {
			a, b = b, a
		}
		upper := lid(a, b, corner{at[eye+"upper_x"], at[eye+"upper_y"]})
		lower := lid(a, b, corner{at[eye+"lower_x"], at[eye+"lower_y"]})
		for x := int(a.x) + 1; x < int(b.x); x++ {
			u, l := upper(float64(x)+0.5)-0.01*ied, lower(float64(x)+0.5)
			if l > u {
				pull(out, img, x, u-0.14*ied, u+0.02*ied, u+share*(l-u))
			}
		}
	}
	return out
}

type corner struct{ x, y float64 }

// lid is the parabola through both corners of an eye and the middle of a lid.
func lid(a, b, middle corner) func(x float64) float64 {
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

// sideLit leaves half of the light on one side of the face, with a soft edge
// along the middle axis.
func sideLit(s sitting) *image.NRGBA {
	linear := pixel.Linear()
	out := imaging.Clone(s.img)
	middle, ied := (s.points["eye_l_x"]+s.points["eye_r_x"])/2, s.points["ied"]
	var level [256]uint8
	for x := range out.Rect.Dx() {
		k := 1 - 0.5/(1+math.Exp(-(float64(x)-middle)/ied/0.15))
		for v := range level {
			level[v] = encoded(float64(linear[v]) * k)
		}
		for y := range out.Rect.Dy() {
			for c := range 3 {
				o := y*out.Stride + 4*x + c
				out.Pix[o] = level[out.Pix[o]]
			}
		}
	}
	return out
}

// encoded is the sRGB level of linear light, 0 to 1.
func encoded(l float64) uint8 {
	if l <= 0.0031308 {
		return uint8(255*12.92*l + 0.5)
	}
	return uint8(255*(1.055*math.Pow(min(1, l), 1/2.4)-0.055) + 0.5)
}

// spotted paints an oval at both eyes, off the pupils by (dx, dy), radii rx and
// ry, all in inter-eye distances.
func spotted(s sitting, c color.NRGBA, dx, dy, rx, ry float64) *image.NRGBA {
	out, ied := imaging.Clone(s.img), s.points["ied"]
	for _, eye := range []string{"eye_l", "eye_r"} {
		cx, cy := s.points[eye+"_x"]+dx*ied, s.points[eye+"_y"]+dy*ied
		for y := int(cy - ry*ied); y <= int(cy+ry*ied); y++ {
			for x := int(cx - rx*ied); x <= int(cx+rx*ied); x++ {
				u, v := (float64(x)-cx)/(rx*ied), (float64(y)-cy)/(ry*ied)
				if u*u+v*v <= 1 {
					out.SetNRGBA(x, y, c)
				}
			}
		}
	}
	return out
}
