// SPDX-License-Identifier: EUPL-1.2

package queue

import (
	"bytes"
	"cmp"
	"slices"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
)

// Waits says whether the person is there and was not called yet.
func (w Waiting) Waits() bool { return w.State == book.Arrived || w.State == book.Captured }

// Due is when the person's turn is: at the slot, or at the arrival after it.
func (w Waiting) Due() time.Time {
	if w.Arrived.After(w.Start) {
		return w.Arrived
	}
	return w.Start
}

// rank is the rule of whose turn it is, in one line: who waits goes before who
// does not; whose slot has begun before who is early; an appointment before a ticket.
func (w Waiting) rank(now time.Time) int {
	rank := 0
	for _, behind := range []bool{!w.Waits(), w.Start.After(now), w.Ticket} {
		rank *= 2
		if behind {
			rank++
		}
	}
	return rank
}

// Order sorts people as they are called. Of those who wait, whose slot has begun
// goes before who is early; of both, an appointment before a ticket; then whose
// turn is earlier by [Waiting.Due]; then who was there earlier. So nobody whose
// time has come waits for a ticket, and who comes late goes behind those who
// were due meanwhile.
func Order(all []Waiting, now time.Time) {
	slices.SortFunc(all, func(a, b Waiting) int {
		return cmp.Or(cmp.Compare(a.rank(now), b.rank(now)), a.Due().Compare(b.Due()), a.Arrived.Compare(b.Arrived), bytes.Compare(a.ID[:], b.ID[:]))
	})
}

// Next is whose turn it is at now of those who come for one of the groups, or for
// any where none is named. It reports false when nobody waits for these.
func Next(all []Waiting, now time.Time, groups ...string) (next Waiting, ok bool) {
	sorted := slices.Clone(all)
	Order(sorted, now)
	i := slices.IndexFunc(sorted, func(w Waiting) bool {
		return w.Waits() && (len(groups) == 0 || slices.Contains(groups, w.Group))
	})
	if i < 0 {
		return Waiting{}, false
	}
	return sorted[i], true
}
