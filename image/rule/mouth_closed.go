// SPDX-License-Identifier: EUPL-1.2

package rule

import (
	"errors"
	"math"

	"github.com/fotobox-project/fotobox/image/face"
	"github.com/fotobox-project/fotobox/image/pixel"
	"github.com/fotobox-project/fotobox/image/portrait"
)

func mouthClosed() Rule {
	return Rule{
		ID: "2.2", Name: "mouth-closed", Clause: "7.2.3", Unit: "certainty", Mandatory: true,
		Method: "Height of what is seen between the lips, in inter-eye distances: teeth (bright, and less red than the cheeks) or the dark of the mouth, " +
			"as the median over the middle half of the mouth; what the lips are higher together than 0.48 inter-eye distances; and a tenth of how " +
			"certainly the learned measures (image/model) see an open mouth and a smile, 0 to 1 each.",
		Measure: func(p *Picture) (float64, error) {
			s, err := p.sample()
			if err != nil {
				return 0, err
			}
			m := newMouth(p, p.skin())
			if !m.plausible() {
				return 0, errMouth
			}
			return m.opening() + (s.Open()+s.Smile())/10, nil
		},
	}
}

// mouth is the mouth in its own frame: the origin between the corners, x along
// them, the unit one inter-eye distance.
type mouth struct {
	patch       *pixel.Patch
	top, bottom float64 // outer edges of the lips in the middle
	half        float64 // half the width
	redness     float64 // of the cheeks
	cheeks      float64 // brightness of the cheeks, 0 to 255
	white       float64 // brightness of the whites of the eyes
}

const mouthPerUnit = 100

var errMouth = errors.New("the mouth could not be located")

// plausible tells whether the points can be those of a mouth: wide enough to look
// between the lips, and all of them within the patch.
func (m mouth) plausible() bool {
	return m.half > 0.15 && m.half < 0.8 && m.top > -0.6 && m.bottom < 1.2 && m.bottom-m.top > 0
}

func newMouth(p *Picture, skin *pixel.Patch) mouth {
	f := p.Faces[0]
	frame := mouthFrame(f)
	m := mouth{patch: pixel.Resample(p.Image, frame, -0.4, -0.35, 0.4, 0.55, mouthPerUnit)}
	_, m.top = frame.From(f.LipTop.X, f.LipTop.Y)
	_, m.bottom = frame.From(f.LipBottom.X, f.LipBottom.Y)
	m.half = math.Hypot(f.MouthRight.X-f.MouthLeft.X, f.MouthRight.Y-f.MouthLeft.Y) / f.IED() / 2

	var red, luma, eyes []float32
	for _, side := range []float64{-1, 1} {
		for y := 0.2; y < 0.9; y += 0.025 {
			for x := 0.35; x < 0.7; x += 0.025 {
				o := skin.Index(side*x, y)
				red, luma = append(red, redness(skin, o)), append(luma, skin.Y[o])
			}
		}
		eyes = append(eyes, box(skin, skin.Y, side*0.5-0.2, -0.1, side*0.5+0.2, 0.1)...)
	}
	m.redness, m.cheeks, m.white = percentile(red, 0.5), percentile(luma, 0.5), percentile(eyes, 0.95)
	return m
}

func mouthFrame(f face.Face) pixel.Frame {
	l, r := f.MouthLeft, f.MouthRight
	width := math.Hypot(r.X-l.X, r.Y-l.Y)
	k := portrait.Eyes(f).Unit() / max(width, 1)
	return pixel.Frame{X: (l.X + r.X) / 2, Y: (l.Y + r.Y) / 2, Ux: (r.X - l.X) * k, Uy: (r.Y - l.Y) * k}
}

// redness tells lips, skin and teeth apart and does not depend on brightness.
func redness(p *pixel.Patch, o int) float32 {
	return float32(math.Log(float64((p.R[o] + 4) / (p.G[o] + 4))))
}

// opening is the height of what is seen between the lips, and of lips too high to be closed.
func (m mouth) opening() float64 {
	const highestClosed = 0.48 // the highest closed lips among 71 neutral faces: 0.50, the next 0.40
	var teeth, dark []float32
	for x := -m.half / 2; x <= m.half/2; x += 1. / mouthPerUnit {
		t, d := m.column(x)
		teeth, dark = append(teeth, float32(t)), append(dark, float32(d))
	}
	return percentile(teeth, 0.5) + percentile(dark, 0.5) + max(0, m.bottom-m.top-highestClosed)
}

// column gives the longest run of teeth and of darkness between the lips' outer
// edges, which are parabolas through the corners.
func (m mouth) column(x float64) (teeth, dark float64) {
	const (
		paler    = 0.04 // teeth are less red than the cheeks by this
		asWhite  = 0.8  // and at least as bright as this share of the eyes' whites
		shade    = 0.5  // the dark of a mouth is below this share of the column's median,
		darkness = 0.25 // or of the cheeks
	)
	p := m.patch
	u := x / m.half
	arc := 1 - float64(u*u)
	from, to := m.top*arc, float64(m.bottom*arc)+0.02
	median := percentile(box(p, p.Y, x, from, x, to), 0.5)
	var t, d run
	for y := from; y <= to; y += 1 / p.PerUnit {
		o := p.Index(x, y)
		luma := float64(p.Y[o])
		t.add(float64(redness(p, o)) < m.redness-paler && luma > asWhite*m.white)
		d.add(luma < shade*median || luma < darkness*m.cheeks)
	}
	// What is pale up to the lips' edge is skin or beard.
	return float64(t.enclosed) / mouthPerUnit, float64(d.longest) / mouthPerUnit
}

// run counts the longest row of hits. An enclosed one has misses at both ends.
type run struct {
	now, longest, enclosed int
	started                bool
}

func (r *run) add(hit bool) {
	if hit {
		r.now++
		r.longest = max(r.longest, r.now)
		return
	}
	if r.started {
		r.enclosed = max(r.enclosed, r.now)
	}
	r.now, r.started = 0, true
}
