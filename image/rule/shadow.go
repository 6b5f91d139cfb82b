// SPDX-License-Identifier: EUPL-1.2

package rule

import (
	"slices"

	"github.com/fotobox-project/fotobox/image/pixel"
)

const (
	leastAside = 15 // samples of the wall that must be seen on each side of the head
	// shadowLeaves is the least part of the wall's light that a shadow of a head has left:
	// the hardest ones of photos, by a flash, leave a half. What is darker is hair.
	shadowLeaves = 0.35
)

func shadow() Rule {
	return Rule{
		ID: "4.2", Name: "shadow", Clause: "7.2.6, A.2.4.2", Unit: "%", Scatter: 2,
		Method: "How much darker, in linear light, the background is on one side of the head than on the other from the brows to the mouth, " +
			"each side at its darker fifth; what has less than 35 % of the wall's light is hair. A shadow that falls on both sides alike is not seen. " +
			"Where the empty scene is known: how much darker the background is near the head than further away, against that scene.",
		Measure: func(p *Picture) (float64, error) {
			w, err := p.background()
			if err != nil {
				return 0, err
			}
			if p.against != nil {
				return 100 * p.against.Shadow, nil
			}
			return w.lopsided()
		},
	}
}

// lopsided is how much darker one side of the head's wall is than the other, in percent.
func (w wall) lopsided() (float64, error) {
	linear := pixel.Linear()
	all := make([]float32, 0, len(w.seen))
	for _, o := range w.seen {
		all = append(all, luminance(&linear, w.patch, o))
	}
	hair := float32(shadowLeaves * percentile(slices.Clone(all), 0.5))
	var side [2][]float32
	for i, o := range w.seen {
		x, y := w.patch.Place(o)
		switch {
		case y < -0.8 || all[i] < hair:
		case x > 0:
			side[1] = append(side[1], all[i])
		default:
			side[0] = append(side[0], all[i])
		}
	}
	if len(side[0]) < leastAside || len(side[1]) < leastAside {
		return 0, errNoWall
	}
	l, r := percentile(side[0], 0.2), percentile(side[1], 0.2)
	return 100 * (1 - min(l, r)/max(l, r, 1e-3)), nil
}
