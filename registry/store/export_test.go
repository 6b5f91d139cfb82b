// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"database/sql"
)

// SweepSealed is what Scrub begins with, and may run within a transaction.
func (s *Store) SweepSealed(ctx context.Context) error { return s.sweepSealed(ctx) }

// WriteAfter is what Write and WriteSealed are made of.
func (s *Store) WriteAfter(ctx context.Context, before, do func(*sql.Tx) error) error {
	return s.writeAfter(ctx, before, do)
}
