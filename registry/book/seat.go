// SPDX-License-Identifier: EUPL-1.2

package book

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/store"
)

// A place is the seats of one appointment: the same numbers in slots that follow each other.
type place struct {
	slots   []span
	numbers []int
}

func (p place) length() time.Duration {
	return p.slots[len(p.slots)-1].end.Sub(p.slots[0].start)
}

// find chooses free seats of an office and group at that time, or returns
// ErrGone. The seats of one appointment count as free.
func (n need) find(ctx context.Context, tx *sql.Tx, location, group string, start, now time.Time, but appointment.ID) (place, error) {
	spans, err := spansOf(ctx, tx, location, group, start, start.Add(n.length), now, but)
	if err != nil {
		return place{}, err
	}
	i := slices.IndexFunc(spans, func(s span) bool { return s.start.Equal(start) })
	if i < 0 {
		return place{}, ErrGone
	}
	row, free, ok := n.row(spans, i)
	if !ok {
		return place{}, ErrGone
	}
	return place{row, choose(free, n.seats, n.inside)}, nil
}

// occupy gives the seats to the appointment. The table's key refuses those that
// somebody has.
func (p place) occupy(ctx context.Context, tx *sql.Tx, id appointment.ID) error {
	for _, s := range p.slots {
		for _, number := range p.numbers {
			_, err := tx.ExecContext(ctx, `INSERT INTO seat (slot, number, appointment, free_at) VALUES ($1, $2, $3, 0)`, s.id, number, id.String())
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// swap gives the appointment these seats in place of those that it has; what it
// does not keep rests. It gives what is free at once.
func (p place) swap(ctx context.Context, tx *sql.Tx, id appointment.ID, now time.Time) ([]Opening, error) {
	for _, s := range p.slots {
		for _, number := range p.numbers {
			_, err := tx.ExecContext(ctx, `DELETE FROM seat WHERE slot = $1 AND number = $2 AND appointment = $3`, s.id, number, id.String())
			if err != nil {
				return nil, err
			}
		}
	}
	freed, err := giveBack(ctx, tx, id, now, true)
	if err != nil {
		return nil, err
	}
	return freed, p.occupy(ctx, tx, id)
}

// giveBack takes the appointment's seats from it. They are free at once, and it
// says where, or after they have rested as long as the calendar says, against trading.
func giveBack(ctx context.Context, tx *sql.Tx, id appointment.ID, now time.Time, rest bool) ([]Opening, error) {
	if rest {
		_, err := tx.ExecContext(ctx, `UPDATE seat SET appointment = NULL, free_at = $1 + (SELECT cooling FROM slot WHERE slot.id = seat.slot)
			WHERE appointment = $2 AND (SELECT cooling FROM slot WHERE slot.id = seat.slot) > 0`, now.UnixMilli(), id.String())
		if err != nil {
			return nil, err
		}
	}
	return remove(ctx, tx, `appointment = $1`, id.String())
}

// remove takes the seats that meet the condition out of the table, and says where they were.
func remove(ctx context.Context, tx *sql.Tx, where string, args ...any) ([]Opening, error) {
	freed, err := store.Collect(ctx, tx, scanOpening, `SELECT location, grp, start_at, minutes, count(*) FROM seat JOIN slot ON slot.id = seat.slot
		WHERE `+where+` GROUP BY slot.id, location, grp, start_at, minutes ORDER BY start_at, slot.id`, args...)
	if err != nil || len(freed) == 0 {
		return nil, err
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM seat WHERE `+where, args...)
	return freed, err
}

func scanOpening(row store.Row) (o Opening, err error) {
	var start, minutes int64
	err = row.Scan(&o.Location, &o.Group, &start, &minutes, &o.Seats)
	o.Start, o.Length = moment(start), time.Duration(minutes)*time.Minute
	return o, err
}
