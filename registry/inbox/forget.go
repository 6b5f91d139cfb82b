// SPDX-License-Identifier: EUPL-1.2

package inbox

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// Forget erases the bytes of every capture whose time is over at now and returns
// how many it erased. They are off the disk with the store's next Scrub.
func (b *Inbox) Forget(ctx context.Context, now time.Time) (n int, err error) {
	due, err := b.due(ctx, now)
	if err != nil {
		return 0, fmt.Errorf("forget captures: %w", err)
	}
	for _, id := range due { // one at a time: a full disk has room for one
		_, err := b.change(ctx, id, Step{To: Forgotten, At: now})
		if errors.Is(err, ErrForgotten) { // another program on the database was quicker
			continue
		}
		if err != nil {
			return n, fmt.Errorf("forget capture %s: %w", id, err)
		}
		n++
	}
	return n, nil
}

// due lists the captures to erase. The query is coarse, the item decides.
func (b *Inbox) due(ctx context.Context, now time.Time) (ids []uuid.UUID, err error) {
	list, err := b.query(ctx, `WHERE erased_at = 0 AND (expires_at <= $1 OR retrieved_at > 0 OR (state IN ('taken', 'refused') AND handover = 0 AND changed_at <= $2))`,
		now.UnixMilli(), now.Add(-Afterwards).UnixMilli())
	for _, i := range list {
		if !now.Before(i.Due()) {
			ids = append(ids, i.ID)
		}
	}
	return ids, err
}

// Next is when the next capture's time is over, the zero time for none. What a
// clerk decided may be due before.
func (b *Inbox) Next(ctx context.Context) (time.Time, error) {
	var next sql.NullInt64
	err := b.store.Read(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT min(expires_at) FROM items WHERE erased_at = 0`).Scan(&next)
	})
	if err != nil {
		return time.Time{}, fmt.Errorf("next capture to forget: %w", err)
	}
	return moment(next.Int64), nil
}
