// SPDX-License-Identifier: EUPL-1.2

package rule

import (
	"github.com/fotobox-project/fotobox/image/pixel"
	"github.com/fotobox-project/fotobox/image/portrait"
)

func faceShadow() Rule {
	return Rule{
		ID: "6.2", Name: "face-shadow", Clause: "7.2.8, 7.2.9", Unit: "ratio", Scatter: 0.02,
		Method: "The darkest over the lightest of six places: squares of 0.3 inter-eye distances on forehead, chin and cheeks in the channel " +
			"(red, green, blue) where that is least (ICAO TR Portrait Quality 2018), and the skin below both eyes.",
		Measure: func(p *Picture) (float64, error) {
			skin, err := p.patch()
			if err != nil {
				return 0, err
			}
			f := p.Faces[0]
			_, mouth := portrait.Eyes(f).From((f.MouthLeft.X+f.MouthRight.X)/2, (f.MouthLeft.Y+f.MouthRight.Y)/2)
			least := 1.0
			for _, channel := range [][]float32{skin.R, skin.G, skin.B} {
				least = min(least, darkest(skin, channel, mouth))
			}
			return least, nil
		},
	}
}

// darkest compares the places in one channel.
func darkest(skin *pixel.Patch, channel []float32, mouth float64) float64 {
	lowest, highest := 255.0, 0.0
	look := func(x0, y0, x1, y1 float64) {
		m := mean(box(skin, channel, x0, y0, x1, y1))
		lowest, highest = min(lowest, m), max(highest, m)
	}
	for _, c := range [4][2]float64{{0, -mouth / 2}, {0, 1.5 * mouth}, {-0.35, mouth / 2}, {0.35, mouth / 2}} {
		look(c[0]-0.15, c[1]-0.15, c[0]+0.15, c[1]+0.15)
	}
	look(-0.65, 0.17, -0.35, 0.27)
	look(0.35, 0.17, 0.65, 0.27)
	return (lowest + 1) / (highest + 1)
}

func mean(v []float32) float64 {
	var sum float64
	for _, x := range v {
		sum += float64(x)
	}
	return sum / float64(max(1, len(v)))
}
