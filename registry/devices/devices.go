// SPDX-License-Identifier: EUPL-1.2

package devices

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/fotobox-project/fotobox/internal/problem"
	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// ErrUnknown says that the office has no such station.
var ErrUnknown = problem.New(http.StatusForbidden, "unknown-station", "station is not known")

// ErrRevoked says that the station is let in no more.
var ErrRevoked = problem.New(http.StatusForbidden, "revoked", "station is revoked")

// Device is a station as the office knows it.
type Device struct {
	ID         string // 16 hexadecimal digits
	Name       string
	EnrolledAt time.Time
	ValidUntil time.Time // of its newest certificate
	SeenAt     time.Time // within a minute
	RevokedAt  time.Time // zero while it is let in
}

// Devices is the list of the office's stations.
type Devices struct {
	// Day gives what the stations need of the appointments; it may be nil.
	Day func(ctx context.Context, now time.Time) (enrolment.Day, error)
	// Operation gives what the office decided about one station; it may be nil.
	Operation func(ctx context.Context, device string) (*enrolment.Operation, error)
	// Place gives the code of the office that one station stands in, "" when nobody has said; it may be nil.
	Place func(ctx context.Context, device string) (location string, err error)

	// Addresses are where stations find the office, each host:port, the primary first; empty: they
	// stay with the one by which they were invited.
	Addresses []string

	store *store.Store
	keys  *Keys
	log   *slog.Logger
}

// New gives the stations kept in s of the office that holds k.
func New(s *store.Store, k *Keys, log *slog.Logger) *Devices {
	return &Devices{store: s, keys: k, log: log}
}

const columns = `id, name, enrolled_at, valid_until, seen_at, revoked_at`

// List gives all stations, the newest first.
func (d *Devices) List(ctx context.Context) (list []Device, err error) {
	list, err = store.List(ctx, d.store, scan, `SELECT `+columns+` FROM devices ORDER BY enrolled_at DESC, id`)
	if err != nil {
		return nil, fmt.Errorf("list stations: %w", err)
	}
	return list, nil
}

// Get gives one station, or ErrUnknown.
func (d *Devices) Get(ctx context.Context, id string) (v Device, err error) {
	err = d.store.Read(ctx, func(tx *sql.Tx) error {
		v, err = get(ctx, tx, id)
		return err
	})
	return v, err
}

func get(ctx context.Context, tx *sql.Tx, id string) (Device, error) {
	v, err := scan(tx.QueryRowContext(ctx, `SELECT `+columns+` FROM devices WHERE id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return Device{}, ErrUnknown
	}
	return v, err
}

func scan(row store.Row) (v Device, err error) {
	var enrolled, valid, seen, revoked int64
	err = row.Scan(&v.ID, &v.Name, &enrolled, &valid, &seen, &revoked)
	v.EnrolledAt, v.ValidUntil = time.UnixMilli(enrolled).UTC(), time.UnixMilli(valid).UTC()
	v.SeenAt = time.UnixMilli(seen).UTC()
	if revoked != 0 {
		v.RevokedAt = time.UnixMilli(revoked).UTC()
	}
	return v, err
}

// Revoke shuts a station out from its next request on. It cannot be undone; a
// station that was found again is invited again.
func (d *Devices) Revoke(ctx context.Context, actor, id string, now time.Time) error {
	err := d.store.Write(ctx, func(tx *sql.Tx) error {
		v, err := get(ctx, tx, id)
		if err != nil || !v.RevokedAt.IsZero() {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE devices SET revoked_at = $1 WHERE id = $2`, now.UnixMilli(), id); err != nil {
			return err
		}
		return audit.Append(ctx, tx, audit.Entry{At: now, Actor: actor, Action: "revoked", Subject: "device:" + id})
	})
	if err != nil {
		return fmt.Errorf("revoke station %s: %w", id, err)
	}
	d.log.Info("station revoked", "device", id)
	return nil
}

// admit says whether the station may ask for anything now, and notes that it
// was seen.
func (d *Devices) admit(ctx context.Context, id string, now time.Time) error {
	v, err := d.Get(ctx, id)
	if err != nil {
		return err
	}
	if !v.RevokedAt.IsZero() {
		return ErrRevoked
	}
	if now.Sub(v.SeenAt) < time.Minute { // not a write for every request
		return nil
	}
	err = d.store.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE devices SET seen_at = $1 WHERE id = $2`, now.UnixMilli(), id)
		return err
	})
	if err != nil {
		d.log.Warn("last sight of a station was not noted", "device", id, "error", err)
	}
	return nil
}
