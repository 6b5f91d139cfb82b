// SPDX-License-Identifier: EUPL-1.2

package portrait

import (
	"image"
	"math"

	"github.com/fotobox-project/fotobox/image/face"
	"github.com/fotobox-project/fotobox/image/pixel"
)

// Head is the outline of a head in a picture as the photo rules speak of it.
// Crown and Chin lie on the face's middle axis.
type Head struct {
	Crown Point // top of the skull; volume of hair above it does not count
	Top   Point // top of the hair, at or above Crown
	Chin  Point
	// Width is the head's width between the ears' attachment, in pixels.
	Width float64
	// CrownSeen and WidthSeen tell that the value was measured on the outline
	// against the background, and not taken from the proportions of an average head.
	CrownSeen, WidthSeen bool
}

// Height is the distance from chin to crown in pixels.
func (h Head) Height() float64 { return math.Hypot(h.Chin.X-h.Crown.X, h.Chin.Y-h.Crown.Y) }

// Scale gives the same head in a picture that is k times as large.
func (h Head) Scale(k float64) Head {
	h.Crown, h.Top, h.Chin, h.Width = h.Crown.scale(k), h.Top.scale(k), h.Chin.scale(k), h.Width*k
	return h
}

// Proportions of a head in inter-eye distances (IED), above and below the eye line.
const (
	// skullTop: measured on frontal adults against a plain background, 1.7 to 1.8.
	skullTop = 1.75
	// chinSlope and chinOffset: the chin from the depth of the mouth below the
	// eyes, as a line through 71 chins placed by hand; the error has a deviation of
	// 0.06 IED (go test ./image/portrait -run TestChin -every 1 -v).
	chinSlope  = 1.55
	chinOffset = 0.13
	// headWidth is the average width between the ears' attachment.
	headWidth = 2.25
)

// Measure finds crown, chin and width of the head. The chin follows from the
// depth of the mouth; crown and width come from the outline against the
// background where there is one to be seen, otherwise from proportions.
func Measure(img image.Image, f face.Face) Head {
	eyes := Eyes(f)
	return measure(eyes, f, outline(img, eyes))
}

// MeasureBefore is Measure for a picture in which it is known where the
// background is seen: wall tells it of a place in pixels of the picture.
func MeasureBefore(img image.Image, f face.Face, wall func(x, y float64) bool) Head {
	eyes := Eyes(f)
	return measure(eyes, f, known(img, eyes, wall))
}

func measure(eyes pixel.Frame, f face.Face, s silhouette) Head {
	h := Head{Width: headWidth * eyes.Unit()}
	top, crown := -skullTop, -skullTop
	if t, ok := s.top(); ok {
		top, crown = t, max(t, -tallestSkull)
		h.CrownSeen = true
	}
	if w, ok := s.width(); ok {
		h.Width, h.WidthSeen = w*eyes.Unit(), true
	}
	h.Crown, h.Top = along(eyes, crown), along(eyes, min(top, crown))
	h.Chin = along(eyes, chin(eyes, f))
	return h
}

// Eyes is the frame of a face: the origin between the pupils, x from the left
// to the right pupil, the unit one inter-eye distance.
func Eyes(f face.Face) pixel.Frame {
	l, r := f.EyeLeft, f.EyeRight
	return pixel.Frame{X: (l.X + r.X) / 2, Y: (l.Y + r.Y) / 2, Ux: r.X - l.X, Uy: r.Y - l.Y}
}

func along(eyes pixel.Frame, y float64) Point {
	px, py := eyes.At(0, y)
	return Point{px, py}
}

func chin(eyes pixel.Frame, f face.Face) float64 {
	_, l := eyes.From(f.MouthLeft.X, f.MouthLeft.Y)
	_, r := eyes.From(f.MouthRight.X, f.MouthRight.Y)
	return float64(chinSlope*(l+r)/2) + chinOffset
}
