// SPDX-License-Identifier: EUPL-1.2

package queue

import (
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/book"
)

// misses has the clockwork look at that moment.
func (w town) misses(t *testing.T, now time.Time) int {
	t.Helper()
	due, err := w.MissDue(t.Context(), now)
	if err != nil {
		t.Fatal(err)
	}
	n, err := w.Miss(t.Context(), now)
	if err != nil {
		t.Fatal(err)
	}
	if is := !due.IsZero() && !due.After(now); is != (n > 0) {
		t.Errorf("%s: %d were missed, due %s", now, n, due)
	}
	return n
}

// TestMissed: once the day and the code are over, who did not come was missed, and who came
// and went; what the office has come to an end with stays, and an office that checked
// nobody in, and what was imported.
func TestMissed(t *testing.T) {
	w := newTown(t)
	want := map[appointment.ID]book.State{}
	goes := func(a book.Appointment, want map[appointment.ID]book.State, state book.State) book.Appointment {
		want[a.ID] = state
		return a
	}
	goes(w.books(t, 0), want, book.Missed)
	w.shows(t, w.code(t, goes(w.books(t, 0), want, book.Missed)), after(0)) // was never called
	done := goes(w.books(t, 0), want, book.Done)
	served := goes(w.books(t, 15), want, book.Serving) // whom the clerk forgot
	for _, a := range []book.Appointment{done, served} {
		w.shows(t, w.code(t, a), after(1))
		if _, err := w.Call(t.Context(), Counter{Location: "mitte", Name: "Platz " + a.ID.String()[:4], Actor: "clerk:anna"}, a.ID, after(1)); err != nil {
			t.Fatal(err)
		}
		if err := w.Step(t.Context(), "clerk:anna", a.ID, book.Serve, after(2)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Step(t.Context(), "clerk:anna", done.ID, book.Finish, after(5)); err != nil {
		t.Fatal(err)
	}
	cancelled := goes(w.books(t, 15), want, book.Cancelled)
	if _, err := w.book.Advance(t.Context(), cancelled.ID, book.Step{Do: book.Cancel, At: after(-60), Actor: "citizen"}); err != nil {
		t.Fatal(err)
	}
	goes(w.moves(t, w.books(t, 30), "ruhrort", 0), want, book.Confirmed)      // checks nobody in
	goes(w.moves(t, w.books(t, 30), "mitte", 24*60+30), want, book.Confirmed) // tomorrow
	imported, err := w.book.Add(t.Context(), book.Appointment{Name: book.NameOf("Anna"), Start: after(0), Length: 15 * time.Minute, Persons: 1})
	if err != nil {
		t.Fatal(err)
	}
	goes(imported, want, book.Confirmed)

	_, midnight := book.Day(after(0))
	for _, at := range []time.Time{after(60), after(5 * 60), midnight, midnight.Add(book.Grace - time.Millisecond)} {
		if n := w.misses(t, at); n != 0 {
			t.Errorf("at %s %d were missed", at, n)
		}
	}
	if due, err := w.MissDue(t.Context(), after(60)); err != nil || !due.Equal(midnight.Add(book.Grace)) {
		t.Errorf("due %s, %v, want when the last code has ended", due, err)
	}
	for i, n := range []int{2, 0} {
		if got := w.misses(t, midnight.Add(book.Grace)); got != n {
			t.Errorf("look %d: %d were missed, want %d", i, got, n)
		}
	}
	for id, state := range want {
		if a, err := w.book.Get(t.Context(), id); err != nil || a.State != state {
			t.Errorf("%d minutes after nine: %s, %v, want %s", int(a.Start.Sub(after(0)).Minutes()), a.State, err, state)
		}
	}
	all, err := w.Figures(t.Context(), after(0), midnight.Add(book.Grace+time.Hour))
	if err != nil || len(all) != 2 || all[1].NoShows() != 1 || all[1].Missed != 0 {
		t.Errorf("figures %+v, %v, want one who did not come, and none who was called in vain", all, err)
	}
}

// TestMissedAfterDaysDown: what a program did not note in a week is made good, once, and
// a station's fact that comes late is judged by when the person was there.
func TestMissedAfterDaysDown(t *testing.T) {
	w := newTown(t)
	a := w.books(t, 0)
	w.shows(t, w.code(t, w.books(t, 0)), after(0))
	if n := w.misses(t, after(0).Add(9*24*time.Hour)); n != 0 {
		t.Errorf("after nine days %d were missed", n)
	}
	back := after(0).Add(6 * 24 * time.Hour)
	if n := w.misses(t, back); n != 2 {
		t.Errorf("after six days %d were missed, want both", n)
	}
	o, err := w.CheckIn(t.Context(), Fact{Nonce: "late", Code: w.code(t, a), At: after(5), Location: "mitte", Device: "one", Actor: "device:one"}, back)
	if err != nil || o.Answer != appointment.OK {
		t.Errorf("a fact of then: %+v, %v", o, err)
	}
	if n := w.misses(t, back); n != 1 {
		t.Errorf("who was there and not called: %d, want 1", n)
	}
	all, err := w.Figures(t.Context(), after(0), back)
	if err != nil || len(all) != 2 || all[1].Booked != 2 || all[1].Came != 2 {
		t.Errorf("figures %+v, %v, want that both came", all, err)
	}
}
