// SPDX-License-Identifier: EUPL-1.2

package rule

func roll() Rule {
	return Rule{
		ID: "1.3", Name: "roll", Clause: "7.2.2", Unit: "deg", Mandatory: true,
		Method: "Angle of the line between the pupils in the photo before the crop turns it upright; " +
			"positive where the head is turned clockwise in the picture.",
		Measure: func(p *Picture) (float64, error) {
			_, err := p.located(0, mostSpread)
			return p.Roll, err
		},
	}
}
