// SPDX-License-Identifier: EUPL-1.2

package rule

func oneFace() Rule {
	return Rule{
		ID: "4.3", Name: "one-face", Clause: "7.2.4", Unit: "faces",
		Method: "0 without a face, otherwise 1 and the area of the second largest face as a share of the largest, " +
			"in the whole photo and not only in the crop.",
		Measure: func(p *Picture) (float64, error) {
			var first, second float64
			for _, f := range p.Faces {
				area := float64(f.Box.Dx()) * float64(f.Box.Dy())
				switch {
				case area > first:
					first, second = area, first
				case area > second:
					second = area
				}
			}
			if first == 0 {
				return 0, nil
			}
			return 1 + second/first, nil
		},
	}
}
