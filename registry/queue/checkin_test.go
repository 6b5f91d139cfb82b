// SPDX-License-Identifier: EUPL-1.2

package queue

import (
	"crypto/ed25519"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/book"
)

// TestTheWindow: fifteen minutes before the slot and no second earlier, until the code ends.
func TestTheWindow(t *testing.T) {
	w := newTown(t)
	for name, tt := range map[string]struct {
		from time.Duration // behind the slot's start
		want appointment.Answer
	}{
		"a second too early":  {-15*time.Minute - time.Second, appointment.TooEarly},
		"as soon as it can":   {-15 * time.Minute, appointment.OK},
		"late":                {time.Hour, appointment.OK},
		"in the last moment":  {15*time.Minute + book.Grace, appointment.OK},
		"a moment after that": {15*time.Minute + book.Grace + time.Millisecond, appointment.TooLate},
		"the day before":      {-24 * time.Hour, appointment.TooEarly},
		"the day after":       {24 * time.Hour, appointment.TooLate},
	} {
		a, b := w.books(t, 30), w.books(t, 30)
		for how, text := range map[string]string{"code": w.code(t, a), "Terminkennung": strings.ToLower(b.Terminkennung.String())} {
			at := a.Start.Add(tt.from)
			if o := w.shows(t, text, at); o.Answer != tt.want || (o.Number != 0) != (tt.want == appointment.OK) {
				t.Errorf("%s by %s: %+v, want %s", name, how, o, tt.want)
			}
		}
		for _, done := range []book.Appointment{a, b} { // the next ones need the seats
			if _, err := w.book.Advance(t.Context(), done.ID, book.Step{Do: book.Cancel, At: after(0), Actor: "office"}); err != nil {
				t.Fatal(err)
			}
		}
		if _, _, err := w.book.Expire(t.Context(), after(0).Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
}

// refused are codes that do not hold at ten past nine, by what is wrong with them.
func (w town) refused(t *testing.T) map[string]refusal {
	t.Helper()
	a := w.books(t, 0)
	moved, cancelled, gone, there := w.books(t, 0), w.books(t, 0), w.books(t, 15), w.books(t, 15)
	old := w.code(t, moved)
	moved, there = w.moves(t, moved, "mitte", 30), w.moves(t, there, "ruhrort", 0)
	_, err := w.book.Advance(t.Context(), cancelled.ID, book.Step{Do: book.Cancel, At: after(-60), Actor: "citizen"})
	held, holdErr := w.book.Take(t.Context(), book.Request{Location: "mitte", Service: pass, Persons: 1}, after(15), book.Step{Do: book.Hold, At: after(-5), Actor: "citizen"})
	_, stranger, keyErr := ed25519.GenerateKey(nil)
	forged, codeErr := w.book.Code(a)
	other, drawErr := appointment.NewTerminkennung(strings.NewReader("hello"))
	if err := errors.Join(err, holdErr, keyErr, codeErr, drawErr); err != nil {
		t.Fatal(err)
	}
	forged.Signature[5] ^= 1
	nobodys, past := a, a
	nobodys.ID, past.ID, past.Start = appointment.ID{1}, appointment.ID{2}, a.Start.AddDate(-2, 0, 0)
	w.shows(t, w.code(t, gone), after(5))
	return map[string]refusal{
		"the code of before a move":         {old, appointment.Moved},
		"the code of after it, and early":   {w.code(t, moved), appointment.TooEarly},
		"cancelled":                         {w.code(t, cancelled), appointment.Cancelled},
		"cancelled, typed":                  {cancelled.Terminkennung.String(), appointment.Cancelled},
		"another of the town's offices":     {w.code(t, there), appointment.WrongOffice},
		"the same, typed":                   {there.Terminkennung.String(), appointment.WrongOffice},
		"another town":                      {signed(t, 5111000, nobodys, w.key), appointment.WrongOffice},
		"signed by a stranger":              {signed(t, duisburg, a, stranger), appointment.UnknownKey},
		"a bit was changed":                 {forged.String(), appointment.BadSignature},
		"no code":                           {"FB1:HELLO", appointment.Malformed},
		"nothing":                           {"", appointment.Malformed},
		"there already":                     {w.code(t, gone), appointment.AlreadyCheckedIn},
		"there already, typed":              {gone.Terminkennung.String(), appointment.AlreadyCheckedIn},
		"an appointment that nobody knows":  {signed(t, duisburg, nobodys, w.key), Unknown},
		"one of two years ago":              {signed(t, duisburg, past, w.key), appointment.Expired},
		"a typed code that nobody has":      {other.String(), Unknown},
		"a seat that is held, and not more": {held.Terminkennung.String(), Unknown},
	}
}

type refusal struct {
	code string
	want appointment.Answer
}

func (w town) moves(t *testing.T, a book.Appointment, location string, minutes int) book.Appointment {
	t.Helper()
	next, err := w.book.Move(t.Context(), a.ID, location, after(minutes), false, book.Step{At: after(-60), Actor: "citizen"})
	if err != nil {
		t.Fatal(err)
	}
	return next
}

// signed is a code of the appointment, by whichever town and key.
func signed(t *testing.T, office appointment.Office, a book.Appointment, key ed25519.PrivateKey) string {
	t.Helper()
	c, err := appointment.Sign(appointment.Code{Office: office, ID: a.ID, Start: a.Start, Length: a.Length, Service: pass, Persons: 1, ValidUntil: a.End().Add(book.Grace)}, key)
	if err != nil {
		t.Fatal(err)
	}
	return c.String()
}

// TestEachRefusalHasItsReason, which is noted.
func TestEachRefusalHasItsReason(t *testing.T) {
	w := newTown(t)
	all := w.refused(t)
	for name, r := range all {
		o := w.shows(t, r.code, after(10))
		if o.Answer != r.want || (o.Number != 0) != (r.want == appointment.AlreadyCheckedIn) {
			t.Errorf("%s: %+v, want %s", name, o, r.want)
		}
		if !slices.Contains(Answers(), o.Answer) {
			t.Errorf("%s: %s is not on the list of answers", name, o.Answer)
		}
	}
	facts, err := w.Facts(t.Context(), after(9))
	if err != nil || len(facts) != len(all) {
		t.Errorf("%d facts are noted, %v, want %d", len(facts), err, len(all))
	}
	w.verify(t)
}

// TestTheSameNonceIsOneArrival, and has the same answer whatever happened since.
func TestTheSameNonceIsOneArrival(t *testing.T) {
	w := newTown(t)
	a, b := w.books(t, 0), w.books(t, 0)
	show := func(device, nonce string, a book.Appointment, at int) Outcome {
		o, err := w.CheckIn(t.Context(), Fact{nonce, w.code(t, a), after(at), "mitte", device, "device:" + device}, after(at))
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	early, first := show("left", "n0", a, -20), show("left", "n1", a, -10)
	if first.Answer != appointment.OK || early.Answer != appointment.TooEarly {
		t.Fatalf("%+v after %+v", first, early)
	}
	for name, o := range map[string]Outcome{"later": show("left", "n1", a, 5), "of another code": show("left", "n1", b, 5)} {
		if diff := cmp.Diff(first, o); diff != "" {
			t.Errorf("the same nonce %s (-want +got):\n%s", name, diff)
		}
	}
	if o := show("left", "n0", a, 5); o != early {
		t.Errorf("refused once, and once more: %+v", o)
	}
	if o := show("right", "n1", b, 6); o.Answer != appointment.OK || o.Number == first.Number {
		t.Errorf("another station's nonce is another: %+v", o)
	}
	if o := show("left", "n2", a, 7); o.Answer != appointment.AlreadyCheckedIn || o.Number != first.Number {
		t.Errorf("another nonce: %+v, want that it is there already, with its number", o)
	}
	if facts, err := w.Facts(t.Context(), after(-60)); err != nil || len(facts) != 4 {
		t.Errorf("%d facts, %v, want 4", len(facts), err)
	}
}

func TestNoFact(t *testing.T) {
	w := newTown(t)
	for name, f := range map[string]Fact{
		"no nonce":   {At: after(0), Actor: "office"},
		"a long one": {Nonce: strings.Repeat("n", 65), At: after(0), Actor: "office"},
		"no time":    {Nonce: "n", Actor: "office"},
		"of nobody":  {Nonce: "n", At: after(0)},
	} {
		if _, err := w.CheckIn(t.Context(), f, after(0)); !errors.Is(err, ErrFact) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestNobodyArrivesInTheFuture: a station's clock is an hour ahead.
func TestNobodyArrivesInTheFuture(t *testing.T) {
	w := newTown(t)
	a := w.books(t, 60)
	o, err := w.CheckIn(t.Context(), Fact{"n", w.code(t, a), after(50), "mitte", "left", "device:left"}, after(-10))
	if err != nil || o.Answer != appointment.TooEarly {
		t.Errorf("%+v, %v, want too early", o, err)
	}
}
