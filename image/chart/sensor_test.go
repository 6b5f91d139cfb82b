// SPDX-License-Identifier: EUPL-1.2

package chart

import (
	"fmt"
	"image"
	"os"
	"strings"
	"testing"
)

// TestSensors computes the table of docs/technician.md: what a sensor on its side covers
// with the shortest lens that still has the pixels at the far end.
func TestSensors(t *testing.T) {
	page, err := os.ReadFile("../../docs/technician.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []image.Point{{1944, 2592}, {2448, 3264}, {3040, 4056}} {
		m := &Measurement{Size: size, PerMM: leastPerMM, Sharpness: []Sharpness{{}}}
		p := Place{Distance: far, Height: 1, Travel: 0}
		p.Height = m.lowestLens(p)
		p.Travel = m.travel(p)
		if f := m.heights(p); !f.OK {
			t.Errorf("%v: %s", size, f.Words)
		}
		focal := leastPerMM * far // pixels
		row := fmt.Sprintf("| %d x %d | %.0f x %.0f mm | %.0f x %.0f mm | %.1f sensor widths | %.0f mm | %.0f mm |",
			size.X, size.Y, float64(size.X)/m.at(p, near), float64(size.Y)/m.at(p, near), float64(size.X)/leastPerMM, float64(size.Y)/leastPerMM,
			focal/float64(size.X), p.Height, p.Travel)
		t.Log(row)
		if !strings.Contains(string(page), row) {
			t.Errorf("docs/technician.md has no row\n%s", row)
		}
	}
}
