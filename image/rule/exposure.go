// SPDX-License-Identifier: EUPL-1.2

package rule

import (
	"math"

	"github.com/fotobox-project/fotobox/image/pixel"
	"github.com/fotobox-project/fotobox/image/portrait"
)

func exposure() Rule {
	return Rule{
		ID: "7.1", Name: "exposure", Clause: "7.3.2", Unit: "%", Mandatory: true,
		Method: "Above zero: share of the face where a channel is burnt out (252 of 255 and more). Below zero: the light " +
			"that is missing to the reference, a linear luminance of 0.356 (#A1A1A1, the darkest recommended background), metered on " +
			"the brightest twentieth of face and background together and never on the skin alone, so that dark skin is " +
			"not taken for darkness. Where the empty scene is known: the share of the wall that is burnt out counts like the " +
			"face's, and the missing light is that of the wall against its own calibration.",
		Measure: func(p *Picture) (float64, error) {
			if _, err := p.clearFace(); err != nil {
				return 0, err
			}
			l := p.lit()
			if c := p.against; c != nil {
				l = lighting{burnt: max(l.burnt, c.Burnt), white: c.Light * referenceWhite}
			}
			if missing := 1 - l.white/referenceWhite; missing > l.burnt {
				return -100 * missing, nil
			}
			return 100 * l.burnt, nil
		},
	}
}

// referenceWhite is the linear luminance of the darkest background that the TR
// recommends, #A1A1A1.
const referenceWhite = 0.356

// lighting is what the light did to the picture.
type lighting struct {
	burnt float64 // share of the face
	white float64 // linear luminance, 0 to 1, of the brightest twentieth
}

func meter(p *Picture) lighting {
	return lighting{burnt: burnt(p.skin()), white: brightest(p)}
}

func burnt(skin *pixel.Patch) float64 {
	const full = 252
	var face, lost float64
	for o, r := range skin.R {
		x, y := skin.Place(o)
		if !inFace(x, y) || skin.Outside[o] {
			continue
		}
		face++
		if max(r, skin.G[o], skin.B[o]) >= full {
			lost++
		}
	}
	return lost / max(1, face)
}

// brightest meters from above the hair to the chin.
func brightest(p *Picture) float64 {
	linear := pixel.Linear()
	around := pixel.Resample(p.Image, portrait.Eyes(p.Faces[0]), -2, -2.2, 2, 1.4, 16)
	var all []float32
	for o, outside := range around.Outside {
		if !outside {
			all = append(all, luminance(&linear, around, o))
		}
	}
	return percentile(all, 0.95)
}

func luminance(linear *[256]float32, p *pixel.Patch, o int) float32 {
	at := func(v float32) float32 { return linear[int(math.Round(float64(v)))] }
	return 0.2126*at(p.R[o]) + 0.7152*at(p.G[o]) + 0.0722*at(p.B[o])
}
