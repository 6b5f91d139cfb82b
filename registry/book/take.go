// SPDX-License-Identifier: EUPL-1.2

package book

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/store"
)

// Take makes an appointment with seats, by one of the steps Hold, Offer and
// Enter. It takes all the seats that the request needs, or returns ErrGone.
func (b *Book) Take(ctx context.Context, r Request, start time.Time, s Step) (made Appointment, err error) {
	for range 3 { // a Terminkennung that is taken already is drawn again
		err = b.store.Write(ctx, func(tx *sql.Tx) error {
			made, err = b.take(ctx, tx, r, start, s)
			return err
		})
		if !errors.Is(err, store.ErrDuplicate) {
			break
		}
	}
	if err != nil {
		return Appointment{}, fmt.Errorf("take appointment: %w", err)
	}
	return made, nil
}

func (b *Book) take(ctx context.Context, tx *sql.Tx, r Request, start time.Time, s Step) (Appointment, error) {
	draft, err := draw(Appointment{Start: start, Service: r.Service, Persons: r.Persons})
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
	return made, audit.Append(ctx, tx, entry)
}

// Move gives a confirmed appointment other seats, at another time or office, in
// place of its own. Its old code does not hold any more.
func (b *Book) Move(ctx context.Context, id appointment.ID, location string, start time.Time, inside bool, s Step) (moved Appointment, err error) {
	err = b.store.Write(ctx, func(tx *sql.Tx) error {
		moved, err = b.move(ctx, tx, id, location, start, inside, s)
		return err
	})
	if err != nil {
		return Appointment{}, fmt.Errorf("move appointment: %w", err)
	}
	return moved, nil
}

func (b *Book) move(ctx context.Context, tx *sql.Tx, id appointment.ID, location string, start time.Time, inside bool, s Step) (Appointment, error) {
	a, err := get(ctx, tx, id)
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
	if err := p.swap(ctx, tx, id, s.At); err != nil {
		return Appointment{}, err
	}
	if err := update(ctx, tx, next); err != nil {
		return Appointment{}, err
	}
	return next, audit.Append(ctx, tx, entry)
}

// Advance makes any other step with an appointment. Cancelling it gives its seats
// back, which rest first when it was confirmed.
func (b *Book) Advance(ctx context.Context, id appointment.ID, s Step) (next Appointment, err error) {
	if s.Do == Move {
		return Appointment{}, fmt.Errorf("advance appointment: %w: a move needs seats", ErrState)
	}
	err = b.store.Write(ctx, func(tx *sql.Tx) error {
		next, err = advance(ctx, tx, id, s)
		return err
	})
	if err != nil {
		return Appointment{}, fmt.Errorf("advance appointment: %w", err)
	}
	return next, nil
}

func advance(ctx context.Context, tx *sql.Tx, id appointment.ID, s Step) (Appointment, error) {
	a, err := get(ctx, tx, id)
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
	if next.State == Cancelled {
		if err := giveBack(ctx, tx, id, s.At, a.State.Stands()); err != nil {
			return Appointment{}, err
		}
	}
	return next, audit.Append(ctx, tx, entry)
}
