// SPDX-License-Identifier: EUPL-1.2

package book

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/audit"
)

// Take makes an appointment with seats, by one of the steps Hold, Offer, Enter
// and Ticket. It takes all the seats that the request needs, or returns ErrGone.
func (b *Book) Take(ctx context.Context, r Request, start time.Time, s Step) (made Appointment, err error) {
	err = b.store.Write(ctx, func(tx *sql.Tx) error {
		made, err = b.TakeIn(ctx, tx, r, start, s)
		return err
	})
	return made, err
}

// TakeIn is Take within the caller's transaction.
func (b *Book) TakeIn(ctx context.Context, tx *sql.Tx, r Request, start time.Time, s Step) (Appointment, error) {
	made, err := b.take(ctx, tx, r, start, s)
	if err != nil {
		return Appointment{}, fmt.Errorf("take appointment: %w", err)
	}
	return made, nil
}

func (b *Book) take(ctx context.Context, tx *sql.Tx, r Request, start time.Time, s Step) (Appointment, error) {
	draft, err := drawIn(ctx, tx, Appointment{Start: start, Service: r.Service, Persons: r.Persons})
	if err != nil {
		return Appointment{}, err
	}
	service, n, err := r.need(ctx, tx)
	if err != nil {
		return Appointment{}, err
	}
	p, err := n.find(ctx, tx, r.Location, service.Group, start, s.At, appointment.ID{})
	if err != nil {
		return Appointment{}, err
	}
	draft.Location, draft.Length, draft.PhotoWanted = r.Location, p.length(), service.PhotoWanted
	if s.ID != (appointment.ID{}) {
		draft.ID = s.ID
	}
	made, entry, err := draft.Decide(s)
	if err != nil {
		return Appointment{}, err
	}
	if err := insert(ctx, tx, made); err != nil {
		return Appointment{}, err
	}
	if err := p.occupy(ctx, tx, made.ID); err != nil {
		return Appointment{}, err
	}
	return made, b.finish(ctx, tx, Event{s, Appointment{}, made}, entry, nil)
}

// drawIn draws until nobody has the Terminkennung. Nobody else writes meanwhile.
func drawIn(ctx context.Context, tx *sql.Tx, a Appointment) (Appointment, error) {
	for {
		drawn, err := draw(a)
		if err != nil {
			return Appointment{}, err
		}
		var taken int
		err = tx.QueryRowContext(ctx, `SELECT count(*) FROM appointment WHERE terminkennung = $1`, string(drawn.Terminkennung)).Scan(&taken)
		if err != nil || taken == 0 {
			return drawn, err
		}
	}
}

// finish writes the record of a step, and has the followers do their part.
func (b *Book) finish(ctx context.Context, tx *sql.Tx, e Event, entry audit.Entry, freed []Opening) error {
	if err := audit.Append(ctx, tx, entry); err != nil {
		return err
	}
	for _, f := range b.followers {
		if err := f.Made(ctx, tx, e); err != nil {
			return err
		}
	}
	return b.open(ctx, tx, freed, e.At)
}

// Move gives a confirmed appointment other seats, at another time or office, in
// place of its own. Its old code does not hold any more.
func (b *Book) Move(ctx context.Context, id appointment.ID, location string, start time.Time, inside bool, s Step) (moved Appointment, err error) {
	err = b.store.Write(ctx, func(tx *sql.Tx) error {
		moved, err = b.MoveIn(ctx, tx, id, location, start, inside, s)
		return err
	})
	return moved, err
}

// MoveIn is Move within the caller's transaction.
func (b *Book) MoveIn(ctx context.Context, tx *sql.Tx, id appointment.ID, location string, start time.Time, inside bool, s Step) (Appointment, error) {
	moved, err := b.move(ctx, tx, id, location, start, inside, s)
	if err != nil {
		return Appointment{}, fmt.Errorf("move appointment: %w", err)
	}
	return moved, nil
}

func (b *Book) move(ctx context.Context, tx *sql.Tx, id appointment.ID, location string, start time.Time, inside bool, s Step) (Appointment, error) {
	a, err := Get(ctx, tx, id)
	if err != nil {
		return Appointment{}, err
	}
	service, n, err := Request{location, a.Service, a.Persons, inside}.need(ctx, tx)
	if err != nil {
		return Appointment{}, err
	}
	p, err := n.find(ctx, tx, location, service.Group, start, s.At, id)
	if err != nil {
		return Appointment{}, err
	}
	s.Do, s.location, s.start, s.length = Move, location, start, p.length()
	next, entry, err := a.Decide(s)
	if err != nil {
		return Appointment{}, err
	}
	freed, err := p.swap(ctx, tx, id, s.At)
	if err != nil {
		return Appointment{}, err
	}
	if err := update(ctx, tx, next); err != nil {
		return Appointment{}, err
	}
	return next, b.finish(ctx, tx, Event{s, a, next}, entry, freed)
}

// Advance makes any other step with an appointment. Cancelling it gives its seats
// back, which rest first when it was confirmed.
func (b *Book) Advance(ctx context.Context, id appointment.ID, s Step) (next Appointment, err error) {
	err = b.store.Write(ctx, func(tx *sql.Tx) error {
		next, err = b.AdvanceIn(ctx, tx, id, s)
		return err
	})
	return next, err
}

// AdvanceIn is Advance within the caller's transaction.
func (b *Book) AdvanceIn(ctx context.Context, tx *sql.Tx, id appointment.ID, s Step) (Appointment, error) {
	next, err := b.advance(ctx, tx, id, s)
	if err != nil {
		return Appointment{}, fmt.Errorf("advance appointment: %w", err)
	}
	return next, nil
}

func (b *Book) advance(ctx context.Context, tx *sql.Tx, id appointment.ID, s Step) (Appointment, error) {
	if s.Do == Move {
		return Appointment{}, fmt.Errorf("%w: a move needs seats", ErrState)
	}
	a, err := Get(ctx, tx, id)
	if err != nil {
		return Appointment{}, err
	}
	next, entry, err := a.Decide(s)
	if err != nil {
		return Appointment{}, err
	}
	if err := update(ctx, tx, next); err != nil {
		return Appointment{}, err
	}
	var freed []Opening
	if next.State == Cancelled {
		if freed, err = giveBack(ctx, tx, id, s.At, a.State.Stands()); err != nil {
			return Appointment{}, err
		}
	}
	return next, b.finish(ctx, tx, Event{s, a, next}, entry, freed)
}
