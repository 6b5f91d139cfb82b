// SPDX-License-Identifier: EUPL-1.2

package book

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// ExpireDue is when Expire has something to do: the first end of a hold, of an
// offer or of a seat's rest, which may be over, or the zero time for none.
func (b *Book) ExpireDue(ctx context.Context) (time.Time, error) {
	var until, free sql.NullInt64
	err := b.store.Read(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT (SELECT min(until_at) FROM appointment WHERE until_at > 0),
			(SELECT min(free_at) FROM seat WHERE free_at > 0)`).Scan(&until, &free)
	})
	if err != nil {
		return time.Time{}, fmt.Errorf("find next hold to expire: %w", err)
	}
	if !until.Valid || free.Valid && free.Int64 < until.Int64 {
		until = free
	}
	return moment(until.Int64), nil
}

// ReleaseDue is when Release has something to do, which may be over, or the zero
// time without rules.
func (b *Book) ReleaseDue(ctx context.Context) (due time.Time, err error) {
	err = b.store.Read(ctx, func(tx *sql.Tx) error {
		c, err := b.Calendar(ctx, tx)
		if due = (time.Time{}); len(c.Rules) > 0 {
			due = c.Next(c.run)
		}
		return err
	})
	if err != nil {
		return time.Time{}, fmt.Errorf("find next release: %w", err)
	}
	return due, nil
}
