// SPDX-License-Identifier: EUPL-1.2

package rule

func headWidth() Rule {
	return Rule{
		ID: "5.3", Name: "head-width", Clause: "8.3.4", Unit: "share of width", Mandatory: true,
		Method: "Width of the head from the temples to the nose, from its outline against the background; " +
			"where hair or a busy background hides that, 2.25 inter-eye distances.",
		Measure: func(p *Picture) (float64, error) {
			_, err := p.face()
			w, _ := p.size()
			return p.Head.Width / w, err
		},
	}
}
