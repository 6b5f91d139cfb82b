// SPDX-License-Identifier: EUPL-1.2

package rule

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"github.com/disintegration/imaging"

	"github.com/fotobox-project/fotobox/image/phototest"
)

// The functions here make a good photo bad in one known way, beside those of phototest.

// twice sets the photo beside itself.
func twice(img *image.NRGBA) *image.NRGBA {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	out := image.NewNRGBA(image.Rect(0, 0, 2*w, h))
	draw.Draw(out, image.Rect(0, 0, w, h), img, image.Point{}, draw.Src)
	draw.Draw(out, image.Rect(w, 0, 2*w, h), img, image.Point{}, draw.Src)
	return out
}

// dimmed leaves a share of the light, by inter-eye distances from the middle.
func (s sitting) dimmed(share func(x float64) float64) *image.NRGBA {
	eyes := s.marks.Eyes()
	return phototest.Lit(s.img, s.img.Rect, func(x, _ int, v *[3]float64) {
		k := share((float64(x) - eyes.X) / eyes.Unit())
		v[0], v[1], v[2] = v[0]*k, v[1]*k, v[2]*k
	})
}

// sideLit leaves half of the light on one side of the face, with a soft edge
// along the middle axis.
func sideLit(s sitting) *image.NRGBA {
	return s.dimmed(func(x float64) float64 { return 1 - 0.5/(1+math.Exp(-x/0.15)) })
}

// spotted paints an oval at both eyes, off the pupils by (dx, dy), radii rx and
// ry, all in inter-eye distances.
func spotted(s sitting, c color.NRGBA, dx, dy, rx, ry float64) *image.NRGBA {
	out, ied := imaging.Clone(s.img), s.marks.IED()
	for _, eye := range []string{"eye_l", "eye_r"} {
		cx, cy := s.marks[eye].X+dx*ied, s.marks[eye].Y+dy*ied
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
