// SPDX-License-Identifier: EUPL-1.2

package rule

func verticalPosition() Rule {
	return Rule{
		ID: "5.5", Name: "vertical-position", Clause: "8.3.3", Unit: "share of height", Mandatory: true,
		Method: "Middle between the pupils, from the upper edge.",
		Measure: func(p *Picture) (float64, error) {
			f, err := p.face()
			_, h := p.size()
			return (f.EyeLeft.Y + f.EyeRight.Y) / 2 / h, err
		},
	}
}
