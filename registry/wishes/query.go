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
	"github.com/fotobox-project/fotobox/registry/store"
)

// ErrNotFound says that there is no such wish: it has ended, or was never left.
var ErrNotFound = errors.New("no such wish")

const columns = `place, id, state, service, persons, offices, windows, first_day, last_day, email, language, since_at, until_at, offer, offers, refusals`

// Get gives the wish of that id, or ErrNotFound.
func (w *Wishes) Get(ctx context.Context, id ID) (found Wish, err error) {
	err = w.store.Read(ctx, func(tx *sql.Tx) error {
		found, err = one(ctx, tx, `id = $1`, id.String())
		return err
	})
	if err != nil {
		return Wish{}, fmt.Errorf("find wish: %w", err)
	}
	return found, nil
}

// OfOffer gives the wish for which the appointment is kept, or ErrNotFound.
func (w *Wishes) OfOffer(ctx context.Context, offer appointment.ID) (found Wish, err error) {
	err = w.store.Read(ctx, func(tx *sql.Tx) error {
		found, err = one(ctx, tx, `offer = $1`, offer.String())
		return err
	})
	if err != nil {
		return Wish{}, fmt.Errorf("find wish: %w", err)
	}
	return found, nil
}

func one(ctx context.Context, tx *sql.Tx, where string, args ...any) (Wish, error) {
	found, err := scan(tx.QueryRowContext(ctx, `SELECT `+columns+` FROM wish WHERE `+where, args...))
	if errors.Is(err, sql.ErrNoRows) {
		return Wish{}, ErrNotFound
	}
	return found, err
}

func scan(row store.Row) (w Wish, err error) {
	var id, offices, windows, email string
	var since, until int64
	var offer sql.NullString
	err = row.Scan(&w.Place, &id, &w.State, &w.Service, &w.Persons, &offices, &windows, &w.First, &w.Last, &email, &w.Language, &since, &until, &offer, &w.Offers, &w.Refusals)
	if err != nil {
		return Wish{}, err
	}
	if offices != "" {
		w.Offices = strings.Fields(offices)
	}
	w.Since = time.UnixMilli(since).UTC()
	if until != 0 {
		w.Until = time.UnixMilli(until).UTC()
	}
	if offer.Valid {
		w.Offer, err = appointment.ParseID(offer.String)
	}
	var errs [3]error
	w.ID, errs[0] = ParseID(id)
	w.Windows, errs[1] = ParseWindows(windows)
	w.Email, errs[2] = book.ParseEmail(email)
	return w, errors.Join(err, errors.Join(errs[:]...))
}

func insert(ctx context.Context, tx *sql.Tx, w Wish) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO wish (`+columns+`, mailbox) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
		w.Place, w.ID.String(), string(w.State), int(w.Service), w.Persons, strings.Join(w.Offices, " "), w.Windows.String(), int(w.First), int(w.Last),
		w.Email.Reveal(), w.Language, w.Since.UnixMilli(), millis(w.Until), offerOf(w), w.Offers, w.Refusals, mailbox(w))
	return err
}

// update writes what Decide changes of a wish that goes on.
func update(ctx context.Context, tx *sql.Tx, w Wish) error {
	_, err := tx.ExecContext(ctx, `UPDATE wish SET place = $1, state = $2, since_at = $3, until_at = $4, offer = $5, offers = $6, refusals = $7 WHERE id = $8`,
		w.Place, string(w.State), w.Since.UnixMilli(), millis(w.Until), offerOf(w), w.Offers, w.Refusals, w.ID.String())
	return err
}

// keep makes the store what the step made of the wish: it is found while it waits,
// and what has ended is erased.
func keep(ctx context.Context, tx *sql.Tx, was, next Wish) error {
	if next.State.Ended() {
		_, err := tx.ExecContext(ctx, `DELETE FROM wish WHERE place = $1`, was.Place)
		return err
	}
	if was.State == Waiting {
		if _, err := tx.ExecContext(ctx, `DELETE FROM wish_half WHERE place = $1`, was.Place); err != nil {
			return err
		}
	}
	if err := update(ctx, tx, next); err != nil {
		return err
	}
	if next.State == Waiting {
		return enqueue(ctx, tx, next)
	}
	return nil
}

// enqueue writes the rows by which a wish that waits is found.
func enqueue(ctx context.Context, tx *sql.Tx, w Wish) error {
	offices := w.Offices
	if len(offices) == 0 {
		offices = []string{""}
	}
	for _, office := range offices {
		for h, hours := range w.Windows.halves() {
			_, err := tx.ExecContext(ctx, `INSERT INTO wish_half (grp, location, half, place, hours, first_day, last_day, minutes, seats)
				SELECT grp, $1, $2, $3, $4, $5, $6, minutes, seats * $7 FROM service WHERE code = $8`,
				office, int(h), w.Place, int(hours), int(w.First), int(w.Last), w.Persons, int(w.Service))
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// refuse notes that the appointment was offered to the wish, and is not to be again.
func refuse(ctx context.Context, tx *sql.Tx, place int64, a book.Appointment) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO wish_refused (place, location, start_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, place, a.Location, a.Start.UnixMilli())
	return err
}

// nextPlace is the one behind all that were ever given.
func nextPlace(ctx context.Context, tx *sql.Tx) (place int64, err error) {
	err = tx.QueryRowContext(ctx, `INSERT INTO wish_run (one, place, seen, run_at) VALUES (1, 1, '', 0)
		ON CONFLICT (one) DO UPDATE SET place = wish_run.place + 1 RETURNING place`).Scan(&place)
	return place, err
}

// mailbox is the address without the difference that capitals make.
func mailbox(w Wish) string { return strings.ToLower(w.Email.Reveal()) }

func offerOf(w Wish) sql.NullString {
	return sql.NullString{String: w.Offer.String(), Valid: w.Offer != appointment.ID{}}
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}
