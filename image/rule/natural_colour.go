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
			"100 where a* or b* is negative. If that is more: two thirds of the chroma of a wall of one colour, where the cheeks look more like skin " +
			"in that light than in white light, so that the light is coloured and not the wall. " +
			"Where the empty scene is known: twice the chroma of what is grey there instead.",
		Measure: func(p *Picture) (float64, error) {
			skin, err := p.patch()
			if err != nil {
				return 0, err
			}
			f := p.Faces[0]
			_, mouth := portrait.Eyes(f).From((f.MouthLeft.X+f.MouthRight.X)/2, (f.MouthLeft.Y+f.MouthRight.Y)/2)
			cheeks := cheekColour(skin, mouth)
			cast := 2 * p.castColour()
			if p.against == nil {
				cast = p.wallColour(cheeks) * 2 / 3
			}
			return max(unnatural(lab(cheeks, untinted())), cast), nil
		},
	}
}

// wallColour is the chroma of a wall that is grey in truth, 0 where the wall is not of
// one colour, or where it is rather the wall than the light that has the colour.
func (p *Picture) wallColour(cheeks [3]float64) float64 {
	w, err := p.background()
	if err != nil {
		return 0
	}
	typical, ok := w.colour()
	if !ok {
		return 0
	}
	sr, sb := ratios(cheeks)
	wr, wb := ratios(typical)
	const clearly = 0.25
	if strange(sr-wr, sb-wb)+clearly > strange(sr, sb) {
		return 0
	}
	return math.Hypot(lab(typical, untinted()))
}

// colour is the median of the wall's samples, and false where they have several
// colours, or hardly one: in the dark and where all is burnt out.
func (w wall) colour() (typical [3]float64, ok bool) {
	const several, dark, burnt = 25, 40, 250 // levels
	var seen [3][]float32
	var hue []float32
	for _, o := range w.seen {
		c := [3]float32{w.patch.R[o], w.patch.G[o], w.patch.B[o]}
		for i, v := range c {
			seen[i] = append(seen[i], v)
		}
		hue = append(hue, float32(math.Hypot(float64(c[0]-c[1]), float64(c[2]-c[1]))))
	}
	for i := range seen {
		typical[i] = percentile(seen[i], 0.5)
	}
	ok = percentile(hue, 0.9)-percentile(hue, 0.1) < several && typical[1] > dark && typical[1] < burnt
	return typical, ok
}

// ratios are the logarithms of red and of blue over green, in linear light.
func ratios(rgb [3]float64) (red, blue float64) {
	linear := pixel.Linear()
	var l [3]float64
	for i, v := range rgb {
		l[i] = math.Log(float64(linear[int(math.Round(v))]) + 0.003)
	}
	return l[0] - l[1], l[2] - l[1]
}

// strange is how far from skin of any tone a colour is, given by its ratios: in
// deviations among the London sitters before their grey wall.
func strange(red, blue float64) float64 { return math.Hypot((red-0.6)/0.18, (blue+0.22)/0.12) }

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
	x := dot(c, [3]float64{0.4360747, 0.3850649, 0.1430804}) / 0.96422
	y := dot(c, [3]float64{0.2225045, 0.7168786, 0.0606169})
	z := dot(c, [3]float64{0.0139322, 0.0971045, 0.7141733}) / 0.82521
	return 500 * (cube(x) - cube(y)), 200 * (cube(y) - cube(z))
}

// dot rounds each product, so that every machine adds the same.
func dot(a, b [3]float64) float64 {
	return float64(a[0]*b[0]) + float64(a[1]*b[1]) + float64(a[2]*b[2])
}

// cube is the root of CIE 1976 with its straight foot.
func cube(t float64) float64 {
	if t > 216./24389 {
		return math.Cbrt(t)
	}
	return (float64(24389./27*t) + 16) / 116
}
