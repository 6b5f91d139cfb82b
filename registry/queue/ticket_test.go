// SPDX-License-Identifier: EUPL-1.2

package queue

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/book"
)

// draws draws a ticket at mitte.
func (w town) draws(t tester, nonce string, at time.Time, reserve bool) (Ticket, error) {
	t.Helper()
	return w.Draw(t.Context(), Draw{nonce, "mitte", pass, 1, reserve, "", "left", "device:left"}, at)
}

// TestTicket is the next free slot of today; when it is soon, the person is there already.
func TestTicket(t *testing.T) {
	w := newTown(t)
	for range 3 {
		w.books(t, 15)
	}
	soon, err := w.draws(t, "n1", after(16), false)
	if err != nil || !soon.Start.Equal(after(30)) || !soon.Arrived || soon.State != book.Arrived || soon.Number == 0 || !soon.Ticket {
		t.Fatalf("%+v, %v, want half past nine, and there", soon, err)
	}
	for range 2 {
		w.books(t, 30)
	}
	later, err := w.draws(t, "n2", after(16), false)
	if err != nil || !later.Start.Equal(after(45)) || later.Arrived || later.State != book.Confirmed || later.Number == soon.Number {
		t.Fatalf("%+v, %v, want a quarter to ten, and to come back", later, err)
	}
	again, err := w.draws(t, "n2", after(20), false)
	if diff := cmp.Diff([]any{later.ID, later.Number, false}, []any{again.ID, again.Number, again.Arrived}); diff != "" || err != nil {
		t.Errorf("drawn once more: %v (-want +got):\n%s", err, diff)
	}
	if all, err := w.Today(t.Context(), "mitte", after(17)); err != nil || len(all) != 2 || all[0].ID != soon.ID || !all[0].Ticket || !all[1].Arrived.IsZero() {
		t.Errorf("%+v, %v", all, err)
	}
	code, err := appointment.Parse(later.Code)
	if err != nil || !code.WalkIn || again.Code != later.Code {
		t.Fatalf("%+v, %v", code, err)
	}
	if got, err := w.Ticket(t.Context(), later.ID); err != nil || got.ID != again.ID || got.Code != later.Code || got.Number != later.Number || got.Arrived {
		t.Errorf("%+v, %v, want %+v", got, err, again)
	}
	if _, err := w.Ticket(t.Context(), w.books(t, 45).ID); !errors.Is(err, book.ErrNotFound) {
		t.Errorf("an appointment is no ticket: %v", err)
	}
	if o := w.shows(t, code.String(), after(29)); o.Answer != appointment.TooEarly {
		t.Errorf("back too early: %+v", o)
	}
	if o := w.shows(t, later.Terminkennung.String(), after(30)); o.Answer != appointment.OK || o.Number != later.Number {
		t.Errorf("back: %+v, want the number %s", o, later.Number)
	}
	w.verify(t)
}

// TestTheReserveIsTheClerks: a machine gives what everybody could book, a clerk every seat.
func TestTheReserveIsTheClerks(t *testing.T) {
	w := newTown(t)
	last, now := after(165), after(164) // a quarter to twelve, and a minute before it
	for i := range 2 {
		if got, err := w.draws(t, NewNonce(), now, false); err != nil || !got.Start.Equal(last) {
			t.Fatalf("ticket %d: %+v, %v", i, got, err)
		}
	}
	if _, err := w.draws(t, "machine", now, false); !errors.Is(err, ErrFull) {
		t.Errorf("a machine gives the reserve: %v", err)
	}
	if got, err := w.draws(t, "clerk", now, true); err != nil || !got.Start.Equal(last) {
		t.Errorf("a clerk does not: %+v, %v", got, err)
	}
	if _, err := w.draws(t, "clerk2", now, true); !errors.Is(err, ErrFull) {
		t.Errorf("a fourth of three: %v", err)
	}
	if _, err := w.draws(t, "afternoon", after(181), true); !errors.Is(err, ErrFull) {
		t.Errorf("after closing time: %v", err)
	}
	if _, err := w.Draw(t.Context(), Draw{"hafen", "hafen", pass, 1, false, "", "left", "device:left"}, after(0)); !errors.Is(err, book.ErrOffline) {
		t.Errorf("where nobody books online: %v", err)
	}
	r := book.Request{Location: "mitte", Service: pass, Persons: 1}
	there, err := w.Elsewhere(t.Context(), r, now)
	if diff := cmp.Diff([]book.Free{{Location: "ruhrort", Start: last, Length: 15 * time.Minute, Times: 1}}, there); diff != "" || err != nil {
		t.Errorf("elsewhere: %v (-want +got):\n%s", err, diff)
	}
	r.Location = "ruhrort"
	if there, err := w.Elsewhere(t.Context(), r, now); err != nil || len(there) != 0 {
		t.Errorf("from ruhrort: %v, %v", there, err)
	}
	if rooms, err := w.Rooms(t.Context(), "mitte", now); err != nil || len(rooms) != 1 || rooms[0] != (Room{book.Load{Group: "pass", Seats: 3, Taken: 3}, 3}) {
		t.Errorf("rooms %+v, %v", rooms, err)
	}
}

// TestTicketForAnotherOffice: who has to go there is not there yet.
func TestTicketForAnotherOffice(t *testing.T) {
	w := newTown(t)
	for from, want := range map[string]bool{"mitte": false, "ruhrort": true, "": true} {
		got, err := w.Draw(t.Context(), Draw{Nonce: NewNonce(), Location: "ruhrort", Service: car, Persons: 1, Reserve: true, From: from, Actor: "clerk:anna"}, after(1))
		if err != nil || got.Arrived != want || got.Location != "ruhrort" {
			t.Errorf("from %q: %+v, %v, want it there: %v", from, got, err, want)
		}
	}
}

// TestTicketsAtOnce: as many as there are seats, each once.
func TestTicketsAtOnce(t *testing.T) {
	w := newTown(t)
	now := after(149) // two slots are left, of two seats for everybody
	var wait sync.WaitGroup
	var mu sync.Mutex
	numbers, full := map[Number]int{}, 0
	for range 7 {
		wait.Go(func() {
			got, err := w.draws(t, NewNonce(), now, false)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case errors.Is(err, ErrFull):
				full++
			case err != nil:
				t.Error(err)
			default:
				numbers[got.Number]++
			}
		})
	}
	wait.Wait()
	if len(numbers) != 4 || full != 3 {
		t.Errorf("numbers %v, %d were told that nothing is free; want 4 and 3", numbers, full)
	}
	w.verify(t)
}

// TestTicketMoved gets a number where and when it is now.
func TestTicketMoved(t *testing.T) {
	w := newTown(t)
	w.shows(t, w.code(t, w.books(t, 0)), after(0))
	drawn, err := w.draws(t, "n", after(0), true)
	for err == nil && !drawn.Start.After(after(15)) {
		drawn, err = w.draws(t, NewNonce(), after(0), true)
	}
	if err != nil {
		t.Fatal(err)
	}
	moved, err := w.book.Move(t.Context(), drawn.ID, "ruhrort", after(60), true, book.Step{At: after(1), Actor: "clerk:anna"})
	if err != nil {
		t.Fatal(err)
	}
	o, err := w.CheckIn(t.Context(), Fact{"m", w.code(t, moved), after(50), "ruhrort", "", "clerk:anna"}, after(50))
	if err != nil || o.Answer != appointment.OK || o.Number != numberOf(1) {
		t.Errorf("%+v, %v, want the first number of ruhrort", o, err)
	}
	all, err := w.Today(t.Context(), "mitte", after(50))
	for _, a := range all {
		if a.ID == drawn.ID {
			t.Error("it waits at mitte, too")
		}
	}
	if err != nil {
		t.Error(err)
	}
}
