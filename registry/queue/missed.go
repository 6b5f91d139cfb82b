// SPDX-License-Identifier: EUPL-1.2

package queue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/store"
)

const (
	// missedDays is how many days back those are looked for who were missed: a
	// program that was down catches up, and facts are kept no longer.
	missedDays = 7
	// missedAtOnce is how many are missed in one transaction: others wait for it.
	missedAtOnce = 200
)

// over are the appointments that no clerk has come to an end with, of the days of $1 and
// so on, in offices that checked somebody in on their day: elsewhere nobody knows who
// came. Those of no office were imported, and the system that they are from knows.
const over = ` CROSS JOIN appointment WHERE start_at >= from_at AND start_at < to_at
	AND location <> '' AND state IN ('confirmed', 'arrived', 'captured', 'called', 'parked')
	AND EXISTS (SELECT 1 FROM arrival WHERE arrival.location = appointment.location AND arrival.day = d.day AND arrival.at > 0)`

// ends is when an appointment of the day can be missed: everybody's day is over, and
// so is its code.
const ends = `(CASE WHEN start_at + length_minutes * 60000 > to_at THEN start_at + length_minutes * 60000 ELSE to_at END)`

// days gives the office's days up to that of now as a table d, with its arguments.
func days(now time.Time) (table string, args []any) {
	var rows []string
	for n := missedDays; n >= 0; n-- {
		from, to := book.Day(now.In(book.Zone()).AddDate(0, 0, -n))
		rows = append(rows, fmt.Sprintf("(CAST($%d AS TEXT), CAST($%d AS BIGINT), CAST($%d AS BIGINT))", len(args)+1, len(args)+2, len(args)+3))
		args = append(args, dayOf(from), from.UnixMilli(), to.UnixMilli())
	}
	return `WITH d (day, from_at, to_at) AS (VALUES ` + strings.Join(rows, ", ") + `) SELECT `, args
}

// MissDue is when Miss has something to do, which may be over, or the zero time for nothing.
func (q *Queue) MissDue(ctx context.Context, now time.Time) (time.Time, error) {
	table, args := days(now)
	var first sql.NullInt64
	err := q.store.Read(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, table+`min(`+ends+`) FROM d`+over, args...).Scan(&first)
	})
	if err != nil {
		return time.Time{}, fmt.Errorf("find who was missed: %w", err)
	}
	if !first.Valid {
		return time.Time{}, nil
	}
	return moment(first.Int64).Add(book.Grace), nil
}

// Miss notes who has not come, or has gone before they were called, once their day is over
// and their code has ended. It says how many. Called again it does nothing.
func (q *Queue) Miss(ctx context.Context, now time.Time) (missed int, err error) {
	for more := true; more && err == nil; {
		var ids []appointment.ID
		if ids, err = q.overdue(ctx, now); err == nil && len(ids) > 0 {
			err = q.store.Write(ctx, func(tx *sql.Tx) error { return q.miss(ctx, tx, ids, now) })
		}
		if more = len(ids) == missedAtOnce; err == nil {
			missed += len(ids)
		}
	}
	if err != nil {
		return missed, fmt.Errorf("note who was missed: %w", err)
	}
	return missed, nil
}

func (q *Queue) overdue(ctx context.Context, now time.Time) ([]appointment.ID, error) {
	table, args := days(now)
	table += fmt.Sprintf(`id FROM d%s AND %s <= $%d ORDER BY start_at, id LIMIT $%d`, over, ends, len(args)+1, len(args)+2)
	return store.List(ctx, q.store, func(row store.Row) (id appointment.ID, err error) {
		var text string
		if err = row.Scan(&text); err == nil {
			id, err = appointment.ParseID(text)
		}
		return id, err
	}, table, append(args, now.Add(-book.Grace).UnixMilli(), missedAtOnce)...)
}

// miss makes the step with each that is not done meanwhile, by another program or a clerk.
func (q *Queue) miss(ctx context.Context, tx *sql.Tx, ids []appointment.ID, now time.Time) error {
	for _, id := range ids {
		_, err := q.book.AdvanceIn(ctx, tx, id, book.Step{Do: book.Miss, At: now, Actor: "office"})
		if errors.Is(err, book.ErrState) {
			continue
		}
		if err == nil {
			_, err = tx.ExecContext(ctx, `UPDATE arrival SET ended_at = $1 WHERE appointment = $2 AND at > 0`, now.UnixMilli(), id.String())
		}
		if err != nil {
			return err
		}
	}
	return nil
}
