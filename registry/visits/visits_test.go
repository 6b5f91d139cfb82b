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

func TestForget(t *testing.T) {
	v := newVisits(t)
	v.adds(t, "left", stored(), with(func(r *enrolment.Visit) { r.Day = "2024-01-01" }))
	for _, step := range []struct {
		at   time.Time
		want int64
	}{
		{noon, 0}, {time.Date(2027, 1, 1, 23, 0, 0, 0, time.UTC), 0}, {time.Date(2027, 1, 2, 0, 0, 0, 0, time.UTC), 1}, {noon.AddDate(3, 0, 1), 1},
	} {
		if n, err := v.Forget(t.Context(), step.at); n != step.want || err != nil {
			t.Errorf("%v: forgot %d, %v; want %d", step.at, n, err, step.want)
		}
	}
}

// TestOneOfTwoProgramsForgets, and the other when its hour is over: that one may have died.
func TestOneOfTwoProgramsForgets(t *testing.T) {
	where := storetest.Where(t)
	one := New(storetest.OpenAt(t, where), slog.New(slog.DiscardHandler))
	two := New(storetest.OpenAt(t, where), slog.New(slog.DiscardHandler))
	for _, step := range []struct {
		v     *Visits
		after time.Duration
		want  int64
	}{
		{one, 0, 1}, {two, time.Minute, 0}, {one, time.Hour - time.Second, 0}, {two, time.Hour, 3}, {one, time.Hour, 0},
	} {
		one.adds(t, "left", with(func(r *enrolment.Visit) { r.Day = "2024-01-01" }))
		n, err := step.v.forgetInTurn(t.Context(), noon.AddDate(3, 0, 0).Add(step.after))
		if n != step.want || err != nil {
			t.Errorf("after %s: forgot %d, %v, want %d", step.after, n, err, step.want)
		}
	}
}

// post sends a body as the station "left", or as nobody.
