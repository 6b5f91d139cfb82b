// SPDX-License-Identifier: EUPL-1.2

package cameratest

import "image"

const (
	// distance of the camera from the origin, cm: within the 70 to 100 cm of TR-03121 AH-FI.
	distance = 95
	// headHigh is what the sitter's head with its hair measures from chin to crown, cm.
	headHigh = 24.3
	// eyeLine is the height of the eyes in the picture, share of its height.
	eyeLine = .45
)

// view is the perspective of one picture.
type view struct {
	size   image.Point
	focal  float64 // pixels
	cx, cy float64 // pixels
}

func newView(s Sitter, size image.Point) view {
	w, h := float64(size.X), float64(size.Y)
	return view{
		size:  size,
		focal: s.Head * h / headHigh * (distance - 3),
		cx:    w * (.5 + s.X),
		cy:    h * (eyeLine + s.Y),
	}
}

// grown is v with a margin of n pixels on each side.
func (v view) grown(n int) view {
	v.size = v.size.Add(image.Pt(2*n, 2*n))
	v.cx += float64(n)
	v.cy += float64(n)
	return v
}

// project is the pixel that shows the place p, and its distance from the camera in cm.
func (v view) project(p vec) (x, y, away float64) {
	away = distance - p.z
	k := v.focal / away
	return v.cx + k*p.x, v.cy + k*p.y, away
}

// coarse reports whether painted lines are thinner than a pixel, so that each sample must be lit, and
// triangles of 2 mm do not show.
func (v view) coarse() bool { return v.pixel(distance) > .03 }

// pixel is the width of a pixel at a distance, cm.
func (v view) pixel(away float64) float64 { return away / v.focal }
