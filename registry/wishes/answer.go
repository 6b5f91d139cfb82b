// SPDX-License-Identifier: EUPL-1.2

package wishes

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/book"
)

// Accept takes an offer: the appointment is confirmed, and the wish has ended.
// Done twice, it gives the same appointment again.
func (w *Wishes) Accept(ctx context.Context, offer appointment.ID, name book.Name, now time.Time) (a book.Appointment, err error) {
	err = w.answer(ctx, offer, func(tx *sql.Tx, was Wish) error {
		a, err = w.book.AdvanceIn(ctx, tx, offer, book.Step{Do: book.Confirm, At: now, Actor: "citizen", Name: name, Email: was.Email, Language: was.Language})
		return err
	})
	if errors.Is(err, ErrNotFound) {
		again, failed := w.book.Get(ctx, offer)
		if failed == nil && again.State.Stands() {
			return again, nil
		}
	}
	if err != nil {
		return book.Appointment{}, fmt.Errorf("accept offer: %w", err)
	}
	return a, nil
}

// Decline lets an offer go, to the next wish; this one keeps its place unless it
// has declined too often. It gives what became of the wish.
func (w *Wishes) Decline(ctx context.Context, offer appointment.ID, now time.Time) (State, error) {
	next := Refused
	err := w.answer(ctx, offer, func(tx *sql.Tx, was Wish) error {
		_, err := w.book.AdvanceIn(ctx, tx, offer, book.Step{Do: book.Cancel, At: now, Actor: "citizen"})
		if err != nil {
			return err
		}
		after, err := one(ctx, tx, `id = $1`, was.ID.String())
		next = after.State
		if errors.Is(err, ErrNotFound) {
			decided, _, _ := was.Decide(Step{Do: Decline, At: now}, w.rules.Refusals)
			next, err = decided.State, nil
		}
		return err
	})
	if err != nil {
		return "", fmt.Errorf("decline offer: %w", err)
	}
	return next, nil
}

// answer runs do with the wish of the offer, or returns ErrNotFound: it was
// answered, has lapsed, or was never made.
func (w *Wishes) answer(ctx context.Context, offer appointment.ID, do func(*sql.Tx, Wish) error) error {
	return w.store.Write(ctx, func(tx *sql.Tx) error {
		was, err := one(ctx, tx, `offer = $1`, offer.String())
		if err != nil {
			return err
		}
		return do(tx, was)
	})
}

// Made does with the wish what was done with the appointment that was offered to it.
func (w *Wishes) Made(ctx context.Context, tx *sql.Tx, e book.Event) error {
	if e.Before.State != book.Offered {
		return nil
	}
	was, err := one(ctx, tx, `offer = $1`, e.After.ID.String())
	if errors.Is(err, ErrNotFound) { // it was offered to somebody else, or the wish was withdrawn
		return nil
	}
	if err == nil {
		_, err = w.step(ctx, tx, was, Step{Do: answerOf(e.Step), At: e.At, Actor: e.Actor}, e.Before)
	}
	if err != nil {
		return fmt.Errorf("answer wish: %w", err)
	}
	return nil
}

// answerOf is what a step with an offered appointment is for the wish.
func answerOf(s book.Step) Verb {
	switch {
	case s.Do == book.Confirm:
		return Accept
	case s.Do == book.Lapse:
		return Lapse
	case strings.HasPrefix(s.Actor, "citizen"):
		return Decline
	}
	return Recall
}
