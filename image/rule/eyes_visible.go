// SPDX-License-Identifier: EUPL-1.2

package rule

import (
	"fmt"
	"math"

	"github.com/fotobox-project/fotobox/image/pixel"
)

func eyesVisible() Rule {
	return Rule{
		ID: "3.2", Name: "eyes-visible", Clause: "7.2.11, 7.2.12", Unit: "contrast",
		Method: "How much brighter the white of the eye is than the iris, as a share of the cheeks, on the eye where that is less; and 0.3 " +
			"of the likeness (correlation) of one eye with the other one's mirror image. Hair or cloth over an eye lowers both, tinted glasses the first.",
		Measure: func(p *Picture) (float64, error) {
			// Unlike lids and lips, a strand over an eye can be told on a small face too.
			const least = 18
			f, err := p.face()
			switch {
			case err != nil:
				return 0, err
			case f.IED() < least:
				return 0, fmt.Errorf("the face is too small: the eyes lie %.0f pixels apart, %d are needed", f.IED(), least)
			case f.Spread() > mostSpread || math.IsNaN(f.Spread()):
				return 0, fmt.Errorf("the eyes could not be located exactly (scatter %.2f of their distance)", f.Spread())
			}
			skin := p.skin()
			level := percentile(cheeks(skin), 0.5)
			return min(whiteness(skin, -0.5, level), whiteness(skin, 0.5, level)) + 0.3*likeness(skin), nil
		},
	}
}

// whiteness is how much the brighter white beside the pupil at (x, 0) stands out
// from the iris, as a share of the cheeks.
func whiteness(skin *pixel.Patch, x, level float64) float64 {
	iris := percentile(disc(skin, skin.Y, x, 0, 0.06), 0.5)
	l := percentile(box(skin, skin.Y, x-0.17, -0.02, x-0.09, 0.05), 0.75)
	r := percentile(box(skin, skin.Y, x+0.09, -0.02, x+0.17, 0.05), 0.75)
	const dark = 20 // keeps noise in the dark from counting
	return (max(l, r) - iris) / (level + dark)
}

// likeness correlates brow, eye and lids of one side with the mirrored other
// side: -1 to 1, and 0 where one of them is all of one tone. Column i of the patch
// has its mirror image in column W-1-i.
func likeness(skin *pixel.Patch) float64 {
	var l, r []float64
	from, to := skin.Index(-0.8, -0.35), skin.Index(-0.2, 0.3)
	for j := from / skin.W; j <= to/skin.W; j += 2 {
		for i := from % skin.W; i <= to%skin.W; i += 2 {
			l, r = append(l, float64(skin.Y[j*skin.W+i])), append(r, float64(skin.Y[j*skin.W+skin.W-1-i]))
		}
	}
	return correlation(l, r)
}

// correlation of two lists of grey levels of the same length. A deviation below
// one level is noise and correlates with nothing.
func correlation(a, b []float64) float64 {
	var ma, mb, ab, aa, bb float64
	n := float64(len(a))
	for i := range a {
		ma, mb = ma+a[i]/n, mb+b[i]/n
	}
	for i := range a {
		x, y := a[i]-ma, b[i]-mb
		ab, aa, bb = ab+float64(x*y), aa+float64(x*x), bb+float64(y*y)
	}
	if !(aa >= n && bb >= n) {
		return 0
	}
	return min(max(ab/(math.Sqrt(aa)*math.Sqrt(bb)), -1), 1)
}
