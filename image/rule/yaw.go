// SPDX-License-Identifier: EUPL-1.2

package rule

func yaw() Rule {
	return Rule{
		ID: "1.1", Name: "yaw", Clause: "7.2.2", Unit: "deg", Scatter: 1.5,
		Method: "Learned on rendered heads from the points of the face and gradients around eyes, nose and mouth (image/model); " +
			"positive where the face looks to the right of the picture.",
		Measure: func(p *Picture) (float64, error) {
			s, err := p.sample()
			if err != nil {
				return 0, err
			}
			yaw, _ := s.Pose()
			return yaw, nil
		},
	}
}
