// SPDX-License-Identifier: EUPL-1.2

package v4l2

import (
	"image"
	"math"

	"github.com/fotobox-project/fotobox/image/pixel"
)

// What the light on a face shall be, in sRGB luma of 0 to 255. In the same good light the simulated
// sitters' faces have 73 to 179, by their skin (TestSkin): only light that is wrong is corrected,
// not skin, and no farther than need be.
const (
	faceDark      = 70
	darkBecomes   = 95
	brightBecomes = 165
	faceBright    = 190
	// burnt is luma that has lost its colour.
	burnt = 250
	// burntMost is the share of burnt pixels in the picture at which it must get darker, whatever the
	// face wants: the wall is a third of it, and shall not be lost (rule 7.1).
	burntMost = 0.06
	// burntSome is where it may not get brighter.
	burntSome = 0.01
)

// A reading is what one preview picture tells of the light.
type reading struct {
	face  float64 // mean luma of the middle of the region
	burnt float64 // share of the picture's pixels
}

// read meters the middle of the region, where there is skin; false when it has none of the picture.
func read(img image.Image, region image.Rectangle) (reading, bool) {
	region = region.Inset(min(region.Dx(), region.Dy()) / 5).Intersect(img.Bounds())
	if region.Empty() {
		return reading{}, false
	}
	var sum, lost int
	for _, v := range pixel.Region(img, region, 1).Pix {
		sum += int(v)
	}
	all, _ := pixel.Luma(img, 160)
	for _, v := range all.Pix {
		if v >= burnt {
			lost++
		}
	}
	return reading{float64(sum) / float64(region.Dx()*region.Dy()), float64(lost) / float64(len(all.Pix))}, true
}

// correction is by what to multiply the exposure; 1 when the light is right. The light is a power
// of 2.2 of the luma.
func (r reading) correction() float64 {
	want := 1.0
	switch {
	case r.face < faceDark:
		want = math.Pow(darkBecomes/max(r.face, 1), 2.2)
	case r.face > faceBright:
		want = math.Pow(brightBecomes/r.face, 2.2)
	}
	switch {
	case r.burnt > burntMost:
		return min(want, 0.8)
	case r.burnt > burntSome:
		return min(want, 1)
	}
	return min(max(want, 0.25), 4)
}

// An exposure is what a sensor is set to, in the units of its controls.
type exposure struct{ time, gain int32 }

// A span is the range of a control.
type span struct{ least, most int32 }

func (s span) clamp(v float64) int32 {
	return int32(math.Round(min(max(v, float64(s.least)), float64(s.most))))
}

const (
	// longest is 20 ms: a person who stands is sharp.
	longest = 200
	// mains is 10 ms, in which lamps on 50 Hz flicker once: longer times are whole numbers of it.
	mains = 100
	// gainStops is how many doublings the whole range of the gain is taken for. Cameras differ; what
	// that makes wrong the next reading corrects.
	gainStops = 4
	// damping keeps a camera whose gain does twice as much as thought from swinging.
	damping = 0.8
)

// An aperture is what exposures a sensor can have: time first, then gain.
type aperture struct{ time, gain span }

// next corrects the exposure by a reading. It gives e itself when the light is right and the time
// neither blurs nor flickers, or when they cannot be made so.
func (a aperture) next(e exposure, r reading) exposure {
	by := r.correction()
	if steady := e.time <= mains || e.time <= longest && e.time%mains == 0; by == 1 && steady {
		return e
	}
	return a.split(a.total(e) * math.Pow(by, damping))
}

// total is the exposure as time at the least gain.
func (a aperture) total(e exposure) float64 {
	return float64(max(e.time, 1)) * math.Exp2(float64(e.gain-a.gain.least)/a.perStop())
}

// split is the exposure for a total: the longest time that does not blur or flicker, the rest gain.
func (a aperture) split(total float64) exposure {
	time := min(total, longest)
	if time > mains {
		time = math.Floor(time/mains) * mains
	}
	e := exposure{time: a.time.clamp(time), gain: a.gain.least}
	if rest := total / float64(e.time); rest > 1 {
		e.gain = a.gain.clamp(float64(a.gain.least) + math.Log2(rest)*a.perStop())
	}
	return e
}

// perStop is how much gain doubles the light.
func (a aperture) perStop() float64 {
	return max(1, float64(a.gain.most-a.gain.least)/gainStops)
}
