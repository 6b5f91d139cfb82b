// SPDX-License-Identifier: EUPL-1.2

package book

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestLoads counts the seats of a day and those that somebody has.
func TestLoads(t *testing.T) {
	b, _, now := town(t)
	take(t, b, Request{Location: "mitte", Service: visa, Persons: 1}, at(t, "2026-12-01 09:30"), Step{Do: Enter, At: now, Name: NameOf("Anna")})
	take(t, b, Request{Location: "mitte", Service: pass, Persons: 1}, at(t, "2026-12-01 10:00"), Step{Do: Ticket, At: now})
	for from, want := range map[string][]Load{
		"2026-12-01 08:00": {{"pass", 48, 3}},
		"2026-12-01 09:45": {{"pass", 27, 1}},
		"2026-12-01 12:00": nil,
	} {
		start := at(t, from)
		got, err := b.Loads(t.Context(), "mitte", start, start.Add(6*time.Hour))
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("from %s: %v (-want +got):\n%s", from, err, diff)
		}
	}
	if l := (Load{Seats: 2, Taken: 3}); l.Free() != 0 {
		t.Errorf("more taken than there are: %d free", l.Free())
	}
}
