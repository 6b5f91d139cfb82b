// SPDX-License-Identifier: EUPL-1.2

package wishes

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

	"github.com/fotobox-project/fotobox/appointment"
)

var nine = time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC) // on the office's clocks

// in gives a wish that is in the state since nine, and has refused one offer.
func in(t fataler, state State) Wish {
	w := wish(t, "anna")
	w.ID, w.State = ID{1}, state
	switch state {
	case Submitted:
		w.Until = nine.Add(ConfirmTime)
	case Waiting:
		w.Refusals = 1
	case Offered:
		w.Offer, w.Offers, w.Refusals = appointment.ID{2}, 2, 1
	}
	return w
}

func TestDecide(t *testing.T) {
	over := in(t, Offered)
	over.Last = date(t, "2026-11-30")
	for _, tt := range []struct {
		name     string
		from     Wish
		step     Step
		refusals int
		want     State // what it is afterwards, "" when err says that it stays
		err      error
	}{
		{"it is left", in(t, ""), Step{Do: Leave, At: nine}, 3, Submitted, nil},
		{"the mail is answered in the last moment", in(t, Submitted), Step{Do: Confirm, At: nine.Add(ConfirmTime - 1)}, 3, Waiting, nil},
		{"the mail is answered too late", in(t, Submitted), Step{Do: Confirm, At: nine.Add(ConfirmTime)}, 3, "", ErrLate},
		{"the mail is not answered", in(t, Submitted), Step{Do: End, At: nine.Add(ConfirmTime)}, 3, Dropped, nil},
		{"the mail may be answered yet", in(t, Submitted), Step{Do: End, At: nine.Add(ConfirmTime - 1)}, 3, "", ErrEarly},
		{"an offer without a confirmed address", in(t, Submitted), Step{Do: Offer, At: nine}, 3, "", ErrState},
		{"an offer", in(t, Waiting), Step{Do: Offer, At: nine, Offer: appointment.ID{3}}, 3, Offered, nil},
		{"a second offer", in(t, Offered), Step{Do: Offer, At: nine}, 3, "", ErrState},
		{"the offer is accepted", in(t, Offered), Step{Do: Accept, At: nine}, 3, Placed, nil},
		{"the offer is declined, as one before", in(t, Offered), Step{Do: Decline, At: nine}, 3, Waiting, nil},
		{"the offer is declined, as the last one", in(t, Offered), Step{Do: Decline, At: nine}, 2, Refused, nil},
		{"the offer lapses, as the last one", in(t, Offered), Step{Do: Lapse, At: nine}, 2, Refused, nil},
		{"the office takes it back, which counts for nothing", in(t, Offered), Step{Do: Recall, At: nine}, 2, Waiting, nil},
		{"the offer lapses behind the last day", over, Step{Do: Lapse, At: nine}, 3, Over, nil},
		{"accepted behind the last day", over, Step{Do: Accept, At: nine}, 3, Placed, nil},
		{"an offer's wish does not end by its day", over, Step{Do: End, At: nine}, 3, "", ErrState},
		{"its last day is not over", in(t, Waiting), Step{Do: End, At: at(t, "2026-12-31 23:59")}, 3, "", ErrEarly},
		{"its last day is over", in(t, Waiting), Step{Do: End, At: at(t, "2027-01-01 00:00")}, 3, Over, nil},
		{"withdrawn", in(t, Offered), Step{Do: Withdraw, At: nine}, 3, Withdrawn, nil},
		{"withdrawn twice", in(t, Withdrawn), Step{Do: Withdraw, At: nine}, 3, "", ErrState},
	} {
		tt.step.Actor = "citizen"
		got, entry, err := tt.from.Decide(tt.step, tt.refusals)
		if !errors.Is(err, tt.err) || tt.err == nil && got.State != tt.want {
			t.Errorf("%s: %s, %v; want %s, %v", tt.name, got.State, err, tt.want, tt.err)
		}
		if diff := cmp.Diff(tt.from, got); tt.err != nil && diff != "" {
			t.Errorf("%s, but it changed:\n%s", tt.name, diff)
		}
		if tt.err == nil && (entry.Action != "wish-"+string(tt.step.Do) || entry.Subject != "wish:0100000000000000" || !entry.At.Equal(tt.step.At)) {
			t.Errorf("%s: entry %+v", tt.name, entry)
		}
	}
}

// TestCheck: what makes no sense is refused, and the error has nothing of a person.
func TestCheck(t *testing.T) {
	for want, change := range map[string]func(*Wish){
		"address":                func(w *Wish) { w.Email = email(t, "x@example.org"); w.Email = Wish{}.Email },
		"not before it":          func(w *Wish) { w.First = w.Last + 1 },
		"from today":             func(w *Wish) { w.First, w.Last = 1, date(t, "2026-11-30") },
		"at most 184 days":       func(w *Wish) { w.Last = date(t, "2027-06-04") },
		"named once":             func(w *Wish) { w.Offices = []string{"mitte", "mitte"} },
		"order of their codes":   func(w *Wish) { w.Offices = []string{"sued", "mitte"} },
		"a day has 24":           func(w *Wish) { w.Windows[3] = 1 << 24 },
		"for 0 persons":          func(w *Wish) { w.Persons = 0 },
		"for 65 persons":         func(w *Wish) { w.Persons = 65 },
		"language":               func(w *Wish) { w.Language = strings.Repeat("x", 36) },
		"a first day is needed":  func(w *Wish) { w.First = 0 },
		"want one from today on": func(w *Wish) { w.Last = w.First - 1; w.First = w.Last },
	} {
		w := in(t, "")
		w.First = date(t, "2026-12-01")
		change(&w)
		_, _, err := w.Decide(Step{Do: Leave, At: nine, Actor: "citizen"}, 3)
		if !errors.Is(err, ErrWish) || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "example.org") {
			t.Errorf("%s: got %v", want, err)
		}
	}
}

// TestEveryWishEnds: however it goes, a wish has as many places, offers and refusals
// as its state says, and once ended it stays so.
func TestEveryWishEnds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, now := in(t, ""), nine
		w.First = date(t, "2026-12-01")
		w.Last = w.First + 3
		refusals := rapid.IntRange(1, 3).Draw(t, "refusals")
		for range 30 {
			now = now.Add(time.Duration(rapid.IntRange(0, 12).Draw(t, "hours")) * time.Hour)
			s := Step{Do: rapid.SampledFrom(verbs()).Draw(t, "do"), At: now, Actor: "citizen", Offer: appointment.ID{7}}
			next, _, err := w.Decide(s, refusals)
			if err != nil {
				continue
			}
			if w.State.Ended() || (next.State == Offered) != (next.Offer != appointment.ID{}) || (next.State == Submitted) == next.Until.IsZero() {
				t.Fatalf("%s made %+v of %+v", s.Do, next, w)
			}
			if next.Refusals > next.Offers || next.Refusals > refusals || next.State == Waiting && next.Refusals == refusals {
				t.Fatalf("%d offers, %d refused and %s", next.Offers, next.Refusals, next.State)
			}
			w = next
		}
		if w.State == Waiting && now.After(lastDay(w)) {
			if _, _, err := w.Decide(Step{Do: End, At: now, Actor: "office"}, refusals); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func lastDay(w Wish) time.Time { return w.Last.At(24*60, nine.Location()).Add(2 * time.Hour) }

func verbs() (all []Verb) {
	for _, y := range ways() {
		if !slices.Contains(all, y.do) {
			all = append(all, y.do)
		}
	}
	return all
}

var rewrite = flag.Bool("update", false, "rewrite the table of docs/wishes.md")

// TestPageHasTheTable: docs/wishes.md has the ways as the code has them.
func TestPageHasTheTable(t *testing.T) {
	const file, begin, end = "../../docs/wishes.md", "<!-- states -->\n", "<!-- end of states -->\n"
	page, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, found := strings.Cut(string(page), begin)
	_, tail, also := strings.Cut(rest, end)
	want := head + begin + table(t) + end + tail
	if *rewrite {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if !found || !also || want != string(page) {
		t.Errorf("%s differs from the code: run go test ./registry/wishes -run TestPage -update", file)
	}
}

// table tries every step in every state, with refusals left and without, on the
// wish's last day and behind it.
func table(t *testing.T) string {
	var b strings.Builder
	b.WriteString("| step | in | it becomes |\n|---|---|---|\n")
	for _, do := range verbs() {
		var from, to []string
		for _, state := range append([]State{""}, States()...) {
			for _, refusals := range []int{3, 2} {
				for _, now := range []time.Time{nine.Add(time.Hour), nine.Add(ConfirmTime), at(t, "2027-01-01 00:00")} {
					next, _, err := in(t, state).Decide(Step{Do: do, At: now, Actor: "office"}, refusals)
					if err != nil {
						continue
					}
					from = put(from, string(state), "(new)")
					to = put(to, "**"+string(next.State)+"**", "")
				}
			}
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", do, strings.Join(from, ", "), strings.Join(to, ", "))
	}
	return b.String()
}

func put(list []string, text, empty string) []string {
	if text == "" {
		text = empty
	}
	if slices.Contains(list, text) {
		return list
	}
	return append(list, text)
}
