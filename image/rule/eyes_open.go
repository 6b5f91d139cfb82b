// SPDX-License-Identifier: EUPL-1.2

package rule

import (
	"github.com/fotobox-project/fotobox/image/face"
	"github.com/fotobox-project/fotobox/image/pixel"
	"github.com/fotobox-project/fotobox/image/portrait"
)

func eyesOpen() Rule {
	return Rule{
		ID: "3.1", Name: "eyes-open", Clause: "7.2.3", Unit: "certainty",
		Method: "How certainly the learned measure (image/model) sees open eyes, 0 to 1, the less certain one of the two; and a quarter of how much " +
			"brighter the white of the eye is than the iris, as a share of the white (on closed eyes lid and lashes take both places); " +
			"less 5 times what is missing to 0.03 inter-eye distances between the pupils and the corners of the eyes below them: a lid that comes down " +
			"leaves the lower part of the iris to be found.",
		Measure: func(p *Picture) (float64, error) {
			// Under lids that are shut there is no pupil to be found, and lashes scatter.
			const scattered = 0.2
			f, err := p.located(leastMeasured, scattered)
			if err != nil {
				return 0, err
			}
			s, err := p.learned()
			if err != nil {
				return 0, err
			}
			skin := p.skin()
			return s.Eyes() + min(eyeContrast(skin, -0.5), eyeContrast(skin, 0.5))/4 - float64(5*max(0, 0.03-raised(f))), nil
		},
	}
}

// raised is how far the pupils stand above the middles between the corners of their
// eyes, mean of both, in inter-eye distances: 0.042 in most open eyes, from 0.025 on
// in 71 neutral people.
func raised(f face.Face) float64 {
	eyes := portrait.Eyes(f)
	var sum float64
	for _, corner := range []face.Point{f.OuterLeft, f.InnerLeft, f.InnerRight, f.OuterRight} {
		_, y := eyes.From(corner.X, corner.Y)
		sum += y
	}
	return sum / 4
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
