// SPDX-License-Identifier: EUPL-1.2

// Package chart draws the test chart that a technician prints, and measures the camera by a picture of it.
package chart

import "math"

// The sheet is A4 upright; all places are millimetres from its upper left corner.
const (
	Width  = 210.0
	Height = 297.0
	// Bar is the length of the line by which the print is checked.
	Bar = 100.0
)

// A point is a place on the sheet, mm, or in a picture, pixels from its upper left corner.
type point struct{ x, y float64 }

// A shape is a disc or a box of one brightness. Later shapes lie on earlier ones.
type shape struct {
	point         // its centre
	w, h  float64 // of a box; of a disc the diameter, twice
	disc  bool
	turn  float64 // of a box, degrees, clockwise
	level uint8   // sRGB, 0 black
}

const (
	ink   = 0
	paper = 255

	markerOuter, markerRing, markerCore = 18.0, 12.0, 6.0 // diameters of a marker's discs: black, white, black
	dotSize                             = 5.0
	pitch                               = 20.0 // of the dots
	squareSize                          = 24.0
	// slant lets an edge cross all phases of the pixels (ISO 12233).
	slant      = 5.0 // degrees
	patchSize  = 14.0
	patches    = 10
	dotMargin  = 6.0 // least distance of a dot's centre from everything else
	patchRow   = 208.5
	barRow     = 88.5
	centreX    = Width / 2
	centreY    = Height / 2
	markerX    = 45.0  // of a marker's centre from the middle
	markerY    = 124.5 // the same down
	squareX    = 79.0  // of an outer square's centre from the middle
	squareY    = 122.5 // the same down
	markerTall = markerY / markerX
)

// markers are the centres of the rings that the chart is found by, clockwise from
// the upper left.
func markers() [4]point {
	return [4]point{
		{centreX - markerX, centreY - markerY}, {centreX + markerX, centreY - markerY},
		{centreX + markerX, centreY + markerY}, {centreX - markerX, centreY + markerY},
	}
}

// A square is a slanted square, whose edges tell the sharpness.
type square struct {
	place string
	point
}

func squares() []square {
	return []square{
		{"centre", point{centreX, centreY}},
		{"top left", point{centreX - squareX, centreY - squareY}}, {"top right", point{centreX + squareX, centreY - squareY}},
		{"bottom right", point{centreX + squareX, centreY + squareY}}, {"bottom left", point{centreX - squareX, centreY + squareY}},
	}
}

// corners are the square's, clockwise.
func (s square) corners() (c [4]point) {
	sin, cos := math.Sincos(slant * math.Pi / 180)
	for i, k := range [4]point{{-1, -1}, {1, -1}, {1, 1}, {-1, 1}} {
		x, y := k.x*squareSize/2, k.y*squareSize/2
		c[i] = point{s.x + x*cos - y*sin, s.y + x*sin + y*cos}
	}
	return c
}

// patch is the centre of the n-th patch of the grey scale, and patchLevel its brightness.
func patch(n int) point { return point{centreX + (float64(n)-(patches-1)/2.0)*patchSize, patchRow} }

func patchLevel(n int) uint8 { return uint8(math.Round(255 * float64(n) / (patches - 1))) }

// fixed are all shapes but the dots.
func fixed() (list []shape) {
	for _, m := range markers() {
		list = append(list, disc(m, markerOuter, ink), disc(m, markerRing, paper), disc(m, markerCore, ink))
	}
	for _, s := range squares() {
		list = append(list, shape{point: s.point, w: squareSize, h: squareSize, turn: slant, level: ink})
	}
	// A frame, so that the white patch ends somewhere.
	list = append(list, shape{point: point{centreX, patchRow}, w: patches*patchSize + 1, h: patchSize + 1, level: ink})
	for n := range patches {
		list = append(list, shape{point: patch(n), w: patchSize, h: patchSize, level: patchLevel(n)})
	}
	list = append(list, shape{point: point{centreX, barRow}, w: Bar, h: 1, level: ink})
	for _, side := range []float64{-1, 1} { // its outer edges are the ends
		list = append(list, shape{point: point{centreX + side*(Bar-0.5)/2, barRow}, w: 0.5, h: 8, level: ink})
	}
	return list
}

func disc(at point, size float64, level uint8) shape {
	return shape{point: at, w: size, h: size, disc: true, level: level}
}

// dots are the centres of the grid's dots: wherever nothing else is near.
func dots() (list []point) {
	others := fixed()
	for y := centreY - 7*pitch; y < Height; y += pitch {
		for x := centreX - 4*pitch; x <= centreX+4*pitch; x += pitch {
			if free(point{x, y}, others) {
				list = append(list, point{x, y})
			}
		}
	}
	return list
}

func free(p point, others []shape) bool {
	if p.y < 2*dotMargin || p.y > Height-2*dotMargin {
		return false // what a printer leaves white
	}
	for _, o := range others {
		sin, cos := math.Sincos(math.Abs(o.turn) * math.Pi / 180)
		w, h := (o.w*cos+o.h*sin)/2, (o.w*sin+o.h*cos)/2 // of its bounding box, half
		if math.Abs(p.x-o.x) < w+dotMargin && math.Abs(p.y-o.y) < h+dotMargin {
			return false
		}
	}
	return true
}

// shapes are everything on the sheet.
func shapes() []shape {
	list := fixed()
	for _, d := range dots() {
		list = append(list, disc(d, dotSize, ink))
	}
	return list
}
