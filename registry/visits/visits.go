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

// Retention is how many months a record is kept, and how old it may be when it arrives (BSI TR-03121: central statistics
// without personal data, 36 months).
const Retention = 36

// Visits holds the records of the office's stations.
type Visits struct {
	store *store.Store
	log   *slog.Logger
}

// New gives the records kept in s.
func New(s *store.Store, log *slog.Logger) *Visits { return &Visits{store: s, log: log} }

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
