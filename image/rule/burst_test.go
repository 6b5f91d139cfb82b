// SPDX-License-Identifier: EUPL-1.2

package rule

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// shots makes reports of one burst from yaws and from what is seen of the eyes.
func shots(yaws, eyes []float64) (list []Report) {
	set := DePassport2025()
	for i := range yaws {
		var r Report
		for _, f := range []Finding{{ID: "1.1", Name: "yaw", Value: yaws[i]}, {ID: "3.1", Name: "eyes-open", Value: eyes[i]}} {
			f.Min, f.Max = set.Limits[f.ID].Min, set.Limits[f.ID].Max
			f.settle(f.Value)
			r.Findings = append(r.Findings, f)
		}
		r.Verdict = verdict(r.Findings)
		list = append(list, r)
	}
	return list
}

func verdicts(reports []Report) (list []Verdict) {
	for _, r := range reports {
		list = append(list, r.Verdict)
	}
	return list
}

// TestBurst: the median decides on scatter; a head that turned away, a blink and
// what could not be measured stay with their photo.
func TestBurst(t *testing.T) {
	const open, shut = 1.0, 0.1
	for _, tt := range []struct {
		name       string
		yaws, eyes []float64
		want       []Verdict
		best       int
		ties       []int
	}{
		{"one beyond by scatter", []float64{8, 10.5, 8.5, 9}, []float64{open, open, open, open}, []Verdict{Accept, Accept, Accept, Accept}, 3, []int{3, 2, 1, 0}},
		{"one inside by scatter", []float64{12, 9.5, 12, 12.5}, []float64{open, open, open, open}, []Verdict{Reject, Reject, Reject, Reject}, 3, []int{3, 2, 1, 0}},
		{"one turned away", []float64{1, 25, 2, 1}, []float64{open, open, open, open}, []Verdict{Accept, Reject, Accept, Accept}, 3, []int{3, 2, 0}},
		{"the last one blinks", []float64{1, 1, 2}, []float64{open, open, shut}, []Verdict{Accept, Accept, Reject}, 1, []int{1, 0}},
		{"not measured", []float64{1, math.NaN(), 2, 1}, []float64{open, open, open, open}, []Verdict{Accept, NotClear, Accept, Accept}, 3, []int{3, 2, 0}},
		{"two photos tell nothing of each other", []float64{9.5, 10.5}, []float64{open, open}, []Verdict{Accept, Reject}, 0, []int{0}},
		{"none", nil, nil, nil, -1, nil},
	} {
		before := shots(tt.yaws, tt.eyes)
		got := Burst(before)
		if diff := cmp.Diff(tt.want, verdicts(got)); diff != "" {
			t.Errorf("%s: (-want +got):\n%s", tt.name, diff)
		}
		if best, ties := Best(got), Ties(got); best != tt.best || !cmp.Equal(ties, tt.ties) {
			t.Errorf("%s: best %d of %v, want %d of %v", tt.name, best, ties, tt.best, tt.ties)
		}
		if diff := cmp.Diff(shots(tt.yaws, tt.eyes), before, cmpopts.EquateNaNs()); diff != "" {
			t.Errorf("%s: the reports themselves were changed:\n%s", tt.name, diff)
		}
	}
}
