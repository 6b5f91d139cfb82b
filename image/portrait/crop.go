// SPDX-License-Identifier: EUPL-1.2

package portrait

import (
	"image"
	"math"

	"github.com/fotobox-project/fotobox/image/face"
	"github.com/fotobox-project/fotobox/image/pixel"
)

// Crop says which part of a picture becomes the portrait.
type Crop struct {
	// Centre is the crop's middle in pixels of the picture.
	Centre Point
	// Scale is the number of the picture's pixels along one pixel of the
	// portrait. It is 1 or more: nothing is enlarged.
	Scale float64
	// Roll is the turn that is taken back, in degrees, positive where the head is
	// turned clockwise in the picture.
	Roll float64
	// Size is the portrait's size in pixels: Width x Height, or less in the same
	// proportion where the picture does not hold so many pixels (Misfit "too-far").
	Size image.Point
}

// Frame is the portrait's own system of coordinates, laid into the picture.
func (c Crop) Frame() pixel.Frame {
	sin, cos := math.Sincos(c.Roll * math.Pi / 180)
	f := pixel.Frame{Ux: cos * c.Scale, Uy: sin * c.Scale}
	x, y := f.At(float64(c.Size.X)/2, float64(c.Size.Y)/2)
	f.X, f.Y = c.Centre.X-x, c.Centre.Y-y
	return f
}

// Map gives the face in pixels of the portrait.
func (c Crop) Map(f face.Face) face.Face {
	frame := c.Frame()
	box := f.Box
	f = mapFace(f, func(p face.Point) face.Point {
		x, y := frame.From(p.X, p.Y)
		return face.Point{X: x, Y: y, Spread: p.Spread / c.Scale}
	})
	x, y := frame.From(float64(box.Min.X+box.Max.X)/2, float64(box.Min.Y+box.Max.Y)/2)
	w, h := float64(box.Dx())/c.Scale/2, float64(box.Dy())/c.Scale/2
	f.Box = image.Rect(int(x-w), int(y-h), int(x+w), int(y+h))
	return f
}

// MapHead gives the head in pixels of the portrait.
func (c Crop) MapHead(h Head) Head {
	frame := c.Frame()
	move := func(p Point) Point {
		x, y := frame.From(p.X, p.Y)
		return Point{x, y}
	}
	h.Crown, h.Top, h.Chin, h.Width = move(h.Crown), move(h.Top), move(h.Chin), h.Width/c.Scale
	return h
}
