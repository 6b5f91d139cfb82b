// SPDX-License-Identifier: EUPL-1.2

package rule

import "github.com/fotobox-project/fotobox/image/pixel"

// leastAside is how many samples of the wall must be seen on each side of the head.
const leastAside = 15

func shadow() Rule {
	return Rule{
		ID: "4.2", Name: "shadow", Clause: "7.2.6, A.2.4.2", Unit: "%", Scatter: 2,
		Method: "How much darker, in linear light, the background is on one side of the head than on the other from the brows to the mouth, " +
			"each side at its darker fifth. A shadow that falls on both sides alike is not seen. " +
			"Where the empty scene is known: how much darker the background is near the head than further away, against that scene.",
		Measure: func(p *Picture) (float64, error) {
			w, err := p.background()
			if err != nil {
				return 0, err
			}
			if p.against != nil {
				return 100 * p.against.Shadow, nil
			}
			linear := pixel.Linear()
			var side [2][]float32
			for _, o := range w.seen {
				x, y := w.patch.Place(o)
				if y < -0.8 {
					continue
				}
				i := 0
				if x > 0 {
					i = 1
				}
				side[i] = append(side[i], luminance(&linear, w.patch, o))
			}
			if len(side[0]) < leastAside || len(side[1]) < leastAside {
				return 0, errNoWall
			}
			l, r := percentile(side[0], 0.2), percentile(side[1], 0.2)
			return 100 * (1 - min(l, r)/max(l, r, 1e-3)), nil
		},
	}
}
