// SPDX-License-Identifier: EUPL-1.2

package quality

func singleFacePresent() Measure {
	return Measure{
		ID: "0x4c", Name: "SingleFacePresent", Source: iso, Unit: "share",
		Method:  "Area of the second largest face over that of the largest; 0 where there is one face.",
		Differs: "Faces are those of our detector, which misses heads turned far aside; its boxes are square from brows to chin.",
		Native: func(p *Picture) (float64, error) {
			var first, second float64
			for _, f := range p.Faces {
				switch a := float64(f.Box.Dx()) * float64(f.Box.Dy()); {
				case a > first:
					first, second = a, first
				case a > second:
					second = a
				}
			}
			if first == 0 {
				return 0, errNoFace
			}
			return second / first, nil
		},
		Score: free,
	}
}
