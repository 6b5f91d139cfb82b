// SPDX-License-Identifier: EUPL-1.2

package rule

import "github.com/fotobox-project/fotobox/image/portrait"

func evenLight() Rule {
	return Rule{
		ID: "6.1", Name: "even-light", Clause: "7.2.7", Unit: "ratio",
		Method: "Four squares of 0.3 inter-eye distances on forehead, cheeks and chin: the lowest of their means over the highest, " +
			"in the channel (red, green, blue) where that is least.",
		Measure: func(p *Picture) (float64, error) {
			skin, err := p.patch()
			if err != nil {
				return 0, err
			}
			f := p.Faces[0]
			eyes := portrait.Eyes(f)
			_, mouth := eyes.From((f.MouthLeft.X+f.MouthRight.X)/2, (f.MouthLeft.Y+f.MouthRight.Y)/2)
			squares := [4][2]float64{{0, -mouth / 2}, {0, 1.5 * mouth}, {-0.35, mouth / 2}, {0.35, mouth / 2}}
			least := 1.0
			for _, channel := range [][]float32{skin.R, skin.G, skin.B} {
				lowest, highest := 255.0, 0.0
				for _, c := range squares {
					m := mean(box(skin, channel, c[0]-0.15, c[1]-0.15, c[0]+0.15, c[1]+0.15))
					lowest, highest = min(lowest, m), max(highest, m)
				}
				least = min(least, (lowest+1)/(highest+1))
			}
			return least, nil
		},
	}
}

func mean(v []float32) float64 {
	var sum float64
	for _, x := range v {
		sum += float64(x)
	}
	return sum / float64(max(1, len(v)))
}
