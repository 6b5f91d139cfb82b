// SPDX-License-Identifier: EUPL-1.2

package audit

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Shorten cuts the entries off the beginning of the record whose time is before
// the given one, within the caller's transaction, and says how many.
//
// The hash of the last one cut off is kept, so that the rest still verifies, and
// an entry of its own says what was cut. An entry with a later time ends the cut.
func Shorten(ctx context.Context, tx *sql.Tx, before, now time.Time) (n int, err error) {
	from, _, err := start(ctx, tx)
	if err != nil {
		return 0, fmt.Errorf("shorten audit: %w", err)
	}
	upto, hash, err := cut(ctx, tx, before)
	if err != nil || upto <= from {
		return 0, err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO audit_start (one, seq, hash) VALUES (1, $1, $2) ON CONFLICT (one) DO UPDATE SET seq = $1, hash = $2`, upto, hash[:])
	if err != nil {
		return 0, fmt.Errorf("shorten audit: %w", err)
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM audit WHERE seq <= $1`, upto); err != nil {
		return 0, fmt.Errorf("shorten audit: %w", err)
	}
	return upto - from, Append(ctx, tx, shortened(now, upto, hash))
}

// shortened is the entry that a record which was cut must hold.
func shortened(at time.Time, upto int, hash Hash) Entry {
	return Entry{At: at, Actor: "office", Action: "shortened", Subject: fmt.Sprintf("audit:%d", upto), Detail: hash.String()}
}

// cut finds the last entry of those at the beginning that are older than before.
func cut(ctx context.Context, tx *sql.Tx, before time.Time) (upto int, hash Hash, err error) {
	var raw []byte
	err = tx.QueryRowContext(ctx, `SELECT seq, hash FROM audit
		WHERE seq < COALESCE((SELECT min(seq) FROM audit WHERE at >= $1), (SELECT max(seq) + 1 FROM audit)) ORDER BY seq DESC LIMIT 1`,
		before.UnixMilli()).Scan(&upto, &raw)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, Hash{}, nil
	}
	if err != nil {
		return 0, Hash{}, fmt.Errorf("shorten audit: %w", err)
	}
	copy(hash[:], raw)
	return upto, hash, nil
}

// start gives number and hash of the last entry that was cut off, 0 for none.
func start(ctx context.Context, tx *sql.Tx) (seq int, hash Hash, err error) {
	var raw []byte
	err = tx.QueryRowContext(ctx, `SELECT seq, hash FROM audit_start`).Scan(&seq, &raw)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, Hash{}, nil
	}
	copy(hash[:], raw)
	return seq, hash, err
}
