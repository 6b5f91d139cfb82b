// SPDX-License-Identifier: EUPL-1.2

package queue

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/book"
)

// An arrival is what the store has of a person with a waiting number. The zero
// arrival is of nobody.
type arrival struct {
	id            appointment.ID
	location, day string
	n             int
	at, ended     time.Time
}

// load gives the appointment's arrival, or the zero one.
func load(ctx context.Context, tx *sql.Tx, id appointment.ID) (arrival, error) {
	a := arrival{id: id}
	var at, ended int64
	err := tx.QueryRowContext(ctx, `SELECT location, day, n, at, ended_at FROM arrival WHERE appointment = $1`, id.String()).Scan(&a.location, &a.day, &a.n, &at, &ended)
	if errors.Is(err, sql.ErrNoRows) {
		return arrival{}, nil
	}
	a.at, a.ended = moment(at), moment(ended)
	return a, err
}

// gone says whether a missed person was away when somebody showed the code: not
// when it was shown before they were called, and the office learns of it late.
func (a arrival) gone(at time.Time) bool { return a.at.IsZero() || at.After(a.ended) }

// arrive makes the step with the appointment and puts the person among those who wait.
func (q *Queue) arrive(ctx context.Context, tx *sql.Tx, f Fact, a book.Appointment, was arrival) (arrival, error) {
	if _, err := q.book.AdvanceIn(ctx, tx, a.ID, book.Step{Do: book.Arrive, At: f.At, Actor: f.Actor}); err != nil {
		return arrival{}, err
	}
	is, err := was.number(ctx, tx, a, f)
	if err != nil {
		return arrival{}, err
	}
	_, err = tx.ExecContext(ctx, `UPDATE arrival SET at = $1, calls = 0, called_at = 0, counter = '' WHERE appointment = $2`, f.At.UnixMilli(), a.ID.String())
	if is.at = f.At; err == nil && q.Photo != nil {
		err = q.photographed(ctx, tx, f, a.ID)
	}
	return is, err
}

// photographed makes the next step with whom has arrived and whose photo is there already.
func (q *Queue) photographed(ctx context.Context, tx *sql.Tx, f Fact, id appointment.ID) error {
	is, err := q.Photo(ctx, tx, id)
	if err != nil || !is {
		return err
	}
	_, err = q.book.AdvanceIn(ctx, tx, id, book.Step{Do: book.Capture, At: f.At, Actor: f.Actor})
	return err
}

// Delivered makes the step of who has arrived when a photo of the appointment comes
// to the office, within the transaction that takes it in. It does nothing with any
// other appointment.
func (q *Queue) Delivered(ctx context.Context, tx *sql.Tx, id appointment.ID, actor string, now time.Time) error {
	a, err := book.Get(ctx, tx, id)
	if errors.Is(err, book.ErrNotFound) || err == nil && a.State != book.Arrived {
		return nil
	}
	if err == nil {
		_, err = q.book.AdvanceIn(ctx, tx, id, book.Step{Do: book.Capture, At: now, Actor: actor})
	}
	return err
}

// number gives the appointment its waiting number: the one that it has, or, when
// it has none for its day and office, the next one there.
func (a arrival) number(ctx context.Context, tx *sql.Tx, of book.Appointment, f Fact) (arrival, error) {
	is := arrival{id: of.ID, location: cmp.Or(of.Location, f.Location), day: dayOf(of.Start)}
	if a.n > 0 && a.location == is.location && a.day == is.day {
		return a, nil
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM arrival WHERE appointment = $1`, of.ID.String()); err != nil {
		return arrival{}, err
	}
	err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(n), 0) + 1 FROM arrival WHERE location = $1 AND day = $2`, is.location, is.day).Scan(&is.n)
	if err != nil {
		return arrival{}, err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO arrival (appointment, location, day, n, made_at, at) VALUES ($1, $2, $3, $4, $5, 0)`,
		of.ID.String(), is.location, is.day, is.n, f.At.UnixMilli())
	return is, err
}

// earlier moves the arrival of who waits still to an earlier moment at which the
// person was there: another station may say so later.
func (a arrival) earlier(ctx context.Context, tx *sql.Tx, at time.Time, state book.State) error {
	if !(Waiting{State: state}).Waits() || !at.Before(a.at) || !at.After(a.ended) {
		return nil
	}
	_, err := tx.ExecContext(ctx, `UPDATE arrival SET at = $1 WHERE appointment = $2`, at.UnixMilli(), a.id.String())
	return err
}
