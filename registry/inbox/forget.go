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

// pause is the longest time between two looks at what is due: it bounds what a
// wrong or corrected clock can do.
const pause = time.Minute

// Forget erases the bytes of every capture whose time is over at now, from the
// database and from its log, and returns how many it erased.
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
		b.figures.steps.WithLabelValues(string(Forgotten)).Inc()
		b.log.Info("capture forgotten", "capture", id.String())
	}
	if n == 0 {
		return 0, nil
	}
	return n, b.store.Scrub(ctx)
}

// due lists the captures to erase. The query is coarse, the item decides.
func (b *Inbox) due(ctx context.Context, now time.Time) (ids []uuid.UUID, err error) {
	list, err := b.query(ctx, `WHERE erased_at = 0 AND (expires_at <= $1 OR (state IN ('taken', 'refused') AND changed_at <= $2))`,
		now.UnixMilli(), now.Add(-Afterwards).UnixMilli())
	for _, i := range list {
		if !now.Before(i.due()) {
			ids = append(ids, i.ID)
		}
	}
	return ids, err
}

// Run forgets captures when their time is over, until ctx ends. Of several
// programs on one database each does: no capture waits for one that died.
func (b *Inbox) Run(ctx context.Context) error {
	scrubbed := false // what a process that was killed erased may be in the log still
	for {
		n, err := b.Forget(ctx, time.Now())
		if err == nil && n == 0 && !scrubbed {
			err = b.store.Scrub(ctx)
		}
		scrubbed = err == nil
		if err = errors.Join(err, b.store.Sweep(ctx, time.Now())); err != nil && ctx.Err() == nil {
			b.log.Error("captures were not forgotten, trying again", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(b.wait(ctx, time.Now())):
		}
	}
}

// wait is the time until the next capture is due, at most pause.
func (b *Inbox) wait(ctx context.Context, now time.Time) time.Duration {
	var next sql.NullInt64
	err := b.store.Read(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT min(expires_at) FROM items WHERE erased_at = 0`).Scan(&next)
	})
	if err != nil || !next.Valid {
		return pause
	}
	// Not at once again: what could not be erased now waits a second, too.
	return min(max(moment(next.Int64).Sub(now), time.Second), pause)
}
