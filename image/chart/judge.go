// SPDX-License-Identifier: EUPL-1.2

package chart

import (
	"fmt"
	"math"
)

// Duties of the hardware (BSI TR-03121-3 Vol. 2, AH-FI-ICS2 and AH-FI-SSS2) and
// what follows from them. Lengths are mm.
const (
	near, far            = 700, 1000  // optical path in which people stand
	lowest, highest      = 1400, 2000 // body heights, without a change of posture
	portraitW, portraitH = 1244, 1600 // pixels, never enlarged
	head                 = 225.0      // an adult's, chin to crown
	headShare            = 0.75       // of the portrait's height
	eyeLine              = 0.45       // of the portrait's height, from above
	eyeShare             = 0.936      // eyes of body height (Drillis and Contini 1966)
	leastPairs           = 0.5        // line pairs per mm: details of 1 mm (ICAO TR Portrait Quality 2018)
	mostDistortion       = 2.0        // percent at the portrait's corner; our own limit, "no wide-angle" has none
	leastFocal           = 35.0       // equivalent for 24x36 mm; shorter is called wide-angle
	mostTilt             = 5.0        // degrees, of the chart
	mostWhite            = 250        // sRGB level of paper
	mostResidual         = 1.0        // pixels; more is a chart that is not flat
	diagonal35           = 43.27      // mm, of a picture of 24x36 mm
	portraitMM           = head / headShare
	leastPerMM           = portraitH / portraitMM
)

// A Place is how camera and chart stand to each other, mm.
type Place struct {
	Distance float64 // from the lens to the chart, 300 to 3000
	Height   float64 // of the lens above the floor at its lowest; 0: not known
	Travel   float64 // by which camera or seat moves the view upwards from there
}

// A Finding is the verdict on one duty.
type Finding struct {
	Name  string
	OK    bool
	Words string // what was found, and what to do about it
}

// Judge holds the measurement against the duties of the hardware. It judges the
// camera, its lens and where it stands; focus at one distance only.
func (m *Measurement) Judge(p Place) []Finding {
	list := []Finding{m.held(p), m.pixels(p), m.angle(p), m.bent(), m.sharp(p), m.greys()}
	if p.Height > 0 {
		list = append(list, m.heights(p))
	}
	return list
}

// at is the number of pixels per mm at a distance, seen from the same lens.
func (m *Measurement) at(p Place, distance float64) float64 { return m.PerMM * p.Distance / distance }

// Tilt is the chart's, degrees.
func (m *Measurement) Tilt(distance float64) float64 {
	return math.Asin(min(m.Slope*distance, 1)) * 180 / math.Pi
}

func (m *Measurement) held(p Place) Finding {
	f := Finding{"chart", true, fmt.Sprintf("%d dots, tilted by %.1f degrees, %.2f pixels left over", m.Dots, m.Tilt(p.Distance), m.Residual)}
	switch {
	case m.Tilt(p.Distance) > mostTilt:
		f.OK, f.Words = false, f.Words+"; hold it square to the camera"
	case m.Residual > mostResidual:
		f.OK, f.Words = false, f.Words+"; it is bent: glue it on a stiff board"
	}
	return f
}

func (m *Measurement) pixels(p Place) Finding {
	close, away := m.at(p, near), m.at(p, far)
	f := Finding{"pixels", away >= leastPerMM, fmt.Sprintf("%.2f pixels per mm at %.0f mm; %.2f at %d mm and %.2f at %d mm, a portrait needs %.2f",
		m.PerMM, p.Distance, close, near, away, far, leastPerMM)}
	if !f.OK {
		f.Words += fmt.Sprintf("; nobody may stand farther away than %.0f mm, or take a longer lens or a camera with more pixels", m.PerMM*p.Distance/leastPerMM)
	}
	return f
}

func (m *Measurement) angle(p Place) Finding {
	focal := m.PerMM * p.Distance // pixels
	d := math.Hypot(float64(m.Size.X), float64(m.Size.Y))
	equivalent := focal / d * diagonal35
	f := Finding{"field of view", equivalent >= leastFocal, fmt.Sprintf("%.0f x %.0f mm at %d mm, %.0f degrees across the diagonal, like a lens of %.0f mm for 24x36",
		float64(m.Size.X)/m.at(p, far), float64(m.Size.Y)/m.at(p, far), far, 2*math.Atan(d/2/focal)*180/math.Pi, equivalent)}
	if !f.OK {
		f.Words += "; this is a wide-angle lens, take a longer one"
	}
	return f
}

// bent judges the distortion in the corner of a portrait in the middle of the picture.
func (m *Measurement) bent() Finding {
	r := math.Hypot(portraitW, portraitH) / math.Hypot(float64(m.Size.X), float64(m.Size.Y))
	there := m.Distortion * min(r*r, 1)
	f := Finding{"distortion", math.Abs(there) <= mostDistortion, fmt.Sprintf("%.2f %% in the portrait's corner, %.2f %% in the picture's (measured to %.0f %% of the way)", there, m.Distortion, 100*m.Reach)}
	if !f.OK {
		f.Words += "; take another lens"
	}
	return f
}

func (m *Measurement) sharp(p Place) Finding {
	worst, centre := m.Sharpness[0], m.Sharpness[0]
	for _, s := range m.Sharpness {
		if s.MTF50 == 0 {
			return Finding{"sharpness", false, "the edges of the square " + s.Place + " lie along the pixels or have no contrast; turn the chart a little"}
		}
		if s.PerMM < worst.PerMM {
			worst = s
		}
	}
	f := Finding{"sharpness", worst.PerMM >= leastPairs, fmt.Sprintf("MTF50 %.3f cycles per pixel (%.2f line pairs per mm) in the centre, %.3f (%.2f) %s, at %.0f mm; %.1f line pairs per mm are needed",
		centre.MTF50, centre.PerMM, worst.MTF50, worst.PerMM, worst.Place, p.Distance, leastPairs)}
	if !f.OK {
		f.Words += "; focus the lens, clean it, hold the chart still"
	}
	return f
}

func (m *Measurement) greys() Finding {
	f := Finding{"exposure", m.Steps == patches && m.White <= mostWhite, fmt.Sprintf("%d of %d steps of grey are told apart, white is %.0f of 255", m.Steps, patches, m.White)}
	switch {
	case m.White > mostWhite:
		f.Words += "; white is burnt out: less light or a shorter exposure"
	case !f.OK:
		f.Words += "; more light, or a print without corrections"
	}
	return f
}

// heights are the bodies whose portrait, eyes on its line, lies wholly in the picture.
func (m *Measurement) heights(p Place) Finding {
	covers := func(distance float64) (low, high float64) {
		half := float64(m.Size.Y) / m.at(p, distance) / 2
		low = (p.Height - half + (1-eyeLine)*portraitMM) / eyeShare
		high = (p.Height + p.Travel + half - eyeLine*portraitMM) / eyeShare
		return low, high
	}
	nearLow, nearHigh := covers(near)
	farLow, farHigh := covers(far)
	const most = 1 // mm
	f := Finding{"body heights", max(nearLow, farLow) <= lowest+most && min(nearHigh, farHigh) >= highest-most,
		fmt.Sprintf("%.0f to %.0f cm at %d mm, %.0f to %.0f cm at %d mm, standing", nearLow/10, nearHigh/10, near, farLow/10, farHigh/10, far)}
	switch {
	case float64(m.Size.Y)/m.at(p, near) < portraitMM:
		f.Words = fmt.Sprintf("at %d mm no portrait fits into the picture; take a shorter lens, or turn the camera upright", near)
	case !f.OK:
		f.Words += fmt.Sprintf("; %d to %d cm are the duty: a camera that lifts or a seat of %.0f mm travel covers them, from a lens at %.0f mm",
			lowest/10, highest/10, m.travel(p), m.lowestLens(p))
	}
	return f
}

// lowestLens is the height of the lens for the smallest people, near as they may come.
func (m *Measurement) lowestLens(p Place) float64 {
	return lowest*eyeShare - (1-eyeLine)*portraitMM + float64(m.Size.Y)/m.at(p, near)/2
}

// travel is what the view must be moved by to cover all people at both distances.
func (m *Measurement) travel(p Place) float64 {
	half := float64(m.Size.Y) / m.at(p, near) / 2
	return max(highest*eyeShare+eyeLine*portraitMM-half-m.lowestLens(p), 0)
}
