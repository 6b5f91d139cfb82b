// SPDX-License-Identifier: EUPL-1.2

package queue

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/book"
)

// ErrFull says that the office has no seat left today.
var ErrFull = errors.New("nothing is free there today any more")

// A Draw is somebody who came without an appointment.
type Draw struct {
	Nonce    string // as in Fact: drawn twice, it is the same ticket
	Location string
	Service  uint16
	Persons  int
	// Reserve lets the ticket have one of the office's own seats too: for a clerk, who
	// decides what the reserve is for. A machine gives only what everybody could book.
	Reserve bool
	From    string // code of the office where the person is, when that is another one
	Device  string // id of the station, "" at the desk
	Actor   string
}

func (d Draw) request() book.Request {
	return book.Request{Location: d.Location, Service: d.Service, Persons: d.Persons, Inside: d.Reserve}
}

// A Ticket is an appointment of today that was drawn on site.
type Ticket struct {
	book.Appointment
	Code    string // the text that its QR code shows
	Number  Number
	Arrived bool // it is so soon that the person is checked in already; otherwise they come back from book.Early before it on
}

// Draw gives the next free seat of today to somebody who came without an
// appointment, a waiting number with it, or returns ErrFull. Only slots are given
// that have not begun and in which a seat is free: nobody with an appointment has less for it.
func (q *Queue) Draw(ctx context.Context, d Draw, now time.Time) (t Ticket, err error) {
	f := Fact{Nonce: d.Nonce, At: now.UTC().Truncate(time.Millisecond), Location: cmp.Or(d.From, d.Location), Device: d.Device, Actor: d.Actor}
	if err := f.check(); err != nil {
		return Ticket{}, err
	}
	free, err := q.today(ctx, d.request(), now)
	if err == nil {
		err = q.store.Write(ctx, func(tx *sql.Tx) error {
			t, err = q.draw(ctx, tx, d, f, free)
			return err
		})
	}
	if err != nil {
		return Ticket{}, fmt.Errorf("draw ticket: %w", err)
	}
	return t, nil
}

// draw makes the ticket, unless the same nonce drew one before.
func (q *Queue) draw(ctx context.Context, tx *sql.Tx, d Draw, f Fact, free []book.Free) (Ticket, error) {
	o, err := noted(ctx, tx, f)
	if err == nil {
		return q.ticket(ctx, tx, o.Appointment)
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return Ticket{}, err
	}
	a, err := q.take(ctx, tx, d, f, free)
	if err != nil {
		return Ticket{}, err
	}
	has, err := arrival{}.number(ctx, tx, a, f)
	if err != nil {
		return Ticket{}, err
	}
	code, err := q.book.Code(a)
	if err != nil {
		return Ticket{}, err
	}
	t := Ticket{a, code.String(), numberOf(has.n), judge(f, a, has) == appointment.OK}
	if t.Arrived {
		if _, err := q.arrive(ctx, tx, f, a, has); err != nil {
			return Ticket{}, err
		}
		t.State = book.Arrived
	}
	return t, f.note(ctx, tx, Outcome{appointment.OK, a.ID, t.Number}, f.At)
}

// take takes the first of the times in which a seat is left still.
func (q *Queue) take(ctx context.Context, tx *sql.Tx, d Draw, f Fact, free []book.Free) (book.Appointment, error) {
	for _, one := range free {
		a, err := q.book.TakeIn(ctx, tx, d.request(), one.Start, book.Step{Do: book.Ticket, At: f.At, Actor: f.Actor})
		if !errors.Is(err, book.ErrGone) {
			return a, err
		}
	}
	return book.Appointment{}, ErrFull
}

// Ticket gives the ticket that was drawn, or book.ErrNotFound for what is none.
func (q *Queue) Ticket(ctx context.Context, id appointment.ID) (t Ticket, err error) {
	err = q.store.Read(ctx, func(tx *sql.Tx) error {
		t, err = q.ticket(ctx, tx, id)
		return err
	})
	if err != nil {
		return Ticket{}, fmt.Errorf("find ticket: %w", err)
	}
	return t, nil
}

func (q *Queue) ticket(ctx context.Context, tx *sql.Tx, id appointment.ID) (Ticket, error) {
	a, err := book.Get(ctx, tx, id)
	if err == nil && !a.Ticket {
		err = book.ErrNotFound
	}
	if err != nil {
		return Ticket{}, err
	}
	has, err := load(ctx, tx, id)
	if err != nil {
		return Ticket{}, err
	}
	code, err := q.book.Code(a)
	return Ticket{a, code.String(), numberOf(has.n), !has.at.IsZero()}, err
}

// today gives the office's times that are free today and have not begun.
func (q *Queue) today(ctx context.Context, r book.Request, now time.Time) ([]book.Free, error) {
	_, end := book.Day(now)
	return q.book.Free(ctx, r, now, end, now)
}

// Elsewhere gives the first time that is free today at each office where
// everybody may book, but the request's own: the soonest first.
func (q *Queue) Elsewhere(ctx context.Context, r book.Request, now time.Time) (all []book.Free, err error) {
	offices, err := q.book.Locations(ctx)
	if err != nil {
		return nil, err
	}
	for _, l := range offices {
		if l.Code == r.Location || !l.Online {
			continue
		}
		there := r
		there.Location, there.Inside = l.Code, false
		free, err := q.today(ctx, there, now)
		if err != nil {
			return nil, err
		}
		all = append(all, free[:min(1, len(free))]...)
	}
	slices.SortStableFunc(all, func(a, b book.Free) int { return a.Start.Compare(b.Start) })
	return all, nil
}

// NewNonce draws what tells a fact from every other.
func NewNonce() string { return rand.Text() }
