// SPDX-License-Identifier: EUPL-1.2

package quality

import "image"

// cheeks are the two squares of 0.3 inter-eye distances below the eyes, half way
// to the mouth, from below each eye's middle towards the nose: left and right in
// the aligned picture.
func (a *aligned) cheeks() (left, right image.Rectangle) {
	zone := int(0.3 * a.ied())
	down := int(a.mouth() / 2)
	lx, ly := int(a.eyeLeft.x), int(a.eyeLeft.y)+down
	rx, ry := int(a.eyeRight.x), int(a.eyeRight.y)+down
	bounds := image.Rect(0, 0, side, side)
	return image.Rect(lx, ly, lx+zone, ly+zone).Intersect(bounds), image.Rect(rx-zone, ry, rx, ry+zone).Intersect(bounds)
}

// each calls f with the index of every pixel of the aligned picture in r.
func each(r image.Rectangle, f func(o int)) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			f(y*side + x)
		}
	}
}

// mean is the mean sRGB colour of rectangles of the aligned picture.
func (a *aligned) mean(parts ...image.Rectangle) (rgb [3]float64) {
	var sum [3]int
	n := 0
	for _, r := range parts {
		each(r, func(o int) {
			n++
			for i := range sum {
				sum[i] += int(a.pix[3*o+i])
			}
		})
	}
	for i, v := range sum {
		rgb[i] = float64(v) / float64(n)
	}
	return rgb
}
