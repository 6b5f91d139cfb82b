// SPDX-License-Identifier: EUPL-1.2

package rule

const eyeDistanceID ID = "5.7"

func eyeDistance() Rule {
	return Rule{
		ID: eyeDistanceID, Name: "eye-distance", Clause: "8.4.1", Unit: "px", Mandatory: true,
		Method: "Distance between the pupils in the portrait.",
		Measure: func(p *Picture) (float64, error) {
			f, err := p.face()
			return f.IED(), err
		},
	}
}
