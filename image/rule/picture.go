// SPDX-License-Identifier: EUPL-1.2

package rule

import (
	"errors"
	"fmt"
	"image"
	"math"
	"sync"

	"github.com/fotobox-project/fotobox/image/booth"
	"github.com/fotobox-project/fotobox/image/face"
	"github.com/fotobox-project/fotobox/image/model"
	"github.com/fotobox-project/fotobox/image/pixel"
	"github.com/fotobox-project/fotobox/image/portrait"
)

// Picture is what the rules measure: a portrait, the faces in its pixels, and
// what is known of the photo that it was cut from. Measures that several rules
// need are taken once. It is not safe for concurrent use.
type Picture struct {
	Image  image.Image
	Colour pixel.ColourSpace
	// Faces of the photo, best first, in pixels of Image. They may lie outside of
	// it: a second person in the photo is not alone, wherever the crop ends.
	Faces []face.Face
	// Head of the first face.
	Head portrait.Head
	// Roll of the first face in the photo before the crop turned it upright,
	// degrees, positive = clockwise in the picture. Turning back repairs the
	// picture but not the posture: neck and shoulders stay tilted.
	Roll float64
	// Booth is the empty scene in front of the camera, nil where none is known:
	// the rules then have the picture alone.
	Booth *booth.Scene

	skin    func() *pixel.Patch
	lit     func() lighting
	wall    func() wall
	learned func() (*model.Sample, error)
	against *booth.Comparison // what differs from the empty scene; nil where nothing is known
	photo   pixel.Frame       // Image laid into the photo that against speaks of
}

// Whole is a photo that is judged as it is, as a portrait that already has its size.
func Whole(img image.Image, colour pixel.ColourSpace, faces []face.Face) *Picture {
	p := &Picture{Image: img, Colour: colour, Faces: faces}
	if len(faces) > 0 {
		p.Head = portrait.Measure(img, faces[0])
		p.Roll = faces[0].Roll()
	}
	return p.ready()
}

// Cut takes the portrait of the best face out of a photo, as the set wants it, and gives it as the
// picture to judge, with the crop. Where no crop within the rules exists the
// nearest one is judged and the error is the *portrait.Misfit; the picture is
// then good for a report, not for delivery. Without a face the whole photo is judged.
func Cut(set Set, img image.Image, colour pixel.ColourSpace, faces []face.Face) (*Picture, portrait.Crop, error) {
	return CutInBooth(set, nil, img, colour, faces)
}

// Unaimed takes the portrait where the guidance asks people to hold their heads, of
// somebody whose face is not found: nothing of it can be judged, the office decides.
func Unaimed(img image.Image, colour pixel.ColourSpace) *Picture {
	return Whole(portrait.Take(img, portrait.Unaimed(img.Bounds().Size())), colour, nil)
}

// CutInBooth is Cut for a whole picture of the station's camera, whose empty
// scene is known: outline, background and light are then measured against that.
// A nil scene, and one that does not show enough around the person, leave the
// picture alone to judge by.
func CutInBooth(set Set, empty *booth.Scene, img image.Image, colour pixel.ColourSpace, faces []face.Face) (*Picture, portrait.Crop, error) {
	if len(faces) == 0 {
		return Whole(img, colour, nil), portrait.Crop{}, nil
	}
	against := compare(empty, img, faces[0])
	head := measure(against, img, faces[0])
	crop, misfit := portrait.Plan(img.Bounds().Size(), faces[0], head, set.Least)
	p := &Picture{
		Image: portrait.Take(img, crop), Colour: colour, Head: crop.MapHead(head), Roll: faces[0].Roll(),
		Booth: empty, against: against, photo: crop.Frame(),
	}
	for _, f := range faces {
		p.Faces = append(p.Faces, crop.Map(f))
	}
	return p.ready(), crop, misfit
}

// ready prepares the shared measures.
func (p *Picture) ready() *Picture {
	p.skin = sync.OnceValue(func() *pixel.Patch {
		return pixel.Resample(p.Image, model.Frame(p.Faces[0]), model.Left, model.Top, model.Right, model.Bottom, model.PerUnit)
	})
	p.lit = sync.OnceValue(func() lighting { return meter(p) })
	p.wall = sync.OnceValue(func() wall { return newWall(p) })
	p.learned = sync.OnceValues(func() (*model.Sample, error) { return model.New(p.skin(), p.Faces[0]) })
	return p
}

// size is the portrait's width and height in pixels.
func (p *Picture) size() (w, h float64) {
	b := p.Image.Bounds()
	return float64(b.Dx()), float64(b.Dy())
}

// The reasons for which nothing can be measured on a face.
var (
	errNoFace   = errors.New("no face was found")
	errNoPoints = errors.New("eyes, nose and mouth could not be located")
)

// face gives the judged face.
func (p *Picture) face() (face.Face, error) {
	if len(p.Faces) == 0 {
		return face.Face{}, errNoFace
	}
	f := p.Faces[0]
	for _, pt := range []face.Point{f.EyeLeft, f.EyeRight, f.Nose, f.MouthLeft, f.MouthRight, f.LipTop, f.LipBottom} {
		if !(math.Abs(pt.X) < 1e6 && math.Abs(pt.Y) < 1e6) {
			return face.Face{}, errNoPoints
		}
	}
	return f, nil
}

// Bounds of what points can be trusted. Pupils that were found within 2 % scatter
// by 1 % IED, those that caught a brow or a frame by more than 6 %.
const (
	leastMeasured = 25   // inter-eye distance in pixels, below which eyes and lips are guesses
	mostSpread    = 0.08 // of the inter-eye distance
)

// clearFace gives the judged face when its points can be trusted for measures
// inside the face.
func (p *Picture) clearFace() (face.Face, error) { return p.located(leastMeasured, mostSpread) }

// located gives the judged face when its eyes lie so many pixels apart and scatter
// no more than that share of it. A scatter that is no number is no certainty either.
func (p *Picture) located(least, most float64) (face.Face, error) {
	f, err := p.face()
	switch {
	case err != nil:
		return f, err
	case f.IED() < least:
		return f, fmt.Errorf("the face is too small: the eyes lie %.0f pixels apart, %.0f are needed", f.IED(), least)
	case !(f.Spread() <= most):
		return f, fmt.Errorf("the eyes could not be located exactly (scatter %.2f of their distance)", f.Spread())
	}
	return f, nil
}

// patch gives the judged face resampled in its own frame.
func (p *Picture) patch() (*pixel.Patch, error) {
	if _, err := p.clearFace(); err != nil {
		return nil, err
	}
	return p.skin(), nil
}

// sample gives the judged face, ready for the learned measures.
func (p *Picture) sample() (*model.Sample, error) {
	if _, err := p.clearFace(); err != nil {
		return nil, err
	}
	return p.learned()
}
