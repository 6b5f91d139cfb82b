// SPDX-License-Identifier: EUPL-1.2

package queue

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/book"
)

var nine = time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC) // on the office's clocks

// person reads "A 9:00 8:50": who, the slot, the arrival. A small letter drew a ticket.
func person(text string) Waiting {
	f := strings.Fields(text)
	at := func(s string) time.Time {
		t, err := time.ParseInLocation("2006-01-02 15:04", "2026-12-01 "+s, book.Zone())
		if err != nil {
			panic(err)
		}
		return t.UTC()
	}
	w := Waiting{ID: appointment.ID{f[0][0]}, Ticket: f[0] >= "a", State: book.Arrived, Start: at(f[1]), Arrived: at(f[2]), Group: "pass"}
	if len(f) > 3 {
		w.State = book.State(f[3])
	}
	return w
}

func letters(all []Waiting) (s string) {
	for _, w := range all {
		s += string(rune(w.ID[0]))
	}
	return s
}

func TestOrder(t *testing.T) {
	for _, tt := range []struct{ name, all, want string }{
		{"by the slot", "B 9:15 8:50, A 9:00 8:55", "AB"},
		{"of one slot by the arrival", "B 9:00 8:55, A 9:00 8:50", "AB"},
		{"of one moment always the same", "B 9:00 8:50, A 9:00 8:50", "AB"},
		{"late, and in front of later slots still", "B 9:30 9:20, A 9:00 9:20", "AB"},
		{"late, and behind who was due meanwhile", "A 8:30 9:05, B 9:00 8:50", "BA"},
		{"a ticket goes behind the same slot", "a 9:00 8:46, B 9:00 9:00", "Ba"},
		{"a ticket goes behind who is late", "a 8:30 8:30, B 8:15 9:15", "Ba"},
		{"a ticket whose time has come goes before who is early", "B 9:30 9:15, a 9:00 8:50", "aB"},
		{"a ticket that is early goes behind who is early", "a 9:30 9:15, B 9:45 9:20", "Ba"},
		{"tickets by their slots", "b 9:15 8:40, a 9:00 8:50", "ab"},
		{"who waits before who does not", "A 8:00 7:50 done, B 8:00 7:50 called, C 8:00 7:50 parked, D 9:45 9:20, E 8:00 7:50 captured", "EDABC"},
	} {
		var all []Waiting
		for one := range strings.SplitSeq(tt.all, ", ") {
			all = append(all, person(one))
		}
		Order(all, nine.Add(20*time.Minute))
		if got := letters(all); got != tt.want {
			t.Errorf("%s: %s are called as %q, want %q", tt.name, tt.all, got, tt.want)
		}
	}
}

func TestNextOfGroups(t *testing.T) {
	a, b := person("A 9:00 8:50"), person("B 9:15 8:50")
	b.Group = "car"
	for groups, want := range map[string]string{"": "A", "car": "B", "car pass": "A", "dog": ""} {
		got := ""
		if w, ok := Next([]Waiting{b, a}, nine, strings.Fields(groups)...); ok {
			got = letters([]Waiting{w})
		}
		if got != want {
			t.Errorf("of %q: %q, want %q", groups, got, want)
		}
	}
	if w, ok := Next([]Waiting{person("A 9:00 8:50 done")}, nine); ok {
		t.Errorf("nobody waits, and %q is called", letters([]Waiting{w}))
	}
}

// somebody draws a person in whatever state.
func somebody(t *rapid.T, i int) Waiting {
	minutes := func(name string, from, to int) time.Duration {
		return time.Duration(rapid.IntRange(from, to).Draw(t, name)) * time.Minute
	}
	w := Waiting{ID: appointment.ID{byte(i)}, Ticket: rapid.Bool().Draw(t, "ticket"), State: rapid.SampledFrom([]book.State{book.Arrived, book.Arrived, book.Captured, book.Called, book.Done, book.Confirmed}).Draw(t, "state")}
	w.Start = nine.Add(minutes("slot", 0, 8) * 15)
	w.Arrived = w.Start.Add(minutes("arrived", -15, 40))
	return w
}

// TestOrderHoldsItsWord: what the page of the rule promises holds for everybody, and the
// order does not depend on the one in which people are listed.
func TestOrderHoldsItsWord(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := make([]Waiting, rapid.IntRange(1, 12).Draw(t, "people"))
		for i := range all {
			all[i] = somebody(t, i)
		}
		now := nine.Add(time.Duration(rapid.IntRange(-20, 200).Draw(t, "now")) * time.Minute)
		mixed := rapid.Permutation(all).Draw(t, "mixed")
		Order(all, now)
		Order(mixed, now)
		if diff := cmp.Diff(all, mixed); diff != "" {
			t.Fatalf("listed otherwise, called otherwise:\n%s", diff)
		}
		next, ok := Next(mixed, now)
		if waits := slices.ContainsFunc(all, Waiting.Waits); ok != waits || ok && !next.Waits() {
			t.Fatalf("next %+v, %v; somebody waits: %v", next, ok, waits)
		}
		for i, a := range all {
			for _, b := range all[i+1:] { // a is called before b
				keepsWord(t, a, b, now)
			}
		}
	})
}

func keepsWord(t *rapid.T, a, b Waiting, now time.Time) {
	if !b.Waits() {
		return
	}
	begun := func(w Waiting) bool { return !w.Start.After(now) }
	switch {
	case !a.Waits():
		t.Fatalf("%+v waits behind %+v", b, a)
	case begun(b) && !begun(a):
		t.Fatalf("%+v is early and before %+v", a, b)
	case a.Ticket && !b.Ticket && (begun(b) || !begun(a)):
		t.Fatalf("the ticket %+v is in front of %+v", a, b)
	case a.Ticket == b.Ticket && begun(a) == begun(b) && a.Due().After(b.Due()):
		t.Fatalf("%+v was due after %+v", a, b)
	case a.Ticket == b.Ticket && a.Start.Equal(b.Start) && a.Arrived.After(b.Arrived):
		t.Fatalf("%+v came to the same slot after %+v", a, b)
	}
}

// TestNumbers: every one of a day is another, has three digits as long as it can,
// and says nothing of the one before.
func TestNumbers(t *testing.T) {
	seen := map[Number]bool{}
	for n := 1; n <= 3*many; n++ {
		got := numberOf(n)
		if seen[got] || n <= many && (got < 100 || got > 999) || len(got.String()) < 3 {
			t.Fatalf("the %d-th number is %s", n, got)
		}
		seen[got] = true
		if d := got - numberOf(n-1); n > 1 && d > -100 && d < 100 {
			t.Errorf("%s follows %s", got, numberOf(n-1))
		}
	}
	if n := numberOf(0); n != 0 {
		t.Errorf("nobody has the number %s", n)
	}
}
