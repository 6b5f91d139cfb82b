// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"log/slog"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/book/town"
	"github.com/fotobox-project/fotobox/registry/calendar"
	"github.com/fotobox-project/fotobox/registry/queue"
)

// TestHoldsEndByThemselves: an office that starts ends what was due while it was down.
func TestHoldsEndByThemselves(t *testing.T) {
	startedAfter(t, book.Cancelled, func(before *office) book.Appointment {
		return held(t, before.book, time.Now().Add(-book.HoldTime))
	})
}

// TestMissedByThemselves: an office that starts notes who did not come while it was down.
func TestMissedByThemselves(t *testing.T) {
	startedAfter(t, book.Missed, func(before *office) (a book.Appointment) {
		then, _ := book.Day(time.Now().AddDate(0, 0, -2))
		receives(t, before, then)
		r, at := book.Request{Location: "mitte", Service: 102, Persons: 1}, then.Add(12*time.Hour)
		enter := book.Step{Do: book.Enter, At: then, Actor: "clerk:anna", Name: book.NameOf("Anna")}
		came, err := before.book.Take(t.Context(), r, at, enter)
		if err == nil {
			a, err = before.book.Take(t.Context(), r, at, enter)
		}
		if err == nil {
			_, err = before.queue.CheckIn(t.Context(), queue.Fact{Nonce: queue.NewNonce(), Code: came.Terminkennung.String(), At: at, Actor: "clerk:anna"}, at)
		}
		if err != nil {
			t.Fatal(err)
		}
		return a
	})
}

// startedAfter starts an office that was down since something was done, and waits until
// what that gave has come to a state by itself.
func startedAfter(t *testing.T, want book.State, do func(before *office) book.Appointment) {
	t.Helper()
	var a book.Appointment
	o, _, _ := startedWith(t, func(s *Settings) {
		before, err := open(t.Context(), *s, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		defer before.close()
		a = do(before)
	})
	for begun := time.Now(); a.State != want; time.Sleep(100 * time.Millisecond) {
		if time.Since(begun) > 2*time.Minute {
			t.Fatalf("want it %s: %+v", want, a)
		}
		var err error
		if a, err = o.book.Get(t.Context(), a.ID); err != nil {
			t.Fatal(err)
		}
	}
}

// held holds the first time of the day after in a large town, whatever day that is.
func held(t *testing.T, b *book.Book, now time.Time) book.Appointment {
	t.Helper()
	large := town.Duisburg()
	large.Closures = nil
	for i := range large.Rules {
		large.Rules[i].Releases = nil
	}
	if _, err := b.SetTown(t.Context(), "clerk:anna", large, now); err != nil {
		t.Fatal(err)
	}
	r := book.Request{Location: "mitte", Service: 102, Persons: 1}
	free, err := b.Free(t.Context(), r, now.AddDate(0, 0, 1), now.AddDate(0, 0, calendar.MaxAhead), now)
	if err != nil || len(free) == 0 {
		t.Fatalf("%d times are free, %v", len(free), err)
	}
	a, err := b.Take(t.Context(), r, free[0].Start, book.Step{Do: book.Hold, At: now, Actor: "citizen"})
	if err != nil {
		t.Fatal(err)
	}
	return a
}
