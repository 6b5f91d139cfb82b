// SPDX-License-Identifier: EUPL-1.2

package quality

import (
	"math"
	"slices"
)

func naturalColour() Measure {
	return Measure{
		ID: "0x4b", Name: "NaturalColour", Source: iso, Unit: "CIELAB",
		Method: "Distance of the mean colour of both cheek squares to the box a* 5 to 25, b* 5 to 35 of CIELAB (D50); " +
			"100 where a* or b* is negative, 0 for a grey picture.",
		Differs: "The squares' height, as for IlluminationUniformity.",
		Native: onFace(func(p *Picture) float64 {
			a := p.aligned()
			if a.grey() {
				return 0
			}
			return fromBox(lab(a.mean(pair(a.cheeks())...)))
		}),
		Score: curve{200, 1, -1, 0, 10}.score,
	}
}

func pair[T any](a, b T) []T { return []T{a, b} }

// grey tells whether no pixel has a colour.
func (a *aligned) grey() bool {
	for c := range slices.Chunk(a.pix, 3) {
		if c[0] != c[1] || c[1] != c[2] {
			return false
		}
	}
	return true
}

// The box of natural skin in CIELAB (ICAO TR Portrait Quality 2018).
const (
	leastA, mostA = 5, 25
	leastB, mostB = 5, 35
)

// fromBox is the distance to the box, 100 in the half planes of green and blue.
func fromBox(a, b float64) float64 {
	if a < 0 || b < 0 {
		return 100
	}
	return math.Hypot(max(0, leastA-a, a-mostA), max(0, leastB-b, b-mostB))
}

// lab gives a* and b* of an sRGB colour, 0 to 255, for the white D50 (sRGB's
// primaries adapted by Bradford). 24289 is OFIQ's number, 24389 that of the CIE;
// they differ for colours darker than any skin.
func lab(rgb [3]float64) (a, b float64) {
	var lin [3]float64
	for i, v := range rgb {
		if v /= 255; v <= 0.04045 {
			lin[i] = v / 12.92
		} else {
			lin[i] = math.Pow((v+0.055)/1.055, 2.4)
		}
	}
	const kappa, epsilon = 24289. / 27, 216. / 24389
	root := func(t float64) float64 {
		if t <= epsilon {
			return (float64(kappa*t) + 16) / 116
		}
		return math.Cbrt(t)
	}
	fx := root(weighed(lin, [3]float64{0.43605, 0.38508, 0.14309}) / 0.964221)
	fy := root(weighed(lin, [3]float64{0.22249, 0.71689, 0.06062}))
	fz := root(weighed(lin, [3]float64{0.01393, 0.09710, 0.71419}) / 0.825211)
	return 500 * (fx - fy), 200 * (fy - fz)
}

func weighed(v, weights [3]float64) float64 {
	return float64(v[0]*weights[0]) + float64(v[1]*weights[1]) + float64(v[2]*weights[2])
}
