// SPDX-License-Identifier: EUPL-1.2

package wishes

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
)

// TestReport: what became of wishes, and how long those waited who were placed.
func TestReport(t *testing.T) {
	w := newTown(t)
	day := at(t, "2026-12-07 09:30")
	taken := w.books(t, "mitte", pass, day)
	var all []Wish
	for _, who := range []string{"anna", "ben", "carla", "dora"} {
		all = append(all, w.enters(t, wish(t, who)))
	}
	if err := w.Withdraw(t.Context(), "citizen", all[3].ID, w.now); err != nil {
		t.Fatal(err)
	}
	w.now = w.now.Add(50 * time.Hour)
	w.cancels(t, taken)
	if _, err := w.Decline(t.Context(), w.offered(t, all[0].ID).ID, w.now); err != nil {
		t.Fatal(err)
	}
	w.now = w.offered(t, all[1].ID).Until
	if _, _, err := w.book.Expire(t.Context(), w.now); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Accept(t.Context(), w.offered(t, all[2].ID).ID, book.NameOf("Carla"), w.now); err != nil {
		t.Fatal(err)
	}
	got, err := w.Report(t.Context(), date(t, "2026-11-30"), date(t, "2026-12-31"))
	want := Report{Entered: 4, Offered: 3, Placed: 1, Declined: 1, Lapsed: 1, Withdrawn: 1, Waited: []int{0, 0, 0, 0, 1}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if got.Within(0.5) != 4 || (Report{}).Within(0.5) != 0 || (Report{Waited: []int{5, 4, 1}}).Within(0.9) != 1 {
		t.Error("waited", got.Within(0.5))
	}
	early, err := w.Report(t.Context(), date(t, "2026-11-30"), date(t, "2026-11-30"))
	if diff := cmp.Diff(Report{Entered: 4, Withdrawn: 1}, early); diff != "" || err != nil {
		t.Errorf("on the first day, %v (-want +got):\n%s", err, diff)
	}
	r := prometheus.NewPedanticRegistry()
	r.MustRegister(onDay{w.Wishes, date(t, "2026-12-31")})
	families, err := r.Gather()
	if err != nil {
		t.Fatal(err)
	}
	measured := map[string]float64{}
	for _, f := range families {
		for _, m := range f.Metric {
			var name strings.Builder
			name.WriteString(f.GetName())
			for _, l := range m.Label {
				name.WriteString(" " + l.GetValue())
			}
			measured[name.String()] = m.GetGauge().GetValue() + m.GetCounter().GetValue() + m.GetSummary().GetSampleSum()
		}
	}
	if diff := cmp.Diff(map[string]float64{
		"fotobox_wishes submitted": 0, "fotobox_wishes waiting": 2, "fotobox_wishes offered": 0, "fotobox_wishes_waited_days": 4,
		"fotobox_wishes_steps_total entered": 4, "fotobox_wishes_steps_total offered": 3, "fotobox_wishes_steps_total placed": 1,
		"fotobox_wishes_steps_total declined": 1, "fotobox_wishes_steps_total lapsed": 1, "fotobox_wishes_steps_total withdrawn": 1,
		"fotobox_wishes_steps_total recalled": 0, "fotobox_wishes_steps_total over": 0, "fotobox_wishes_steps_total refused": 0,
	}, measured); diff != "" {
		t.Errorf("metrics (-want +got):\n%s", diff)
	}
}

// onDay is what Prometheus gets on a day.
type onDay struct {
	*Wishes
	day calendar.Day
}

func (o onDay) Collect(to chan<- prometheus.Metric) {
	if err := o.collect(context.Background(), to, o.day); err != nil {
		to <- prometheus.NewInvalidMetric(queueDesc(), err)
	}
}
