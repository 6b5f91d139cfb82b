// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"database/sql"
	"errors"
)

// SweepSealed is what Scrub begins with, and may run within a transaction.
func (s *Store) SweepSealed(ctx context.Context) error { return s.sweepSealed(ctx) }

// WriteAfter is what Write and WriteSealed are made of.
func (s *Store) WriteAfter(ctx context.Context, before, do func(*sql.Tx) error) error {
	return s.writeAfter(ctx, before, do)
}

// OpenAtSchema makes a database as an older program left it, with what a statement puts there.
func OpenAtSchema(ctx context.Context, where string, version int64, statement string) error {
	s, err := open(ctx, where)
	if err != nil {
		return err
	}
	p, err := provider(s)
	if err == nil {
		_, err = p.UpTo(ctx, version)
	}
	if err == nil {
		_, err = s.write.ExecContext(ctx, statement)
	}
	return errors.Join(err, s.Close())
}
