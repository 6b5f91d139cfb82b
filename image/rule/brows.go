// SPDX-License-Identifier: EUPL-1.2

package rule

import (
	"errors"

	"github.com/fotobox-project/fotobox/image/pixel"
)

func brows() Rule {
	return Rule{
		ID: "2.3", Name: "brows", Clause: "7.2.3", Unit: "IED", Scatter: 0.03,
		Method: "Height of the brows, the darkest band between 0.18 and 0.7 inter-eye distances above the pupils, mean of both. Brows differ " +
			"between persons as much as they rise.",
		Measure: func(p *Picture) (float64, error) {
			skin, err := p.patch()
			if err != nil {
				return 0, err
			}
			l, okL := brow(skin, -0.5)
			r, okR := brow(skin, 0.5)
			if !okL || !okR {
				return 0, errors.New("the brows do not stand out from the skin")
			}
			return (l + r) / 2, nil
		},
	}
}

// brow finds the darkest band above the eye at (x, 0) that has lighter skin
// above and below it.
func brow(skin *pixel.Patch, x float64) (height float64, ok bool) {
	const top, step, half = 0.7, 0.0125, 0.02
	var rows []float64
	for y := 0.18; y < top; y += step {
		rows = append(rows, mean(box(skin, skin.Y, x-0.15, -y-half, x+0.15, -y+half)))
	}
	best := -1
	for i := 1; i+1 < len(rows); i++ {
		if rows[i] <= rows[i-1] && rows[i] <= rows[i+1] && (best < 0 || rows[i] < rows[best]) {
			best = i
		}
	}
	if best < 0 {
		return 0, false
	}
	return 0.18 + float64(float64(best)*step), true
}
