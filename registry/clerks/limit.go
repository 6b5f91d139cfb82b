// SPDX-License-Identifier: EUPL-1.2

package clerks

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// A PauseError says that a name or an address was tried too often: it is not
// checked again before For is over. It comes for unknown names as for known ones.
type PauseError struct{ For time.Duration }

// Error names the time left, in whole seconds.
func (e *PauseError) Error() string {
	return fmt.Sprintf("too many attempts, wait %s", e.For.Round(time.Second))
}

// After that many wrong attempts in a row every further one is followed by a
// pause, firstPause at first and twice as long each time up to lastPause. What
// nobody tried for forgetMisses starts anew. A whole office may have one address.
const (
	freeMisses   = 4
	freeOfPlace  = 30
	firstPause   = time.Minute
	lastPause    = 15 * time.Minute
	forgetMisses = time.Hour
	drain        = 2 * time.Minute // in which a place's misses become one fewer: fifty people mistype in a day
)

// A tally is what misses are counted by: a name, or an address.
type tally struct {
	key   []byte
	free  int
	drain time.Duration // in which one is forgotten; 0: none is
}

// pause is the wait after that many misses in a row, of which some are free.
func pause(misses, free int) time.Duration {
	if misses <= free {
		return 0
	}
	doublings := min(misses-free-1, 10)
	return min(firstPause<<doublings, lastPause)
}

// ofName and ofPlace are what misses are counted by. No name is written in
// capitals, so that no name counts for an address.
func ofName(name string) tally {
	key := sha256.Sum256([]byte(name))
	return tally{key[:], freeMisses, 0}
}

func ofPlace(address string) tally {
	return tally{ofName("ADDRESS " + address).key, freeOfPlace, drain}
}

// count refuses what has a pause that is not over and adds one miss otherwise.
func count(ctx context.Context, tx *sql.Tx, t tally, now time.Time) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM clerk_attempt WHERE last_at < $1`, now.Add(-forgetMisses).UnixMilli())
	if err != nil {
		return err
	}
	var misses int
	var last int64
	err = tx.QueryRowContext(ctx, `SELECT misses, last_at FROM clerk_attempt WHERE name = $1`, t.key).Scan(&misses, &last)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if left := time.UnixMilli(last).Add(pause(misses, t.free)).Sub(now); left > 0 {
		return &PauseError{For: left}
	}
	if t.drain > 0 {
		misses = max(0, misses-int(now.Sub(time.UnixMilli(last))/t.drain))
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO clerk_attempt (name, misses, last_at) VALUES ($1, $2, $3)
		ON CONFLICT (name) DO UPDATE SET misses = $2, last_at = $3`, t.key, misses+1, now.UnixMilli())
	return err
}

// uncount forgets the misses of the name, and takes this one attempt off the
// place's: one colleague's success does not hide another's guessing. The pause
// of the place was over when this one was let in, and is not begun anew.
func uncount(ctx context.Context, tx *sql.Tx, name, place string, now time.Time) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM clerk_attempt WHERE name = $1`, ofName(name).key); err != nil {
		return err
	}
	var misses int
	t := ofPlace(place)
	err := tx.QueryRowContext(ctx, `SELECT misses - 1 FROM clerk_attempt WHERE name = $1 AND misses > 0`, t.key).Scan(&misses)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE clerk_attempt SET misses = $2, last_at = $3 WHERE name = $1`,
		t.key, misses, now.Add(-pause(misses, t.free)).UnixMilli())
	return err
}
