// SPDX-License-Identifier: EUPL-1.2

// Package queue knows who is there: it checks people in, gives waiting numbers and tickets, and says whose turn it is.
package queue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/store"
)

// Queue has everybody who waits in the town's offices. It knows appointments by
// their ids and never by a name.
type Queue struct {
	// Photo says whether a photo of the appointment is at the office; nil: that is
	// not known. It is set before the queue is used.
	Photo func(ctx context.Context, tx *sql.Tx, id appointment.ID) (bool, error)

	store *store.Store
	book  *book.Book
	check appointment.Checker // the town and its keys
}

// New gives the queue kept in s of those with an appointment of b. The checker
// needs the town and its public keys; what was revoked the book knows.
func New(s *store.Store, b *book.Book, check appointment.Checker) *Queue {
	check.Revoked = nil
	return &Queue{store: s, book: b, check: check}
}

// A Waiting is a person with a waiting number, by the number and not by name.
type Waiting struct {
	ID       appointment.ID
	Number   Number
	Location string
	Start    time.Time // of the slot, UTC
	Length   time.Duration
	Service  uint16
	Group    string // of the service, "" of an unknown one
	Persons  int
	Ticket   bool
	State    book.State
	Arrived  time.Time // the zero time: drew a ticket and is to come back
	Counter  string    // where the newest call leads
	Called   time.Time // when that was, the zero time without one
	Calls    int
}

const waitingColumns = `arrival.appointment, arrival.n, arrival.location, start_at, length_minutes, service, COALESCE(service.grp, ''), persons, ticket, state,
	arrival.at, arrival.counter, arrival.called_at, arrival.calls`

const waitingTables = ` FROM arrival JOIN appointment ON appointment.id = arrival.appointment LEFT JOIN service ON service.code = appointment.service `

func scanWaiting(row store.Row) (w Waiting, err error) {
	var id string
	var n int
	var start, minutes, arrived, called int64
	var ticket int
	err = row.Scan(&id, &n, &w.Location, &start, &minutes, &w.Service, &w.Group, &w.Persons, &ticket, &w.State, &arrived, &w.Counter, &called, &w.Calls)
	if err != nil {
		return Waiting{}, err
	}
	w.Number, w.Ticket, w.Length = numberOf(n), ticket != 0, time.Duration(minutes)*time.Minute
	w.Start, w.Arrived, w.Called = moment(start), moment(arrived), moment(called)
	w.ID, err = appointment.ParseID(id)
	return w, err
}

// Today gives everybody who has a waiting number at the office on the day that
// holds now, whatever became of them: those who wait in the order in which they
// are called, then the others by their slots.
func (q *Queue) Today(ctx context.Context, location string, now time.Time) (all []Waiting, err error) {
	err = q.store.Read(ctx, func(tx *sql.Tx) error {
		all, err = today(ctx, tx, location, now)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list who waits: %w", err)
	}
	return all, nil
}

func today(ctx context.Context, tx *sql.Tx, location string, now time.Time) ([]Waiting, error) {
	return ofDay(ctx, tx, location, now, "")
}

// open gives those of today with whom the office is not done yet: in the afternoon
// they are few, and a call must not wait for the others.
func open(ctx context.Context, tx *sql.Tx, location string, now time.Time) ([]Waiting, error) {
	return ofDay(ctx, tx, location, now, ` AND (arrival.ended_at = 0 OR arrival.at > arrival.ended_at)`)
}

func ofDay(ctx context.Context, tx *sql.Tx, location string, now time.Time, which string) ([]Waiting, error) {
	all, err := store.Collect(ctx, tx, scanWaiting, `SELECT `+waitingColumns+waitingTables+`WHERE arrival.location = $1 AND arrival.day = $2`+which, location, dayOf(now))
	Order(all, now)
	return all, err
}

// Get gives the person with the appointment, or book.ErrNotFound when it has no waiting number.
func (q *Queue) Get(ctx context.Context, id appointment.ID) (w Waiting, err error) {
	err = q.store.Read(ctx, func(tx *sql.Tx) error {
		w, err = get(ctx, tx, id)
		return err
	})
	if err != nil {
		return Waiting{}, fmt.Errorf("find who waits: %w", err)
	}
	return w, nil
}

func get(ctx context.Context, tx *sql.Tx, id appointment.ID) (Waiting, error) {
	w, err := scanWaiting(tx.QueryRowContext(ctx, `SELECT `+waitingColumns+waitingTables+`WHERE arrival.appointment = $1`, id.String()))
	if errors.Is(err, sql.ErrNoRows) {
		return Waiting{}, book.ErrNotFound
	}
	return w, err
}

// dayOf is the office's calendar day that holds t, as the store has it.
func dayOf(t time.Time) string { return t.In(book.Zone()).Format(time.DateOnly) }

// moment turns what the store has into a time, 0 into the zero time.
func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
