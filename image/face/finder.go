// SPDX-License-Identifier: EUPL-1.2

package face

import (
	"embed"
	"fmt"
	"image"
	"io/fs"
	"math"

	"github.com/fotobox-project/fotobox/image/pixel"
)

//go:embed cascade
var cascades embed.FS

// Finder finds faces. It does not change after New, so that any number of
// goroutines may use one.
type Finder struct {
	detector                       *detector
	pupil, inner, outer            *locator
	nose, mouth, lipTop, lipBottom *locator
	still, preview                 plan
}

// New reads the cascades that the program contains.
func New() (*Finder, error) {
	files, err := fs.Sub(cascades, "cascade")
	if err != nil {
		return nil, err
	}
	return load(files)
}

func load(files fs.FS) (*Finder, error) {
	f := &Finder{still: still(), preview: preview()}
	data, err := fs.ReadFile(files, "facefinder")
	if err != nil {
		return nil, fmt.Errorf("read cascade: %w", err)
	}
	if f.detector, err = parseDetector(data); err != nil {
		return nil, fmt.Errorf("cascade facefinder: %w", err)
	}
	for name, l := range map[string]**locator{
		"puploc": &f.pupil, "lp38": &f.inner, "lp312": &f.outer, "lp93": &f.nose,
		"lp84": &f.mouth, "lp81": &f.lipTop, "lp82": &f.lipBottom,
	} {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read cascade: %w", err)
		}
		if *l, err = parseLocator(data); err != nil {
			return nil, fmt.Errorf("cascade %s: %w", name, err)
		}
	}
	return f, nil
}

// plan is how thoroughly a picture is searched.
type plan struct {
	detectSide int     // longer side of the picture for detection
	smallest   float64 // face, in the picture's shorter side
	box        float64 // largest box on which points are located, pixels
	pupils     []nudge
	points     []nudge
}

func still() plan {
	return plan{detectSide: 320, smallest: 1. / 8, box: 300, pupils: nudges(63), points: nudges(31)}
}

func preview() plan {
	return plan{detectSide: 320, smallest: 1. / 5, box: 200, pupils: nudges(15), points: nudges(9)}
}

const (
	shift      = 0.10 // of the window's side, between neighbouring windows
	grow       = 1.10 // from one window's side to the next
	leastScore = 8
)

// Find searches a still: faces from 1/8 of the shorter side, best first. No
// face is no error.
func (f *Finder) Find(img image.Image) ([]Face, error) { return f.search(img, f.still) }

// Track searches a frame of the preview: faces from 1/5 of the shorter side, with
// fewer searches a point, in a few milliseconds.
func (f *Finder) Track(img image.Image) ([]Face, error) { return f.search(img, f.preview) }

func (f *Finder) search(img image.Image, p plan) ([]Face, error) {
	b := img.Bounds()
	if b.Empty() {
		return nil, fmt.Errorf("find faces: the picture has no pixels")
	}
	g, scale := pixel.Luma(img, p.detectSide)
	smallest := max(20, int(float64(min(g.W, g.H))*p.smallest))
	for _, roll := range []float64{0, -20, 20} {
		windows := cluster(f.detector.detect(g, smallest, roll*math.Pi/180, shift, grow), leastScore)
		if len(windows) > 0 {
			faces := make([]Face, len(windows))
			for i, w := range windows {
				faces[i] = f.locate(img, p, w.times(scale), roll*math.Pi/180)
			}
			return faces, nil
		}
	}
	return nil, nil
}

func (w window) times(scale float64) window {
	return window{w.x * scale, w.y * scale, w.size * scale, w.score}
}

// box is in pixels of the picture from its first pixel.
func (w window) box(margin float64) image.Rectangle {
	h := w.size * (0.5 + margin)
	return image.Rect(int(w.x-h), int(w.y-h), int(w.x+h), int(w.y+h))
}

func (f *Finder) locate(img image.Image, p plan, w window, roll float64) Face {
	b := img.Bounds()
	around := w.box(0.4).Add(b.Min).Intersect(b)
	scale := max(1, w.size/p.box)
	g := pixel.Region(img, around, scale)
	origin := around.Min.Sub(b.Min)

	s := start{x: (w.x - float64(origin.X)) / scale, y: (w.y - float64(origin.Y)) / scale, size: w.size / scale}
	face := f.points(g, p, s, roll)
	face.Box, face.Score = w.box(0), w.score
	for _, pt := range face.all() {
		pt.X = pt.X*scale + float64(origin.X)
		pt.Y = pt.Y*scale + float64(origin.Y)
		pt.Spread *= scale
	}
	return face
}

func (f *Face) all() []*Point {
	return []*Point{
		&f.EyeLeft, &f.EyeRight, &f.OuterLeft, &f.InnerLeft, &f.InnerRight, &f.OuterRight,
		&f.Nose, &f.MouthLeft, &f.MouthRight, &f.LipTop, &f.LipBottom,
	}
}

func (f *Finder) points(g *pixel.Gray, p plan, box start, roll float64) Face {
	var face Face
	box.sin, box.cos = math.Sincos(roll)
	eye := box
	eye.size = 0.25 * box.size
	face.EyeLeft = f.pupil.locate(g, eye.away(-0.18*box.size, -0.075*box.size), p.pupils)
	face.EyeRight = f.pupil.locate(g, eye.away(0.18*box.size, -0.075*box.size), p.pupils)
	// second round, turned as the head is
	eye.sin, eye.cos = math.Sincos(face.roll())
	l, r := eye, eye
	l.x, l.y = face.EyeLeft.X, face.EyeLeft.Y
	r.x, r.y = face.EyeRight.X, face.EyeRight.Y
	face.EyeLeft = f.pupil.locate(g, l, p.pupils)
	face.EyeRight = f.pupil.locate(g, r, p.pupils)

	ied := face.IED()
	m := start{x: (face.EyeLeft.X + face.EyeRight.X) / 2, y: (face.EyeLeft.Y + face.EyeRight.Y) / 2, size: 3 * ied}
	m.sin, m.cos = math.Sincos(face.roll())
	a := m.away(0.15*ied, 0.25*ied)
	c := m.away(-0.15*ied, 0.25*ied)
	c.mirrored = true
	face.InnerLeft = f.inner.locate(g, a, p.points)
	face.InnerRight = f.inner.locate(g, c, p.points)
	face.OuterLeft = f.outer.locate(g, a, p.points)
	face.OuterRight = f.outer.locate(g, c, p.points)
	face.MouthLeft = f.mouth.locate(g, a, p.points)
	face.MouthRight = f.mouth.locate(g, c, p.points)
	face.Nose = f.nose.locate(g, a, p.points)
	face.LipTop = f.lipTop.locate(g, a, p.points)
	face.LipBottom = f.lipBottom.locate(g, a, p.points)
	return face
}
