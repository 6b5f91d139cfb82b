// SPDX-License-Identifier: EUPL-1.2

package wishes

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
	"github.com/fotobox-project/fotobox/registry/store"
)

// Why a wish is not taken.
var (
	ErrTwice = errors.New("the address has a wish for the service in the queue")
	ErrOften = errors.New("too many wishes of the address wait to be confirmed")
)

// maxSubmitted is how many wishes of an address may wait to be confirmed: each is
// a mail to somebody who perhaps asked for none.
const maxSubmitted = 3

// Leave takes down a wish, and has a mail ask whoever reads the address to confirm
// it. It does not say whether the address has a wish already: that is nobody
// else's business.
func (w *Wishes) Leave(ctx context.Context, draft Wish, now time.Time) (left Wish, err error) {
	err = w.store.Write(ctx, func(tx *sql.Tx) error {
		var waiting int
		err := tx.QueryRowContext(ctx, `SELECT count(*) FROM wish WHERE state = 'submitted' AND mailbox = $1 AND until_at > $2`, mailbox(draft), now.UnixMilli()).Scan(&waiting)
		if err == nil && waiting >= maxSubmitted {
			err = ErrOften
		}
		if err == nil {
			left, err = w.take(ctx, tx, draft, Step{Do: Leave, At: now, Actor: "citizen"})
		}
		return err
	})
	if err != nil {
		return Wish{}, fmt.Errorf("leave wish: %w", err)
	}
	return left, nil
}

// Enter puts a wish into the queue at once, for somebody whom the office knows.
func (w *Wishes) Enter(ctx context.Context, actor string, draft Wish, now time.Time) (entered Wish, err error) {
	err = w.store.Write(ctx, func(tx *sql.Tx) error {
		entered, err = w.EnterIn(ctx, tx, actor, draft, now)
		return err
	})
	if err != nil {
		return Wish{}, fmt.Errorf("enter wish: %w", twice(err))
	}
	return entered, nil
}

// EnterIn is Enter within the caller's transaction, which tells of a wish that is
// there already by the database's error.
func (w *Wishes) EnterIn(ctx context.Context, tx *sql.Tx, actor string, draft Wish, now time.Time) (Wish, error) {
	return w.take(ctx, tx, draft, Step{Do: Enter, At: now, Actor: actor})
}

// Confirm gives a wish its place, behind all others: whoever reads the address has
// answered the mail. Done twice, it changes nothing.
func (w *Wishes) Confirm(ctx context.Context, id ID, now time.Time) (confirmed Wish, err error) {
	err = w.store.Write(ctx, func(tx *sql.Tx) error {
		was, err := one(ctx, tx, `id = $1`, id.String())
		if err != nil || was.State == Waiting || was.State == Offered {
			confirmed = was
			return err
		}
		next, entry, err := was.Decide(Step{Do: Confirm, At: now, Actor: "citizen"}, w.rules.Refusals)
		if err != nil {
			return err
		}
		if next.Place, err = nextPlace(ctx, tx); err != nil {
			return err
		}
		if err := keep(ctx, tx, was, next); err != nil {
			return err
		}
		confirmed = next
		return w.finish(ctx, tx, Event{Step{Do: Confirm, At: now, Actor: "citizen"}, was, next}, entry, book.Appointment{})
	})
	if err != nil {
		return Wish{}, fmt.Errorf("confirm wish: %w", twice(err))
	}
	return confirmed, nil
}

// twice says of what the index of mailboxes refused why.
func twice(err error) error {
	if errors.Is(err, store.ErrDuplicate) {
		return ErrTwice // without the database's words, which have the address
	}
	return err
}

// take takes down a new wish.
func (w *Wishes) take(ctx context.Context, tx *sql.Tx, draft Wish, s Step) (Wish, error) {
	if err := w.known(ctx, tx, draft); err != nil {
		return Wish{}, err
	}
	place, err := nextPlace(ctx, tx)
	if err != nil {
		return Wish{}, err
	}
	draft.Place, draft.State, draft.Offers, draft.Refusals = place, "", 0, 0
	rand.Read(draft.ID[:]) // never fails (crypto/rand)
	next, entry, err := draft.Decide(s, w.rules.Refusals)
	if err != nil {
		return Wish{}, err
	}
	if err := insert(ctx, tx, next); err != nil {
		return Wish{}, err
	}
	if next.State == Waiting {
		if err := enqueue(ctx, tx, next); err != nil {
			return Wish{}, err
		}
	}
	return next, w.finish(ctx, tx, Event{s, Wish{}, next}, entry, book.Appointment{})
}

// known says what the office does not have of what is wished.
func (w *Wishes) known(ctx context.Context, tx *sql.Tx, draft Wish) error {
	var seats int
	err := tx.QueryRowContext(ctx, `SELECT seats FROM service WHERE code = $1`, int(draft.Service)).Scan(&seats)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return fmt.Errorf("%w: there is no service %d", ErrWish, draft.Service)
	case err != nil:
		return err
	case draft.Persons*seats > calendar.MaxSeats:
		return fmt.Errorf("%w: for at most %d persons", ErrWish, calendar.MaxSeats/seats)
	}
	online, err := store.Collect(ctx, tx, store.Text, `SELECT code FROM location WHERE online = 1`)
	if err != nil {
		return err
	}
	for _, code := range draft.Offices {
		if !slices.Contains(online, code) {
			return fmt.Errorf("%w: there is no office %q that is booked online", ErrWish, code)
		}
	}
	return nil
}

// Withdraw takes a wish out of the queue; what was offered to it goes to the next.
// A wish that has ended stays so.
func (w *Wishes) Withdraw(ctx context.Context, actor string, id ID, now time.Time) error {
	err := w.store.Write(ctx, func(tx *sql.Tx) error {
		was, err := one(ctx, tx, `id = $1`, id.String())
		if err != nil {
			return err
		}
		if _, err = w.step(ctx, tx, was, Step{Do: Withdraw, At: now, Actor: actor}, book.Appointment{}); err != nil || was.State != Offered {
			return err
		}
		_, err = w.book.AdvanceIn(ctx, tx, was.Offer, book.Step{Do: book.Cancel, At: now, Actor: actor})
		return err
	})
	if err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("withdraw wish: %w", err)
	}
	return nil
}
