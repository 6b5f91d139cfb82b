// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Lease says whether the work of that name falls to the caller: to one of all
// programs on the database, and to no other before until. A program that dies
// on it leaves it to who asks first afterwards. The clocks are the programs'
// own, so the work must do no harm when it is done twice.
func (s *Store) Lease(ctx context.Context, name string, now, until time.Time) (mine bool, err error) {
	err = s.Write(ctx, func(tx *sql.Tx) error {
		done, err := tx.ExecContext(ctx, `INSERT INTO leases (name, holder, until) VALUES ($1, $2, $3)
			ON CONFLICT (name) DO UPDATE SET holder = $2, until = $3 WHERE leases.until <= $4`,
			name, s.holder, until.UnixMilli(), now.UnixMilli())
		if err != nil {
			return err
		}
		n, err := done.RowsAffected()
		mine = n == 1
		return err
	})
	if err != nil {
		return false, fmt.Errorf("lease %s: %w", name, err)
	}
	return mine, nil
}

// Release ends a lease of this program early, for work that was not done.
func (s *Store) Release(ctx context.Context, name string) error {
	err := s.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM leases WHERE name = $1 AND holder = $2`, name, s.holder)
		return err
	})
	if err != nil {
		return fmt.Errorf("release lease %s: %w", name, err)
	}
	return nil
}
