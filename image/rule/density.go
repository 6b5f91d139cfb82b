// SPDX-License-Identifier: EUPL-1.2

package rule

import "math"

func density() Rule {
	return Rule{
		ID: "7.6", Name: "density", Clause: "7.4.2.1, 7.4.2.2", Unit: "levels", Mandatory: true,
		Method: "Number of the 256 intensities that occur in the face, in the channel (red, green, blue) with the fewest. " +
			"An intensity occurs when it fills 1/5000 of the face.",
		Measure: func(p *Picture) (float64, error) {
			skin, err := p.patch()
			if err != nil {
				return 0, err
			}
			least := 256
			for _, channel := range [][]float32{skin.R, skin.G, skin.B} {
				var seen [256]int
				n := 0
				for o, v := range channel {
					x, y := skin.X0+float64(o%skin.W)/skin.PerUnit, skin.Y0+float64(o/skin.W)/skin.PerUnit
					if inFace(x, y) {
						seen[int(math.Round(float64(v)))]++
						n++
					}
				}
				least = min(least, occurring(seen, n/5000))
			}
			return float64(least), nil
		},
	}
}

func occurring(seen [256]int, least int) (levels int) {
	for _, n := range seen {
		if n > least {
			levels++
		}
	}
	return levels
}
