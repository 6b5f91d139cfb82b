// SPDX-License-Identifier: EUPL-1.2

package inbox

import (
	"database/sql"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/registry/audit"
)

// settle takes the bytes of one capture away, as a backup without them does, and settles.
func (b *bench) settle(t *testing.T, bare uuid.UUID, now time.Time) (due, missing int) {
	t.Helper()
	err := b.store.Write(t.Context(), func(tx *sql.Tx) (err error) {
		if _, err := tx.Exec(`DELETE FROM captures WHERE id = $1`, bare.String()); err != nil {
			return err
		}
		due, missing, err = Settle(t.Context(), tx, now)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return due, missing
}

// TestSettle: what is due and what has no bytes is erased, with its receipt; the rest stays.
func TestSettle(t *testing.T) {
	b := newBench(t)
	b.Handover = true
	old, bare, taken := b.capture(t, time.Now().Add(-90*time.Hour), "accept"), b.capture(t, time.Now(), "accept"), b.taken(t)
	for _, c := range []capture{old, bare} {
		b.deliver(t, c)
	}
	now := time.Now().Add(8 * time.Hour)
	if due, missing := b.settle(t, bare.manifest.Capture, now); due != 1 || missing != 1 {
		t.Errorf("%d were due and %d had no bytes, want 1 and 1", due, missing)
	}
	for id, want := range map[uuid.UUID]State{old.manifest.Capture: Forgotten, bare.manifest.Capture: Forgotten, taken: Taken} {
		i, err := b.Get(t.Context(), id)
		if err != nil || i.State != want || i.ErasedAt.IsZero() != (want == Taken) {
			t.Errorf("%+v, %v, want %s", i, err, want)
		}
	}
	var why []string
	for e, err := range audit.All(t.Context(), b.store) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Action == "forgotten" {
			why = append(why, e.Detail)
		}
	}
	if want := []string{"arrived, 96 hours after the capture", "arrived, not in the backup"}; !slices.Equal(why, want) {
		t.Errorf("receipts %q, want %q", why, want)
	}
}

// TestSettledHandoversAreBehindAllCursors: registry software that has seen numbers
// which the backup does not know is still told of what comes.
func TestSettledHandoversAreBehindAllCursors(t *testing.T) {
	b := newBench(t)
	b.Handover = true
	b.taken(t)
	const seen = 500
	b.settle(t, uuid.Nil, time.Now())
	next := b.taken(t)
	if got := b.waiting(t, seen); !slices.Equal(got, []uuid.UUID{next}) {
		t.Errorf("behind number %d wait %v, want %v", seen, got, next)
	}
}
