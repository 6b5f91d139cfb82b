// SPDX-License-Identifier: EUPL-1.2

package visits

import (
	"testing"
)

func TestPercentile(t *testing.T) {
	for n, want := range map[int][2]float64{0: {0, 0}, 1: {1, 1}, 2: {1, 2}, 9: {5, 9}, 10: {5, 9}, 11: {6, 10}, 100: {50, 90}} {
		times := []float64{}
		for i := range n {
			times = append(times, float64(n-i))
		}
		if got := spread(times); got != (Spread{n, want[0], want[1]}) {
			t.Errorf("1 to %d: %+v, want %v", n, got, want)
		}
	}
}
