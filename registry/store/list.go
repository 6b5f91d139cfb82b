// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"database/sql"
)

// A Row is what a query found, as *sql.Row and *sql.Rows are.
type Row interface {
	Scan(into ...any) error
}

// List gives what scan makes of each row of a query, from a snapshot of its own.
func List[T any](ctx context.Context, s *Store, scan func(Row) (T, error), query string, args ...any) (list []T, err error) {
	err = s.Read(ctx, func(tx *sql.Tx) error {
		list, err = Collect(ctx, tx, scan, query, args...)
		return err
	})
	return list, err
}

// Collect is List within a transaction.
func Collect[T any](ctx context.Context, tx *sql.Tx, scan func(Row) (T, error), query string, args ...any) (list []T, err error) {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	return list, rows.Err()
}

// Text scans a row of one text.
func Text(r Row) (text string, err error) {
	err = r.Scan(&text)
	return text, err
}

// Tables names the database's tables in their order, as SQL writes them.
func (s *Store) Tables(ctx context.Context) ([]string, error) {
	if s.file {
		return List(ctx, s, Text, `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`)
	}
	return List(ctx, s, Text, `SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename`)
}
