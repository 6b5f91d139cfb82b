// SPDX-License-Identifier: EUPL-1.2

// Package portrait cuts the passport portrait out of a camera's picture: one
// resample that turns the head upright and never enlarges or pads.
package portrait

import (
	"image"

	"github.com/fotobox-project/fotobox/image/face"
)

// Width and Height are the portrait's size in pixels (TR-03121-3 Vol. 2, BIP-FI-GID).
const (
	Width  = 1244
	Height = 1600
)

// Point is a place in a picture, in pixels; (0, 0) is the top left corner of
// its first pixel.
type Point struct{ X, Y float64 }

func (p Point) scale(k float64) Point { return Point{p.X * k, p.Y * k} }

// Scale gives the same face in a picture that is k times as large: a face found
// in a preview frame, for example, in pixels of the still.
func Scale(f face.Face, k float64) face.Face {
	f = mapFace(f, func(p face.Point) face.Point {
		return face.Point{X: p.X * k, Y: p.Y * k, Spread: p.Spread * k}
	})
	f.Box = image.Rect(int(float64(f.Box.Min.X)*k), int(float64(f.Box.Min.Y)*k),
		int(float64(f.Box.Max.X)*k), int(float64(f.Box.Max.Y)*k))
	return f
}

// mapFace moves every point of the face; the box is left to the caller.
func mapFace(f face.Face, move func(face.Point) face.Point) face.Face {
	for _, p := range []*face.Point{
		&f.EyeLeft, &f.EyeRight, &f.InnerLeft, &f.OuterLeft, &f.InnerRight, &f.OuterRight,
		&f.Nose, &f.MouthLeft, &f.MouthRight, &f.LipTop, &f.LipBottom,
	} {
		*p = move(*p)
	}
	return f
}
