// SPDX-License-Identifier: EUPL-1.2

package simulate

import (
	"os"
	"reflect"
	"testing"

	"github.com/fotobox-project/fotobox/registry/book/town"
	"github.com/fotobox-project/fotobox/registry/calendar"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Both(m).Run()) }

func first(t *testing.T) calendar.Day {
	t.Helper()
	d, err := calendar.ParseDay("2026-10-19") // the clocks change on Sunday
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestYear plays two weeks of a small town, twice the same.
func TestYear(t *testing.T) {
	o := Options{Seed: 1, First: first(t), Days: 14, Scale: 0.25, People: 2400, Counters: 7}
	var years []*Year
	for range 2 {
		y, err := PlayYear(t.Context(), storetest.Open(t), town.Duisburg(), o)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range y.Check.Faults {
			t.Error(f)
		}
		if y.Booked == 0 || y.Cancelled == 0 || y.Moved == 0 || y.Missed == 0 || y.Lapsed == 0 || y.Hall.CheckedIn == 0 || y.Check.Live != 0 {
			t.Errorf("%+v: want some of each, and nobody who is still there", y)
		}
		if y.Asked != y.Booked+y.Nothing {
			t.Errorf("%d looked, %d booked and %d found nothing", y.Asked, y.Booked, y.Nothing)
		}
		y.Took, y.Check.Took, y.Size = 0, 0, nil
		years = append(years, y)
	}
	if !reflect.DeepEqual(years[0], years[1]) {
		t.Errorf("the same seed gave %+v and %+v", years[0], years[1])
	}
}

// TestAgent plays a month in which people wait.
func TestAgent(t *testing.T) {
	o := Options{Seed: 2, First: first(t), Days: 12, Scale: 0.25, People: 2400}
	a, err := PlayAgent(t.Context(), storetest.Open(t), town.Duisburg(), o)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range append(a.Faults, a.Check.Faults...) {
		t.Error(f)
	}
	r := a.Report
	if r.Offered != a.Offers || r.Placed == 0 || r.Declined == 0 || r.Lapsed == 0 || r.Over == 0 {
		t.Errorf("%+v, %d offers were checked; want some of each", r, a.Offers)
	}
}

// TestRush: all seats of a release are sold, each once, to more than there are.
func TestRush(t *testing.T) {
	o := Options{Seed: 3, First: first(t), Days: 7, Scale: 0.25, People: 120}
	r, err := PlayRush(t.Context(), storetest.Open(t), town.Duisburg(), o)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Check.Faults) > 0 || r.Seats == 0 || r.Sold != r.Seats || r.Gone != r.People-r.Seats || r.Releases != 1 {
		t.Errorf("%d of %d seats were sold, %d heard that nothing is left, %d releases: %q", r.Sold, r.Seats, r.Gone, r.Releases, r.Check.Faults)
	}
}
