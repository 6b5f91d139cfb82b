// SPDX-License-Identifier: EUPL-1.2

package book

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/calendar"
	"github.com/fotobox-project/fotobox/registry/store"
)

// A Location is one of the town's offices. All share the town's AGS and key.
type Location struct {
	Code   string `json:"code"` // as the calendar's rules name it
	Name   string `json:"name"`
	Online bool   `json:"online"` // everybody may book; otherwise the office alone
}

// A Service is what citizens come for.
type Service struct {
	Code        uint16 `json:"code"` // as in the appointment's code
	Name        string `json:"name"`
	Group       string `json:"group"`   // of services that share their seats, as the calendar's rules name it
	Minutes     int    `json:"minutes"` // that it takes: as many slots in a row as hold them
	Seats       int    `json:"seats"`   // for each person
	PhotoWanted bool   `json:"photo"`
}

func checkName(name string) error {
	if n := utf8.RuneCountInString(name); n == 0 || n > 200 || !utf8.ValidString(name) {
		return errors.New("name needs 1 to 200 characters")
	}
	return nil
}

// Check says what makes no sense, and what to write instead.
func (l Location) Check() error {
	return errors.Join(calendar.CheckCode("office", l.Code), checkName(l.Name))
}

// Check says what makes no sense, and what to write instead.
func (s Service) Check() error {
	err := errors.Join(calendar.CheckCode("group", s.Group), checkName(s.Name))
	if err == nil && (s.Minutes < 1 || s.Minutes > calendar.MaxMinutes || s.Seats < 1 || s.Seats > calendar.MaxSeats) {
		err = fmt.Errorf("a service takes 1 to %d minutes and 1 to %d seats for each person", calendar.MaxMinutes, calendar.MaxSeats)
	}
	return err
}

// PutLocation adds the office, or changes the one of that code.
func (b *Book) PutLocation(ctx context.Context, actor string, l Location, now time.Time) error {
	err := b.store.Write(ctx, func(tx *sql.Tx) error { return l.put(ctx, tx, actor, now) })
	if err != nil {
		return fmt.Errorf("put location: %w", err)
	}
	return nil
}

func (l Location) put(ctx context.Context, tx *sql.Tx, actor string, now time.Time) error {
	if err := l.Check(); err != nil {
		return err
	}
	return put(ctx, tx, audit.Entry{At: now, Actor: actor, Action: "location-put", Subject: "location:" + l.Code},
		`INSERT INTO location (code, name, online) VALUES ($1, $2, $3)
		ON CONFLICT (code) DO UPDATE SET name = excluded.name, online = excluded.online`, l.Code, l.Name, number(l.Online))
}

// PutService adds the service, or changes the one of that code. Appointments
// that were made before stay as they are.
func (b *Book) PutService(ctx context.Context, actor string, s Service, now time.Time) error {
	err := b.store.Write(ctx, func(tx *sql.Tx) error { return s.put(ctx, tx, actor, now) })
	if err != nil {
		return fmt.Errorf("put service: %w", err)
	}
	return nil
}

func (s Service) put(ctx context.Context, tx *sql.Tx, actor string, now time.Time) error {
	if err := s.Check(); err != nil {
		return err
	}
	return put(ctx, tx, audit.Entry{At: now, Actor: actor, Action: "service-put", Subject: fmt.Sprintf("service:%d", s.Code)},
		`INSERT INTO service (code, name, grp, minutes, seats, photo_wanted) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (code) DO UPDATE SET name = excluded.name, grp = excluded.grp, minutes = excluded.minutes,
			seats = excluded.seats, photo_wanted = excluded.photo_wanted`,
		int(s.Code), s.Name, s.Group, s.Minutes, s.Seats, number(s.PhotoWanted))
}

func put(ctx context.Context, tx *sql.Tx, e audit.Entry, query string, args ...any) error {
	if _, err := tx.ExecContext(ctx, query, args...); err != nil {
		return err
	}
	return audit.Append(ctx, tx, e)
}

// Locations are the town's offices, by name.
func (b *Book) Locations(ctx context.Context) (all []Location, err error) {
	err = b.store.Read(ctx, func(tx *sql.Tx) error {
		all, err = locations(ctx, tx)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list locations: %w", err)
	}
	return all, nil
}

func locations(ctx context.Context, tx *sql.Tx) ([]Location, error) {
	return store.Collect(ctx, tx, func(row store.Row) (l Location, err error) {
		var online int
		err = row.Scan(&l.Code, &l.Name, &online)
		l.Online = online != 0
		return l, err
	}, `SELECT code, name, online FROM location ORDER BY name, code`)
}

// Services are what the town offers, by code.
func (b *Book) Services(ctx context.Context) (all []Service, err error) {
	err = b.store.Read(ctx, func(tx *sql.Tx) error {
		all, err = services(ctx, tx)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list services: %w", err)
	}
	return all, nil
}

func services(ctx context.Context, tx *sql.Tx) ([]Service, error) {
	return store.Collect(ctx, tx, scanService, `SELECT code, name, grp, minutes, seats, photo_wanted FROM service ORDER BY code`)
}

func scanService(row store.Row) (s Service, err error) {
	var photo int
	err = row.Scan(&s.Code, &s.Name, &s.Group, &s.Minutes, &s.Seats, &photo)
	s.PhotoWanted = photo != 0
	return s, err
}

// service gives the service of that code, or ErrNotFound.
func service(ctx context.Context, tx *sql.Tx, code uint16) (Service, error) {
	s, err := scanService(tx.QueryRowContext(ctx, `SELECT code, name, grp, minutes, seats, photo_wanted FROM service WHERE code = $1`, int(code)))
	if errors.Is(err, sql.ErrNoRows) {
		return Service{}, fmt.Errorf("service: %w", ErrNotFound)
	}
	return s, err
}
