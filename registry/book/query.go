// SPDX-License-Identifier: EUPL-1.2

package book

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/store"
)

const columns = `id, terminkennung, name, start_at, length_minutes, service, persons, photo_wanted, revision, state, location, until_at, revoked_until, email, language, ticket`

// List gives the appointments that stand and whose slot starts on the office's
// calendar day that holds the time day, in the order of their slots.
func (b *Book) List(ctx context.Context, day time.Time) ([]Appointment, error) {
	from, to := Day(day)
	all, err := b.query(ctx, `start_at >= $1 AND start_at < $2 ORDER BY start_at, id`, from.UnixMilli(), to.UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("list appointments: %w", err)
	}
	return slices.DeleteFunc(all, func(a Appointment) bool { return !a.State.Stands() }), nil
}

// Between gives the appointments of one office that stand and whose slot starts
// from one moment to another, in the order of their slots.
func (b *Book) Between(ctx context.Context, location string, from, to time.Time) ([]Appointment, error) {
	all, err := b.query(ctx, `location = $1 AND start_at >= $2 AND start_at < $3 ORDER BY start_at, id`, location, from.UnixMilli(), to.UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("list appointments: %w", err)
	}
	return slices.DeleteFunc(all, func(a Appointment) bool { return !a.State.Stands() }), nil
}

// Day gives the first moment of the office's calendar day that holds t, and
// that of the next day. A day with a change of the clocks has 23 or 25 hours.
func Day(t time.Time) (from, to time.Time) {
	y, m, d := t.In(Zone()).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, Zone()), time.Date(y, m, d+1, 0, 0, 0, 0, Zone())
}

// Get gives the appointment of that id, or ErrNotFound.
func (b *Book) Get(ctx context.Context, id appointment.ID) (Appointment, error) {
	return b.one(ctx, `id = $1`, id.String())
}

// ByTerminkennung gives the appointment that has the typed code, or ErrNotFound.
func (b *Book) ByTerminkennung(ctx context.Context, k appointment.Terminkennung) (Appointment, error) {
	return b.one(ctx, `terminkennung = $1`, string(k))
}

func (b *Book) one(ctx context.Context, where string, args ...any) (Appointment, error) {
	all, err := b.query(ctx, where, args...)
	if err == nil && len(all) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Appointment{}, fmt.Errorf("find appointment: %w", err)
	}
	return all[0], nil
}

func (b *Book) query(ctx context.Context, where string, args ...any) ([]Appointment, error) {
	return store.List(ctx, b.store, scan, `SELECT `+columns+` FROM appointment WHERE `+where, args...)
}

func query(ctx context.Context, tx *sql.Tx, where string, args ...any) ([]Appointment, error) {
	return store.Collect(ctx, tx, scan, `SELECT `+columns+` FROM appointment WHERE `+where, args...)
}

// Get gives the appointment of that id within the caller's transaction, or ErrNotFound.
func Get(ctx context.Context, tx *sql.Tx, id appointment.ID) (Appointment, error) {
	return find(ctx, tx, `id = $1`, id.String())
}

// ByTerminkennung gives the appointment that has the typed code within the caller's transaction, or ErrNotFound.
func ByTerminkennung(ctx context.Context, tx *sql.Tx, k appointment.Terminkennung) (Appointment, error) {
	return find(ctx, tx, `terminkennung = $1`, string(k))
}

func find(ctx context.Context, tx *sql.Tx, where string, value any) (Appointment, error) {
	a, err := scan(tx.QueryRowContext(ctx, `SELECT `+columns+` FROM appointment WHERE `+where, value))
	if errors.Is(err, sql.ErrNoRows) {
		return Appointment{}, ErrNotFound
	}
	return a, err
}

func insert(ctx context.Context, tx *sql.Tx, a Appointment) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO appointment (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		a.ID.String(), string(a.Terminkennung), a.Name.Reveal(), a.Start.UnixMilli(), int(a.Length/time.Minute),
		int(a.Service), a.Persons, number(a.PhotoWanted), a.Revision, a.State, a.Location, millis(a.Until), millis(a.RevokedUntil), a.Email.Reveal(), a.Language, number(a.Ticket))
	return err
}

// update writes what Decide changes.
func update(ctx context.Context, tx *sql.Tx, a Appointment) error {
	_, err := tx.ExecContext(ctx, `UPDATE appointment SET name = $1, start_at = $2, length_minutes = $3, revision = $4, state = $5,
		location = $6, until_at = $7, revoked_until = $8, email = $9, language = $10 WHERE id = $11`,
		a.Name.Reveal(), a.Start.UnixMilli(), int(a.Length/time.Minute), a.Revision, a.State,
		a.Location, millis(a.Until), millis(a.RevokedUntil), a.Email.Reveal(), a.Language, a.ID.String())
	return err
}

func scan(row store.Row) (a Appointment, err error) {
	var id, kennung, name, email string
	var start, length, until, revoked int64
	var photo, ticket int
	err = row.Scan(&id, &kennung, &name, &start, &length, &a.Service, &a.Persons, &photo, &a.Revision, &a.State, &a.Location, &until, &revoked, &email, &a.Language, &ticket)
	if err != nil {
		return Appointment{}, err
	}
	if email != "" {
		a.Email = Email{personal{&email}}
	}
	a.Terminkennung, a.Name, a.PhotoWanted, a.Ticket = appointment.Terminkennung(kennung), NameOf(name), photo != 0, ticket != 0
	a.Start, a.Length = time.UnixMilli(start).UTC(), time.Duration(length)*time.Minute
	a.Until, a.RevokedUntil = moment(until), moment(revoked)
	a.ID, err = appointment.ParseID(id)
	return a, err
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

// millis and moment turn times into what the store has, the zero time into 0.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// LastCode is when the last code of the book's appointments ends, the zero time without any.
func (b *Book) LastCode(ctx context.Context) (time.Time, error) {
	var end sql.NullInt64
	err := b.store.Read(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT max(start_at + length_minutes * 60000) FROM appointment`).Scan(&end)
	})
	if err != nil {
		return time.Time{}, fmt.Errorf("find last appointment: %w", err)
	}
	if !end.Valid {
		return time.Time{}, nil
	}
	return time.UnixMilli(end.Int64).Add(Grace).UTC(), nil
}
