// SPDX-License-Identifier: EUPL-1.2

package rule

import (
	"math"

	"github.com/fotobox-project/fotobox/image/pixel"
)

func evenLight() Rule {
	return Rule{
		ID: "6.1", Name: "even-light", Clause: "7.2.7", Unit: "ratio", Scatter: 0.02,
		Method: "Light on the darker side of the face over that on the lighter one: the median over pairs of mirrored places on forehead, " +
			"cheeks and chin, in linear light.",
		Measure: func(p *Picture) (float64, error) {
			skin, err := p.patch()
			if err != nil {
				return 0, err
			}
			return math.Exp(-math.Abs(sidedness(skin))), nil
		},
	}
}

// sidedness is the logarithm of the light on the left over that on the right.
func sidedness(skin *pixel.Patch) float64 {
	linear := pixel.Linear()
	var pairs []float32
	for y := -0.8; y < 1.45; y += 0.1 {
		for x := 0.15; x < 0.8; x += 0.1 {
			if onSkin(x, y) {
				l, r := spot(skin, &linear, -x, y), spot(skin, &linear, x, y)
				pairs = append(pairs, float32(math.Log(l/r)))
			}
		}
	}
	return percentile(pairs, 0.5)
}

// onSkin tells whether skin lies at a place of the face: not brow, eye, nose or mouth.
func onSkin(x, y float64) bool {
	x = math.Abs(x)
	eyes := y > -0.35 && y < 0.22
	nose := x < 0.25 && y > 0 && y < 0.8
	mouth := x < 0.5 && y > 0.8 && y < 1.25
	return inFace(x, y) && !eyes && !nose && !mouth
}

// spot is the mean light of a tenth of an inter-eye distance, 0 to 1, with a
// floor that keeps noise in the dark from counting.
func spot(skin *pixel.Patch, linear *[256]float32, x, y float64) float64 {
	const floor, step, n = 0.004, 0.025, 5
	sum := 0.0
	for j := range n {
		for i := range n {
			sum += float64(luminance(linear, skin, skin.Index(x+float64((float64(i)-2)*step), y+float64((float64(j)-2)*step))))
		}
	}
	return sum/(n*n) + floor
}
