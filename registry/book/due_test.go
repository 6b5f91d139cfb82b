// SPDX-License-Identifier: EUPL-1.2

package book

import (
	"testing"
	"time"
)

// due is when the book's work is due.
func due(t fataler, b *Book) (expires, releases time.Time) {
	t.Helper()
	expires, err := b.ExpireDue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if releases, err = b.ReleaseDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	return expires, releases
}

// TestDue: the first of all that waits says when.
func TestDue(t *testing.T) {
	empty, _ := open(t)
	if expires, releases := due(t, empty); !expires.IsZero() || !releases.IsZero() {
		t.Errorf("in an empty book something is due at %s and %s", expires, releases)
	}
	b, _, now := town(t)
	if expires, releases := due(t, b); !expires.IsZero() || !releases.Equal(at(t, "2026-12-01 00:00")) {
		t.Errorf("without holds, after nine: due at %s and %s", expires, releases)
	}
	r, start := Request{"mitte", pass, 1, false}, at(t, "2026-12-01 09:30")
	held := take(t, b, r, start, Step{Do: Hold, At: now})
	if expires, _ := due(t, b); !expires.Equal(now.Add(HoldTime)) {
		t.Errorf("a hold is due at %s", expires)
	}
	offer := take(t, b, r, start, Step{Do: Offer, At: now, Until: now.Add(time.Minute)})
	if expires, _ := due(t, b); !expires.Equal(now.Add(time.Minute)) {
		t.Errorf("an offer beside the hold is due at %s", expires)
	}
	offer.Name = NameOf("Anna")
	onward(t, b, offer, Confirm, now)
	onward(t, b, offer, Cancel, now.Add(-5*time.Minute)) // its seat rests ten
	if expires, _ := due(t, b); !expires.Equal(now.Add(5 * time.Minute)) {
		t.Errorf("a seat that rests is due at %s", expires)
	}
	onward(t, b, held, Cancel, now)
	if expires, _ := due(t, b); !expires.Equal(now.Add(5 * time.Minute)) {
		t.Errorf("a seat that rests is due at %s when the hold is gone", expires)
	}
}
