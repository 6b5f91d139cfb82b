// SPDX-License-Identifier: EUPL-1.2

package quality

import (
	"image"
	"math"
)

func illuminationUniformity() Measure {
	return Measure{
		ID: "0x43", Name: "IlluminationUniformity", Source: iso, Unit: "share",
		Method: "What the normalised histograms of linear luminance in two squares of 0.3 inter-eye distances on the cheeks " +
			"have in common.",
		Differs: "The middle of the mouth, which sets the squares' height, is taken at 0.44 between the lips' outer edges.",
		Native: onFace(func(p *Picture) float64 {
			left, right := p.aligned().cheeks()
			return overlap(p.aligned().shares(left), p.aligned().shares(right))
		}),
		Score: func(share float64) int { return whole(100 * math.Pow(share, 0.3)) },
	}
}

func overlap(a, b [256]float64) (sum float64) {
	for i := range a {
		sum += min(a[i], b[i])
	}
	return sum
}

// shares is the normalised histogram of luminance of a part of the aligned picture.
func (a *aligned) shares(part image.Rectangle) (share [256]float64) {
	n := float64(part.Dx() * part.Dy())
	var count [256]int
	each(part, func(o int) { count[a.lumi[o]]++ })
	for v, k := range count {
		share[v] = float64(k) / n
	}
	return share
}
