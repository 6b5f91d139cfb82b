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
	used            int // seats that are taken or rest
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
		} else if want = want.keep(is); want != is {
			c.Changed++
			err = want.update(ctx, tx)
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

// keep leaves a slot as long as it is while somebody has a seat in it.
func (r slotRow) keep(is slotRow) slotRow {
	r.id, r.used = is.id, is.used
	if is.used > 0 {
		r.minutes = is.minutes
	}
	return r
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
	if r.used == 0 {
		_, err = tx.ExecContext(ctx, `DELETE FROM slot WHERE id = $1`, r.id)
		return r.seats > 0, err
	}
	gone = r.seats > 0
	r.seats, r.released = 0, 0
	return gone, r.update(ctx, tx)
}

func slotsBetween(ctx context.Context, tx *sql.Tx, from, to int64) (map[slotKey]slotRow, error) {
	rows, err := tx.QueryContext(ctx, `SELECT id, location, grp, start_at, minutes, seats, released, close_at, cooling,
		(SELECT count(*) FROM seat WHERE seat.slot = slot.id) FROM slot WHERE start_at >= $1 AND start_at < $2`, from, to)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := map[slotKey]slotRow{}
	for rows.Next() {
		var k slotKey
		var r slotRow
		if err := rows.Scan(&r.id, &k.location, &k.group, &k.start, &r.minutes, &r.seats, &r.released, &r.close, &r.cooling, &r.used); err != nil {
			return nil, err
		}
		all[k] = r
	}
	return all, rows.Err()
}
