// SPDX-License-Identifier: EUPL-1.2

package rule

func centring() Rule {
	return Rule{
		ID: "5.6", Name: "centring", Clause: "8.3.2", Unit: "share of width", Mandatory: true,
		Method: "Middle between the pupils, from the left edge of the picture.",
		Measure: func(p *Picture) (float64, error) {
			f, err := p.face()
			w, _ := p.size()
			return (f.EyeLeft.X + f.EyeRight.X) / 2 / w, err
		},
	}
}
