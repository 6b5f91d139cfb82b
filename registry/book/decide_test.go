// SPDX-License-Identifier: EUPL-1.2

package book

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var nine = time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC) // on the office's clocks

// in gives an appointment at eleven that is in the state since nine.
func in(state State) Appointment {
	a := draft(nine.Add(2*time.Hour), "Anna")
	a.State, a.Location = state, "mitte"
	switch state {
	case "":
	case Reserved:
		a.Name, a.Until = Name{}, nine.Add(HoldTime)
	case Offered:
		a.Until = nine.Add(time.Hour)
	case Preconfirmed:
		a.Until = nine.Add(ConfirmTime)
	}
	return a
}

func TestDecide(t *testing.T) {
	anna := NameOf("Anna")
	moved := in(Confirmed)
	moved.Revision = maxRevision
	to := func(s Step) Step {
		s.Do, s.location, s.start, s.length = Move, "ruhrort", nine.Add(24*time.Hour), 30*time.Minute
		return s
	}
	tests := []struct {
		name string
		from Appointment
		step Step
		want State // what it is afterwards, "" when err says that it stays
		err  error
	}{
		{"a seat is held", in(""), Step{Do: Hold, At: nine}, Reserved, nil},
		{"the form is filled in the last moment", in(Reserved), Step{Do: Submit, At: nine.Add(HoldTime - 1), Name: anna}, Preconfirmed, nil},
		{"the form comes too late", in(Reserved), Step{Do: Submit, At: nine.Add(HoldTime), Name: anna}, "", ErrLate},
		{"the mail is answered", in(Preconfirmed), Step{Do: Confirm, At: nine.Add(ConfirmTime - 1)}, Confirmed, nil},
		{"the mail is answered too late", in(Preconfirmed), Step{Do: Confirm, At: nine.Add(ConfirmTime)}, "", ErrLate},
		{"the mail is answered twice", in(Confirmed), Step{Do: Confirm, At: nine}, "", ErrState},
		{"the office books at once", in(""), Step{Do: Enter, At: nine}, Confirmed, nil},
		{"an offer is made", in(""), Step{Do: Offer, At: nine, Until: nine.Add(time.Hour)}, Offered, nil},
		{"an offer without end", in(""), Step{Do: Offer, At: nine}, "", ErrLate},
		{"an offer is accepted", in(Offered), Step{Do: Confirm, At: nine.Add(time.Hour - 1)}, Confirmed, nil},
		{"an offer is declined", in(Offered), Step{Do: Cancel, At: nine}, Cancelled, nil},
		{"an offer lapses", in(Offered), Step{Do: Lapse, At: nine.Add(time.Hour)}, Cancelled, nil},
		{"a hold does not lapse early", in(Reserved), Step{Do: Lapse, At: nine.Add(HoldTime - 1)}, "", ErrEarly},
		{"a hold lapses", in(Reserved), Step{Do: Lapse, At: nine.Add(HoldTime)}, Cancelled, nil},
		{"what is confirmed does not lapse", in(Confirmed), Step{Do: Lapse, At: nine.Add(time.Hour)}, "", ErrState},
		{"moved", in(Confirmed), to(Step{At: nine}), Confirmed, nil},
		{"moved when it has begun", in(Confirmed), to(Step{At: nine.Add(2 * time.Hour)}), "", ErrLate},
		{"moved sixteen times", moved, to(Step{At: nine}), "", ErrMoves},
		{"arrived too early", in(Confirmed), Step{Do: Arrive, At: nine.Add(2*time.Hour - Early - 1)}, "", ErrEarly},
		{"arrived as soon as it can be", in(Confirmed), Step{Do: Arrive, At: nine.Add(2*time.Hour - Early)}, Arrived, nil},
		{"arrived in the last moment", in(Confirmed), Step{Do: Arrive, At: in(Confirmed).End().Add(Grace)}, Arrived, nil},
		{"arrived when the office is over", in(Confirmed), Step{Do: Arrive, At: in(Confirmed).End().Add(Grace + 1)}, "", ErrLate},
		{"arrived twice", in(Arrived), Step{Do: Arrive, At: nine.Add(2 * time.Hour)}, "", ErrState},
		{"drawn on site, of nobody", Appointment{Start: nine, Length: time.Minute, Persons: 1}, Step{Do: Ticket, At: nine}, Confirmed, nil},
		{"moved after the arrival", in(Arrived), to(Step{At: nine}), "", ErrState},
		{"called without a photo", in(Arrived), Step{Do: Call, At: nine}, Called, nil},
		{"called once more", in(Called), Step{Do: Call, At: nine}, Called, nil},
		{"called from where something was missing", in(Parked), Step{Do: Call, At: nine}, Called, nil},
		{"served before the call", in(Arrived), Step{Do: Serve, At: nine}, "", ErrState},
		{"missed, and there after all", in(Missed), Step{Do: Arrive, At: nine.Add(2 * time.Hour)}, Arrived, nil},
		{"missed", in(Confirmed), Step{Do: Miss, At: nine}, Missed, nil},
		{"cancelled while it is served", in(Serving), Step{Do: Cancel, At: nine}, "", ErrState},
		{"cancelled twice", in(Cancelled), Step{Do: Cancel, At: nine}, "", ErrState},
	}
	for _, tt := range tests {
		tt.step.Actor = "citizen"
		next, entry, err := tt.from.Decide(tt.step)
		if !errors.Is(err, tt.err) || (err == nil) != (tt.err == nil) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.err)
			continue
		}
		if err != nil {
			if diff := cmp.Diff(tt.from, next); diff != "" {
				t.Errorf("%s: refused, and changed it:\n%s", tt.name, diff)
			}
			continue
		}
		if next.State != tt.want || entry.Action != "appointment-"+string(tt.step.Do) || entry.Subject != next.ID.String() || entry.Actor != "citizen" {
			t.Errorf("%s: %s, want %s; %+v", tt.name, next.State, tt.want, entry)
		}
	}
}

func TestSomebodyMustBeNamed(t *testing.T) {
	if _, _, err := in(Reserved).Decide(Step{Do: Submit, At: nine}); err == nil || !strings.Contains(err.Error(), "name needs") {
		t.Errorf("submitted without a name: %v", err)
	}
	if a, _, err := in(Reserved).Decide(Step{Do: Cancel, At: nine}); err != nil || a.State != Cancelled {
		t.Errorf("a hold of nobody cannot be cancelled: %v", err)
	}
}

// TestMoveRevokes: a move counts the revision up, and the old code is revoked as
// long as it could be shown.
func TestMoveRevokes(t *testing.T) {
	a := in(Confirmed)
	next, entry, err := a.Decide(Step{Do: Move, At: nine, Actor: "citizen", location: "ruhrort", start: nine.Add(time.Hour), length: 30 * time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	want := a
	want.Location, want.Start, want.Length, want.Revision, want.RevokedUntil = "ruhrort", nine.Add(time.Hour), 30*time.Minute, 1, a.End().Add(Grace)
	if diff := cmp.Diff(want, next); diff != "" || entry.Detail != "ruhrort 2026-12-01T09:00Z" {
		t.Errorf("%+v (-want +got):\n%s", entry, diff)
	}
	gone, _, err := next.Decide(Step{Do: Cancel, At: nine})
	if err != nil || !gone.RevokedUntil.Equal(a.End().Add(Grace)) {
		t.Errorf("cancelled: revoked until %s, want as long as the first code: %v", gone.RevokedUntil, err)
	}
}

// TestEveryWaitingStateEnds: what waits for an answer has an end, and nothing else has.
func TestEveryWaitingStateEnds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, at := in(""), nine
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			at = at.Add(time.Duration(rapid.IntRange(0, 20).Draw(t, "minutes")) * time.Minute)
			s := Step{Do: rapid.SampledFrom(verbs()).Draw(t, "do"), At: at, Until: at.Add(time.Hour), Actor: "citizen", Name: NameOf("Anna")}
			s.location, s.start, s.length = "ruhrort", nine.Add(48*time.Hour), time.Hour
			next, _, err := a.Decide(s)
			if err != nil {
				continue
			}
			waits := next.State == Reserved || next.State == Offered || next.State == Preconfirmed
			if waits == next.Until.IsZero() || waits && !next.Until.After(at) {
				t.Fatalf("%s until %s", next.State, next.Until)
			}
			if next.Revision != a.Revision && s.Do != Move || !slices.Contains(States(), next.State) || next.State.Stands() && next.Name.Reveal() == "" {
				t.Fatalf("%s made %+v", s.Do, next)
			}
			a = next
		}
	})
}

func verbs() (all []Verb) {
	for _, w := range ways() {
		all = append(all, w.do)
	}
	return all
}

var rewrite = flag.Bool("update", false, "rewrite the table of docs/booking.md")

// TestBookingPageHasTheTable: docs/booking.md has the ways as the code has them.
func TestBookingPageHasTheTable(t *testing.T) {
	const file, begin, end = "../../docs/booking.md", "<!-- states -->\n", "<!-- end of states -->\n"
	page, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, found := strings.Cut(string(page), begin)
	_, tail, also := strings.Cut(rest, end)
	want := head + begin + table() + end + tail
	if *rewrite {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if !found || !also || want != string(page) {
		t.Errorf("%s differs from the code: run go test ./registry/book -run TestBookingPage -update", file)
	}
}

// table tries every step in every state.
func table() string {
	var b strings.Builder
	b.WriteString("| step | " + "in | it becomes | until |\n|---|---|---|---|\n")
	for _, w := range ways() {
		var from []string
		ends := ""
		for _, state := range append([]State{""}, States()...) {
			s := Step{Do: w.do, At: nine, Until: nine.Add(time.Hour), Name: NameOf("Anna"), location: "mitte", start: nine.Add(time.Hour), length: time.Hour}
			if w.do == Lapse {
				s.At = nine.Add(time.Hour)
			}
			next, _, err := in(state).Decide(s)
			if err != nil {
				continue
			}
			from = append(from, cond(state == "", "(new)", string(state)))
			switch {
			case w.do == Offer:
				ends = "its own end"
			case !next.Until.IsZero():
				ends = fmt.Sprintf("%.0f minutes", next.Until.Sub(s.At).Minutes())
			}
		}
		fmt.Fprintf(&b, "| %s | %s | **%s** | %s |\n", w.do, strings.Join(from, ", "), w.to, ends)
	}
	return b.String()
}

func cond(is bool, yes, no string) string {
	if is {
		return yes
	}
	return no
}
