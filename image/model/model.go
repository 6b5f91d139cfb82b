// SPDX-License-Identifier: EUPL-1.2

// Package model judges eyes, mouth and the pose of a head by small learned models:
// weighted sums over gradient histograms of patches of the face.
//
// The weights stand in table.txt, with what each model is and the command that
// repeats its training. They were learned on rendered sitters alone (hack/train);
// no photo of a person went into them. What the values mean for people, and thus
// every limit, is measured on photos and belongs to image/rule.
package model

import (
	"errors"
	"math"

	"github.com/fotobox-project/fotobox/image/face"
	"github.com/fotobox-project/fotobox/image/pixel"
)

// PerUnit is the grain that a face's patch must have, samples per inter-eye distance.
const PerUnit = 80

// The part of the face that its patch must hold, in inter-eye distances from
// the middle between the pupils.
const (
	Left, Top, Right, Bottom = -1.2, -1.2, 1.2, 2.0
)

// ErrPatch is the reason when the patch is not that of a whole face.
var ErrPatch = errors.New("the patch does not hold the whole face")

// Sample is one face, ready for the models. It does not change.
type Sample struct {
	luma   plane
	red    plane
	cheeks float64 // median luma of the cheeks, 0..255
	redder float64 // median redness of the cheeks
	white  float64 // luma of the brightest of the eyes: of their whites, when they are open
	points points
}

// Frame is the frame of a face's patch: the origin between the pupils, x from the
// left to the right one, the unit one inter-eye distance.
func Frame(f face.Face) pixel.Frame {
	l, r := f.EyeLeft, f.EyeRight
	return pixel.Frame{X: (l.X + r.X) / 2, Y: (l.Y + r.Y) / 2, Ux: r.X - l.X, Uy: r.Y - l.Y}
}

// New prepares a face. The patch is the face's in Frame(f), from (Left, Top) to
// (Right, Bottom), PerUnit samples a unit.
func New(p *pixel.Patch, f face.Face) (*Sample, error) {
	if p.PerUnit != PerUnit || p.W != across || p.H != down {
		return nil, ErrPatch
	}
	s := &Sample{luma: halved(p, lumaAt), red: halved(p, rednessAt), points: pointsOf(f)}
	if !s.points.sane() {
		return nil, errors.New("the points do not lie on a face")
	}
	s.cheeks, s.redder = s.luma.cheeks(), s.red.cheeks()
	s.white = (s.luma.quantile(-0.5, 0, 0.4, 0.2, 0.95) + s.luma.quantile(0.5, 0, 0.4, 0.2, 0.95)) / 2
	return s, nil
}

// Eyes tells how certainly the eyes are open, 0 closed to 1 open: the lower one
// of the two eyes. To the model's sum comes twice what the contrast between white
// and iris is above 0.3, which open eyes have in almost all people: it takes some
// of the errors away that the model makes on glasses.
func (s *Sample) Eyes() float64 { return share(min(s.open(-1), s.open(1))) }

func (s *Sample) open(side float64) float64 {
	return model(EyeOpen).Sum(s.eye(side)) + 2*(s.contrast(side)-enough)
}

// enough is the contrast of most open eyes; the least of 71 neutral people has 0.27.
const enough = 0.3

// faint is how far the contrast of an eye stays below that of open eyes.
func (s *Sample) faint(side float64) float64 { return max(0, enough-s.contrast(side)) }

// Visible tells how certainly both eyes are visible, 0 to 1: not behind hair,
// cloth or tinted glasses. It is the lower one of the two eyes, less where a white
// is hardly brighter than its iris. Of closed eyes it tells nothing.
func (s *Sample) Visible() float64 {
	m := model(EyeVisible)
	return share(min(m.Sum(s.visible(-1)), m.Sum(s.visible(1))) - float64(5*max(s.faint(-1), s.faint(1))))
}

// Open tells how certainly the mouth is open or shows teeth, 0 to 1.
func (s *Sample) Open() float64 { return share(model(MouthOpen).Sum(s.gap())) }

// Smile tells how certainly the face smiles, with closed lips or without, 0
// neutral to 1.
func (s *Sample) Smile() float64 { return share(model(Smiling).Sum(s.expression())) }

// Pose gives yaw and pitch in degrees, against a head that looks into the
// camera: positive yaw moves the nose to the right in the picture, positive pitch
// moves it up. Trained to 20 degrees either way; beyond it falls short.
//
// Real faces turned beyond 10 degrees look less alike than rendered ones, and the
// model alone takes most of them for half as far turned. So where the nose lies
// further aside by more than 5 degrees, it is believed in part, and wholly from 9
// on; in 155 photos taken for documents the two differ by 7.5 at most. A nose that
// lies less aside is a short one.
func (s *Sample) Pose() (yaw, pitch float64) {
	even, odd := s.pose()
	return further(model(Yaw).Sum(odd), s.points.turn()), model(Pitch).Sum(even)
}

// further is the yaw where the model and the nose say so.
func further(yaw, nose float64) float64 {
	by := math.Abs(nose) - max(0, math.Copysign(1, nose)*yaw)
	return yaw + float64(ramp(5, 9, by)*(nose-yaw))
}

// Cheeks is the brightness of the cheeks, 0 to 255: what the groups of a test by skin tone go by.
func (s *Sample) Cheeks() float64 { return s.cheeks }

// Inputs gives what the named model looks at: for a model of one eye both eyes
// after each other, left in the picture first.
func (s *Sample) Inputs(name string) [][]float64 {
	switch name {
	case EyeOpen:
		return [][]float64{s.eye(-1), s.eye(1)}
	case EyeVisible:
		return [][]float64{s.visible(-1), s.visible(1)}
	case MouthOpen:
		return [][]float64{s.gap()}
	case Smiling:
		return [][]float64{s.expression()}
	}
	even, odd := s.pose()
	if name == Yaw {
		return [][]float64{odd}
	}
	return [][]float64{even}
}

// points are those of a face in its frame.
type points struct {
	inner, outer [2]xy // left, right
	mouth        [2]xy
	nose         xy
	lips         [2]xy // upper edge, lower edge
}

type xy struct{ x, y float64 }

func pointsOf(f face.Face) points {
	frame := Frame(f)
	at := func(p face.Point) xy {
		x, y := frame.From(p.X, p.Y)
		return xy{x, y}
	}
	return points{
		inner: [2]xy{at(f.InnerLeft), at(f.InnerRight)},
		outer: [2]xy{at(f.OuterLeft), at(f.OuterRight)},
		mouth: [2]xy{at(f.MouthLeft), at(f.MouthRight)},
		nose:  at(f.Nose),
		lips:  [2]xy{at(f.LipTop), at(f.LipBottom)},
	}
}

// list is every point.
func (p points) list() []xy {
	return []xy{p.inner[0], p.inner[1], p.outer[0], p.outer[1], p.mouth[0], p.mouth[1], p.nose, p.lips[0], p.lips[1]}
}

// sane tells whether all points lie about where a face has them.
func (p points) sane() bool {
	for _, q := range p.list() {
		if !(math.Abs(q.x) < 2 && math.Abs(q.y) < 3) {
			return false
		}
	}
	return true
}
