// SPDX-License-Identifier: EUPL-1.2

package rule

import "github.com/fotobox-project/fotobox/image/pixel"

func redEyes() Rule {
	return Rule{
		ID: "7.4", Name: "red-eyes", Clause: "7.3.4", Unit: "%",
		Method: "Share of a disc of 0.05 inter-eye distances around the pupil whose red is more than 2.2 times green and blue, and " +
			"1.35 times what it is on the cheeks against them; the larger one of both eyes.",
		Measure: func(p *Picture) (float64, error) {
			skin, err := p.patch()
			if err != nil {
				return 0, err
			}
			warm := skinRed(skin)
			return 100 * max(red(skin, -0.5, warm), red(skin, 0.5, warm)), nil
		},
	}
}

// red is the share of the pupil at (x, 0) that shines red, more than warm light
// on skin would explain.
func red(skin *pixel.Patch, x, warm float64) float64 {
	const radius, least, over, overSkin = 0.05, 70, 2.2, 1.35
	r, g, b := disc(skin, skin.R, x, 0, radius), disc(skin, skin.G, x, 0, radius), disc(skin, skin.B, x, 0, radius)
	n := 0
	for i := range r {
		other := float64(max(g[i], b[i]))
		if v := float64(r[i]); v > least && v > over*other && v > overSkin*warm*other {
			n++
		}
	}
	return float64(n) / float64(len(r))
}

// skinRed is how many times the cheeks' red is their green or blue.
func skinRed(skin *pixel.Patch) float64 {
	of := func(channel []float32) float64 {
		return percentile(append(box(skin, channel, -0.75, 0.35, -0.45, 0.6), box(skin, channel, 0.45, 0.35, 0.75, 0.6)...), 0.5)
	}
	return of(skin.R) / max(1, of(skin.G), of(skin.B))
}
