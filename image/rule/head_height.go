// SPDX-License-Identifier: EUPL-1.2

package rule

func headHeight() Rule {
	return Rule{
		ID: "5.4", Name: "head-height", Clause: "8.3.5", Unit: "share of height", Mandatory: true,
		Method: "Chin to crown. The chin follows from the depth of the mouth below the eyes; the crown from the " +
			"outline against the background, at most 2 inter-eye distances above the eyes (hair above that does " +
			"not count), or 1.75 where there is no outline.",
		Measure: func(p *Picture) (float64, error) {
			_, err := p.face()
			_, h := p.size()
			return p.Head.Height() / h, err
		},
	}
}
