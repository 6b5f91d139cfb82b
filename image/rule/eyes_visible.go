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

// likeness correlates brow, eye and lids of one side with the mirrored other side: -1 to 1.
func likeness(skin *pixel.Patch) float64 {
	var n, sl, sr, ll, rr, lr float64
	step := 2 / skin.PerUnit
	for y := -0.35; y <= 0.3; y += step {
		for x := -0.3; x <= 0.3; x += step {
			l, r := float64(skin.Y[skin.Index(-0.5+x, y)]), float64(skin.Y[skin.Index(0.5-x, y)])
			n, sl, sr, ll, rr, lr = n+1, sl+l, sr+r, ll+l*l, rr+r*r, lr+l*r
		}
	}
	varies := (ll - sl*sl/n) * (rr - sr*sr/n)
	if varies <= 0 {
		return 0
	}
	return (lr - sl*sr/n) / math.Sqrt(varies)
}
