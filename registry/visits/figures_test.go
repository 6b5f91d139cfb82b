// SPDX-License-Identifier: EUPL-1.2

package visits

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fotobox-project/fotobox/upload/enrolment"
)

func TestFigures(t *testing.T) {
	v := newVisits(t)
	v.adds(t, "left", stored(),
		with(func(r *enrolment.Visit) {
			r.Outcome, r.FirstTry, r.Attempts, r.Failures, r.Retakes, r.MoreTime = "kept", false, 3, 1, 2, true
			r.Seconds = map[string]float64{"welcome": 100, "done": 5}
			r.Hints = map[string]enrolment.Shown{"nearer": {Times: 1, Seconds: 1}, "left": {Times: 4, Seconds: 9}}
		}),
		with(func(r *enrolment.Visit) { // a photo, and nobody stayed for it
			r.Outcome, r.FirstTry, r.Pauses, r.Hints = "walked-away", false, 1, nil
			r.Seconds = map[string]float64{"welcome": 5}
		}),
		with(func(r *enrolment.Visit) { // no photo: not counted in the rate
			r.Outcome, r.FirstTry, r.Attempts, r.Hints = "cancelled", false, 0, nil
			r.Seconds = map[string]float64{"welcome": 7}
		}))
	v.adds(t, "right", with(func(r *enrolment.Visit) {
		*r = enrolment.Visit{ID: r.ID, Day: r.Day, Outcome: "refused", Answer: "too_late", Seconds: map[string]float64{"done": 20}}
	}))
	want := Sum{
		Visits: 4, Outcomes: map[string]int{"delivered": 1, "kept": 1, "walked-away": 1, "cancelled": 1}, Refused: map[string]int{"too_late": 1},
		Stored: 2, FirstTry: Share{1, 3}, MoreTime: 1, Paused: 1, Photos: 5, Retakes: 2,
		Way: Spread{2, 62, 100},
		Stages: map[string]Spread{
			"welcome": {4, 7, 100}, "position": {1, 21.9, 21.9}, "consent": {1, 20, 20}, "done": {2, 5, 20},
		},
		Hints: []Hint{{"nearer", 2, 3, 4.5}, {"left", 1, 4, 9}},
	}
	got := v.figures(t, noon)
	if diff := cmp.Diff(want, got.All); diff != "" {
		t.Errorf("all (-want +got):\n%s", diff)
	}
	if len(got.Stations) != 2 || got.Stations[0].Device != "left" || got.Stations[1].Visits != 0 || got.Stations[1].Refused["too_late"] != 1 {
		t.Errorf("stations %+v", got.Stations)
	}
	if got.All.RetakesPerVisit() != 2.0/3 || (Sum{}).RetakesPerVisit() != 0 {
		t.Errorf("%v retakes a visit", got.All.RetakesPerVisit())
	}
	if n := v.figures(t, noon.AddDate(0, 0, 1)).All.Visits; n != 0 {
		t.Errorf("%d visits from tomorrow on", n)
	}
}

func TestEmptyFigures(t *testing.T) {
	data, err := json.Marshal(newVisits(t).figures(t, noon))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"since":"2026-12-01","all":{"visits":0,"outcomes":{},"refused_codes":{},"stored":0,"first_try":{"count":0,"of":0,"rate":null},"more_time":0,"paused":0,` +
		`"photos":0,"retakes":0,"code_to_stored_seconds":{"visits":0,"median":0,"p90":0},"stage_seconds":{},"hints":[]},"stations":[]}`
	if string(data) != want {
		t.Errorf("got %s\nwant %s", data, want)
	}
}

// TestPercent: nobody is told of all or none when it is not so.
func TestPercent(t *testing.T) {
	for s, want := range map[Share]int{{0, 0}: 0, {0, 5}: 0, {5, 5}: 100, {999, 1000}: 99, {1, 1000}: 1, {2, 3}: 67, {7, 8}: 88} {
		if got := s.Percent(); got != want {
			t.Errorf("%d of %d: %d %%, want %d", s.Count, s.Of, got, want)
		}
	}
	if data, err := json.Marshal(Share{2, 3}); err != nil || string(data) != `{"count":2,"of":3,"rate":0.6667}` {
		t.Errorf("got %s, %v", data, err)
	}
}

// BenchmarkFigures is a year of an office with 20,000 visits.
func BenchmarkFigures(b *testing.B) {
	v := newVisits(b)
	for range 200 {
		list := make([]enrolment.Visit, enrolment.MaxVisits)
		for i := range list {
			list[i] = stored()
		}
		v.adds(b, "left", list...)
	}
	for b.Loop() {
		v.figures(b, noon.AddDate(-1, 0, 0))
	}
}
