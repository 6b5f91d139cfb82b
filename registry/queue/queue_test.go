// SPDX-License-Identifier: EUPL-1.2

package queue

import (
	"context"
	"crypto/ed25519"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Both(m).Run()) }

const (
	duisburg = appointment.Office(5112000)
	pass     = 102 // takes a slot
	car      = 201 // of another group, which only ruhrort has
)

// town is two offices that everybody may book and one that is not, on a Tuesday at
// nine. Mitte has two seats for everybody and one of its own every quarter of an
// hour from eight to twelve, ruhrort one.
type town struct {
	*Queue
	store *store.Store
	book  *book.Book
	key   ed25519.PrivateKey
}

type tester interface {
	Context() context.Context
	Helper()
	Fatal(...any)
}

func newTown(t *testing.T) town {
	t.Helper()
	s := storetest.Open(t)
	public, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	b := book.New(s, duisburg, key)
	w := town{New(s, b, appointment.Checker{Office: duisburg, Keys: []ed25519.PublicKey{public}}), s, b, key}
	w.furnish(t)
	return w
}

func (w town) furnish(t tester) {
	t.Helper()
	rule := calendar.Rule{Office: "mitte", Group: "pass", Days: calendar.Workdays, From: 8 * 60, To: 12 * 60, Minutes: 15, Public: 2, Internal: 1, Cooling: 10}
	there, cars := rule, rule
	there.Office, there.Public, there.Internal = "ruhrort", 1, 0
	cars.Office, cars.Group = "ruhrort", "car"
	at := nine.Add(-24 * time.Hour)
	err := errors.Join(
		w.book.PutLocation(t.Context(), "clerk:anna", book.Location{Code: "mitte", Name: "Mitte", Online: true}, at),
		w.book.PutLocation(t.Context(), "clerk:anna", book.Location{Code: "ruhrort", Name: "Ruhrort", Online: true}, at),
		w.book.PutLocation(t.Context(), "clerk:anna", book.Location{Code: "hafen", Name: "Hafen"}, at),
		w.book.PutService(t.Context(), "clerk:anna", book.Service{Code: pass, Name: "Reisepass", Group: "pass", Minutes: 15, Seats: 1, PhotoWanted: true}, at),
		w.book.PutService(t.Context(), "clerk:anna", book.Service{Code: car, Name: "Zulassung", Group: "car", Minutes: 15, Seats: 1}, at))
	if err == nil {
		_, err = w.book.SetPlan(t.Context(), "clerk:anna", calendar.Plan{Rules: []calendar.Rule{rule, there, cars}}, at)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// books gives somebody an appointment of mitte so many minutes after nine.
func (w town) books(t tester, minutes int) book.Appointment {
	t.Helper()
	a, err := w.book.Take(t.Context(), book.Request{Location: "mitte", Service: pass, Persons: 1, Inside: true}, after(minutes),
		book.Step{Do: book.Enter, At: nine.Add(-20 * time.Hour), Actor: "clerk:anna", Name: book.NameOf("Käthe Groß")})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// after is so many minutes after nine.
func after(minutes int) time.Time { return nine.Add(time.Duration(minutes) * time.Minute) }

// code is the text that the appointment's QR code shows.
func (w town) code(t tester, a book.Appointment) string {
	t.Helper()
	c, err := w.book.Code(a)
	if err != nil {
		t.Fatal(err)
	}
	return c.String()
}

// shows checks in at mitte's desk.
func (w town) shows(t tester, code string, at time.Time) Outcome {
	t.Helper()
	o, err := w.CheckIn(t.Context(), Fact{Nonce: NewNonce(), Code: code, At: at, Location: "mitte", Actor: "clerk:anna"}, at)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func (w town) verify(t *testing.T) {
	t.Helper()
	if _, err := audit.Verify(t.Context(), w.store); err != nil {
		t.Error(err)
	}
}

func place(name string) Counter { return Counter{Location: "mitte", Name: name, Actor: "clerk:anna"} }

// TestADayOfOneCitizen from the door to the end, as the hall sees it.
func TestADayOfOneCitizen(t *testing.T) {
	w := newTown(t)
	a := w.books(t, 15)
	o := w.shows(t, w.code(t, a), after(5))
	if o.Answer != appointment.OK || o.Number == 0 || o.Appointment != a.ID {
		t.Fatalf("%+v", o)
	}
	is := func(now time.Time, state book.State, calls, waiting int) {
		t.Helper()
		got, err := w.Get(t.Context(), a.ID)
		b, boardErr := w.Board(t.Context(), "mitte", now)
		if err != nil || boardErr != nil || got.State != state || got.Number != o.Number || len(b.Calls) != calls || b.Waiting != waiting {
			t.Errorf("%+v, %v; board %+v, %v; want it %s, %d calls, %d waiting", got, err, b, boardErr, state, calls, waiting)
		}
	}
	is(after(6), book.Arrived, 0, 1)
	for n, at := range []int{10, 11} { // and once more
		var got Waiting
		var err error
		if n == 0 {
			got, err = w.CallNext(t.Context(), place("Platz 3"), after(at))
		} else {
			got, err = w.Call(t.Context(), place("Platz 3"), a.ID, after(at))
		}
		if err != nil || got.ID != a.ID || got.Counter != "Platz 3" || got.Calls != n+1 || !got.Called.Equal(after(at)) {
			t.Errorf("call %d: %+v, %v", n, got, err)
		}
	}
	is(after(12), book.Called, 1, 0)
	steps := []struct {
		do   book.Verb
		want book.State
	}{{book.Serve, book.Serving}, {book.Park, book.Parked}, {book.Call, book.Called}, {book.Miss, book.Missed}}
	for i, s := range steps {
		var err error
		if s.do == book.Call {
			_, err = w.Call(t.Context(), place("Platz 4"), a.ID, after(13+i))
		} else {
			err = w.Step(t.Context(), "clerk:anna", a.ID, s.do, after(13+i))
		}
		calls := 0
		if s.want == book.Serving || s.want == book.Called {
			calls = 1
		}
		if err != nil {
			t.Fatal(err)
		}
		is(after(14+i), s.want, calls, 0)
	}
	if o := w.shows(t, w.code(t, a), after(16)); o.Answer != appointment.AlreadyCheckedIn {
		t.Errorf("shown in the moment of the miss: %+v", o)
	}
	if again := w.shows(t, a.Terminkennung.String(), after(20)); again.Answer != appointment.OK || again.Number != o.Number {
		t.Errorf("back after all: %+v, want the number %s", again, o.Number)
	}
	is(after(20), book.Arrived, 0, 1)
	if got, err := w.CallNext(t.Context(), place("Platz 3"), after(21)); err != nil || got.Calls != 1 || !got.Arrived.Equal(after(20)) {
		t.Errorf("called anew: %+v, %v", got, err)
	}
	if err := errors.Join(w.Step(t.Context(), "clerk:anna", a.ID, book.Serve, after(22)), w.Step(t.Context(), "clerk:anna", a.ID, book.Finish, after(30))); err != nil {
		t.Fatal(err)
	}
	is(after(31), book.Done, 0, 0)
	if _, err := w.Call(t.Context(), place("Platz 3"), a.ID, after(32)); !errors.Is(err, book.ErrNotFound) {
		t.Errorf("who was served is called: %v", err)
	}
	w.verify(t)
}

// TestCallsAreRefused with their reasons.
func TestCallsAreRefused(t *testing.T) {
	w := newTown(t)
	if _, err := w.CallNext(t.Context(), place("Platz 3"), after(0)); !errors.Is(err, ErrNobody) {
		t.Errorf("nobody is there: %v", err)
	}
	a, b := w.books(t, 0), w.books(t, 15)
	if _, err := w.Call(t.Context(), place("Platz 3"), a.ID, after(0)); !errors.Is(err, book.ErrNotFound) {
		t.Errorf("who is not there is called: %v", err)
	}
	if err := w.Step(t.Context(), "clerk:anna", a.ID, book.Miss, after(0)); !errors.Is(err, book.ErrNotFound) {
		t.Errorf("who has no number is missed: %v", err)
	}
	w.shows(t, w.code(t, a), after(0))
	w.shows(t, w.code(t, b), after(1))
	for _, name := range []string{"", " Platz 3", "Platz\x00", "Platz dreiundzwanzig a", "\xff"} {
		if _, err := w.CallNext(t.Context(), place(name), after(2)); !errors.Is(err, ErrCounter) {
			t.Errorf("counter %q: %v", name, err)
		}
	}
	other := place("Platz 3")
	other.Groups = []string{"car"}
	if _, err := w.CallNext(t.Context(), other, after(2)); !errors.Is(err, ErrNobody) {
		t.Errorf("nobody waits for a car: %v", err)
	}
	if _, err := w.CallNext(t.Context(), place("Platz 3"), after(2)); err != nil {
		t.Fatal(err)
	}
	if _, err := w.CallNext(t.Context(), place("Platz 3"), after(3)); !errors.Is(err, ErrBusy) {
		t.Errorf("two at one counter: %v", err)
	}
	if _, err := w.Call(t.Context(), place("Platz 3"), b.ID, after(3)); !errors.Is(err, ErrBusy) {
		t.Errorf("two at one counter: %v", err)
	}
	if err := w.Step(t.Context(), "clerk:anna", a.ID, book.Park, after(3)); !errors.Is(err, book.ErrState) {
		t.Errorf("parked before they came: %v", err)
	}
	if err := w.Step(t.Context(), "clerk:anna", a.ID, book.Cancel, after(3)); !errors.Is(err, book.ErrState) {
		t.Errorf("cancelled at the counter: %v", err)
	}
	if got, err := w.CallNext(t.Context(), place("Platz 4"), after(3)); err != nil || got.ID != b.ID {
		t.Errorf("at the other counter: %+v, %v", got, err)
	}
}

// TestManyCountersCallEachOnce: all clerks ask at the same moment.
func TestManyCountersCallEachOnce(t *testing.T) {
	w := newTown(t)
	const n = 6
	for i := range n {
		w.shows(t, w.code(t, w.books(t, 15*(i/3))), after(0))
	}
	called := make(chan appointment.ID, 2*n)
	for i := range 2 * n {
		go func() {
			got, err := w.CallNext(t.Context(), place("Platz "+string(rune('A'+i))), after(1))
			if err != nil && !errors.Is(err, ErrNobody) {
				t.Error(err)
			}
			called <- got.ID
		}()
	}
	seen := map[appointment.ID]bool{}
	for range 2 * n {
		if id := <-called; id != (appointment.ID{}) && seen[id] {
			t.Errorf("%s is called twice", id)
		} else {
			seen[id] = true
		}
	}
	if len(seen) != n+1 { // and nobody, for the others
		t.Errorf("%d of %d are called", len(seen)-1, n)
	}
}
