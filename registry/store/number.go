// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"database/sql"
	"fmt"
)

// Renumber has the database go on counting behind the highest number in each
// table whose ids it gives, after rows came with theirs. SQLite does so by itself.
func (s *Store) Renumber(ctx context.Context, tx *sql.Tx) error {
	if s.file {
		return nil
	}
	statements, err := Collect(ctx, tx, Text, `SELECT format('SELECT setval(pg_get_serial_sequence(%L, %L), max(%I)) FROM %I', table_name, column_name, column_name, table_name)
		FROM information_schema.columns WHERE table_schema = current_schema() AND is_identity = 'YES'`)
	if err != nil {
		return fmt.Errorf("renumber: %w", err)
	}
	for _, statement := range statements { // of an empty table max is NULL, and setval does nothing
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("renumber: %w", err)
		}
	}
	return nil
}
