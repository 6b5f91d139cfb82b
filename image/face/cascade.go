// SPDX-License-Identifier: EUPL-1.2

package face

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// maxDepth and maxTrees bound what a file may ask memory for; pigo's cascades
// have trees of depth 6 to 10, at most 468 of them.
const (
	maxDepth = 12
	maxTrees = 4096
)

var errSize = errors.New("the length does not match the number and depth of its trees")

// words reads the numbers of a cascade file, which are little-endian. It is
// used only after the length was checked.
type words struct{ data []byte }

func (w *words) uint32() uint32 {
	v := binary.LittleEndian.Uint32(w.data)
	w.data = w.data[4:]
	return v
}

// uint32s appends n numbers to dst.
func (w *words) uint32s(dst []uint32, n int) []uint32 {
	for range n {
		dst = append(dst, w.uint32())
	}
	return dst
}

// floats appends n numbers to dst. A number beyond limit can only come from
// damage: leaves hold fractions of a window's side or scores of a few units.
func (w *words) floats(dst []float32, n int, limit float64) ([]float32, error) {
	for range n {
		v := math.Float32frombits(w.uint32())
		if !(math.Abs(float64(v)) <= limit) {
			return nil, fmt.Errorf("the number %v is out of range", v)
		}
		dst = append(dst, v)
	}
	return dst, nil
}

func checkTrees(trees, depth uint32) error {
	if trees == 0 || trees > maxTrees || depth == 0 || depth > maxDepth {
		return fmt.Errorf("%d trees of depth %d are out of range", trees, depth)
	}
	return nil
}
