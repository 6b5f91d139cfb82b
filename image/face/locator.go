// SPDX-License-Identifier: EUPL-1.2

package face

import (
	"fmt"
	"math"
	"slices"

	"github.com/fotobox-project/fotobox/image/pixel"
)

// locator moves a guess to a point of the face by a cascade of regression trees
// (Markuš et al., "Eye pupil localization with an ensemble of randomized
// trees", Pattern Recognition 47, 2014) with pigo's trained data.
//
// The run time is our own: pigo's draws its starts from a global random source,
// rounds to whole pixels, searches tilted heads upright, and its rotated way
// compares the other way round than the data was trained.
type locator struct {
	stages, trees, depth int
	shrink               float64   // of the window's side after each stage
	codes                []int8    // per tree 2^depth-1 nodes of 4: row, column, row, column in 1/256 window
	moves                []float32 // per tree 2^depth leaves of 2: row, column in windows
}

// parseLocator reads a cascade file: stages, factor of the window, trees per
// stage, depth, then for each tree its nodes and leaves.
func parseLocator(data []byte) (*locator, error) {
	if len(data) < 16 {
		return nil, errSize
	}
	w := &words{data}
	stages, shrink := w.uint32(), math.Float32frombits(w.uint32())
	trees, depth := w.uint32(), w.uint32()
	if err := checkTrees(trees, depth); err != nil {
		return nil, err
	}
	if stages == 0 || stages > 64 || !(shrink > 0 && shrink <= 1) {
		return nil, fmt.Errorf("%d stages with the factor %v are out of range", stages, shrink)
	}
	leaves := 1 << depth
	if len(w.data) != int(stages)*int(trees)*(4*(leaves-1)+8*leaves) {
		return nil, errSize
	}
	l := &locator{stages: int(stages), trees: int(trees), depth: int(depth), shrink: float64(shrink)}
	for i := range l.stages * l.trees {
		l.codes = w.int8s(l.codes, 4*(leaves-1))
		var err error
		if l.moves, err = w.floats(l.moves, 2*leaves, 16); err != nil {
			return nil, fmt.Errorf("tree %d: %w", i, err)
		}
	}
	return l, nil
}

// start is where a search begins: the centre and side of its window in pixels of
// the gray picture, and how the head is turned.
type start struct {
	x, y, size float64
	sin, cos   float64 // of the head's roll
	mirrored   bool    // searches the point of the other half of the face
}

func (s start) turned(roll float64) start {
	s.sin, s.cos = math.Sincos(roll)
	return s
}

func (s start) roll() float64 { return math.Atan2(s.sin, s.cos) }

// at gives the start with its centre at the point.
func (s start) at(p Point) start {
	s.x, s.y = p.X, p.Y
	return s
}

// away gives the start moved by (dx, dy) in the head's own directions.
func (s start) away(dx, dy float64) start {
	s.x += float64(dx*s.cos) - float64(dy*s.sin)
	s.y += float64(dx*s.sin) + float64(dy*s.cos)
	return s
}

// locate gives the median of the places to which the searches from the starts
// around s lead.
func (l *locator) locate(g *pixel.Gray, s start, starts []nudge) Point {
	xs, ys := make([]float64, len(starts)), make([]float64, len(starts))
	for i, n := range starts {
		from := s.away(n.x*s.size, n.y*s.size)
		from.size *= n.size
		from.mirrored = s.mirrored != n.mirrored
		xs[i], ys[i] = l.follow(g, from)
	}
	p := Point{X: median(xs), Y: median(ys)}
	away := make([]float64, len(starts))
	for i := range away {
		away[i] = math.Hypot(xs[i]-p.X, ys[i]-p.Y)
	}
	p.Spread = median(away)
	return p
}

// follow runs one search.
func (l *locator) follow(g *pixel.Gray, s start) (x, y float64) {
	side := 1
	if s.mirrored {
		side = -1
	}
	nodes, leaves := (1<<l.depth)-1, 1<<l.depth
	for i := range l.stages {
		grid := newGrid(g, s, side)
		var rows, columns float32
		for tree := i * l.trees; tree < (i+1)*l.trees; tree++ {
			leaf := grid.descend(l.codes[4*nodes*tree:4*nodes*(tree+1)], l.depth)
			move := l.moves[2*(leaves*tree+leaf):]
			rows += move[0]
			columns += move[1]
		}
		s = s.away(float64(side)*float64(columns)*s.size, float64(rows)*s.size)
		s.size *= l.shrink
	}
	return s.x, s.y
}

// grid maps a window to the pixels of the picture, in 1/65536 pixel.
type grid struct {
	g      *pixel.Gray
	x, y   int
	ux, uy int // one step of a node's column in x and y
	vx, vy int // one step of a node's row
}

func newGrid(g *pixel.Gray, s start, side int) grid {
	step := s.size * 256 // 65536 times 1/256 window
	return grid{
		g: g, x: int(s.x * 65536), y: int(s.y * 65536),
		ux: side * int(step*s.cos), uy: side * int(step*s.sin),
		vx: -int(step * s.sin), vy: int(step * s.cos),
	}
}

// at gives the nearest pixel that lies in the picture.
func (m *grid) at(row, column int8) uint8 {
	x := (m.x + int(column)*m.ux + int(row)*m.vx) >> 16
	y := (m.y + int(column)*m.uy + int(row)*m.vy) >> 16
	return m.g.Pix[min(max(y, 0), m.g.H-1)*m.g.W+min(max(x, 0), m.g.W-1)]
}

// descend gives the number of the leaf that the picture leads to.
func (m *grid) descend(codes []int8, depth int) int {
	n := 0
	for range depth {
		c := codes[4*n : 4*n+4 : 4*n+4]
		n = 2*n + 1
		if m.at(c[0], c[1]) > m.at(c[2], c[3]) {
			n++
		}
	}
	return n - (1<<depth - 1)
}

// median sorts v.
func median(v []float64) float64 {
	slices.Sort(v)
	return (v[(len(v)-1)/2] + v[len(v)/2]) / 2
}
