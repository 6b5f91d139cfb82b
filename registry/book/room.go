// SPDX-License-Identifier: EUPL-1.2

package book

import (
	"context"
	"database/sql"
	"errors"
	"math/bits"
	"slices"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
)

// A Room is what everybody can have from a time on.
type Room struct {
	Start time.Time // UTC
	Runs  []Run     // each longer than the one before it, with at most as many seats
}

// A Run is slots that follow each other, with the seats that are free in all of them.
type Run struct {
	Length time.Duration
	Seats  int
}

// For gives the shortest run that is as long, or the zero Run.
func (r Room) For(length time.Duration) Run {
	for _, run := range r.Runs {
		if run.Length >= length {
			return run
		}
	}
	return Run{}
}

// Rooms gives what everybody can have now in an office and group at times from one
// moment to another, in their order, with runs until they are as long as reach. It is
// [Book.Free] for whatever is looked for, within the caller's transaction.
func Rooms(ctx context.Context, tx *sql.Tx, location, group string, from, to, now time.Time, reach time.Duration) (all []Room, err error) {
	var online int
	err = tx.QueryRowContext(ctx, `SELECT online FROM location WHERE code = $1`, location).Scan(&online)
	if errors.Is(err, sql.ErrNoRows) || err == nil && online == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	spans, err := spansOf(ctx, tx, location, group, from, to.Add(reach), now, appointment.ID{})
	if err != nil {
		return nil, err
	}
	for i, s := range spans {
		if s.start.Before(from) || !s.start.Before(to) || s.free(false) == 0 {
			continue
		}
		all = append(all, Room{s.start, runs(spans[i:], reach)})
	}
	return all, nil
}

// runs are those that begin with the first span, as need.row finds them.
func runs(spans []span, reach time.Duration) (all []Run) {
	s, free := spans[0], spans[0].free(false)
	for free != 0 && s.end.Sub(spans[0].start) <= longest {
		all = append(all, Run{s.end.Sub(spans[0].start), bits.OnesCount64(free)})
		next := slices.IndexFunc(spans, func(n span) bool { return n.seats > 0 && n.start.Equal(s.end) })
		if next < 0 || all[len(all)-1].Length >= reach {
			break
		}
		s = spans[next]
		free &= s.free(false)
	}
	return all
}
