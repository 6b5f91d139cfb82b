// SPDX-License-Identifier: EUPL-1.2

package visits

import (
	"log/slog"
	"os"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/registry/store/storetest"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

func TestMain(m *testing.M) { os.Exit(storetest.Both(m).Run()) }

var noon = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)

func newVisits(t testing.TB) *Visits {
	t.Helper()
	s := storetest.Open(t)
	return New(s, slog.New(slog.DiscardHandler))
}

// stored is a visit that went well: 62 s, the first photo accepted.
func stored() enrolment.Visit {
	return enrolment.Visit{
		ID: uuid.New(), Day: "2026-12-01", Software: "stationd v1.0.0", Outcome: "delivered", FirstTry: true, Attempts: 1,
		Seconds: map[string]float64{"welcome": 20.1, "position": 21.9, "consent": 20, "done": 20},
		Hints:   map[string]enrolment.Shown{"nearer": {Times: 2, Seconds: 3.5}},
	}
}

// with is a visit that went otherwise.
func with(change func(*enrolment.Visit)) enrolment.Visit {
	v := stored()
	change(&v)
	return v
}

func (v *Visits) adds(t testing.TB, device string, records ...enrolment.Visit) {
	t.Helper()
	if err := v.Add(t.Context(), device, records, noon); err != nil {
		t.Fatal(err)
	}
}

func (v *Visits) figures(t testing.TB, since time.Time) Figures {
	t.Helper()
	f, err := v.Figures(t.Context(), since)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestRepeatedDeliveryCountsOnce: whoever repeats it, and whatever it says then.
func TestRepeatedDeliveryCountsOnce(t *testing.T) {
	v, one, two := newVisits(t), stored(), stored()
	v.adds(t, "left", one)
	other := one
	other.Outcome, other.FirstTry = "staff", false
	v.adds(t, "left", one, two)
	v.adds(t, "right", other)
	if got := v.figures(t, noon); got.All.Visits != 2 || got.All.Outcomes["delivered"] != 2 || len(got.Stations) != 1 {
		t.Errorf("got %+v, want two visits of one station", got)
	}
}

// post sends a body as the station "left", or as nobody.
