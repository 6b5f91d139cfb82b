// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Scrub takes deleted bytes off the disk as far as this goes at once.
//
// On SQLite it erases the files that no capture has any more, writes the log back
// into the database file and cuts it to nothing, so that bytes deleted before are
// in none of them. It returns an error while a reader still uses the log; the
// caller asks again.
//
// On PostgreSQL it gives the place of deleted captures free. Their bytes stay
// there until others come or until Sweep.
func (s *Store) Scrub(ctx context.Context) error {
	if !s.file {
		return s.vacuum(ctx, "VACUUM (SKIP_LOCKED) captures") // another program may be at it
	}
	if err := s.sweepSealed(ctx); err != nil {
		return fmt.Errorf("scrub store: %w", explain(err))
	}
	if err := s.cutLog(ctx); err != nil {
		return fmt.Errorf("scrub store: %w", explain(err))
	}
	return nil
}

// cutLogFor is how long another program may be at the log, too. SQLite waits for
// readers and writers, but not for one that writes the log back.
const cutLogFor = time.Second

func (s *Store) cutLog(ctx context.Context) error {
	for end := time.Now().Add(cutLogFor); ; {
		var busy, log, done int
		row := s.write.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
		if err := row.Scan(&busy, &log, &done); err != nil {
			return err
		}
		if busy == 0 {
			return nil
		}
		if time.Now().After(end) {
			return errors.New("a reader still uses the log")
		}
		time.Sleep(cutLogFor / 100)
	}
}

// sweepHour is when tables are swept, UTC: nobody is at an office in Germany.
const sweepHour = 2

// Sweep writes PostgreSQL's tables anew, without the bytes of deleted rows, and
// removes their old files. It is to be called often: it does so every night
// once, in one of the programs on the database, and nothing otherwise.
// SQLite needs no sweeping.
func (s *Store) Sweep(ctx context.Context, now time.Time) error {
	if s.file {
		return nil
	}
	mine, err := s.Lease(ctx, "sweep", now, nextSweep(now))
	if err != nil || !mine {
		return err
	}
	tables, err := s.Tables(ctx)
	if err == nil {
		err = s.vacuum(ctx, "VACUUM FULL "+strings.Join(tables, ", "))
	}
	if err != nil {
		return errors.Join(err, s.Release(ctx, "sweep"))
	}
	return nil
}

// nextSweep is the first sweepHour after now.
func nextSweep(now time.Time) time.Time {
	y, m, d := now.UTC().Date()
	next := time.Date(y, m, d, sweepHour, 0, 0, 0, time.UTC)
	if !next.After(now) {
		next = next.AddDate(0, 0, 1)
	}
	return next
}

// vacuum does not make the desk wait behind it for a table that is in use: the
// caller asks again.
func (s *Store) vacuum(ctx context.Context, statement string) error {
	c, err := s.write.Conn(ctx)
	if err != nil {
		return fmt.Errorf("scrub store: %w", explain(err))
	}
	defer c.Close()
	for _, q := range []string{"SET lock_timeout = '3s'", statement, "RESET lock_timeout"} {
		if _, execErr := c.ExecContext(ctx, q); execErr != nil {
			err = errors.Join(err, execErr)
		}
	}
	if err != nil {
		return fmt.Errorf("scrub store: %w", explain(err))
	}
	return nil
}
