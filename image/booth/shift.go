// SPDX-License-Identifier: EUPL-1.2

package booth

import "math"

const (
	edge       = 0.08 // change of the logarithm of light from cell to cell that counts as an edge
	leastEdges = 40   // cells with an edge, below which the scene has nothing to hold on to
	farthest   = 8    // cells of the half grid that are searched: 13 % of the width
	stays      = 0.5  // correlation of the edges where they were
	clearer    = 1.2  // by which a shifted place must fit better
	mostShift  = 1.5  // cells: 1.2 % of the width, an eighth of a portrait's margin
)

// edges are the steps of light to the right and down, 0 where they are small:
// neither noise nor a lamp's gradient remains.
type edges struct {
	w, h  int
	x, y  []float32
	at    []int // the cells that have one
	power float64
}

// contours finds the edges of the picture at 1/k of the grid.
func contours(g grid, k int) edges {
	e := edges{w: Columns / k, h: Rows / k}
	light := make([]float32, e.w*e.h)
	for o := range cells {
		light[o/Columns/k*e.w+o%Columns/k] += g.luminance(o) / float32(k*k)
	}
	for o, v := range light {
		light[o] = float32(math.Log(float64(v + floor)))
	}
	e.x, e.y = make([]float32, e.w*e.h), make([]float32, e.w*e.h)
	for o := range light {
		if i := o % e.w; i+1 < e.w && o/e.w+1 < e.h {
			e.x[o], e.y[o] = strong(light[o+1]-light[o]), strong(light[o+e.w]-light[o])
		}
		if power := float64(float32(e.x[o]*e.x[o]) + float32(e.y[o]*e.y[o])); power > 0 {
			e.at = append(e.at, o)
			e.power += power
		}
	}
	return e
}

func strong(step float32) float32 {
	if abs(step) < edge {
		return 0
	}
	return min(max(step, -4*edge), 4*edge) // one strong line must not outweigh all others
}

// match correlates the edges with those of another picture that lie (dx, dy) away, -1 to 1.
func (e edges) match(other edges, dx, dy int) float64 {
	var both float64
	for _, o := range e.at {
		i, j := o%e.w+dx, o/e.w+dy
		if i >= 0 && i < e.w && j >= 0 && j < e.h {
			m := j*e.w + i
			both += float64(float32(e.x[o]*other.x[m]) + float32(e.y[o]*other.y[m]))
		}
	}
	return both / math.Max(math.Sqrt(e.power*other.power), 1e-9)
}

// best searches the places around (x, y) for the one that matches best.
func (e edges) best(other edges, x, y, far int) (bx, by int, match float64) {
	match = -1
	for dy := y - far; dy <= y+far; dy++ {
		for dx := x - far; dx <= x+far; dx++ {
			if m := e.match(other, dx, dy); m > match {
				bx, by, match = dx, dy, m
			}
		}
	}
	return bx, by, match
}

// shift tells how far the edges moved, as shares of width and height, and whether
// they are where they were. A scene without edges holds always.
func shift(was, now grid) (right, down float64, held bool) {
	fine, is := contours(was, 1), contours(now, 1)
	if len(fine.at) < leastEdges {
		return 0, 0, true
	}
	here := fine.match(is, 0, 0)
	if here > 0.9 {
		return 0, 0, true
	}
	x, y, _ := contours(was, 2).best(contours(now, 2), 0, 0, farthest)
	x, y, there := fine.best(is, 2*x, 2*y, 2)
	if there < here*clearer || math.Hypot(float64(x), float64(y)) < mostShift {
		return 0, 0, here > stays
	}
	return float64(x) / Columns, float64(y) / Rows, false
}
