// SPDX-License-Identifier: EUPL-1.2

package booth

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestPercentile: it is the value that sorting would put there.
func TestPercentile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.SliceOfN(rapid.OneOf(rapid.Float32Range(-5, 5), rapid.SampledFrom([]float32{0, 1})), 1, 60).Draw(t, "v")
		share := rapid.SampledFrom([]float64{0, 0.05, 0.5, 0.95, 1}).Draw(t, "share")
		sorted := slices.Sorted(slices.Values(v))
		if got, want := percentile(v, share), float64(sorted[int(share*float64(len(v)-1))]); got != want {
			t.Fatalf("%v of %v: got %v, want %v", share, sorted, got, want)
		}
	})
	if percentile(nil, 0.5) != 0 {
		t.Error("nothing has a percentile")
	}
}
