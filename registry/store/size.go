// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// Size is how many bytes the database has on its disk: SQLite's file and its log, or
// the tables and indexes of the server, without the server's own log.
func (s *Store) Size(ctx context.Context) (n int64, err error) {
	if s.file {
		n, err = sum(s.name, s.name+"-wal")
	} else {
		err = s.Read(ctx, func(tx *sql.Tx) error {
			return tx.QueryRowContext(ctx, `SELECT pg_database_size(current_database())`).Scan(&n)
		})
	}
	if err != nil {
		return 0, fmt.Errorf("size of %s: %w", s.name, err)
	}
	return n, nil
}

// sum is how large the files are that are there.
func sum(names ...string) (n int64, err error) {
	for _, name := range names {
		f, err := os.Stat(name)
		if err == nil {
			n += f.Size()
		} else if !errors.Is(err, fs.ErrNotExist) {
			return 0, err
		}
	}
	return n, nil
}
