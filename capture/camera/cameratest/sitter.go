// SPDX-License-Identifier: EUPL-1.2

package cameratest

import (
	"image"
	"image/color"
	"math/rand/v2"
)

// A Sitter is a rendered person in front of the camera. Left and right are those of the picture,
// which is not mirrored: the person's left is on the right. Default gives one as the rules want it.
type Sitter struct {
	Yaw   float64 // degrees, positive = the nose moves to the right in the picture
	Pitch float64 // degrees, positive = the nose moves up
	Roll  float64 // degrees, positive = the head turns clockwise in the picture; yaw and pitch come first

	Eyes   float64 // 0 closed .. 1 open
	GazeX  float64 // degrees from straight ahead out of the head, positive = to the right in the picture
	GazeY  float64 // degrees, positive = up
	Mouth  float64 // 0 closed .. 1 wide open
	Smile  float64 // 0 neutral .. 1 broad, with teeth from about one half
	Teeth  float64 // 0 lips closed .. 1 lips drawn apart over closed teeth
	Squint float64 // 0 .. 1 eyes narrowed by cheeks and lower lids, as in a hearty smile

	Glasses  bool
	Lenses   Lenses  // of the glasses
	Fringe   float64 // hair over an eye: -1 wholly over the left one .. 1 over the right one, a few strands near 0
	Features Features
	Skin     float64     // 0 light .. 1 very dark
	Hair     color.NRGBA // the zero colour is one that goes with the skin: brown to black
	Iris     color.NRGBA // likewise

	Background color.NRGBA
	Gradient   float64 // change of the background's light from left to right, share of it
	Lamps      Lamps

	Head  float64 // height of the head, chin to crown, share of the picture's height
	X, Y  float64 // the head's offset right and down, share of the picture's width and height
	Noise float64 // standard deviation, grey levels
	Seed  uint64  // of noise, pores and hair: the same seed gives the same picture
}

// Default is the sitter that every rule accepts: upright, looking into the camera, eyes open, mouth
// closed, even light, a plain light grey background.
func Default() Sitter {
	return Sitter{
		Eyes:       1,
		Skin:       .25,
		Background: color.NRGBA{R: backdrop, G: backdrop, B: backdrop, A: 255},
		Lamps:      Lamps{Left: 1, Right: 1, Ambient: 1},
		Head:       .55,
		Noise:      1.2,
	}
}

// Render draws the sitter in a picture of the given size in pixels and tells where everything is.
// It is deterministic for equal parameters on one machine.
func (s Sitter) Render(size image.Point) (*image.NRGBA, Truth) {
	base, truth := s.clean(newView(s, size))
	return newNoise().film(base, image.Point{}, size, s.Noise, s.Seed), truth
}

// clean is the picture without noise.
func (s Sitter) clean(v view) (*image.NRGBA, Truth) {
	b := s.body()
	d := newDrawing(v, b.meshes(s, v), s.backdrop(v.size))
	img := d.draw()
	return img, b.truth(d)
}

func (s Sitter) body() *body {
	h := newHead(s)
	head := turn(s.Yaw, s.Pitch, s.Roll)
	return &body{
		features: s.Features,
		lenses:   s.Lenses,
		camera:   head.back(vec{z: distance}),
		light:    newLighting(s.Lamps),
		grain:    newGrain(s.Seed),
		turn:     head,
		head:     h,
		eyes:     eyeballs(s.GazeX, s.GazeY),
		tone:     tone(s.Skin),
		hair:     or(s.Hair, hairTone(s.Skin)),
		iris:     or(s.Iris, irisTone(s.Skin)),
		dark:     min(max(s.Skin, 0), 1),
	}
}

// or is the light of colour, or fallback for the zero colour.
func or(colour color.NRGBA, fallback vec) vec {
	if colour == (color.NRGBA{}) {
		return fallback
	}
	return linear(colour)
}

// meshes builds everything there is to see, as finely as v shows it.
func (b *body) meshes(s Sitter, v view) []*mesh {
	cut := haircut{body: b, rand: rand.New(rand.NewPCG(s.Seed, 3))}
	var hairs []strand
	hairs = append(hairs, cut.hairs(int(8500*(1-s.Features.Thin)))...)
	hairs = append(hairs, cut.browHairs(260)...)
	hairs = append(hairs, cut.lashes(55)...)
	hairs = append(hairs, cut.fringe(s.Fringe)...)
	edge := .13
	if v.coarse() {
		edge = .2
	}
	skin, balls, ears := b.head.skin(edge), b.head.balls(b.eyes), ears()
	skin.light, balls.light, ears.light = b.face, b.eye, b.ear
	skin.painted, balls.painted = true, true
	turned := []*mesh{skin, balls, ears}
	if s.Glasses {
		g := glasses(s.Lenses)
		g.light = b.frame
		turned = append(turned, g)
	}
	for _, m := range turned {
		b.pose(m)
	}
	bust := newBust().mesh(s.Yaw, s.Pitch, s.Roll)
	bust.light = b.bust
	bust.normals()
	return append(turned, bust, b.ribbons(hairs))
}

// pose turns a mesh with the head.
func (b *body) pose(m *mesh) {
	for i := range m.vertices {
		m.vertices[i].place = b.place(m.vertices[i].place)
	}
	m.normals()
}

func (s Sitter) backdrop(size image.Point) func(x, y int) vec {
	c := linear(s.Background)
	if s.Gradient == 0 {
		return func(int, int) vec { return c }
	}
	return func(x, _ int) vec {
		return c.mul(1 + s.Gradient*(float64(x)/float64(size.X)-.5))
	}
}
