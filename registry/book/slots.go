// SPDX-License-Identifier: EUPL-1.2

package book

import (
	"context"
	"database/sql"
	"time"

	"github.com/fotobox-project/fotobox/registry/calendar"
)

// slotKey names a slot: no office has two of a group at the same time.
type slotKey struct {
	location, group string
	start           int64
}

// slotRow is what the store has of a slot.
type slotRow struct {
	id              int64
	minutes         int
	seats, released int
	close, cooling  int64
}

// rowOf is the slot as the store is to have it at now.
func rowOf(s calendar.Slot, now time.Time) (slotKey, slotRow) {
	return slotKey{s.Office, s.Group, s.Start.UnixMilli()}, slotRow{
		minutes: s.Minutes, seats: s.Seats, released: s.Released(now), close: s.Closes.UnixMilli(), cooling: s.Cooling.Milliseconds(),
	}
}

// renew makes the slots of the days, both included, what the plan says, as far as
// they have not begun. It may be called as often as one likes.
func renew(ctx context.Context, tx *sql.Tx, p calendar.Plan, from, to calendar.Day, now time.Time) (c Change, err error) {
	begin := max(from.At(0, p.Zone).UnixMilli(), now.UnixMilli())
	have, err := slotsBetween(ctx, tx, begin, to.At(calendar.Midnight, p.Zone).UnixMilli())
	if err != nil {
		return Change{}, err
	}
	for _, slot := range p.Slots(from, to) {
		key, want := rowOf(slot, now)
		if key.start < begin {
			continue
		}
		is, there := have[key]
		delete(have, key)
		if !there {
			c.Made++
			err = want.insert(ctx, tx, key)
		} else if want.id = is.id; want != is {
			var changed bool
			changed, err = is.become(ctx, tx, want)
			c.Changed += number(changed)
		}
		if err != nil {
			return Change{}, err
		}
	}
	for _, is := range have { // what the plan does not give
		gone, err := is.withdraw(ctx, tx)
		if err != nil {
			return Change{}, err
		}
		if gone {
			c.Withdrawn++
		}
	}
	return c, nil
}

// become makes the slot another one, which stays as long as it is while somebody
// has a seat in it. It says whether anything changed.
func (r slotRow) become(ctx context.Context, tx *sql.Tx, want slotRow) (changed bool, err error) {
	if want.minutes != r.minutes {
		used, err := r.used(ctx, tx)
		if err != nil {
			return false, err
		}
		if used {
			want.minutes = r.minutes
		}
	}
	if want == r {
		return false, nil
	}
	return true, want.update(ctx, tx)
}

// used says whether a seat is taken or rests.
func (r slotRow) used(ctx context.Context, tx *sql.Tx) (used bool, err error) {
	err = tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM seat WHERE slot = $1)`, r.id).Scan(&used)
	return used, err
}

func (r slotRow) insert(ctx context.Context, tx *sql.Tx, k slotKey) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO slot (location, grp, start_at, minutes, seats, released, close_at, cooling) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		k.location, k.group, k.start, r.minutes, r.seats, r.released, r.close, r.cooling)
	return err
}

func (r slotRow) update(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `UPDATE slot SET minutes = $1, seats = $2, released = $3, close_at = $4, cooling = $5 WHERE id = $6`,
		r.minutes, r.seats, r.released, r.close, r.cooling, r.id)
	return err
}

// withdraw removes the slot, or, while somebody has a seat in it, lets nobody
// else have one. It says whether that is new.
func (r slotRow) withdraw(ctx context.Context, tx *sql.Tx) (gone bool, err error) {
	used, err := r.used(ctx, tx)
	if err != nil {
		return false, err
	}
	if !used {
		_, err = tx.ExecContext(ctx, `DELETE FROM slot WHERE id = $1`, r.id)
		return r.seats > 0, err
	}
	gone = r.seats > 0
	r.seats, r.released = 0, 0
	return gone, r.update(ctx, tx)
}

func slotsBetween(ctx context.Context, tx *sql.Tx, from, to int64) (map[slotKey]slotRow, error) {
	rows, err := tx.QueryContext(ctx, `SELECT id, location, grp, start_at, minutes, seats, released, close_at, cooling
		FROM slot WHERE start_at >= $1 AND start_at < $2`, from, to)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := map[slotKey]slotRow{}
	for rows.Next() {
		var k slotKey
		var r slotRow
		if err := rows.Scan(&r.id, &k.location, &k.group, &k.start, &r.minutes, &r.seats, &r.released, &r.close, &r.cooling); err != nil {
			return nil, err
		}
		all[k] = r
	}
	return all, rows.Err()
}
