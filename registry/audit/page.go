// SPDX-License-Identifier: EUPL-1.2

package audit

import (
	"context"
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
	page, err = store.List(ctx, s, func(row store.Row) (Numbered, error) {
		number, e, _, err := scan(row)
		return Numbered{number, e}, err
	}, `SELECT seq, at, actor, action, subject, detail, hash FROM audit WHERE seq < $1 ORDER BY seq DESC LIMIT $2`, before, n)
	if err != nil {
		return nil, fmt.Errorf("read audit: %w", err)
	}
	return page, nil
}
