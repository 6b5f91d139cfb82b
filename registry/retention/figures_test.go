// SPDX-License-Identifier: EUPL-1.2

package retention

import (
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// overdue gives the metric by class.
func (b *bench) overdue(t *testing.T) map[string]float64 {
	t.Helper()
	r := prometheus.NewPedanticRegistry()
	r.MustRegister(b.keeper)
	families, err := r.Gather()
	if err != nil || len(families) != 1 {
		t.Fatal(families, err)
	}
	got := map[string]float64{}
	for _, m := range families[0].Metric {
		got[m.Label[0].GetValue()] = m.GetGauge().GetValue()
	}
	return got
}

func TestOverdueIsMeasured(t *testing.T) {
	b := newBench(t)
	b.add(t, "Anna", time.Now().AddDate(0, 0, -9))
	b.add(t, "Ben", time.Now().AddDate(0, 0, -2))
	if got := b.overdue(t); got["appointment"] != 1 || got["photo"] != 0 || len(got) != 21 {
		t.Errorf("before: %v, want one appointment among 21 classes", got)
	}
	for ago, want := range map[time.Duration]int{0: 1, 3 * 24 * time.Hour: 0} {
		if n, err := b.keeper.Overdue(t.Context(), time.Now().Add(-ago)); n != want || err != nil {
			t.Errorf("%s ago: %d in all, %v; want %d", ago, n, err, want)
		}
	}
	b.pass(t, time.Now())
	if got := b.overdue(t); got["appointment"] != 0 {
		t.Errorf("afterwards: %v, want 0", got)
	}
}
