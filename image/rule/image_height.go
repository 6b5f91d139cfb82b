// SPDX-License-Identifier: EUPL-1.2

package rule

const imageHeightID ID = "5.1"

func imageHeight() Rule {
	return Rule{
		ID: imageHeightID, Name: "image-height", Clause: "8.3.5", Unit: "px", Mandatory: true,
		Method: "Height of the portrait. A photo that holds fewer pixels is not enlarged.",
		Measure: func(p *Picture) (float64, error) {
			_, h := p.size()
			return h, nil
		},
	}
}
