// SPDX-License-Identifier: EUPL-1.2

package wishes

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
)

// everybody is behind the last place of the queue.
const everybody = math.MaxInt64

// first is the first wish of the queue that the room fits and that has to do with
// what is free from a moment on, or the zero chance. Nobody behind the last place is
// looked at.
func (w *Wishes) first(ctx context.Context, tx *sql.Tx, o book.Opening, room book.Room, last int64, from, now time.Time) (chance, error) {
	over := from.Sub(room.Start)
	if w.rules.until(room.Start, now).IsZero() || room.Runs[len(room.Runs)-1].Length <= over {
		return chance{}, nil
	}
	var short time.Duration // what takes so long is over before that moment
	for _, run := range room.Runs {
		if run.Length <= over {
			short = run.Length
		}
	}
	start := room.Start.In(book.Zone())
	args := []any{o.Group, o.Location, int(halfOf(start)), 1 << start.Hour(), int(calendar.DayOf(start, book.Zone())), room.Start.UnixMilli(), int64(short / time.Minute), last}
	fits, limits := fit(room, len(args))
	c := chance{office: o.Location, start: room.Start}
	var minutes int64
	err := tx.QueryRowContext(ctx, firstOf(fits), append(args, limits...)...).Scan(&c.place, &minutes, &c.seats)
	if errors.Is(err, sql.ErrNoRows) {
		return chance{}, nil
	}
	run := room.For(time.Duration(minutes) * time.Minute)
	c.end, c.left = room.Start.Add(run.Length), run.Seats-c.seats
	return c, err
}

// firstOf asks for the first wish that the room fits: among those for the office
// or for every one, for the half of the week or for any time. Each of the four is
// read in the order of the queue and up to the first that fits.
func firstOf(fits string) string {
	var queries []string
	for _, office := range []string{"$2", "''"} {
		for _, half := range []string{"$3", "-1"} {
			queries = append(queries, fmt.Sprintf(`SELECT * FROM (SELECT place, minutes, seats FROM wish_half AS h
				WHERE grp = $1 AND location = %s AND half = %s AND place <= $8 AND (hours & $4) <> 0 AND first_day <= $5 AND last_day >= $5 AND minutes > $7 AND (%s)
				AND NOT EXISTS (SELECT 1 FROM wish_refused AS r WHERE r.place = h.place AND r.location = $2 AND r.start_at = $6)
				ORDER BY place LIMIT 1) AS q%d`, office, half, fits, len(queries)))
		}
	}
	return strings.Join(queries, " UNION ALL ") + ` ORDER BY place LIMIT 1`
}

// fit is the condition on a service's minutes and seats, and its arguments behind
// others: more seats are free for a shorter time. Its words depend on the number of
// runs alone, so that the database need not read it anew for each room.
func fit(room book.Room, behind int) (where string, limits []any) {
	var runs []string
	for i, run := range room.Runs {
		if i+1 == len(room.Runs) || room.Runs[i+1].Seats < run.Seats {
			n := behind + len(limits)
			runs = append(runs, fmt.Sprintf("minutes <= $%d AND seats <= $%d", n+1, n+2))
			limits = append(limits, int64(run.Length/time.Minute), run.Seats)
		}
	}
	return strings.Join(runs, " OR "), limits
}

// only is the room's first slot with at most so many seats.
func only(room book.Room, seats int) book.Room {
	first := room.Runs[0]
	first.Seats = min(first.Seats, seats)
	room.Runs = []book.Run{first}
	return room
}
