// SPDX-License-Identifier: EUPL-1.2

package chart

import (
	"errors"
	"image"
	"math"
)

// A lens maps the sheet into the picture: a homography and one coefficient of radial
// distortion about the picture's middle. Its unit in the picture is half the diagonal,
// so that the corner is at radius 1; on the sheet it is 100 mm from the middle.
type lens struct {
	h      [8]float64 // row by row; the last element is 1
	k      float64    // a place at radius r moves to r*(1+k*r*r)
	middle point
	unit   float64 // half the picture's diagonal, pixels
}

// onSheet is the sheet's unit, mm.
const onSheet = 100

func newLens(size image.Point) lens {
	w, h := float64(size.X), float64(size.Y)
	return lens{middle: point{w / 2, h / 2}, unit: math.Hypot(w, h) / 2}
}

// straight is where a place of the sheet would be without distortion, in units.
func (l lens) straight(p point) point {
	x, y := (p.x-centreX)/onSheet, (p.y-centreY)/onSheet
	w := l.h[6]*x + l.h[7]*y + 1
	return point{(l.h[0]*x + l.h[1]*y + l.h[2]) / w, (l.h[3]*x + l.h[4]*y + l.h[5]) / w}
}

// at is where a place of the sheet is in the picture, pixels.
func (l lens) at(p point) point {
	s := l.straight(p)
	f := (1 + l.k*(s.x*s.x+s.y*s.y)) * l.unit
	return point{l.middle.x + s.x*f, l.middle.y + s.y*f}
}

// scale is how many pixels a millimetre has at a place of the sheet, in the
// direction in which it is not foreshortened: the larger singular value.
func (l lens) scale(p point) float64 {
	const d = 0.5 // mm
	left, right := l.at(point{p.x - d, p.y}), l.at(point{p.x + d, p.y})
	up, down := l.at(point{p.x, p.y - d}), l.at(point{p.x, p.y + d})
	a, b, c, e := right.x-left.x, down.x-up.x, right.y-left.y, down.y-up.y // mm apart: 2d = 1
	sum, det := a*a+b*b+c*c+e*e, a*e-b*c
	return math.Sqrt((sum + math.Sqrt(max(sum*sum-4*det*det, 0))) / 2)
}

// slope is by how much the distance grows along the sheet, per mm, at its middle:
// times the distance it is the sine of the sheet's tilt.
func (l lens) slope() float64 { return math.Hypot(l.h[6], l.h[7]) / onSheet }

var errFlat = errors.New("the places found do not tell how the chart lies")

// through is the lens without distortion that maps four places.
func (l lens) through(sheet, picture [4]point) (lens, error) {
	var m [8][9]float64
	for i, s := range sheet {
		x, y := (s.x-centreX)/onSheet, (s.y-centreY)/onSheet
		u, v := (picture[i].x-l.middle.x)/l.unit, (picture[i].y-l.middle.y)/l.unit
		m[2*i] = [9]float64{x, y, 1, 0, 0, 0, -u * x, -u * y, u}
		m[2*i+1] = [9]float64{0, 0, 0, x, y, 1, -v * x, -v * y, v}
	}
	rows := make([][]float64, 8)
	for i := range m {
		rows[i] = m[i][:]
	}
	solution, ok := solve(rows)
	if !ok {
		return l, errFlat
	}
	l.k = 0
	copy(l.h[:], solution)
	return l, nil
}

// A seen is a place of the sheet that was found in the picture.
type seen struct{ sheet, picture point }

// fit improves the lens by least squares (Levenberg-Marquardt) over all that was seen.
func (l lens) fit(all []seen) (lens, error) {
	if len(all) < 20 {
		return l, errFlat
	}
	damp, best := 1e-3, l.residual(all)
	for range 50 {
		normal := l.normal(all)
		for i := range normal {
			normal[i][i] *= 1 + damp
		}
		step, ok := solve(normal)
		if !ok {
			return l, errFlat
		}
		next := l
		for i := range next.h {
			next.h[i] += step[i]
		}
		next.k += step[8]
		switch r := next.residual(all); {
		case r < best:
			done := best-r < 1e-9*best
			l, best, damp = next, r, damp/3
			if done {
				return l, nil
			}
		case damp > 1e9:
			return l, nil
		default:
			damp *= 5
		}
	}
	return l, nil
}

// normal is the matrix of the normal equations with their right side as last column.
func (l lens) normal(all []seen) [][]float64 {
	const n, d = 9, 1e-6
	a := make([][]float64, n)
	for i := range a {
		a[i] = make([]float64, n+1)
	}
	var moved [n]lens
	for i := range moved {
		moved[i] = l
		if i < 8 {
			moved[i].h[i] += d
		} else {
			moved[i].k += d
		}
	}
	for _, s := range all {
		is := l.at(s.sheet)
		var jx, jy [n]float64
		for i := range moved {
			m := moved[i].at(s.sheet)
			jx[i], jy[i] = (m.x-is.x)/d, (m.y-is.y)/d
		}
		for i := range n {
			for k := range n {
				a[i][k] += jx[i]*jx[k] + jy[i]*jy[k]
			}
			a[i][n] += jx[i]*(s.picture.x-is.x) + jy[i]*(s.picture.y-is.y)
		}
	}
	return a
}

// residual is the root of the mean squared distance, pixels.
func (l lens) residual(all []seen) float64 {
	var sum float64
	for _, s := range all {
		is := l.at(s.sheet)
		dx, dy := s.picture.x-is.x, s.picture.y-is.y
		sum += dx*dx + dy*dy
	}
	return math.Sqrt(sum / float64(len(all)))
}

// solve solves linear equations by elimination with pivots; each row ends with its
// right side. It overwrites them.
func solve(m [][]float64) ([]float64, bool) {
	n := len(m)
	for c := range n {
		p := c
		for r := c + 1; r < n; r++ {
			if math.Abs(m[r][c]) > math.Abs(m[p][c]) {
				p = r
			}
		}
		m[c], m[p] = m[p], m[c]
		if math.Abs(m[c][c]) < 1e-300 {
			return nil, false
		}
		for r := range n {
			if f := m[r][c] / m[c][c]; r != c && f != 0 {
				for k := c; k <= n; k++ {
					m[r][k] -= f * m[c][k]
				}
			}
		}
	}
	x := make([]float64, n)
	for i := range x {
		x[i] = m[i][n] / m[i][i]
	}
	return x, true
}
