// SPDX-License-Identifier: EUPL-1.2

package face

import (
	"fmt"
	"image"
	"math"
	"slices"

	"github.com/fotobox-project/fotobox/image/pixel"
)

// detector is pico's cascade of decision trees over pairs of pixels (Markuš et
// al., "Object Detection with Pixel Intensity Comparisons Organized in Decision
// Trees", arXiv:1305.4537) with pigo's trained data.
//
// The run time is our own and not pigo's: pigo panics on damaged data, its
// rotated search reads wrong columns in any picture that is not square, and it
// works out each pixel's place anew for every window. Upright, both give the
// same windows and scores; a test compares them.
type detector struct {
	depth      int
	codes      []uint32  // per tree 2^depth nodes of 4 bytes: row, column, row, column in 1/256 window, from the lowest; node 0 is unused
	leaves     []float32 // per tree 2^depth
	thresholds []float32 // per tree: at or below it the window is no face
}

// parseDetector reads a cascade file: 8 bytes that are skipped, depth, number
// of trees, then for each tree its nodes, leaves and threshold.
func parseDetector(data []byte) (*detector, error) {
	if len(data) < 16 {
		return nil, errSize
	}
	w := &words{data[8:]}
	depth, trees := w.uint32(), w.uint32()
	if err := checkTrees(trees, depth); err != nil {
		return nil, err
	}
	leaves := 1 << depth
	if len(w.data) != int(trees)*(4*(leaves-1)+4*leaves+4) {
		return nil, errSize
	}
	d := &detector{depth: int(depth)}
	for i := range int(trees) {
		if err := d.addTree(w, leaves); err != nil {
			return nil, fmt.Errorf("tree %d: %w", i, err)
		}
	}
	return d, nil
}

func (d *detector) addTree(w *words, leaves int) (err error) {
	d.codes = w.uint32s(append(d.codes, 0), leaves-1)
	if d.leaves, err = w.floats(d.leaves, leaves, 1e3); err != nil {
		return err
	}
	d.thresholds, err = w.floats(d.thresholds, 1, 1e6)
	return err
}

// window is a square that the detector took for a face: its centre and side in
// pixels of the gray picture, and the roll with which it was searched, radians.
type window struct {
	x, y, size, roll float64
	score            float64
}

// times gives the window in a picture with scale times the pixels a side.
func (w window) times(scale float64) window {
	w.x, w.y, w.size = w.x*scale, w.y*scale, w.size*scale
	return w
}

// box gives its square, grown on each side by margin of its side.
func (w window) box(margin float64) image.Rectangle {
	half := float64(w.size * (0.5 + margin))
	return image.Rect(int(w.x-half), int(w.y-half), int(w.x+half), int(w.y+half))
}

// scan searches the picture at windows of one roll, one size after the other.
type scan struct {
	*detector
	g        *pixel.Gray
	size     int
	roll     float64
	sin, cos float64
	open     []candidate // the windows of this size that no tree has refused so far
	tree     []pair      // the nodes of the tree at work
	rows     [1 << 8]int // upright: how far a node's row, as a byte, lies from the centre in g.Pix
	columns  [1 << 8]int
}

// candidate is a window, by the index of its centre in g.Pix, and its score so far.
type candidate struct {
	at  int
	sum float32
}

// pair is how far the two pixels of a node lie from the window's centre in g.Pix.
type pair [2]int

// detect gives all windows of at least minSize pixels that look like a face
// with the given roll (radians), by size, row and column.
func (d *detector) detect(g *pixel.Gray, minSize int, roll float64, by steps) []window {
	s := scan{detector: d, g: g, roll: roll, tree: make([]pair, 1<<d.depth)}
	s.sin, s.cos = math.Sincos(roll)
	reach := math.Abs(s.sin) + math.Abs(s.cos)
	var found []window
	for size := minSize; ; size += int(max(2, float64(size)*(by.grow-1))) {
		margin := size/2 + 1
		if roll != 0 {
			margin = int(float64(size)/2*reach) + 2
		}
		if 2*margin > min(g.W, g.H) {
			return found
		}
		s.resize(size)
		s.spread(margin, max(1, int(float64(size)*by.shift)))
		s.classify()
		last := s.thresholds[len(s.thresholds)-1]
		for _, c := range s.open {
			if score := c.sum - last; score > 0 {
				x, y := float64(c.at%g.W), float64(c.at/g.W)
				found = append(found, window{x, y, float64(size), roll, by.weight() * float64(score)})
			}
		}
	}
}

func (s *scan) resize(size int) {
	s.size = size
	for code := range s.rows {
		n := int(int8(code)) * size >> 8
		s.rows[code], s.columns[code] = n*s.g.W, n
	}
}

// spread opens all windows, row by row.
func (s *scan) spread(margin, step int) {
	s.open = slices.Grow(s.open[:0], ((s.g.W-2*margin)/step+1)*((s.g.H-2*margin)/step+1))
	for y := margin; y <= s.g.H-margin; y += step {
		for x := margin; x <= s.g.W-margin; x += step {
			s.open = append(s.open, candidate{at: y*s.g.W + x})
		}
	}
}

// classify leaves open the windows that look like a face. It lets each tree see
// all open windows before the next tree, and not each window all its trees: the
// tree then stays in the processor's nearest memory, and no branch depends on a
// picture, so that several windows are on their way at once.
func (s *scan) classify() {
	nodes := 1 << s.depth
	for i, threshold := range s.thresholds {
		if len(s.open) == 0 {
			return
		}
		s.build(s.codes[i*nodes : (i+1)*nodes])
		s.open = sieve(s.open, s.g.Pix, s.tree, s.leaves[i*nodes:(i+1)*nodes], threshold)
	}
}

// sieve keeps the windows whose score lies above the threshold after the tree.
func sieve(open []candidate, pix []uint8, tree []pair, leaves []float32, threshold float32) []candidate {
	kept := 0
	for _, c := range open {
		c.sum += leaves[descend(tree, pix, c.at)]
		open[kept] = c
		if c.sum > threshold {
			kept++
		}
	}
	return open[:kept]
}

// descend gives the number of the leaf to which the tree leads the window.
func descend(tree []pair, pix []uint8, at int) uint {
	n := uint(1)
	for n < uint(len(tree)) {
		o := &tree[n]
		n *= 2
		if pix[at+o[0]] <= pix[at+o[1]] {
			n++
		}
	}
	return n - uint(len(tree))
}

// build works out where the pixels of a tree lie; upright it rounds as pico does.
func (s *scan) build(codes []uint32) {
	tree := s.tree[:len(codes)]
	if s.sin == 0 {
		for n, c := range codes {
			tree[n] = pair{s.rows[uint8(c)] + s.columns[uint8(c>>8)], s.rows[uint8(c>>16)] + s.columns[uint8(c>>24)]}
		}
		return
	}
	for n, c := range codes {
		tree[n] = pair{s.turned(int8(c), int8(c>>8)), s.turned(int8(c>>16), int8(c>>24))}
	}
}

// turned is how far a pixel lies from the centre in a window with a roll.
func (s *scan) turned(row, column int8) int {
	r, c := float64(int(row)*s.size)/256, float64(int(column)*s.size)/256
	dy, dx := int(math.Floor(float64(c*s.sin)+float64(r*s.cos))), int(math.Floor(float64(c*s.cos)-float64(r*s.sin)))
	return dy*s.g.W + dx
}
