// SPDX-License-Identifier: EUPL-1.2

package rule

import "github.com/fotobox-project/fotobox/image/pixel"

func hotSpots() Rule {
	return Rule{
		ID: "6.3", Name: "hot-spots", Clause: "7.2.10", Unit: "%",
		Method: "Share of the face whose linear luminance is 247 of 255 and more, as OverExposurePrevention of ISO/IEC 29794-5 counts.",
		Measure: func(p *Picture) (float64, error) {
			skin, err := p.patch()
			if err != nil {
				return 0, err
			}
			return 100 * glowing(skin), nil
		},
	}
}

// glowing is the share of the face that has lost its skin to a reflection.
func glowing(skin *pixel.Patch) float64 {
	const hot = 247. / 255
	linear := pixel.Linear()
	var face, spots float64
	for o, outside := range skin.Outside {
		if x, y := skin.Place(o); outside || !inFace(x, y) {
			continue
		}
		face++
		if luminance(&linear, skin, o) >= hot {
			spots++
		}
	}
	return spots / max(1, face)
}
