// SPDX-License-Identifier: EUPL-1.2

package rule

func roll() Rule {
	return Rule{
		ID: "1.3", Name: "roll", Clause: "7.2.2", Unit: "deg", Mandatory: true,
		Method: "Angle of the line between the pupils in the photo before the crop turns it upright; " +
			"positive where the head is turned clockwise in the picture.",
		Measure: func(p *Picture) (float64, error) {
			f, err := p.face()
			if err == nil {
				err = sure(f)
			}
			return p.Roll, err
		},
	}
}
