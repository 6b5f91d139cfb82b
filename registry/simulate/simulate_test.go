// SPDX-License-Identifier: EUPL-1.2

package simulate

import (
	"os"
	"reflect"
	"slices"
	"testing"

	"github.com/fotobox-project/fotobox/registry/book"
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

// small is Duisburg with these offices only.
func small(offices ...string) book.Town {
	t := town.Duisburg()
	away := func(office string) bool { return !slices.Contains(offices, office) }
	t.Locations = slices.DeleteFunc(t.Locations, func(l book.Location) bool { return away(l.Code) })
	t.Rules = slices.DeleteFunc(t.Rules, func(r calendar.Rule) bool { return away(r.Office) })
	t.Closures = slices.DeleteFunc(t.Closures, func(c calendar.Closure) bool { return c.Office != "" && away(c.Office) })
	return t
}

// TestYear plays ten days of a small town, of whose offices one is closed now and
// then; on SQLite twice the same.
func TestYear(t *testing.T) {
	o := Options{Seed: 1, First: first(t), Days: 10, Scale: 0.5, People: 800, Counters: 7, Closures: 6}
	was := playYear(t, o)
	if !storetest.Postgres() {
		if is := playYear(t, o); !reflect.DeepEqual(was, is) {
			t.Errorf("the same seed gave %+v and %+v", was, is)
		}
	}
}

// playYear plays it, and gives what does not depend on the machine.
func playYear(t *testing.T, o Options) *Year {
	t.Helper()
	y, err := PlayYear(t.Context(), storetest.Open(t), small("walsum", "sued"), o) // one is booked online, one is not
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range y.Check.Faults {
		t.Error(f)
	}
	if y.Booked == 0 || y.Cancelled == 0 || y.Moved == 0 || y.Missed == 0 || y.Lapsed == 0 || y.Hall.CheckedIn == 0 {
		t.Errorf("%+v: want some of each", y)
	}
	if y.Asked != y.Booked+y.Nothing {
		t.Errorf("%d looked, %d booked and %d found nothing", y.Asked, y.Booked, y.Nothing)
	}
	if y.Booked != y.Served+y.Missed+y.Cancelled+y.Dismissed {
		t.Errorf("of %d appointments %d were served, %d missed, %d and %d cancelled", y.Booked, y.Served, y.Missed, y.Cancelled, y.Dismissed)
	}
	if y.Plans != 3 || y.Relocated == 0 || y.Dismissed == 0 || y.Hit != y.Relocated+y.Dismissed {
		t.Errorf("%d closures and other hours, %d hit, of them %d relocated and %d dismissed", y.Plans, y.Hit, y.Relocated, y.Dismissed)
	}
	y.Took, y.Check.Took, y.Size = 0, 0, nil
	return y
}

// TestAgent plays six days on which people wait.
func TestAgent(t *testing.T) {
	o := Options{Seed: 2, First: first(t), Days: 6, Scale: 0.5, People: 700}
	a, err := PlayAgent(t.Context(), storetest.Open(t), small("walsum"), o)
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
	o := Options{Seed: 3, First: first(t), Days: 7, Scale: 1, People: 200}
	r, err := PlayRush(t.Context(), storetest.Open(t), small("walsum"), o)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Check.Faults) > 0 || r.Seats == 0 || r.Sold != r.Seats || r.Gone != r.People-r.Seats || r.Releases != 1 {
		t.Errorf("%d of %d seats were sold, %d heard that nothing is left, %d releases: %q", r.Sold, r.Seats, r.Gone, r.Releases, r.Check.Faults)
	}
}
