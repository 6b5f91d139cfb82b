// SPDX-License-Identifier: EUPL-1.2

package rule

import (
	"math"

	"github.com/fotobox-project/fotobox/image/pixel"
)

func eyesOpen() Rule {
	return Rule{
		ID: "3.1", Name: "eyes-open", Clause: "7.2.3", Unit: "ratio",
		Method: "Brightness of the white of the eye above that of the iris, over the brightness of the cheeks; the smaller one of the two eyes.",
		Measure: func(p *Picture) (float64, error) {
			skin, err := p.patch()
			if err != nil {
				return 0, err
			}
			cheeks := percentile(append(box(skin, skin.Y, -0.75, 0.35, -0.45, 0.6), box(skin, skin.Y, 0.45, 0.35, 0.75, 0.6)...), 0.5)
			return min(white(skin, -0.5), white(skin, 0.5)) / (cheeks + 20), nil
		},
	}
}

// white gives how much brighter the white beside the pupil at (x, 0) is than the iris.
func white(skin *pixel.Patch, x float64) float64 {
	iris := percentile(disc(skin, skin.Y, x, 0, 0.06), 0.5)
	l := percentile(box(skin, skin.Y, x-0.17, -0.02, x-0.09, 0.05), 0.75)
	r := percentile(box(skin, skin.Y, x+0.09, -0.02, x+0.17, 0.05), 0.75)
	return math.Max(l, r) - iris
}
