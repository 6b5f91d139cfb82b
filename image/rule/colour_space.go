// SPDX-License-Identifier: EUPL-1.2

package rule

import "github.com/fotobox-project/fotobox/image/pixel"

func colourSpace() Rule {
	return Rule{
		ID: "7.5", Name: "colour-space", Clause: "7.4.2.3", Unit: "code", Mandatory: true,
		Method: "Colour space of the photo as the TR numbers them: 1 RGB of 24 bits, 2 YUV 4:2:2, 3 grey of 8 bits, 0 unknown. " +
			"A face without any colour counts as grey, however it is stored.",
		Measure: func(p *Picture) (float64, error) {
			if _, err := p.face(); err == nil && p.Colour == pixel.RGB24 && colourless(p.skin()) {
				return float64(pixel.Grey8), nil
			}
			return float64(p.Colour), nil
		},
	}
}

// colourless tells whether red, green and blue differ by no more than the
// rounding of a JPEG coder.
func colourless(face *pixel.Patch) bool {
	var sum float32
	for i, r := range face.R {
		sum += max(r, face.G[i], face.B[i]) - min(r, face.G[i], face.B[i])
	}
	return sum/float32(len(face.R)) < 1.5
}
