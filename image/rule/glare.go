// SPDX-License-Identifier: EUPL-1.2

package rule

import "github.com/fotobox-project/fotobox/image/pixel"

func glare() Rule {
	return Rule{
		ID: "6.4", Name: "glare", Clause: "7.2.11", Unit: "%",
		Method: "Share of the place of a lens, 0.66 x 0.52 inter-eye distances around a pupil, that is nearly white and without colour; " +
			"the larger one of both sides. A faint veil is not seen.",
		Measure: func(p *Picture) (float64, error) {
			// A lamp before a pupil hides it, and is large enough to be seen from beside it.
			if _, err := p.located(leastMeasured, lost); err != nil {
				return 0, err
			}
			skin := p.skin()
			level := percentile(cheeks(skin), 0.5)
			return 100 * max(white(skin, -0.5, level), white(skin, 0.5, level)), nil
		},
	}
}

// white is the share of the lens around (x, 0) that mirrors a lamp: hardly any
// colour is left, and it is a good deal brighter than the cheeks. On light skin in
// bright light nothing is a quarter brighter than the cheeks: what is nearly at
// the end of the scale counts there.
func white(skin *pixel.Patch, x, level float64) float64 {
	const least, above, most = 225, 1.25, 245
	limit := min(max(least, above*level), most)
	r := box(skin, skin.R, x-0.33, -0.22, x+0.33, 0.3)
	g := box(skin, skin.G, x-0.33, -0.22, x+0.33, 0.3)
	b := box(skin, skin.B, x-0.33, -0.22, x+0.33, 0.3)
	n := 0
	for i := range r {
		if v := float64(min(r[i], g[i], b[i])); v > limit {
			n++
		}
	}
	return float64(n) / float64(len(r))
}

// cheeks collects the brightness of both cheeks, 0 to 255.
func cheeks(skin *pixel.Patch) []float32 {
	return append(box(skin, skin.Y, -0.75, 0.35, -0.45, 0.6), box(skin, skin.Y, 0.45, 0.35, 0.75, 0.6)...)
}
