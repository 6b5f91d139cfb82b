// SPDX-License-Identifier: EUPL-1.2

package quality

import (
	"errors"
	"math"
)

func backgroundUniformity() Measure {
	return Measure{
		ID: "0x42", Name: "BackgroundUniformity", Source: iso, Unit: "grey levels",
		Method: "Mean length of the gradient of linear luminance over the background around the head, on the aligned picture cut " +
			"and scaled to 354 x 292; gradient by the kernels of Scharr, which OFIQ's call selects.",
		Differs: "The background is grown from the picture's edges by likeness of colour instead of being parsed by a network; what else touches them " +
			"above the eyes and more than about 1.75 inter-eye distances to a side counts as well, be it a shelf or very wide hair; the grain is 4 pixels, " +
			"and 4 are taken away around the person and at the photo's edges instead of 2.",
		Native: func(p *Picture) (float64, error) {
			if err := p.known(); err != nil {
				return 0, err
			}
			w := p.aligned().wall()
			if mean, ok := w.gradient(w.background()); ok {
				return mean, nil
			}
			return 0, errors.New("no background is to be seen beside the head")
		},
		Score: curve{190, 1, -1, 10, 100}.score,
	}
}

// The part of the aligned picture that shows the background, and its size when
// scaled, as in OFIQ's code; the standard's text names other numbers.
const (
	wallLeft, wallBelow   = 62, 210
	wallWidth, wallHeight = 354, 292
)

// wall is the surroundings of the head, scaled.
type wall struct {
	pix     []uint8 // R, G, B
	lumi    []uint8
	outside []bool // the photo does not reach there
	marks
}

// wall scales by interpolation between the pixels around each place.
func (a *aligned) wall() *wall {
	w := &wall{pix: make([]uint8, 3*wallWidth*wallHeight), outside: make([]bool, wallWidth*wallHeight), marks: a.marks}
	const kx, ky = float64(side-2*wallLeft) / wallWidth, float64(side-wallBelow) / wallHeight
	r := reader{w: side, h: side, at: func(x, y int) (uint8, uint8, uint8) {
		o := 3 * (y*side + x)
		return a.pix[o], a.pix[o+1], a.pix[o+2]
	}}
	for j := range wallHeight {
		y := int(math.Floor((float64((float64(j)+0.5)*ky) - 0.5) * 32))
		for i := range wallWidth {
			x := int(math.Floor((float64((float64(i)+0.5)*kx) - 0.5 + wallLeft) * 32))
			o := j*wallWidth + i
			c := r.between(x>>5, y>>5, x&31, y&31)
			w.pix[3*o], w.pix[3*o+1], w.pix[3*o+2] = c[0], c[1], c[2]
			w.outside[o] = !a.known[int(float64(j)*ky)*side+wallLeft+int(float64(i)*kx)]
		}
	}
	w.lumi = luminances(w.pix)
	return w
}

// gradient is the mean over the background of the length of the gradient by the
// kernel (3, 10, 3).
func (w *wall) gradient(background []bool) (mean float64, ok bool) {
	at := func(x, y int) float64 { // mirrored at the edges
		x, y = mirror(x, wallWidth), mirror(y, wallHeight)
		return float64(w.lumi[y*wallWidth+x])
	}
	sum, n := 0.0, 0
	for o, yes := range background {
		if !yes {
			continue
		}
		x, y := o%wallWidth, o/wallWidth
		gx := 3*(at(x+1, y-1)-at(x-1, y-1)) + 10*(at(x+1, y)-at(x-1, y)) + 3*(at(x+1, y+1)-at(x-1, y+1))
		gy := 3*(at(x-1, y+1)-at(x-1, y-1)) + 10*(at(x, y+1)-at(x, y-1)) + 3*(at(x+1, y+1)-at(x+1, y-1))
		sum, n = sum+math.Sqrt(gx*gx+gy*gy), n+1
	}
	return sum / float64(max(n, 1)), n > 0
}

func mirror(i, n int) int {
	if i < 0 {
		return -i
	}
	if i >= n {
		return 2*n - 2 - i
	}
	return i
}
