// SPDX-License-Identifier: EUPL-1.2

package rule

import "github.com/fotobox-project/fotobox/image/portrait"

func mouthClosed() Rule {
	return Rule{
		ID: "2.2", Name: "mouth-closed", Clause: "7.2.3", Unit: "share", Mandatory: true,
		Method: "Height of the lips.",
		Measure: func(p *Picture) (float64, error) {
			f, err := p.clearFace()
			if err != nil {
				return 0, err
			}
			eyes := portrait.Eyes(f)
			_, top := eyes.From(f.LipTop.X, f.LipTop.Y)
			_, bottom := eyes.From(f.LipBottom.X, f.LipBottom.Y)
			return bottom - top, nil
		},
	}
}
