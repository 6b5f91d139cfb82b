// SPDX-License-Identifier: EUPL-1.2

package quality

import (
	"math"
	"testing"
)

// TestLeastMedian: one wild point of five changes nothing; the inverse leads back.
func TestLeastMedian(t *testing.T) {
	want := similarity{0.3, 0.1, 40, -20}
	from, back := targets(), want.inverse()
	for i := range from {
		from[i] = back.at(from[i])
		if p := want.at(from[i]); p.to(targets()[i]) > 1e-9 {
			t.Errorf("%v comes back as %v", targets()[i], p)
		}
	}
	for i := range from {
		wild := append([]point{}, from...)
		wild[i].x += 150
		got := leastMedian(wild, targets())
		if math.Abs(got.a-want.a)+math.Abs(got.b-want.b) > 1e-9 || math.Abs(got.u-want.u)+math.Abs(got.v-want.v) > 1e-6 {
			t.Errorf("with point %d astray: %+v, want %+v", i, got, want)
		}
	}
}

// TestFit: the least squares of a square turned by a right angle and made twice as large.
func TestFit(t *testing.T) {
	from := []point{{0, 0}, {1, 0}, {1, 1}, {0, 1}}
	to := []point{{5, 5}, {5, 7}, {3, 7}, {3, 5}}
	got, want := fit(from, to), similarity{0, 2, 5, 5}
	if math.Abs(got.a-want.a)+math.Abs(got.b-want.b)+math.Abs(got.u-want.u)+math.Abs(got.v-want.v) > 1e-12 {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if s := got.scale(); math.Abs(s-2) > 1e-12 {
		t.Errorf("scale %g, want 2", s)
	}
}
