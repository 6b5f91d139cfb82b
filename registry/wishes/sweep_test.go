// SPDX-License-Identifier: EUPL-1.2

package wishes

import (
	"errors"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
)

// passes has the programs do what is due every minute for so long.
func (w *town) passes(t *testing.T, long time.Duration) {
	t.Helper()
	for end := w.now.Add(long); w.now.Before(end); {
		w.now = w.now.Add(time.Minute)
		_, _, err := w.book.Expire(t.Context(), w.now)
		_, more := w.book.Release(t.Context(), w.now)
		if err := errors.Join(err, more); err != nil {
			t.Fatal(err)
		}
		w.sweeps(t)
	}
}

// TestOtherRules: what other rules give, a closure that is lifted, an office that
// goes online and a service that takes less time is offered within a minute.
func TestOtherRules(t *testing.T) {
	closed := []calendar.Closure{{First: date(t, "2026-11-01"), Last: date(t, "2027-12-31"), Reason: "x"}}
	for name, change := range map[string]func(t *testing.T, w *town){
		"rules": func(t *testing.T, w *town) { w.plan(t, rule("mitte")) },
		"lifted": func(t *testing.T, w *town) {
			if _, err := w.book.SetPlan(t.Context(), "clerk:anna", calendar.Plan{Rules: []calendar.Rule{rule("mitte")}, Closures: closed}, w.now); err != nil {
				t.Fatal(err)
			}
			if w.passes(t, time.Minute); count(t, w.store, `SELECT count(*) FROM wish WHERE offer IS NOT NULL`) != 0 {
				t.Fatal("offered what is closed")
			}
			w.plan(t, rule("mitte"))
		},
		"online": func(t *testing.T, w *town) {
			w.plan(t, rule("west"))
			w.passes(t, time.Minute)
			if err := w.book.PutLocation(t.Context(), "clerk:anna", book.Location{Code: "west", Name: "West", Online: true}, w.now); err != nil {
				t.Fatal(err)
			}
		},
		"shorter": func(t *testing.T, w *town) {
			w.put(t, book.Service{Code: pass, Name: "Reisepass", Group: "pass", Minutes: 90, Seats: 1})
			w.plan(t, rule("mitte"))
			w.passes(t, time.Minute)
			w.put(t, book.Service{Code: pass, Name: "Reisepass", Group: "pass", Minutes: 20, Seats: 1})
		},
		"another group": func(t *testing.T, w *town) {
			w.plan(t, func() calendar.Rule { r := rule("mitte"); r.Group = "other"; return r }())
			w.passes(t, time.Minute)
			w.put(t, book.Service{Code: pass, Name: "Reisepass", Group: "other", Minutes: 15, Seats: 1})
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newTown(t)
			w.plan(t)
			w.sweeps(t)
			first := w.enters(t, wish(t, "anna"))
			second := w.enters(t, wish(t, "ben"))
			change(t, w)
			if got := w.get(t, first.ID); got.State != Waiting {
				t.Fatalf("before the sweep it is %s", got.State)
			}
			w.passes(t, time.Minute)
			if a, b := w.offered(t, first.ID), w.offered(t, second.ID); !a.Start.Before(b.Start) || !a.Start.Equal(at(t, "2026-12-01 09:00")) {
				t.Errorf("offered %s and %s", a.Start, b.Start)
			}
		})
	}
}

func (w *town) put(t *testing.T, s book.Service) {
	t.Helper()
	if err := w.book.PutService(t.Context(), "clerk:anna", s, w.now); err != nil {
		t.Fatal(err)
	}
}

// TestPublicFirst: for two hours a release is everybody's alone; a seat of it that
// was taken and is free again is offered at once, and at eleven what stayed free.
func TestPublicFirst(t *testing.T) {
	w := newTown(t)
	r := rule("mitte")
	r.Public = 2
	r.Releases = []calendar.Release{{Kind: calendar.Public, Ahead: 7, At: 9 * 60}}
	w.plan(t, r)
	w.sweeps(t)
	w.now = at(t, "2026-12-01 08:50")
	day := func(who string) Wish {
		d := wish(t, who)
		d.First, d.Last = date(t, "2026-12-08"), date(t, "2026-12-08")
		return d
	}
	long := day("long")
	long.Service = naturalise
	first, second, third := w.enters(t, long), w.enters(t, day("anna")), w.enters(t, day("ben"))
	w.passes(t, 20*time.Minute)
	start := at(t, "2026-12-08 09:30")
	held, err := w.book.Take(t.Context(), book.Request{Location: "mitte", Service: pass, Persons: 1}, start, book.Step{Do: book.Hold, At: w.now, Actor: "citizen"})
	if err != nil {
		t.Fatalf("released for everybody: %v", err)
	}
	w.cancels(t, held)
	if a := w.offered(t, second.ID); !a.Start.Equal(start) {
		t.Errorf("free again, offered %s", a.Start)
	}
	for _, id := range []ID{first.ID, third.ID} {
		if got := w.get(t, id); got.State != Waiting {
			t.Errorf("while it is everybody's alone: %s", got.State)
		}
	}
	w.passes(t, at(t, "2026-12-01 10:59").Sub(w.now))
	if got := w.get(t, first.ID); got.State != Waiting {
		t.Errorf("at 10:59: %s", got.State)
	}
	w.passes(t, 2*time.Minute)
	if a := w.offered(t, first.ID); a.Length != 30*time.Minute {
		t.Errorf("what stayed free: %s", a.Length)
	}
	w.offered(t, third.ID)
}

// TestOnceADay whatever is free is offered to who waits by then, also what was free
// when the wish was left.
func TestOnceADay(t *testing.T) {
	w := newTown(t)
	first := w.enters(t, wish(t, "anna"))
	w.passes(t, 5*time.Minute)
	if got := w.get(t, first.ID); got.State != Waiting {
		t.Errorf("what was free before is offered at once: %s", got.State)
	}
	w.now = at(t, "2026-12-01 00:00").Add(-time.Minute)
	w.passes(t, time.Minute)
	w.offered(t, first.ID)
}

// TestEnd: whose last day is over is told so, once, and erased.
func TestEnd(t *testing.T) {
	w := newTown(t)
	d := wish(t, "anna")
	d.Last = date(t, "2026-12-01")
	d.Windows[6] = EveryHour
	first := w.enters(t, d)
	w.post.kinds()
	w.now = at(t, "2026-12-01 23:59")
	w.sweeps(t)
	if got := w.get(t, first.ID); got.State != Waiting {
		t.Errorf("on its last day it is %q", got.State)
	}
	w.now = at(t, "2026-12-02 00:00")
	w.sweeps(t)
	w.sweeps(t)
	if told := w.post.told; len(told) != 1 || told[0].Kind != Closed || told[0].Reason != ReasonOver || !told[0].Email.Equal(d.Email) {
		t.Errorf("told %+v", told)
	}
	if n := count(t, w.store, `SELECT count(*) FROM wish`); n != 0 {
		t.Errorf("%d wishes are kept", n)
	}
}

// TestMatch: what is free and fits is found before the wish is left; also what is
// everybody's alone.
func TestMatch(t *testing.T) {
	w := newTown(t)
	d := wish(t, "anna")
	d.Windows[1] = Between(9, 10)
	d.Last = date(t, "2026-12-01")
	free, err := w.Match(t.Context(), d, w.now)
	if err != nil || len(free) != 8 || free[0].Location != "mitte" || free[1].Location != "sued" || !free[0].Start.Equal(at(t, "2026-12-01 09:00")) {
		t.Errorf("%d: %+v, %v", len(free), free, err)
	}
	d.Offices = []string{"sued"}
	w.books(t, "sued", pass, at(t, "2026-12-01 09:15"))
	if free, err = w.Match(t.Context(), d, w.now); err != nil || len(free) != 3 {
		t.Errorf("at one office %+v, %v", free, err)
	}
	d.Windows[1], d.Windows[2] = 0, EveryHour
	if free, err = w.Match(t.Context(), d, w.now); err != nil || len(free) != 0 {
		t.Errorf("on another day of the week %+v, %v", free, err)
	}
	d.Service = 7
	if _, err := w.Match(t.Context(), d, w.now); !errors.Is(err, book.ErrNotFound) {
		t.Errorf("of no service: %v", err)
	}
}

// TestDue: a sweep has something to do when Due says so, and not before.
func TestDue(t *testing.T) {
	w := newTown(t)
	due := func(want time.Time) {
		t.Helper()
		if got, err := w.Due(t.Context()); !got.Equal(want) || err != nil {
			t.Errorf("due %s, %v; want %s", got, err, want)
		}
	}
	due(at(t, "2026-12-01 00:00"))
	w.now = w.now.Add(time.Hour)
	r := rule("mitte")
	r.Releases = []calendar.Release{{Kind: calendar.Public, Ahead: 7, At: 15 * 60}}
	w.plan(t, r)
	if got, err := w.Due(t.Context()); got.After(w.now) || err != nil {
		t.Errorf("other rules are due %s, %v", got, err)
	}
	w.sweeps(t)
	due(at(t, "2026-11-30 17:00"))
	for _, now := range []string{"2026-11-30 15:00", "2026-11-30 17:00"} {
		w.now = at(t, now)
		if _, err := w.book.Release(t.Context(), w.now); err != nil {
			t.Fatal(err)
		}
		w.sweeps(t)
	}
	due(at(t, "2026-12-01 00:00"))
	w.now = at(t, "2026-11-29 23:00").Add(1 * time.Minute)
	left := w.leaves(t, wish(t, "anna"))
	due(left.Until)
	w.now = at(t, "2026-12-01 00:00")
	w.sweeps(t)
	due(at(t, "2026-12-01 17:00"))
}
