// SPDX-License-Identifier: EUPL-1.2

package rule

import (
	"math"

	"github.com/fotobox-project/fotobox/image/pixel"
	"github.com/fotobox-project/fotobox/image/portrait"
)

func naturalColour() Rule {
	return Rule{
		ID: "7.3", Name: "natural-colour", Clause: "7.3.4", Unit: "CIELAB", Scatter: 0.7,
		Method: "Distance of the cheeks' mean colour to the box a* 5 to 25, b* 5 to 35 in CIELAB (NaturalColour of ISO/IEC 29794-5); " +
			"100 where a* or b* is negative. Where the empty scene is known: twice the chroma of what is grey there, if that is more.",
		Measure: func(p *Picture) (float64, error) {
			skin, err := p.patch()
			if err != nil {
				return 0, err
			}
			f := p.Faces[0]
			_, mouth := portrait.Eyes(f).From((f.MouthLeft.X+f.MouthRight.X)/2, (f.MouthLeft.Y+f.MouthRight.Y)/2)
			return max(unnatural(lab(cheekColour(skin, mouth), untinted())), 2*p.castColour()), nil
		},
	}
}

// cheekColour is the mean of the two squares of 0.3 inter-eye distances that
// begin at half the mouth's depth below the eyes and reach from below the pupils
// towards the nose.
func cheekColour(skin *pixel.Patch, mouth float64) (rgb [3]float64) {
	const side = 0.3
	for i, channel := range [][]float32{skin.R, skin.G, skin.B} {
		l := box(skin, channel, -0.5, mouth/2, -0.5+side, mouth/2+side)
		r := box(skin, channel, 0.5-side, mouth/2, 0.5, mouth/2+side)
		rgb[i] = mean(append(l, r...))
	}
	return rgb
}

// untinted is the white of a colour that is taken as it stands in the picture.
func untinted() [3]float64 { return [3]float64{1, 1, 1} }

// unnatural is the distance to the box.
func unnatural(a, b float64) float64 {
	if a < 0 || b < 0 {
		return 100
	}
	return math.Hypot(a-min(max(a, 5), 25), b-min(max(b, 5), 35))
}

// lab gives a* and b* under D50 of a colour of sRGB, 0 to 255, seen in the light white.
func lab(rgb, white [3]float64) (a, b float64) {
	linear := pixel.Linear()
	var c [3]float64
	for i, v := range rgb {
		c[i] = float64(linear[int(math.Round(v))]) / white[i]
	}
	// sRGB to XYZ under D50 (Bradford), over the white point
	x := (0.4360747*c[0] + 0.3850649*c[1] + 0.1430804*c[2]) / 0.96422
	y := 0.2225045*c[0] + 0.7168786*c[1] + 0.0606169*c[2]
	z := (0.0139322*c[0] + 0.0971045*c[1] + 0.7141733*c[2]) / 0.82521
	return 500 * (cube(x) - cube(y)), 200 * (cube(y) - cube(z))
}

// cube is the root of CIE 1976 with its straight foot.
func cube(t float64) float64 {
	if t > 216./24389 {
		return math.Cbrt(t)
	}
	return (24389./27*t + 16) / 116
}
