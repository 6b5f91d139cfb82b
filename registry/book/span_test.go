// SPDX-License-Identifier: EUPL-1.2

package book

import (
	"math/bits"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// drawSpans draws slots of a morning: some missing, some left from other rules,
// of another length.
func drawSpans(t *rapid.T) (spans []span) {
	at := nine
	for id := range int64(rapid.IntRange(1, 8).Draw(t, "slots")) {
		s := span{id: id, start: at, end: at.Add(15 * time.Minute), seats: rapid.IntRange(0, 4).Draw(t, "seats")}
		s.open = rapid.IntRange(0, s.seats).Draw(t, "open")
		s.taken = uint64(rapid.IntRange(0, 15).Draw(t, "taken"))
		if rapid.IntRange(0, 5).Draw(t, "long") == 0 {
			s.end = s.end.Add(10 * time.Minute)
		}
		spans = append(spans, s)
		at = at.Add(time.Duration(rapid.SampledFrom([]int{15, 15, 15, 5, 30}).Draw(t, "gap")) * time.Minute)
	}
	return spans
}

// TestRowAgainstMinutes: a row is what somebody finds who looks at every minute
// of every seat.
func TestRowAgainstMinutes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spans := drawSpans(t)
		n := need{time.Duration(rapid.IntRange(1, 60).Draw(t, "minutes")) * time.Minute, rapid.IntRange(1, 3).Draw(t, "seats"), rapid.Bool().Draw(t, "inside")}
		busy := map[time.Time]uint64{}
		for _, s := range spans {
			for m := s.start; m.Before(s.end); m = m.Add(time.Minute) {
				busy[m] |= s.taken
			}
		}
		overlay(spans)
		for i := range spans {
			row, free, ok := n.row(spans, i)
			if !ok {
				continue
			}
			numbers := choose(free, n.seats, n.inside)
			for _, s := range row {
				for m := s.start; m.Before(s.end); m = m.Add(time.Minute) {
					for _, number := range numbers {
						if busy[m]&(1<<number) != 0 || number >= s.seats || !n.inside && number >= s.open {
							t.Fatalf("seat %d of %+v is not free at %s", number, s, m)
						}
					}
				}
			}
			if got := row[len(row)-1].end.Sub(row[0].start); got < n.length || len(numbers) != n.seats {
				t.Fatalf("%s and %d seats for %+v", got, len(numbers), n)
			}
		}
	})
}

// TestRowFindsWhatThereIs: slots of equal length, against a search over all seats.
func TestRowFindsWhatThereIs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var spans []span
		for id := range 6 {
			start := nine.Add(time.Duration(id) * 15 * time.Minute)
			spans = append(spans, span{int64(id), start, start.Add(15 * time.Minute), 4, 3, uint64(rapid.IntRange(0, 15).Draw(t, "taken"))})
		}
		slots, seats, inside := rapid.IntRange(1, 3).Draw(t, "slots"), rapid.IntRange(1, 3).Draw(t, "seats"), rapid.Bool().Draw(t, "inside")
		n := need{time.Duration(slots) * 15 * time.Minute, seats, inside}
		for i := range spans {
			found := 0
			for number := range 4 {
				lasts := func(s span) bool { return s.taken&(1<<number) == 0 && (inside || number < s.open) }
				if i+slots <= len(spans) && !slices.ContainsFunc(spans[i:i+slots], func(s span) bool { return !lasts(s) }) {
					found++
				}
			}
			if _, free, ok := n.row(spans, i); ok != (found >= seats) || ok && bits.OnesCount64(free) != found {
				t.Fatalf("slot %d: row finds %b, %t; there are %d seats of %d", i, free, ok, found, seats)
			}
		}
	})
}

func TestChoose(t *testing.T) {
	if got := choose(0b101101, 2, false); !slices.Equal(got, []int{0, 2}) {
		t.Errorf("everybody gets %v, want the lowest", got)
	}
	if got := choose(0b101101, 2, true); !slices.Equal(got, []int{5, 3}) {
		t.Errorf("the office gets %v, want the highest", got)
	}
	full := span{seats: 64, open: 64}
	if got := bits.OnesCount64(full.free(false)); got != 64 {
		t.Errorf("64 seats are %d", got)
	}
}
