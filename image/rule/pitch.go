// SPDX-License-Identifier: EUPL-1.2

package rule

func pitch() Rule {
	return Rule{
		ID: "1.2", Name: "pitch", Clause: "7.2.2", Unit: "deg", Scatter: 2,
		Method: "Learned as yaw (image/model), against a zero of 9 degrees that photos of level heads show; positive where the face looks up. " +
			"Faces differ by 5 degrees of this measure.",
		Measure: func(p *Picture) (float64, error) {
			s, err := p.sample()
			if err != nil {
				return 0, err
			}
			_, pitch := s.Pose()
			return pitch - levelPitch, nil
		},
	}
}

// levelPitch is the middle of what the model says of neutral London and Canada photos.
const levelPitch = 9
