// SPDX-License-Identifier: EUPL-1.2

package book

import (
	"context"
	"fmt"
	"time"

	"github.com/fotobox-project/fotobox/registry/store"
)

// A Load is how full an office is for one group of services.
type Load struct {
	Group string
	Seats int // of all slots of the time
	Taken int // of them, by appointments or because they rest
}

// Free is how many seats are left, the office's reserve with them.
func (l Load) Free() int { return max(l.Seats-l.Taken, 0) }

// Loads gives how full the office is in the slots that begin from one moment to
// another, by group.
func (b *Book) Loads(ctx context.Context, location string, from, to time.Time) ([]Load, error) {
	all, err := store.List(ctx, b.store, func(row store.Row) (l Load, err error) {
		err = row.Scan(&l.Group, &l.Seats, &l.Taken)
		return l, err
	}, `SELECT grp, CAST(SUM(seats) AS BIGINT), CAST(SUM((SELECT count(*) FROM seat WHERE seat.slot = slot.id)) AS BIGINT)
		FROM slot WHERE location = $1 AND start_at >= $2 AND start_at < $3 GROUP BY grp ORDER BY grp`,
		location, from.UnixMilli(), to.UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("read loads: %w", err)
	}
	return all, nil
}
