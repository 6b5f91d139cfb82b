// SPDX-License-Identifier: EUPL-1.2

package face

import (
	"fmt"
	"image"
	"math"

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
	codes      []int8    // per tree 2^depth nodes of 4: row, column, row, column in 1/256 window; node 0 is unused
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
	d.codes = w.int8s(append(d.codes, 0, 0, 0, 0), 4*(leaves-1))
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

// scan searches the picture at windows of one size and roll.
type scan struct {
	*detector
	g        *pixel.Gray
	size     int
	roll     float64
	sin, cos float64
	// offsets holds, per node, how far its two pixels lie from the window's
	// centre in g.Pix. Most windows end after few trees, so offsets are worked
	// out tree by tree when first needed.
	offsets [][2]int32
	built   int
}

// detect gives all windows of at least minSize pixels that look like a face
// with the given roll (radians), in no order.
func (d *detector) detect(g *pixel.Gray, minSize int, roll float64, by steps) []window {
	s := scan{detector: d, g: g, roll: roll, offsets: make([][2]int32, len(d.codes)/4)}
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
		s.size, s.built = size, 0
		found = s.sweep(found, margin, by)
	}
}

func (s *scan) sweep(found []window, margin int, by steps) []window {
	step, weight := max(1, int(float64(s.size)*by.shift)), by.weight()
	for y := margin; y <= s.g.H-margin; y += step {
		for x := margin; x <= s.g.W-margin; x += step {
			if score := s.classify(y*s.g.W + x); score > 0 {
				found = append(found, window{float64(x), float64(y), float64(s.size), s.roll, weight * float64(score)})
			}
		}
	}
	return found
}

// classify gives the score of the window around the pixel with index at, or a
// value below 0 when it is no face.
func (s *scan) classify(at int) float32 {
	var sum float32
	pix, offsets, leaves, depth := s.g.Pix, s.offsets, s.leaves, s.depth
	nodes := 1 << depth
	for i, threshold := range s.thresholds {
		if i == s.built {
			s.build(i)
		}
		tree, n := offsets[i*nodes:(i+1)*nodes], 1
		for range depth {
			o := tree[n]
			n *= 2
			if pix[at+int(o[0])] <= pix[at+int(o[1])] {
				n++
			}
		}
		sum += leaves[i*nodes+n-nodes]
		if sum <= threshold {
			return -1
		}
	}
	return sum - s.thresholds[len(s.thresholds)-1]
}

// build works out the offsets of tree i.
func (s *scan) build(i int) {
	nodes := 1 << s.depth
	for n := i * nodes; n < (i+1)*nodes; n++ {
		c := s.codes[4*n : 4*n+4]
		s.offsets[n] = [2]int32{s.offset(int(c[0]), int(c[1])), s.offset(int(c[2]), int(c[3]))}
	}
	s.built = i + 1
}

// offset is whole pixels from the centre; upright it rounds as pico does.
func (s *scan) offset(row, column int) int32 {
	dy, dx := row*s.size>>8, column*s.size>>8
	if s.sin != 0 {
		r, c := float64(row*s.size)/256, float64(column*s.size)/256
		dy, dx = int(math.Floor(float64(c*s.sin)+float64(r*s.cos))), int(math.Floor(float64(c*s.cos)-float64(r*s.sin)))
	}
	return int32(dy*s.g.W + dx)
}
