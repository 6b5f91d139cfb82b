// SPDX-License-Identifier: EUPL-1.2

package quality

import (
	"errors"
	"fmt"
	"image"
	"math"
	"sync"

	"github.com/fotobox-project/fotobox/image/face"
	"github.com/fotobox-project/fotobox/image/portrait"
)

// Picture is a photo with its faces. What several measures need is computed once.
// It is not safe for concurrent use.
type Picture struct {
	Image image.Image
	// Faces are those of the photo, best first, in its pixels. The first is measured.
	Faces []face.Face
	// Pose of the first face when more is known of it than its points tell; else nil.
	Pose *Pose

	head    func() portrait.Head
	aligned func() *aligned
	light   func() [256]int
}

// Pose is how a head is turned, in degrees: positive where it looks to the right of
// the picture, and up.
type Pose struct{ Yaw, Pitch float64 }

// New gives the photo as the measures need it. Faces are best first, in pixels of
// the photo.
func New(img image.Image, faces []face.Face) *Picture {
	p := &Picture{Image: img, Faces: faces}
	p.head = sync.OnceValue(func() portrait.Head { return portrait.Measure(img, faces[0]) })
	p.aligned = sync.OnceValue(func() *aligned { return align(img, p.marks()) })
	p.light = sync.OnceValue(func() [256]int { return p.aligned().histogram() })
	return p
}

var errNoFace = errors.New("no face was found")

// Bounds of what points can be trusted, as image/rule sets them: OFIQ measures
// whatever its points are.
const (
	leastIED   = 25   // pixels, below which the points are guesses
	mostSpread = 0.08 // of the inter-eye distance
)

// known tells why nothing can be measured on the face; nil where it can.
func (p *Picture) known() error {
	if len(p.Faces) == 0 {
		return errNoFace
	}
	f := p.Faces[0]
	for _, pt := range []face.Point{
		f.EyeLeft, f.EyeRight, f.OuterLeft, f.InnerLeft, f.InnerRight, f.OuterRight,
		f.Nose, f.MouthLeft, f.MouthRight, f.LipTop, f.LipBottom,
	} {
		if !(math.Abs(pt.X) < 1e6 && math.Abs(pt.Y) < 1e6) {
			return errors.New("eyes, nose and mouth could not be located")
		}
	}
	switch ied := p.marks().ied(); {
	case f.IED() < leastIED || ied < leastIED:
		return fmt.Errorf("the face is too small: the eyes lie %.0f pixels apart, %d are needed", min(f.IED(), ied), leastIED)
	case f.Spread() > mostSpread || math.IsNaN(f.Spread()):
		return fmt.Errorf("the eyes could not be located exactly (scatter %.2f of their distance)", f.Spread())
	}
	return nil
}

// onFace gives a Native that asks first whether there is a face to measure.
func onFace(native func(*Picture) float64) func(*Picture) (float64, error) {
	return func(p *Picture) (float64, error) {
		if err := p.known(); err != nil {
			return 0, err
		}
		return native(p), nil
	}
}

// size is the photo's width and height in pixels.
func (p *Picture) size() (w, h float64) {
	b := p.Image.Bounds()
	return float64(b.Dx()), float64(b.Dy())
}
