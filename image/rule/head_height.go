// SPDX-License-Identifier: EUPL-1.2

package rule

func headHeight() Rule {
	return Rule{
		ID: "5.4", Name: "head-height", Clause: "8.3.5", Unit: "share of height", Mandatory: true,
		Method: "Chin to the top of the skull. The chin follows from the places of mouth and nose. The " +
			"outline against the background shows the top of the hair: where it rises more than 1.45 inter-eye distances " +
			"above the eyes, 0.4 of the rest is taken for hair, and a skull ends at 2 at most. Where there is no outline " +
			"an average one of 1.85 is assumed.",
		Measure: func(p *Picture) (float64, error) {
			_, err := p.face()
			_, h := p.size()
			return p.Head.Height() / h, err
		},
	}
}
