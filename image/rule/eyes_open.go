// SPDX-License-Identifier: EUPL-1.2

package rule

import "github.com/fotobox-project/fotobox/image/pixel"

func eyesOpen() Rule {
	return Rule{
		ID: "3.1", Name: "eyes-open", Clause: "7.2.3", Unit: "certainty",
		Method: "How certainly the learned measure (image/model) sees open eyes, 0 to 1, the less certain one of the two; and a quarter of how much " +
			"brighter the white of the eye is than the iris, as a share of the white (on closed eyes lid and lashes take both places).",
		Measure: func(p *Picture) (float64, error) {
			// Under lids that are shut there is no pupil to be found, and lashes scatter.
			const scattered = 0.2
			if _, err := p.located(leastMeasured, scattered); err != nil {
				return 0, err
			}
			s, err := p.learned()
			if err != nil {
				return 0, err
			}
			skin := p.skin()
			return s.Eyes() + min(eyeContrast(skin, -0.5), eyeContrast(skin, 0.5))/4, nil
		},
	}
}

// eyeContrast compares the brighter one of the two whites beside the pupil at
// (x, 0) with the iris. The iris is taken at its brighter quarter: it fills the disc
// when the eye is open, while a lash line leaves skin above and below it.
func eyeContrast(skin *pixel.Patch, x float64) float64 {
	iris := percentile(disc(skin, skin.Y, x, 0, 0.055), 0.75)
	l := percentile(box(skin, skin.Y, x-0.17, -0.02, x-0.09, 0.05), 0.75)
	r := percentile(box(skin, skin.Y, x+0.09, -0.02, x+0.17, 0.05), 0.75)
	const dark = 20 // keeps noise in the dark from counting
	return (max(l, r) - iris) / (max(l, r) + dark)
}
