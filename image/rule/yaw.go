// SPDX-License-Identifier: EUPL-1.2

package rule

import "github.com/fotobox-project/fotobox/image/portrait"

func yaw() Rule {
	return Rule{
		ID: "1.1", Name: "yaw", Clause: "7.2.2", Unit: "deg",
		Method: "Tip of the nose beside the axis from the eyes to the mouth, 0.0104 inter-eye distances per degree; " +
			"positive where the face looks to the right of the picture.",
		Measure: func(p *Picture) (float64, error) {
			f, err := p.clearFace()
			if err != nil {
				return 0, err
			}
			const perDegree = 0.0104 // face.md 2: slope over ten scanned heads
			eyes := portrait.Eyes(f)
			nx, ny := eyes.From(f.Nose.X, f.Nose.Y)
			mx, my := eyes.From((f.MouthLeft.X+f.MouthRight.X)/2, (f.MouthLeft.Y+f.MouthRight.Y)/2)
			return (nx - mx*ny/my) / perDegree, nil
		},
	}
}
