// SPDX-License-Identifier: EUPL-1.2

package inbox

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/fotobox-project/fotobox/registry/audit"
)

// skipped is how many numbers of hand-overs are left out after a restore. Registry
// software may have seen numbers that were given after the backup was made; it
// asks for higher ones only.
const skipped = 1_000_000

// Settle brings the captures of a restored database in order, within the
// transaction that restores it: what is due at now is erased, and so counts what
// has no bytes because the backup had none. Each leaves its line in the record.
// It returns how many were due and how many more have no bytes.
func Settle(ctx context.Context, tx *sql.Tx, now time.Time) (due, bare int, err error) {
	if _, err := tx.ExecContext(ctx, `UPDATE handover_number SET last = last + $1`, skipped); err != nil {
		return 0, 0, fmt.Errorf("settle captures: %w", err)
	}
	list, err := items(ctx, tx, `WHERE erased_at = 0 ORDER BY id`)
	if err != nil {
		return 0, 0, fmt.Errorf("settle captures: %w", err)
	}
	for _, i := range list {
		if now.Before(i.Due()) {
			continue
		}
		if _, err := step(ctx, tx, i.ID, Step{To: Forgotten, At: now}); err != nil {
			return due, 0, fmt.Errorf("settle capture %s: %w", i.ID, err)
		}
		due++
	}
	list, err = items(ctx, tx, `WHERE erased_at = 0 AND NOT EXISTS (SELECT 1 FROM captures WHERE captures.id = items.id) ORDER BY id`)
	if err != nil {
		return due, 0, fmt.Errorf("settle captures: %w", err)
	}
	for _, i := range list {
		if err := bury(ctx, tx, i, now); err != nil {
			return due, bare, fmt.Errorf("settle capture %s: %w", i.ID, err)
		}
		bare++
	}
	return due, bare, nil
}

// bury ends a capture that has no bytes. What a clerk decided stays known.
func bury(ctx context.Context, tx *sql.Tx, i Item, now time.Time) error {
	s, next := Step{To: Forgotten, At: now}, i
	if i.State != Taken && i.State != Refused {
		next = i.become(s)
	}
	next.ErasedAt = now
	if err := update(ctx, tx, next); err != nil {
		return err
	}
	return audit.Append(ctx, tx, i.entry(s, "forgotten", string(i.State)+", not in the backup"))
}
