// SPDX-License-Identifier: EUPL-1.2

package face

import (
	"image"
	"math"

	"github.com/fotobox-project/fotobox/image/pixel"
)

// Where the searches start and what corrects their ends. Windows and starts were
// chosen on the 71 photos with hand-placed points (London and Canada sets).
const (
	// Pupils, in the side of the detector's box, from its centre.
	eyeAside, eyeAbove, eyeWindow = 0.173, 0.083, 0.25
	// The second search's window, in IED. The size matters most of all: at 0.72
	// (pigo's usual quarter of the box) the median error is 1.6 % of the IED,
	// at 0.85 it is 0.8 %; from 0.9 on a dark brow may catch the search.
	pupilWindow = 0.85
	// settled is the roll between two rounds from which a further one gains
	// nothing.
	settled = 4 * math.Pi / 180
	// All other points: the window in IED, and its centre below the eyes.
	pointWindow, pointBelow = 3.0, 0.40
)

// The constant offsets from where the trees were trained to where LANDMARKS.csv
// has the point, in IED: towards the middle of the face, and down. They are the
// medians over its 71 photos. The nose has none there, it stays as trained, at
// the tip: the middle between the nostrils lies 0.10 IED below, the subnasale
// 0.18.
const (
	innerIn, innerDown = 0.038, 0.030
	outerIn, outerDown = 0.034, 0.006
	mouthIn, mouthDown = 0.009, 0.020
	lipTopDown         = -0.013 // to the height of the Cupid's bow, which stands above the middle
	lipBottomDown      = 0.026
)

// view is the part of a picture around one face, in gray, on which points are
// located.
type view struct {
	*pixel.Gray
	scale  float64     // pixels of the picture along the side of one of the view
	origin image.Point // of the view in the picture
}

func viewOf(img image.Image, w window, largest float64) view {
	b := img.Bounds()
	// Rolled heads and the windows of the points reach beyond the box.
	around := w.box(0.4).Add(b.Min).Intersect(b)
	scale := max(1, w.size/largest)
	return view{pixel.Region(img, around, scale), scale, around.Min.Sub(b.Min)}
}

// enter gives a start at the centre of the window, in pixels of the view.
func (v view) enter(w window) start {
	return start{
		x:    (w.x - float64(v.origin.X)) / v.scale,
		y:    (w.y - float64(v.origin.Y)) / v.scale,
		size: w.size / v.scale,
	}.turned(w.roll)
}

// leave turns a point of the view to one of the picture.
func (v view) leave(p *Point) {
	p.X = float64(p.X*v.scale) + float64(v.origin.X)
	p.Y = float64(p.Y*v.scale) + float64(v.origin.Y)
	p.Spread *= v.scale
}

// locate finds the points of the face in the window, whose roll is known to
// about 20 degrees.
func (f *Finder) locate(img image.Image, p plan, w window) Face {
	v := viewOf(img, w, p.pointBox)
	face := Face{Box: w.box(0), Score: w.score}
	f.locateEyes(&face, v, p, v.enter(w))
	if face.IED() > 1 {
		f.locateRest(&face, v.Gray, p)
		if p.mends {
			f.settle(&face, v.Gray, p)
		}
	}
	for _, point := range face.points() {
		v.leave(point)
	}
	return face
}

// locateEyes searches from the box first, and then from there in windows of the
// right size, turned as the head is. A far turned head needs one round more.
func (f *Finder) locateEyes(face *Face, v view, p plan, box start) {
	eye := box
	eye.size = eyeWindow * box.size
	left := eye.away(-eyeAside*box.size, -eyeAbove*box.size)
	right := eye.away(eyeAside*box.size, -eyeAbove*box.size)
	for round := range 4 {
		face.EyeLeft = f.pupil.locate(v.Gray, left, p.pupils)
		face.EyeRight = f.pupil.locate(v.Gray, right, p.pupils)
		turned := face.roll()
		if round > 0 && math.Abs(turned-left.roll()) < settled {
			return
		}
		next := start{size: pupilWindow * face.IED()}.turned(turned)
		left, right = next.at(face.EyeLeft), next.at(face.EyeRight)
	}
}

// locateRest searches the other points from the eyes.
func (f *Finder) locateRest(face *Face, g *pixel.Gray, p plan) {
	ied := face.IED()
	middle := start{
		x: (face.EyeLeft.X + face.EyeRight.X) / 2, y: (face.EyeLeft.Y + face.EyeRight.Y) / 2,
		size: pointWindow * ied,
	}.turned(face.roll()).away(0, pointBelow*ied)
	other := middle
	other.mirrored = true
	for _, t := range []struct {
		to       *Point
		by       *locator
		from     start
		nudges   []nudge
		in, down float64
	}{
		{&face.InnerLeft, f.inner, middle, p.points, innerIn, innerDown},
		{&face.InnerRight, f.inner, other, p.points, innerIn, innerDown},
		{&face.OuterLeft, f.outer, middle, p.points, outerIn, outerDown},
		{&face.OuterRight, f.outer, other, p.points, outerIn, outerDown},
		{&face.MouthLeft, f.mouth, middle, p.points, mouthIn, mouthDown},
		{&face.MouthRight, f.mouth, other, p.points, mouthIn, mouthDown},
		{&face.Nose, f.nose, middle, p.middle, 0, 0},
		{&face.LipTop, f.lipTop, middle, p.middle, 0, lipTopDown},
		{&face.LipBottom, f.lipBottom, middle, p.middle, 0, lipBottomDown},
	} {
		*t.to = t.by.locate(g, t.from, t.nudges).moved(t.from, t.in*ied, t.down*ied)
	}
}

// moved gives the point moved towards the middle of the face and down.
func (p Point) moved(s start, in, down float64) Point {
	if s.mirrored {
		in = -in
	}
	p.X += float64(in*s.cos) - float64(down*s.sin)
	p.Y += float64(in*s.sin) + float64(down*s.cos)
	return p
}

// points lists all points of the face.
func (f *Face) points() []*Point {
	return []*Point{
		&f.EyeLeft, &f.EyeRight, &f.OuterLeft, &f.InnerLeft, &f.InnerRight, &f.OuterRight,
		&f.Nose, &f.MouthLeft, &f.MouthRight, &f.LipTop, &f.LipBottom,
	}
}
