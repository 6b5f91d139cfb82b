// SPDX-License-Identifier: EUPL-1.2

package rule

func pitch() Rule {
	return Rule{
		ID: "1.2", Name: "pitch", Clause: "7.2.2", Unit: "deg", Scatter: 2,
		Method: "Learned as yaw (image/model); positive where the face looks up. Level faces of photos lie at 8 degrees of this measure, " +
			"5 degrees apart.",
		Measure: func(p *Picture) (float64, error) {
			s, err := p.sample()
			if err != nil {
				return 0, err
			}
			_, pitch := s.Pose()
			return pitch, nil
		},
	}
}
