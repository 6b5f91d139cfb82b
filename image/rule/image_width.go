// SPDX-License-Identifier: EUPL-1.2

package rule

const imageWidthID ID = "5.2"

func imageWidth() Rule {
	return Rule{
		ID: imageWidthID, Name: "image-width", Clause: "8.3.4", Unit: "px", Mandatory: true,
		Method: "Width of the portrait. A photo that holds fewer pixels is not enlarged.",
		Measure: func(p *Picture) (float64, error) {
			w, _ := p.size()
			return w, nil
		},
	}
}
