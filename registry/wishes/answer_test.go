// SPDX-License-Identifier: EUPL-1.2

package wishes

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
)

// TestAccept: the appointment is the citizen's, and the wish is erased.
func TestAccept(t *testing.T) {
	w := newTown(t)
	taken := w.books(t, "mitte", pass, at(t, "2026-12-01 09:30"))
	first := w.enters(t, wish(t, "anna"))
	w.post.kinds()
	w.cancels(t, taken)
	a := w.offered(t, first.ID)
	if n := w.post.told; len(n) != 1 || n[0].Kind != ToAnswer || n[0].Offer != a.ID || !n[0].Until.Equal(a.Until) || !n[0].Start.Equal(taken.Start) || n[0].Location != "mitte" {
		t.Errorf("mails %+v", n)
	}
	for range 2 {
		got, err := w.Accept(t.Context(), a.ID, book.NameOf("Anna Groß"), w.now)
		if err != nil || got.State != book.Confirmed || got.ID != a.ID || !got.Email.Equal(first.Email) || got.Name.Reveal() != "Anna Groß" || got.Language != "de" {
			t.Errorf("accepted %+v, %v", got, err)
		}
	}
	if n := count(t, w.store, `SELECT count(*) FROM wish`) + count(t, w.store, `SELECT count(*) FROM wish_refused`) + count(t, w.store, `SELECT count(*) FROM wish_half`); n != 0 {
		t.Errorf("%d rows of the wish are kept", n)
	}
}

// TestDecline: the seat goes to the next, the wish keeps its place, is not asked the
// same again, and ends when it has declined as often as it may.
func TestDecline(t *testing.T) {
	w := newTown(t)
	var taken []book.Appointment
	for i := range 3 {
		taken = append(taken, w.books(t, "mitte", pass, at(t, fmt.Sprintf("2026-12-0%d 09:30", i+1))))
	}
	first, second := w.enters(t, wish(t, "anna")), w.enters(t, wish(t, "ben"))
	w.cancels(t, taken[0])
	a := w.offered(t, first.ID)
	if next, err := w.Decline(t.Context(), a.ID, w.now); next != Waiting || err != nil {
		t.Errorf("declined: %s, %v", next, err)
	}
	if _, err := w.Decline(t.Context(), a.ID, w.now); !errors.Is(err, ErrNotFound) {
		t.Errorf("declined twice: %v", err)
	}
	if _, err := w.Accept(t.Context(), a.ID, book.NameOf("Anna"), w.now); !errors.Is(err, ErrNotFound) {
		t.Errorf("accepted when it was declined: %v", err)
	}
	b := w.offered(t, second.ID)
	if b.ID == a.ID || !b.Start.Equal(a.Start) || w.get(t, first.ID).Place != first.Place {
		t.Errorf("the next is offered %+v", b)
	}
	if _, err := w.Decline(t.Context(), b.ID, w.now); err != nil || w.get(t, first.ID).State != Waiting {
		t.Errorf("who has declined a seat gets it again: %v", err)
	}
	w.post.kinds()
	for i, want := range []State{Waiting, Refused} {
		w.cancels(t, taken[i+1])
		if next, err := w.Decline(t.Context(), w.offered(t, first.ID).ID, w.now); next != want || err != nil {
			t.Errorf("declined once more: %s, %v; want %s", next, err, want)
		}
		if i == 0 { // the second declines, too, so that it is out of the way
			if _, err := w.Decline(t.Context(), w.offered(t, second.ID).ID, w.now); err != nil {
				t.Fatal(err)
			}
		}
	}
	if w.get(t, first.ID).State != "" {
		t.Error("the wish that has ended is kept")
	}
	if kinds := w.post.kinds(); !slices.Equal(kinds, []Kind{ToAnswer, ToAnswer, ToAnswer, Closed, ToAnswer}) {
		t.Errorf("mails %v", kinds)
	}
}

// TestLapse: two days later the next gets it, or so long before the appointment
// that the next can answer.
func TestLapse(t *testing.T) {
	w := newTown(t)
	taken := w.books(t, "mitte", pass, at(t, "2026-12-07 09:30"))
	first, second := w.enters(t, wish(t, "anna")), w.enters(t, wish(t, "ben"))
	w.cancels(t, taken)
	a := w.offered(t, first.ID)
	if want := w.now.Add(48 * time.Hour); !a.Until.Equal(want) {
		t.Errorf("until %s, want %s", a.Until, want)
	}
	w.post.kinds()
	for _, now := range []time.Time{a.Until.Add(-time.Millisecond), a.Until} {
		w.now = now
		if _, _, err := w.book.Expire(t.Context(), now); err != nil {
			t.Fatal(err)
		}
		if got := w.get(t, second.ID); (got.State == Offered) != now.Equal(a.Until) {
			t.Errorf("at %s of %s the next is %s", now, a.Until, got.State)
		}
	}
	if _, err := w.Accept(t.Context(), a.ID, book.NameOf("Anna"), w.now); !errors.Is(err, ErrNotFound) {
		t.Errorf("accepted too late: %v", err)
	}
	told := w.post.told
	if len(told) != 2 || told[0].Kind != Missed || told[0].Left != 2 || !told[0].Until.Equal(at(t, "2027-01-01 00:00")) || told[0].Offer != a.ID || told[1].Kind != ToAnswer {
		t.Errorf("mails %+v", told)
	}
}

// TestAcceptTooLate: an offer whose time is over is gone, also when nobody has looked yet.
func TestAcceptTooLate(t *testing.T) {
	w := newTown(t)
	taken := w.books(t, "mitte", pass, at(t, "2026-12-07 09:30"))
	first := w.enters(t, wish(t, "anna"))
	w.cancels(t, taken)
	a := w.offered(t, first.ID)
	if _, err := w.Accept(t.Context(), a.ID, book.NameOf("Anna"), a.Until); !errors.Is(err, book.ErrLate) {
		t.Errorf("got %v, want %v", err, book.ErrLate)
	}
	if _, err := w.Accept(t.Context(), a.ID, book.Name{}, w.now); err == nil {
		t.Error("accepted by nobody")
	}
}

// TestTheOfficeTakesItBack: that does not count, and the wish is not offered the same again.
func TestTheOfficeTakesItBack(t *testing.T) {
	w := newTown(t)
	taken := w.books(t, "mitte", pass, at(t, "2026-12-01 09:30"))
	first := w.enters(t, wish(t, "anna"))
	w.cancels(t, taken)
	a := w.offered(t, first.ID)
	if _, err := w.book.Advance(t.Context(), a.ID, book.Step{Do: book.Cancel, At: w.now, Actor: "clerk:anna"}); err != nil {
		t.Fatal(err)
	}
	if got := w.get(t, first.ID); got.State != Waiting || got.Refusals != 0 || got.Offers != 1 {
		t.Errorf("the wish is %+v", got)
	}
}
