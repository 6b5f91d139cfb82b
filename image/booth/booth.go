// SPDX-License-Identifier: EUPL-1.2

// Package booth knows the station's empty scene and tells what a person, the
// light or a shadow changed in it.
package booth

import (
	"image"
	"math"
	"time"

	"github.com/fotobox-project/fotobox/image/pixel"
)

// Columns and Rows are the grain of a stored scene: a cell is about 4 pixels of a
// preview frame and 16 of a still, 4 % of the inter-eye distance.
const (
	Columns = 120
	Rows    = 160
	cells   = Columns * Rows
)

// A Scene is the empty scene in front of the camera. It is read only and safe for
// concurrent use.
type Scene struct {
	Taken  time.Time // UTC, whole seconds
	Camera string
	Lamps  []Lamp // at least one; the first one's light is that of photos
	Grey   *Grey  // nil where no grey card was shown
}

// A Lamp is the empty scene in one pattern of the lamps.
type Lamp struct {
	Name string // "all"
	// Mean is the linear light of each cell, 0 to 1, row by row: R, G, B.
	Mean [3][]float32
	// Noise is the standard deviation of a cell's luminance between pictures,
	// linear, 0 to 1.
	Noise []float32
}

// All is the name of the pattern in which every lamp shines.
const All = "all"

// light is the pattern in which photos are taken.
func (s *Scene) light() *Lamp { return &s.Lamps[0] }

// Brightness is the median luminance of the empty scene, linear, 0 to 1.
func (s *Scene) Brightness() float64 {
	y := make([]float32, cells)
	for o := range y {
		y[o] = s.light().luminance(o)
	}
	return percentile(y, 0.5)
}

func (l *Lamp) luminance(o int) float32 { return luminance(l.Mean[0][o], l.Mean[1][o], l.Mean[2][o]) }

// luminance weighs linear light (ITU-R BT.709, the primaries of sRGB). Here and
// elsewhere a conversion around a product keeps it from being fused with the sum,
// so that arm64 measures what amd64 does.
func luminance(r, g, b float32) float32 {
	return float32(0.2126*r) + float32(0.7152*g) + float32(0.0722*b)
}

// Grey is the white balance that a grey card asks for.
type Grey struct {
	// Gains are the factors for linear R, G and B that make the card grey; green's is 1.
	Gains [3]float64
	// Card is where the card was seen, in cells.
	Card image.Rectangle
}

// A grid is a picture in the cells of a scene: linear light.
type grid struct {
	c [3][]float32
}

func newGrid() grid {
	all := make([]float32, 3*cells)
	return grid{[3][]float32{all[:cells:cells], all[cells : 2*cells : 2*cells], all[2*cells:]}}
}

func (g grid) luminance(o int) float32 { return luminance(g.c[0][o], g.c[1][o], g.c[2][o]) }

// sampled averages at most 4 x 4 pixels into each cell: the mean over a still's
// 260 pixels is no better known than that over 16, and takes 16 times as long.
func sampled(img image.Image) grid {
	linear, at := pixel.Linear(), pixel.At(img)
	size, g := img.Bounds().Size(), newGrid()
	columns, rows := picks(size.X, Columns), picks(size.Y, Rows)
	for j, ys := range rows {
		for i, xs := range columns {
			var r, gr, b float32
			for _, y := range ys {
				for _, x := range xs {
					pr, pg, pb := at(x, y)
					r, gr, b = r+linear[pr], gr+linear[pg], b+linear[pb]
				}
			}
			n, o := float32(len(xs)*len(ys)), j*Columns+i
			g.c[0][o], g.c[1][o], g.c[2][o] = r/n, gr/n, b/n
		}
	}
	return g
}

// picks lists the pixels that are looked at for each of n cells along a side of
// length pixels.
func picks(length, n int) [][]int {
	out := make([][]int, n)
	for i := range out {
		from, to := float64(i)*float64(length)/float64(n), float64(i+1)*float64(length)/float64(n)
		many := min(max(int(math.Round(to-from)), 1), 4)
		for k := range many {
			out[i] = append(out[i], min(int(from+float64((float64(k)+0.5)*(to-from))/float64(many)), length-1))
		}
	}
	return out
}
