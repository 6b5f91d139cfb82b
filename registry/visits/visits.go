// SPDX-License-Identifier: EUPL-1.2

// Package visits keeps what stations measured of their visits, without personal data, and makes the office's figures of it.
package visits

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// Retention is how many months a record is kept (BSI TR-03121: central statistics
// without personal data, 36 months).
const Retention = 36

// forgetEvery is how often records are looked through for those that are too old.
const forgetEvery = time.Hour

// Visits holds the records of the office's stations.
type Visits struct {
	store *store.Store
	log   *slog.Logger
}

// New gives the records kept in s.
func New(s *store.Store, log *slog.Logger) *Visits { return &Visits{store: s, log: log} }

// String names the task.
func (v *Visits) String() string { return "visits" }

// Add takes the station's records in, all or none. A record that is there already
// stays as it is. Errors are ErrRecord, ErrTooMany, store.ErrFull or what the store met.
func (v *Visits) Add(ctx context.Context, device string, records []enrolment.Visit, now time.Time) error {
	if len(records) > enrolment.MaxVisits {
		return ErrTooMany
	}
	for n, r := range records {
		if err := check(r, now); err != nil {
			return ErrRecord.Because(fmt.Sprintf("record %d of %d: %v", n+1, len(records), err))
		}
	}
	err := v.store.Write(ctx, func(tx *sql.Tx) error {
		for _, r := range records {
			if err := insert(ctx, tx, device, r); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("add records of visits: %w", err)
	}
	return nil
}

func insert(ctx context.Context, tx *sql.Tx, device string, r enrolment.Visit) error {
	data, err := json.Marshal(r)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO visits (id, device, day, record) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING`,
		r.ID.String(), device, r.Day, string(data))
	return err
}

// oldest is the first day whose records are kept at now.
func oldest(now time.Time) string { return now.AddDate(0, -Retention, 0).Format(time.DateOnly) }

// Forget deletes the records whose time is over at now and returns how many it deleted.
func (v *Visits) Forget(ctx context.Context, now time.Time) (n int64, err error) {
	err = v.store.Write(ctx, func(tx *sql.Tx) error {
		done, err := tx.ExecContext(ctx, `DELETE FROM visits WHERE day < $1`, oldest(now))
		if err != nil {
			return err
		}
		n, err = done.RowsAffected()
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("forget records of visits: %w", err)
	}
	return n, nil
}

// Run forgets records when their time is over, until ctx ends.
func (v *Visits) Run(ctx context.Context) error {
	for {
		n, err := v.forgetInTurn(ctx, time.Now())
		switch {
		case err != nil && ctx.Err() == nil:
			v.log.Error("records of visits were not forgotten, trying again", "error", err)
		case n > 0:
			v.log.Info("records of visits forgotten", "records", n)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(forgetEvery):
		}
	}
}

// forgetInTurn leaves the work to another program on the database if that has it.
func (v *Visits) forgetInTurn(ctx context.Context, now time.Time) (n int64, err error) {
	mine, err := v.store.Lease(ctx, v.String(), now, now.Add(forgetEvery))
	if err != nil || !mine {
		return 0, err
	}
	return v.Forget(ctx, now)
}
