// SPDX-License-Identifier: EUPL-1.2

package rule

import "github.com/fotobox-project/fotobox/image/portrait"

func neutral() Rule {
	return Rule{
		ID: "2.1", Name: "neutral", Clause: "7.2.3", Unit: "certainty", Scatter: 0.02,
		Method: "What a smile adds to the mouth: its width over 0.78 inter-eye distances, how far its corners stand above the middle of the " +
			"lips, and 0.3 of how certainly the learned measure (image/model) sees a smile, 0 to 1.",
		Measure: func(p *Picture) (float64, error) {
			s, err := p.sample()
			if err != nil {
				return 0, err
			}
			f := p.Faces[0]
			const average = 0.78 // median width of the neutral London mouths
			eyes := portrait.Eyes(f)
			lx, ly := eyes.From(f.MouthLeft.X, f.MouthLeft.Y)
			rx, ry := eyes.From(f.MouthRight.X, f.MouthRight.Y)
			_, top := eyes.From(f.LipTop.X, f.LipTop.Y)
			_, bottom := eyes.From(f.LipBottom.X, f.LipBottom.Y)
			return rx - lx - average + (top+bottom)/2 - (ly+ry)/2 + float64(0.3*s.Smile()), nil
		},
	}
}
