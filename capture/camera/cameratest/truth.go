// SPDX-License-Identifier: EUPL-1.2

package cameratest

import "math"

// A Point is a place in the rendered picture, pixels; 0, 0 is the upper left corner of the first.
type Point struct{ X, Y float64 }

// Truth is where the parts of a rendered face are in the picture; left is left in the picture. A
// part is there even when something hides it, such as the pupil of a closed eye.
type Truth struct {
	PupilLeft, PupilRight Point
	InnerLeft, InnerRight Point // corners of the eyes beside the nose
	OuterLeft, OuterRight Point
	Nose                  Point // tip
	MouthLeft, MouthRight Point // corners
	LipTop, LipBottom     Point // outer edges of the lips in the middle
	Chin                  Point // lowest place of the middle of the chin
	Crown                 Point // top of the skull, under the hair
	Top                   Point // highest place of head and hair: the crown of the silhouette
}

// IED is the distance of the pupils, pixels.
func (t Truth) IED() float64 {
	return math.Hypot(t.PupilRight.X-t.PupilLeft.X, t.PupilRight.Y-t.PupilLeft.Y)
}

func (b *body) truth(d *drawing) Truth {
	at := func(p vec) Point {
		x, y, _ := d.view.project(b.place(p))
		return Point{x, y}
	}
	skin := func(x, y float64) Point { return at(b.head.moved(b.head.surface(x, y))) }
	inner, outer := corners(1)
	return Truth{
		PupilLeft: at(b.eyes[0].pupil()), PupilRight: at(b.eyes[1].pupil()),
		InnerLeft: skin(-inner[0], inner[1]), InnerRight: skin(inner[0], inner[1]),
		OuterLeft: skin(-outer[0], outer[1]), OuterRight: skin(outer[0], outer[1]),
		Nose:      skin(0, noseTipY),
		MouthLeft: skin(-mouthHalf, mouthY), MouthRight: skin(mouthHalf, mouthY),
		LipTop:    skin(0, mouthY-upperLip(0, 1)),
		LipBottom: skin(0, mouthY+lowerLip(1)),
		Chin:      b.chin(skin),
		Crown:     at(vec{0, crownY, 0}),
		Top:       d.top(),
	}
}

// chin is the place of the chin's middle line that lies furthest down along the face.
func (b *body) chin(skin func(x, y float64) Point) Point {
	down := b.turn.direction(vec{y: 1})
	var chin Point
	best := math.Inf(-1)
	for y := float64(jawY); y < chinY; y += .02 {
		p := skin(0, y)
		if along := p.X*down.x + p.Y*down.y; along > best {
			best, chin = along, p
		}
	}
	return chin
}

// top is the highest place of the silhouette: the middle of the first drawn row that shows 3 mm of
// it, which passes over single hairs.
func (d *drawing) top() Point {
	wide := int(.3/d.view.pixel(distance)) + 1
	for y, row := range d.rows {
		if row.pixels >= wide {
			return Point{X: float64(row.sum)/float64(row.pixels) + .5, Y: float64(y)}
		}
	}
	return Point{}
}
