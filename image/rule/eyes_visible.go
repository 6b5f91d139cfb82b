// SPDX-License-Identifier: EUPL-1.2

package rule

import (
	"math"

	"github.com/fotobox-project/fotobox/image/pixel"
)

func eyesVisible() Rule {
	return Rule{
		ID: "3.2", Name: "eyes-visible", Clause: "7.2.11, 7.2.12", Unit: "contrast",
		Method: "How much brighter the white of the eye is than the iris, as a share of the cheeks, on the eye where that is less, at most 1; half " +
			"the likeness (correlation) of one eye with the other one's mirror image; less 13 times what the pupils scatter beyond 0.04 inter-eye " +
			"distances. Hair or cloth over an eye lowers the first three, and a pupil that cannot be located is one that cannot be seen. " +
			"If that is less, 1.3 times the light on the places of the lenses, at their brightest tenth, as a share of the cheek below, on the lighter side: " +
			"glasses that are tinted darken skin and lids as well.",
		Measure: func(p *Picture) (float64, error) {
			const least = 18 // unlike lids and lips, a strand over an eye can be told on a small face too
			f, err := p.located(least, lost)
			if err != nil {
				return 0, err
			}
			skin := p.skin()
			level := percentile(cheeks(skin), 0.5)
			left, right := whiteness(skin, -0.5, level), whiteness(skin, 0.5, level)
			free := min(left, right, 1) + evenness(left, right)/4 + likeness(skin)/2 - float64(13*max(0, f.Spread()-0.04))
			return min(free, 1.3*max(lens(skin, -1), lens(skin, 1))), nil
		},
	}
}

// evenness is the lesser of two whites over the other, 0 to 1: what hides one eye
// leaves the other, while glasses and dim light take from both.
func evenness(a, b float64) float64 {
	const least = 0.1 // below, both are as good as gone
	return max(0, min(a, b)) / max(a, b, least)
}

// lost is the scatter, in inter-eye distances, from which it is not even known
// about where the eyes are. Strands and cloth over an eye give up to 0.3.
const lost = 0.5

// lens is the light on the place of a lens on that side (-1 left in the picture, 1
// right), at its brightest tenth, over that on the cheek below: about 1 without
// glasses, 0.67 and more on 71 neutral people, and the share that passes under
// tinted ones.
func lens(skin *pixel.Patch, side float64) float64 {
	linear := pixel.Linear()
	light := func(v []float32, q float64) float64 {
		const floor = 0.001 // keeps noise in the dark from counting
		return float64(linear[int(percentile(v, q)+0.5)]) + floor
	}
	x := side * 0.5
	below := min(x-0.1*side, x+0.25*side)
	return light(box(skin, skin.Y, x-0.28, -0.2, x+0.28, 0.28), 0.9) / light(box(skin, skin.Y, below, 0.42, below+0.35, 0.65), 0.5)
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
