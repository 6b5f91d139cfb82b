// SPDX-License-Identifier: EUPL-1.2

package audit

import (
	"context"
	"database/sql"
	"fmt"
	"math"

	"github.com/fotobox-project/fotobox/registry/store"
)

// Numbered is an entry with its number in the record.
type Numbered struct {
	Number int
	Entry
}

// Page gives the newest entries below the number before, the newest first, and
// at most n of them; from 0 it begins with the newest of all.
func Page(ctx context.Context, s *store.Store, before, n int) (page []Numbered, err error) {
	if before == 0 {
		before = math.MaxInt
	}
	err = s.Read(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT seq, at, actor, action, subject, detail, hash FROM audit
			WHERE seq < $1 ORDER BY seq DESC LIMIT $2`, before, n)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			number, e, _, err := scan(rows)
			if err != nil {
				return err
			}
			page = append(page, Numbered{number, e})
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("read audit: %w", err)
	}
	return page, nil
}
