// SPDX-License-Identifier: EUPL-1.2

package phototest

import "github.com/fotobox-project/fotobox/image/pixel"

// A Point is a place in a photo, pixels from its upper left corner.
type Point struct{ X, Y float64 }

// Marks are the points of one face that were placed by hand, under the names of the
// columns of LANDMARKS.csv without _x and _y: "eye_l". Left is left in the picture.
type Marks map[string]Point

// Eyes is the frame between the pupils: unit one inter-eye distance.
func (m Marks) Eyes() pixel.Frame {
	l, r := m["eye_l"], m["eye_r"]
	return pixel.Frame{X: (l.X + r.X) / 2, Y: (l.Y + r.Y) / 2, Ux: r.X - l.X, Uy: r.Y - l.Y}
}

// IED is the inter-eye distance in pixels.
func (m Marks) IED() float64 { return m.Eyes().Unit() }
