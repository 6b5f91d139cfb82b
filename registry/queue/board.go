// SPDX-License-Identifier: EUPL-1.2

package queue

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/store"
)

// A Call is a line of the waiting display: a number and where it is to go.
type Call struct {
	Number  Number
	Counter string
	At      time.Time // of the newest call
	Calls   int
	Serving bool // came already
}

// A Board is what everybody in the hall may see: numbers and counters.
type Board struct {
	Calls   []Call // of those who are called or served, the newest first
	Waiting int    // so many are there and wait
}

// Board gives what the office's waiting display shows at now.
func (q *Queue) Board(ctx context.Context, location string, now time.Time) (Board, error) {
	var b Board
	err := q.store.Read(ctx, func(tx *sql.Tx) error {
		calls, err := store.Collect(ctx, tx, scanCall, `SELECT arrival.n, arrival.counter, arrival.called_at, arrival.calls, state FROM arrival JOIN appointment ON appointment.id = arrival.appointment
			WHERE arrival.location = $1 AND arrival.day = $2 AND state IN ('called', 'serving') ORDER BY arrival.called_at DESC, arrival.n`, location, dayOf(now))
		if err != nil {
			return err
		}
		b.Calls = calls
		return tx.QueryRowContext(ctx, `SELECT count(*) FROM arrival JOIN appointment ON appointment.id = arrival.appointment
			WHERE arrival.location = $1 AND arrival.day = $2 AND state IN ('arrived', 'captured')`, location, dayOf(now)).Scan(&b.Waiting)
	})
	if err != nil {
		return Board{}, fmt.Errorf("read waiting display: %w", err)
	}
	return b, nil
}

func scanCall(row store.Row) (c Call, err error) {
	var n int
	var at int64
	var state book.State
	err = row.Scan(&n, &c.Counter, &at, &c.Calls, &state)
	c.Number, c.At, c.Serving = numberOf(n), moment(at), state == book.Serving
	return c, err
}

// Offices gives the town's offices; a town without any has one without a code.
func (q *Queue) Offices(ctx context.Context) ([]book.Location, error) {
	all, err := q.book.Locations(ctx)
	if err == nil && len(all) == 0 {
		all = []book.Location{{}}
	}
	return all, err
}

// Services gives what the town offers, by code.
func (q *Queue) Services(ctx context.Context) ([]book.Service, error) { return q.book.Services(ctx) }

// Office gives the office of that code, or book.ErrNotFound.
func (q *Queue) Office(ctx context.Context, code string) (book.Location, error) {
	all, err := q.Offices(ctx)
	if err != nil {
		return book.Location{}, err
	}
	i := slices.IndexFunc(all, func(l book.Location) bool { return l.Code == code })
	if i < 0 {
		return book.Location{}, fmt.Errorf("office: %w", book.ErrNotFound)
	}
	return all[i], nil
}
