// SPDX-License-Identifier: EUPL-1.2

package wishes

import (
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
)

// TestTheFirstOfTheQueue that the seat fits gets it.
func TestTheFirstOfTheQueue(t *testing.T) {
	w := newTown(t)
	change := func(who string, f func(*Wish)) Wish {
		d := wish(t, who)
		f(&d)
		return w.enters(t, d)
	}
	change("other-hours", func(d *Wish) { d.Windows[1] = Between(10, 12) })
	change("other-day", func(d *Wish) { d.Windows[2] = EveryHour })
	change("other-office", func(d *Wish) { d.Offices = []string{"sued"} })
	change("later", func(d *Wish) { d.First = date(t, "2026-12-02") })
	change("earlier", func(d *Wish) { d.Last = date(t, "2026-11-30") })
	change("family", func(d *Wish) { d.Persons = 2 })
	change("two-seats", func(d *Wish) { d.Service = visa })
	change("long", func(d *Wish) { d.Service = naturalise })
	w.books(t, "mitte", pass, at(t, "2026-12-01 09:15"))
	taken := w.books(t, "mitte", pass, at(t, "2026-12-01 09:30"))
	w.books(t, "mitte", pass, at(t, "2026-12-01 09:45"))
	first := change("first", func(d *Wish) { d.Windows[1], d.Offices = Between(9, 10), []string{"mitte", "sued"} })
	second := w.enters(t, wish(t, "second"))
	w.cancels(t, taken)
	if a := w.offered(t, first.ID); !a.Start.Equal(taken.Start) {
		t.Errorf("offered %s", a.Start)
	}
	if got := w.get(t, second.ID); got.State != Waiting {
		t.Errorf("the second is %s", got.State)
	}
	if n := count(t, w.store, `SELECT count(*) FROM wish WHERE state = 'offered'`); n != 1 {
		t.Errorf("%d offers", n)
	}
}

// TestFirstOfferedThenEverybody: nobody else can have the seat meanwhile, also of
// many who ask at once; what fits nobody is everybody's at once.
func TestFirstOfferedThenEverybody(t *testing.T) {
	w := newTown(t)
	taken := w.books(t, "mitte", pass, at(t, "2026-12-01 09:30"))
	first := w.enters(t, wish(t, "anna"))
	w.cancels(t, taken)
	r := book.Request{Location: "mitte", Service: pass, Persons: 1}
	take := func() error {
		_, err := w.book.Take(t.Context(), r, taken.Start, book.Step{Do: book.Hold, At: w.now, Actor: "citizen"})
		return err
	}
	var wait sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		wait.Go(func() { errs[i] = take() })
	}
	wait.Wait()
	for _, err := range errs {
		if !errors.Is(err, book.ErrGone) {
			t.Errorf("somebody else gets what is offered: %v", err)
		}
	}
	if _, err := w.Decline(t.Context(), w.offered(t, first.ID).ID, w.now); err != nil {
		t.Fatal(err)
	}
	if err := take(); err != nil {
		t.Errorf("what fits nobody any more: %v", err)
	}
}

// TestALongServiceOvertakesNobody: it does not take a slot besides the one that was
// freed first for which somebody waits longer.
func TestALongServiceOvertakesNobody(t *testing.T) {
	w := newTown(t)
	half := at(t, "2026-12-01 09:30")
	w.books(t, "mitte", pass, at(t, "2026-12-01 09:00"))
	w.books(t, "mitte", pass, at(t, "2026-12-01 09:15"))
	taken := w.books(t, "mitte", naturalise, half)
	long := wish(t, "long")
	long.Service = naturalise
	early, second := w.enters(t, wish(t, "early")), w.enters(t, long)
	w.refuses(t, early, "mitte", half) // so that it waits for the second slot
	w.cancels(t, taken)
	if a := w.offered(t, early.ID); !a.Start.Equal(half.Add(15 * time.Minute)) {
		t.Errorf("the first is offered %s", a.Start)
	}
	if got := w.get(t, second.ID); got.State != Waiting {
		t.Errorf("the second is %s", got.State)
	}
	w.cancels(t, w.offered(t, early.ID)) // who gets the rest, and the other half
	if a := w.offered(t, second.ID); !a.Start.Equal(half) || a.Length != 30*time.Minute {
		t.Errorf("the second is offered %s for %s", a.Start, a.Length)
	}
}

// TestTooSoon: with too little time for an answer the seat is everybody's.
func TestTooSoon(t *testing.T) {
	w := newTown(t)
	rules := Defaults()
	start := at(t, "2026-12-01 09:30")
	taken := w.books(t, "mitte", pass, start)
	first := w.enters(t, wish(t, "anna"))
	w.now = start.Add(-rules.Lead - rules.Least + time.Second)
	w.cancels(t, taken)
	if got := w.get(t, first.ID); got.State != Waiting {
		t.Errorf("offered with %s left", start.Sub(w.now))
	}
	taken = w.books(t, "mitte", pass, start)
	w.now = start.Add(-rules.Lead - rules.Least)
	w.cancels(t, taken)
	if a := w.offered(t, first.ID); !a.Until.Equal(start.Add(-rules.Lead)) {
		t.Errorf("until %s", a.Until)
	}
}

// TestAFamilyAndAFamilysSeats: a family's seats are offered to as many as they fit.
func TestAFamilyAndAFamilysSeats(t *testing.T) {
	w := newTown(t)
	r := rule("mitte")
	r.Public = 3
	w.plan(t, r)
	start := at(t, "2026-12-01 09:30")
	taken, err := w.book.Take(t.Context(), book.Request{Location: "mitte", Service: pass, Persons: 3}, start, book.Step{Do: book.Enter, At: w.now, Actor: "citizen", Name: book.NameOf("Ben")})
	if err != nil {
		t.Fatal(err)
	}
	four, two := wish(t, "four"), wish(t, "two")
	four.Persons, two.Persons = 4, 2
	large, family, single, last := w.enters(t, four), w.enters(t, two), w.enters(t, wish(t, "single")), w.enters(t, wish(t, "last"))
	w.cancels(t, taken)
	for id, want := range map[ID]State{large.ID: Waiting, family.ID: Offered, single.ID: Offered, last.ID: Waiting} {
		if got := w.get(t, id); got.State != want {
			t.Errorf("for %d: %s, want %s", got.Persons, got.State, want)
		}
	}
}

// TestByTheClock plays the days on which clocks change, and others, through book and store.
func TestByTheClock(t *testing.T) {
	w := newTown(t)
	for i, tt := range []struct {
		windows, start string // UTC
		want           bool
	}{
		{"", "2026-06-03T10:00:00Z", true},
		{"wed 8-9", "2026-06-03T06:45:00Z", true},
		{"wed 8-9", "2026-06-03T07:00:00Z", false},
		{"wed 11-12", "2026-06-03T09:45:00Z", true},
		{"wed 12-13", "2026-06-03T09:45:00Z", false},
		{"wed 12-13", "2026-06-03T10:00:00Z", true},
		{"thu 8-9", "2026-06-03T06:45:00Z", false},
		{"sun 1-2", "2026-03-29T00:45:00Z", true},
		{"sun 2-3", "2026-03-29T01:00:00Z", false},
		{"sun 3-4", "2026-03-29T01:00:00Z", true},
		{"sun 23-24", "2026-03-29T21:45:00Z", true},
		{"sun 2-3", "2026-10-25T00:30:00Z", true},
		{"sun 2-3", "2026-10-25T01:30:00Z", true},
		{"sun 2-3", "2026-10-25T02:00:00Z", false},
		{"sun 0-1", "2026-10-24T22:00:00Z", true},
		{"sat 0-24", "2026-10-24T22:00:00Z", false},
		{"tue 9-10", "2028-02-29T08:30:00Z", true},
		{"wed 9-10", "2028-02-29T08:30:00Z", false},
		{"thu 9-10", "2026-12-31T08:30:00Z", true},
	} {
		start, err := time.Parse(time.RFC3339, tt.start)
		if err != nil {
			t.Fatal(err)
		}
		w.now = start.Add(-72 * time.Hour)
		day := calendar.DayOf(start, book.Zone())
		w.plan(t, calendar.Rule{Office: "mitte", Group: "pass", Days: 127, First: day, Last: day, To: calendar.Midnight, Minutes: 15, Public: 1})
		taken := w.books(t, "mitte", pass, start)
		d := wish(t, fmt.Sprint("who", i))
		d.First, d.Last = day, day
		if d.Windows, err = ParseWindows(tt.windows); err != nil {
			t.Fatal(err)
		}
		asked := w.enters(t, d)
		w.cancels(t, taken)
		if got := w.get(t, asked.ID); (got.State == Offered) != tt.want || tt.want != d.Matches("mitte", start) {
			t.Errorf("%q at %s: %s, want an offer: %t", tt.windows, tt.start, got.State, tt.want)
		}
		if err := w.Withdraw(t.Context(), "citizen", asked.ID, w.now); err != nil {
			t.Fatal(err)
		}
	}
}

// refuses notes that the wish has declined that time.
func (w *town) refuses(t *testing.T, asked Wish, office string, start time.Time) {
	t.Helper()
	err := w.store.Write(t.Context(), func(tx *sql.Tx) error {
		return refuse(t.Context(), tx, asked.Place, book.Appointment{Location: office, Start: start})
	})
	if err != nil {
		t.Fatal(err)
	}
}
