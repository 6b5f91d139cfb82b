// SPDX-License-Identifier: EUPL-1.2

package queue

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fotobox-project/fotobox/registry/book"
)

// TestFigures of a morning: who came, who did not, how long they waited.
func TestFigures(t *testing.T) {
	w := newTown(t)
	call := func(at int) Waiting {
		got, err := w.CallNext(t.Context(), place("Platz 3"), after(at))
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	end := func(a Waiting, at int) {
		if err := errors.Join(w.Step(t.Context(), "clerk:anna", a.ID, book.Serve, after(at)), w.Step(t.Context(), "clerk:anna", a.ID, book.Finish, after(at))); err != nil {
			t.Fatal(err)
		}
	}
	w.books(t, 0) // nobody comes
	cancelled := w.books(t, 0)
	if _, err := w.book.Advance(t.Context(), cancelled.ID, book.Step{Do: book.Cancel, At: after(-60), Actor: "citizen"}); err != nil {
		t.Fatal(err)
	}
	w.shows(t, w.code(t, w.books(t, 0)), after(-10))
	end(call(-5), 5) // before the slot: waits 0
	w.shows(t, w.code(t, w.books(t, 15)), after(10))
	end(call(22), 30) // waits 7 minutes behind the slot
	w.shows(t, w.code(t, w.books(t, 15)), after(25))
	if err := w.Step(t.Context(), "clerk:anna", call(45).ID, book.Miss, after(50)); err != nil { // waits 20 behind the arrival
		t.Fatal(err)
	}
	for range 2 {
		if got, err := w.draws(t, NewNonce(), after(59), false); err != nil || !got.Arrived {
			t.Fatal(got, err)
		}
	}
	if _, err := w.book.Take(t.Context(), book.Request{Location: "mitte", Service: pass, Persons: 1}, after(120), book.Step{Do: book.Ticket, At: after(60), Actor: "office"}); err != nil {
		t.Fatal(err) // and does not come back
	}
	got, err := w.Figures(t.Context(), nine, after(24*60))
	sum := Sum{Booked: 4, Came: 3, Tickets: 3, Used: 2, Missed: 1, Called: 3, Wait: Wait{Median: 7, P90: 20}}
	mitte := sum
	mitte.Location = "mitte"
	if diff := cmp.Diff([]Sum{sum, mitte}, got); diff != "" || err != nil || sum.NoShows() != 1 {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	for name, since := range map[string]time.Time{"the day after": nine.AddDate(0, 0, 1), "while it goes on": nine.AddDate(-1, 0, 0)} {
		now := after(24 * 60)
		if since.Before(nine) {
			now = after(60)
		}
		if got, err := w.Figures(t.Context(), since, now); err != nil || got[0] != (Sum{}) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

// TestWatch gives a sign at once and after a change.
func TestWatch(t *testing.T) {
	w := newTown(t)
	signs := w.Watch(t.Context())
	<-signs
	for range 2 {
		w.shows(t, w.code(t, w.books(t, 0)), after(0))
		<-signs
	}
}
