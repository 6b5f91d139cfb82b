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
		Method: "Above zero: share of the face where a channel is burnt out (252 of 255 and more), or, where more than half of a light wall is burnt out in " +
			"all channels, 100 times the share of the skin that is nearly so (245), at most twice what of the wall is burnt out beyond that half: where a wall " +
			"is lost and skin, however dark, begins to be, the photo is over-exposed. Below zero: the light " +
			"that is missing to the reference, a linear luminance of 0.356 (#A1A1A1, the darkest recommended background), metered on " +
			"the brightest twentieth of face and background together, so that dark skin is not taken for darkness; of the face alone only what is missing " +
			"to 0.033 at its brightest twentieth, less than a third of the darkest skin's in good photos: a face before a bright window is dark whatever its colour. Where the empty scene is known: the share of the wall that is burnt out counts like the " +
			"face's, and the missing light is that of the wall against its own calibration.",
		Measure: func(p *Picture) (float64, error) {
			if _, err := p.clearFace(); err != nil {
				return 0, err
			}
			l := p.lit()
			if c := p.against; c != nil {
				l.burnt, l.white = max(l.burnt, c.Burnt), c.Light*referenceWhite
			}
			if missing := max(1-l.white/referenceWhite, 1-l.face/leastFace); missing > l.burnt {
				return -100 * missing, nil
			}
			return 100 * l.burnt, nil
		},
	}
}

// referenceWhite is the linear luminance of the darkest background that the TR
// recommends, #A1A1A1.
const referenceWhite = 0.356

// leastFace is the linear luminance of a face's brightest twentieth, forehead and whites of
// the eyes, below which it is too dark: less than a third of what the darkest skin has in good light
// (`go test ./image/rule -run TestDarkestFace -every 1 -v`).
const leastFace = 0.033

// lighting is what the light did to the picture.
type lighting struct {
	burnt float64 // share of the face
	white float64 // linear luminance, 0 to 1, of the brightest twentieth
	face  float64 // the same of the face alone
}

func meter(p *Picture) lighting {
	skin := p.skin()
	l := lighting{
		burnt: reaching(skin, 252, inFace),
		white: brightest(around(p), func(_, _ float64) bool { return true }),
		face:  brightest(skin, inFace),
	}
	if wall := blank(p.wall()); wall > 0 {
		l.burnt = max(l.burnt, min(wall, 100*reaching(skin, 245, bare)))
	}
	return l
}

// bare tells whether a place of the face is skin and not an eye, which glints in any
// light, nor the mouth.
func bare(x, y float64) bool {
	eyes := y > -0.35 && y < 0.22
	mouth := math.Abs(x) < 0.5 && y > 0.8 && y < 1.25
	return inFace(x, y) && !eyes && !mouth
}

// reaching is the share of the places that have that level in a channel.
func reaching(skin *pixel.Patch, level float32, place func(x, y float64) bool) float64 {
	var all, there float64
	for o, r := range skin.R {
		if skin.Outside[o] || !place(skin.Place(o)) {
			continue
		}
		all++
		if max(r, skin.G[o], skin.B[o]) >= level {
			there++
		}
	}
	return there / max(1, all)
}

// blank tells how much of the wall has lost all gradation: 0 when no more than half
// of it has, 1 for all. A wall that was made white by a computer is blank too, which
// is why it never counts without the skin.
func blank(w wall) float64 {
	const full = 252
	lost := 0
	for _, o := range w.seen {
		if min(w.patch.R[o], w.patch.G[o], w.patch.B[o]) >= full {
			lost++
		}
	}
	return max(0, 2*float64(lost)/float64(max(1, len(w.seen)))-1)
}

// around is what is metered with the face: from above the hair to the chin.
func around(p *Picture) *pixel.Patch {
	return pixel.Resample(p.Image, portrait.Eyes(p.Faces[0]), -2, -2.2, 2, 1.4, 16)
}

// brightest is the linear luminance of the brightest twentieth of the places.
func brightest(patch *pixel.Patch, place func(x, y float64) bool) float64 {
	linear := pixel.Linear()
	var all []float32
	for o, outside := range patch.Outside {
		if !outside && place(patch.Place(o)) {
			all = append(all, luminance(&linear, patch, o))
		}
	}
	return percentile(all, 0.95)
}

func luminance(linear *[256]float32, p *pixel.Patch, o int) float32 {
	at := func(v float32) float32 { return linear[int(math.Round(float64(v)))] }
	return float32(0.2126*at(p.R[o])) + float32(0.7152*at(p.G[o])) + float32(0.0722*at(p.B[o]))
}
