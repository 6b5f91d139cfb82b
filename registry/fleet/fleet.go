// SPDX-License-Identifier: EUPL-1.2

// Package fleet knows how each station stands, by its reports, and how and when it is to work, by the office's decision.
package fleet

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/fotobox-project/fotobox/registry/devices"
	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// Stations is the list of those that are enrolled.
type Stations interface {
	List(ctx context.Context) ([]devices.Device, error)
	Get(ctx context.Context, id string) (devices.Device, error)
}

var _ Stations = (*devices.Devices)(nil)

// Fleet has all stations of the office.
type Fleet struct {
	// Zone is that of the stations' hours in the metrics.
	Zone *time.Location

	stations Stations
	store    *store.Store
	log      *slog.Logger
}

// New gives the fleet of these stations, kept in s.
func New(stations Stations, s *store.Store, log *slog.Logger) *Fleet {
	return &Fleet{Zone: time.Local, stations: stations, store: s, log: log}
}

// Station is one of them with what is known of it.
type Station struct {
	devices.Device
	Report     enrolment.Report // the zero Report: none yet
	ReportedAt time.Time        // when it came in
	Decision   Decision         // the zero Decision: the office made none yet
}

// List gives every station, the one that needs a hand most urgently first.
func (f *Fleet) List(ctx context.Context, now time.Time) ([]Station, error) {
	list, err := f.stations.List(ctx)
	if err != nil {
		return nil, err
	}
	stations := make([]Station, len(list))
	err = f.store.Read(ctx, func(tx *sql.Tx) error {
		for n, v := range list {
			if stations[n], err = load(ctx, tx, v); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list fleet: %w", err)
	}
	order(stations, now)
	return stations, nil
}

// Get gives one station, or devices.ErrUnknown.
func (f *Fleet) Get(ctx context.Context, id string) (s Station, err error) {
	v, err := f.stations.Get(ctx, id)
	if err != nil {
		return Station{}, err
	}
	err = f.store.Read(ctx, func(tx *sql.Tx) error {
		s, err = load(ctx, tx, v)
		return err
	})
	if err != nil {
		return Station{}, fmt.Errorf("look up station %s: %w", id, err)
	}
	return s, nil
}

func load(ctx context.Context, tx *sql.Tx, v devices.Device) (s Station, err error) {
	s.Device = v
	if s.Decision, err = newest(ctx, tx, v.ID); err != nil {
		return s, err
	}
	var at int64
	var data string
	err = tx.QueryRowContext(ctx, `SELECT at, report FROM reports WHERE device = $1`, v.ID).Scan(&at, &data)
	if errors.Is(err, sql.ErrNoRows) {
		return s, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(data), &s.Report)
	}
	s.ReportedAt = time.UnixMilli(at).UTC()
	return s, err
}

// Note keeps the station's newest report.
func (f *Fleet) Note(ctx context.Context, device string, r enrolment.Report, now time.Time) error {
	if err := r.Check(); err != nil {
		return errReport.Because(err.Error())
	}
	data, err := json.Marshal(r)
	if err != nil {
		return err
	}
	err = f.store.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO reports (device, at, report) VALUES ($1, $2, $3)
			ON CONFLICT (device) DO UPDATE SET at = $2, report = $3`, device, now.UnixMilli(), string(data))
		return err
	})
	if err != nil {
		return fmt.Errorf("note report of station %s: %w", device, err)
	}
	return nil
}
