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
	codes                []uint32  // per tree 2^depth-1 nodes of 4 bytes: row, column, row, column in 1/256 window, from the lowest
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
		l.codes = w.uint32s(l.codes, leaves-1)
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

// side is -1 for a search in the mirror image and 1 for others.
func (s start) side() float64 {
	if s.mirrored {
		return -1
	}
	return 1
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
	all := make([]search, len(starts))
	for i, n := range starts {
		from := s.away(n.x*s.size, n.y*s.size)
		from.size *= n.size
		from.mirrored = s.mirrored != n.mirrored
		all[i].start = from
	}
	l.follow(g, all)
	v := make([]float64, 2*len(all))
	xs, ys := v[:len(all)], v[len(all):]
	for i, found := range all {
		xs[i], ys[i] = found.x, found.y
	}
	p := Point{X: median(xs), Y: median(ys)}
	for i, found := range all {
		xs[i] = math.Hypot(found.x-p.X, found.y-p.Y)
	}
	p.Spread = median(xs)
	return p
}

// search is one way from a start to the point.
type search struct {
	start
	grid          grid
	rows, columns float32 // moves of the stage so far, in windows
}

// follow runs all searches to their ends, side by side: a tree then serves all
// of them while it is in the processor's nearest memory.
func (l *locator) follow(g *pixel.Gray, all []search) {
	nodes, leaves := (1<<l.depth)-1, 1<<l.depth
	for i := range l.stages {
		for k := range all {
			s := &all[k]
			s.grid, s.rows, s.columns = newGrid(g, s.start), 0, 0
		}
		for tree := i * l.trees; tree < (i+1)*l.trees; tree++ {
			codes, moves := l.codes[nodes*tree:nodes*(tree+1)], l.moves[2*leaves*tree:2*leaves*(tree+1)]
			for k := range all {
				s := &all[k]
				move := moves[2*s.grid.descend(g, codes):]
				s.rows += move[0]
				s.columns += move[1]
			}
		}
		for k := range all {
			s := &all[k]
			s.start = s.away(s.side()*float64(s.columns)*s.size, float64(s.rows)*s.size)
			s.size *= l.shrink
		}
	}
}

// grid maps a window to the pixels of the picture, in 1/65536 pixel.
type grid struct {
	x, y   int
	ux, uy int // one step of a node's column in x and y
	vx, vy int // one step of a node's row
	// inside tells that the whole window lies in the picture.
	inside bool
}

// widest is the side of the pictures in which a grid can work with both
// coordinates in one number.
const widest = 1 << 15

func newGrid(g *pixel.Gray, s start) grid {
	step, side := s.size*256, int(s.side()) // 65536 times 1/256 window
	m := grid{
		x: int(s.x * 65536), y: int(s.y * 65536),
		ux: side * int(step*s.cos), uy: side * int(step*s.sin),
		vx: -int(step * s.sin), vy: int(step * s.cos),
	}
	reachX, reachY := 128*(max(m.ux, -m.ux)+max(m.vx, -m.vx)), 128*(max(m.uy, -m.uy)+max(m.vy, -m.vy))
	m.inside = m.x >= reachX && m.x+reachX < min(g.W, widest)<<16 && m.y >= reachY && m.y+reachY < min(g.H, widest)<<16
	return m
}

// descend gives the number of the leaf to which a tree leads.
func (m *grid) descend(g *pixel.Gray, codes []uint32) uint {
	if m.inside {
		return m.descendInside(g.Pix, g.W, codes)
	}
	n := uint(0)
	for n < uint(len(codes)) {
		c := codes[n]
		n = 2*n + 1
		if m.at(g, int8(c), int8(c>>8)) > m.at(g, int8(c>>16), int8(c>>24)) {
			n++
		}
	}
	return n - uint(len(codes))
}

// at gives the nearest pixel that lies in the picture.
func (m *grid) at(g *pixel.Gray, row, column int8) uint8 {
	x := (m.x + int(column)*m.ux + int(row)*m.vx) >> 16
	y := (m.y + int(column)*m.uy + int(row)*m.vy) >> 16
	return g.At(x, y)
}

// descendInside is descend where every pixel lies in the picture. It has x and y
// in one number, x in the upper half: half of the multiplications then do.
func (m *grid) descendInside(pix []uint8, w int, codes []uint32) uint {
	middle, u, v := m.x<<32+m.y, m.ux<<32+m.uy, m.vx<<32+m.vy
	n := uint(0)
	for n < uint(len(codes)) {
		c := codes[n]
		n = 2*n + 1
		p := middle + int(int8(c>>8))*u + int(int8(c))*v
		q := middle + int(int8(c>>24))*u + int(int8(c>>16))*v
		if pix[int(uint32(p)>>16)*w+p>>48] > pix[int(uint32(q)>>16)*w+q>>48] {
			n++
		}
	}
	return n - uint(len(codes))
}

// median sorts v.
func median(v []float64) float64 {
	slices.Sort(v)
	return (v[(len(v)-1)/2] + v[len(v)/2]) / 2
}
