// SPDX-License-Identifier: EUPL-1.2

package model

import (
	"math"
	"slices"

	"github.com/fotobox-project/fotobox/image/pixel"
)

const (
	across = 192 // samples of a patch: (Right-Left)*PerUnit
	down   = 256

	grain = PerUnit / 2 // samples of a plane per inter-eye distance
	wide  = across / 2
	high  = down / 2
)

// plane is one property over the face, row by row.
type plane []float32

func lumaAt(p *pixel.Patch, i int) float32 { return p.Y[i] }

// rednessAt tells lips, skin and teeth apart and does not depend on brightness.
func rednessAt(p *pixel.Patch, i int) float32 { return (p.R[i] - p.G[i]) / (p.R[i] + p.G[i] + 8) }

// halved takes the mean of 2 x 2 samples, which also quiets noise.
func halved(p *pixel.Patch, at func(*pixel.Patch, int) float32) plane {
	out := make(plane, wide*high)
	for j := range high {
		for i := range wide {
			o := 2*j*across + 2*i
			out[j*wide+i] = (at(p, o) + at(p, o+1) + at(p, o+across) + at(p, o+across+1)) / 4
		}
	}
	return out
}

// at interpolates at a place of the face; beyond the edge the plane goes on as it ends.
func (p plane) at(x, y float64) float64 {
	u := min(max(float64((x-Left)*grain)-0.5, 0), wide-1.001)
	v := min(max(float64((y-Top)*grain)-0.5, 0), high-1.001)
	i, j := int(u), int(v)
	fu, fv := float32(u-float64(i)), float32(v-float64(j))
	q := p[j*wide+i:]
	top := q[0] + float32(fu*(q[1]-q[0]))
	bottom := q[wide] + float32(fu*(q[wide+1]-q[wide]))
	return float64(top + float32(fv*(bottom-top)))
}

// mean is that of a rectangle around (x, y), w wide and h high.
func (p plane) mean(x, y, w, h float64) float64 {
	const n = 4
	var sum float64
	for j := range n {
		for i := range n {
			sum += p.at(x+float64(w*((float64(i)+0.5)/n-0.5)), y+float64(h*((float64(j)+0.5)/n-0.5)))
		}
	}
	return sum / (n * n)
}

// quantile is the value below which the share q of a rectangle lies.
func (p plane) quantile(x, y, w, h, q float64) float64 {
	nx, ny := int(w*grain)+1, int(h*grain)+1
	v := make([]float64, 0, nx*ny)
	for j := range ny {
		for i := range nx {
			v = append(v, p.at(x+float64(w*((float64(i)+0.5)/float64(nx)-0.5)), y+float64(h*((float64(j)+0.5)/float64(ny)-0.5))))
		}
	}
	slices.Sort(v)
	return v[int(float64(q*float64(len(v)-1))+0.5)]
}

// cheeks is the median beside and below the nose.
func (p plane) cheeks() float64 {
	var v []float64
	for _, side := range []float64{-1, 1} {
		for y := 0.35; y < 0.75; y += 0.05 {
			for x := 0.35; x < 0.65; x += 0.05 {
				v = append(v, p.at(side*x, y))
			}
		}
	}
	slices.Sort(v)
	return v[len(v)/2]
}

const directions = 8

// window is a rectangle of the face that is looked at in cells: the middle, the
// number of cells, and the width of a cell. mirrored looks at it from the other
// side, so that one model serves both eyes.
type window struct {
	x, y          float64
	columns, rows int
	cell          float64
	mirrored      bool
}

// place gives the place at u cells from the left and v from the top.
func (w window) place(u, v float64) (x, y float64) {
	dx := float64((u - float64(w.columns)/2) * w.cell)
	if w.mirrored {
		dx = -dx
	}
	return w.x + dx, w.y + float64((v-float64(w.rows)/2)*w.cell)
}

// gradients is the histogram of the gradients' directions in each cell. An
// entry is the square root of its share of all gradients in the window, so that
// neither the light nor the sharpness of the picture counts.
func (w window) gradients(p plane) []float64 {
	const fine = 4 // samples along a cell's side
	n, m := w.columns*fine+2, w.rows*fine+2
	v := make([]float64, n*m)
	for j := range m {
		for i := range n {
			v[j*n+i] = p.at(w.place((float64(i)-0.5)/fine, (float64(j)-0.5)/fine))
		}
	}
	out := make([]float64, w.columns*w.rows*directions)
	sum := 1.0 // grey levels; a window without gradients gives none
	for j := 1; j < m-1; j++ {
		for i := 1; i < n-1; i++ {
			o := j*n + i
			gx, gy := v[o+1]-v[o-1], v[o+n]-v[o-n]
			g := math.Hypot(gx, gy)
			if g == 0 {
				continue
			}
			sum += g
			cell := ((j-1)/fine*w.columns + (i-1)/fine) * directions
			t := float64(math.Atan2(gy, gx)*(directions/(2*math.Pi))) + directions
			k := int(t)
			f := t - float64(k)
			out[cell+k%directions] += float64(g * (1 - f))
			out[cell+(k+1)%directions] += float64(g * f)
		}
	}
	for i := range out {
		out[i] = math.Sqrt(out[i] / sum * float64(w.columns*w.rows))
	}
	return out
}

// means is the plane's mean in each cell.
func (w window) means(p plane) []float64 {
	out := make([]float64, 0, w.columns*w.rows)
	for j := range w.rows {
		for i := range w.columns {
			x, y := w.place(float64(i)+0.5, float64(j)+0.5)
			out = append(out, p.mean(x, y, w.cell, w.cell))
		}
	}
	return out
}
