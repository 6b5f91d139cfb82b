// SPDX-License-Identifier: EUPL-1.2

package queue

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/book"
)

// TestCaptured: whoever has arrived and whose photo is there is captured, whichever
// came first; a photo changes nothing else.
func TestCaptured(t *testing.T) {
	w := newTown(t)
	there := map[appointment.ID]bool{}
	w.Photo = func(_ context.Context, _ *sql.Tx, id appointment.ID) (bool, error) { return there[id], nil }
	arrives := func(a book.Appointment) { w.shows(t, w.code(t, a), after(0)) }
	delivers := func(a book.Appointment) {
		there[a.ID] = true
		err := w.store.Write(t.Context(), func(tx *sql.Tx) error { return w.Delivered(t.Context(), tx, a.ID, "device:one", after(1)) })
		if err != nil {
			t.Fatal(err)
		}
	}
	called := func(a book.Appointment) {
		if _, err := w.Call(t.Context(), Counter{Location: "mitte", Name: "Platz " + a.ID.String()[:4], Actor: "clerk:anna"}, a.ID, after(2)); err != nil {
			t.Fatal(err)
		}
	}
	cancels := func(a book.Appointment) {
		if _, err := w.book.Advance(t.Context(), a.ID, book.Step{Do: book.Cancel, At: after(-60), Actor: "citizen"}); err != nil {
			t.Fatal(err)
		}
	}
	for n, tc := range []struct {
		name string
		do   []func(book.Appointment)
		want book.State
	}{
		{"the photo alone", []func(book.Appointment){delivers}, book.Confirmed},
		{"the person alone", []func(book.Appointment){arrives}, book.Arrived},
		{"the photo first", []func(book.Appointment){delivers, arrives}, book.Captured},
		{"the person first", []func(book.Appointment){arrives, delivers}, book.Captured},
		{"a second photo", []func(book.Appointment){arrives, delivers, delivers}, book.Captured},
		{"both, and called", []func(book.Appointment){delivers, arrives, called}, book.Called},
		{"called, and the photo late", []func(book.Appointment){arrives, called, delivers}, book.Called},
		{"cancelled", []func(book.Appointment){cancels, delivers}, book.Cancelled},
	} {
		a := w.books(t, 15*(n/3-1)) // three seats each
		for _, do := range tc.do {
			do(a)
		}
		if got, err := w.book.Get(t.Context(), a.ID); err != nil || got.State != tc.want {
			t.Errorf("%s: it is %s, %v, want %s", tc.name, got.State, err, tc.want)
		}
	}
	delivers(book.Appointment{ID: appointment.ID{9}}) // which the book does not have
	all, err := w.Today(t.Context(), "mitte", after(2))
	waits := 0
	for _, one := range all {
		if one.Waits() {
			waits++
		}
	}
	if waits != 4 || err != nil {
		t.Errorf("%d wait, %v, want 4", waits, err)
	}
}

// TestLateFactFindsThePhoto: a station that was offline tells of an arrival long after
// the photo came.
func TestLateFactFindsThePhoto(t *testing.T) {
	w := newTown(t)
	w.Photo = func(context.Context, *sql.Tx, appointment.ID) (bool, error) { return true, nil }
	a := w.books(t, 0)
	o, err := w.CheckIn(t.Context(), Fact{Nonce: "n", Code: w.code(t, a), At: after(0), Device: "one", Actor: "device:one"}, after(0).Add(3*time.Hour))
	if err != nil || o.Answer != appointment.OK {
		t.Fatal(o, err)
	}
	if got, err := w.book.Get(t.Context(), a.ID); err != nil || got.State != book.Captured {
		t.Errorf("it is %s, %v", got.State, err)
	}
}
