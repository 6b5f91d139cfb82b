// SPDX-License-Identifier: EUPL-1.2

package model

import (
	"math"
	"slices"
)

// lips is the mouth in rows from the upper edge of the upper lip to the lower edge
// of the lower one.
type lips struct {
	bright, red [lipRows]float64 // against the cheeks
	teeth, dark [lipRows]float64 // the share of the row that is teeth, or the dark of the mouth
}

// gap is what is seen between the lips, and the shape of the mouth. Gradients do
// not help here: those of stubble look like those of lips.
func (s *Sample) gap() []float64 {
	l := s.lips()
	v := append(append([]float64{}, l.teeth[:]...), l.dark[:]...)
	teeth, dark := l.teeth[2:lipRows-2], l.dark[2:lipRows-2] // the edges may be skin
	v = append(v, slices.Max(teeth), slices.Max(dark), total(teeth), total(dark))
	return append(v, s.mouthShape()...)
}

// expression is the gap and the brightness and redness of the lips.
func (s *Sample) expression() []float64 {
	l := s.lips()
	return append(append(s.gap(), l.bright[:]...), l.red[:]...)
}

// mouthShape is the shape that the mouth's points make.
func (s *Sample) mouthShape() []float64 {
	p := s.points
	y := (p.mouth[0].y + p.mouth[1].y) / 2
	high, wide := p.lips[1].y-p.lips[0].y, p.mouth[1].x-p.mouth[0].x
	return []float64{wide, high, p.lips[0].y - y, p.lips[1].y - y, y, y - p.nose.y, high / max(wide, 0.1)}
}

// lipRows is finer than a lip of a face at the least distance of the eyes.
const lipRows = 14

// lips samples along columns that follow the lips' arcs.
func (s *Sample) lips() (out lips) {
	const columns = 11
	p := s.points
	x, y := (p.mouth[0].x+p.mouth[1].x)/2, (p.mouth[0].y+p.mouth[1].y)/2
	half := (p.mouth[1].x - p.mouth[0].x) / 2
	top, bottom := p.lips[0].y-y-0.02, p.lips[1].y-y+0.03
	for i := range columns {
		u := (float64(i)/(columns-1) - 0.5) * 1.3 // of half the width, the corners left out
		arc := 1 - float64(u*u)
		for j := range lipRows {
			t := (float64(j) + 0.5) / lipRows
			px, py := x+float64(u*half), y+float64((top+float64((bottom-top)*t))*arc)
			luma := s.luma.at(px, py)
			l := math.Log((luma + 8) / (s.cheeks + 8))
			r := s.red.at(px, py) - s.redder
			out.bright[j] += min(max(l, -2), 1) / columns
			out.red[j] += 5 * r / columns
			// Teeth are as bright as skin and eyes and less red; the mouth is far darker than skin.
			out.teeth[j] += ramp(-0.5, -0.1, l) * ramp(0.5, 0.8, luma/max(s.white, 1)) * ramp(0.02, -0.06, r) / columns
			out.dark[j] += ramp(-0.8, -1.5, l) / columns
		}
	}
	return out
}

// ramp rises from 0 at a to 1 at b; a may be greater than b.
func ramp(a, b, v float64) float64 { return min(max((v-a)/(b-a), 0), 1) }

func total(v []float64) float64 {
	sum := 0.0
	for _, a := range v {
		sum += a
	}
	return sum
}
