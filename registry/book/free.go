// SPDX-License-Identifier: EUPL-1.2

package book

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/bits"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/calendar"
)

// Why a seat cannot be had.
var (
	ErrGone    = errors.New("nothing is free there any more")
	ErrOffline = errors.New("office is not booked online")
	ErrPersons = errors.New("not for so many persons")
)

// A Request is what somebody looks for.
type Request struct {
	Location string
	Service  uint16
	Persons  int
	Inside   bool // the office itself books: also its reserve, and before everybody may
}

// A Free is a time at which a request can be met.
type Free struct {
	Location string
	Start    time.Time // UTC
	Length   time.Duration
	Times    int // as many such requests could be met
}

// Free gives the times from one moment to another at which the request can be
// met now, in their order.
func (b *Book) Free(ctx context.Context, r Request, from, to, now time.Time) (all []Free, err error) {
	err = b.store.Read(ctx, func(tx *sql.Tx) error {
		all, err = free(ctx, tx, r, from, to, now)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("find free times: %w", err)
	}
	return all, nil
}

func free(ctx context.Context, tx *sql.Tx, r Request, from, to, now time.Time) (all []Free, err error) {
	s, n, err := r.need(ctx, tx)
	if err != nil {
		return nil, err
	}
	spans, err := spansOf(ctx, tx, r.Location, s.Group, from, to.Add(n.length), now, appointment.ID{})
	if err != nil {
		return nil, err
	}
	for i := range spans {
		if spans[i].start.Before(from) || !spans[i].start.Before(to) || spans[i].free(n.inside) == 0 {
			continue
		}
		if row, free, ok := n.row(spans, i); ok {
			all = append(all, Free{r.Location, spans[i].start, row[len(row)-1].end.Sub(spans[i].start), bits.OnesCount64(free) / n.seats})
		}
	}
	return all, nil
}

// need is what the request takes, by its service.
func (r Request) need(ctx context.Context, tx *sql.Tx) (Service, need, error) {
	s, err := service(ctx, tx, r.Service)
	if err != nil {
		return Service{}, need{}, err
	}
	if r.Persons < 1 || r.Persons*s.Seats > calendar.MaxSeats {
		return Service{}, need{}, fmt.Errorf("%w: 1 to %d", ErrPersons, calendar.MaxSeats/s.Seats)
	}
	var online int
	err = tx.QueryRowContext(ctx, `SELECT online FROM location WHERE code = $1`, r.Location).Scan(&online)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return Service{}, need{}, fmt.Errorf("location: %w", ErrNotFound)
	case err == nil && online == 0 && !r.Inside:
		err = ErrOffline
	}
	return s, need{time.Duration(s.Minutes) * time.Minute, r.Persons * s.Seats, r.Inside}, err
}

// spansOf reads the slots of an office and group that begin from one moment to
// another, with those that meet them. The seats of one appointment are left out,
// which is about to move.
func spansOf(ctx context.Context, tx *sql.Tx, location, group string, from, to, now time.Time, but appointment.ID) (spans []span, err error) {
	// Of seats a subquery for each slot, not a join, for which PostgreSQL would
	// read all seats of the year.
	rows, err := tx.QueryContext(ctx, `SELECT id, start_at, minutes, seats, released, close_at, COALESCE((
			SELECT CAST(SUM(CAST(1 AS BIGINT) << CAST(number AS INTEGER)) AS BIGINT) FROM seat
			WHERE seat.slot = slot.id AND (seat.appointment IS NULL OR seat.appointment <> $1)), 0)
		FROM slot WHERE location = $2 AND grp = $3 AND start_at > $4 AND start_at + minutes * 60000 > $5 AND start_at < (
			SELECT MAX(start_at + minutes * 60000) FROM slot WHERE location = $2 AND grp = $3 AND start_at > $4 AND start_at < $6)
		ORDER BY start_at`,
		but.String(), location, group, from.Add(-longest).UnixMilli(), from.UnixMilli(), to.UnixMilli())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var s span
		var start, minutes, closes, taken int64
		if err := rows.Scan(&s.id, &start, &minutes, &s.seats, &s.open, &closes, &taken); err != nil {
			return nil, err
		}
		s.start, s.taken = moment(start), uint64(taken)
		s.end = s.start.Add(time.Duration(minutes) * time.Minute)
		spans = append(spans, s.at(now, moment(closes)))
	}
	overlay(spans)
	return spans, rows.Err()
}

// at closes what nobody can have any more at now.
func (s span) at(now, closes time.Time) span {
	if !now.Before(closes) {
		s.open = 0
	}
	if !now.Before(s.end) {
		s.seats, s.open = 0, 0
	}
	return s
}
