// SPDX-License-Identifier: EUPL-1.2

package book

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/calendar"
)

// Release does what the calendar's releases ask for up to now, and gives what
// they released. After a time down it catches up once; called again, or in
// several programs, it does nothing. It adds the slots of the days that come
// within the horizon; the first release of a program makes all slots anew, for it
// may know of other holidays than the one before it.
func (b *Book) Release(ctx context.Context, now time.Time) (all []calendar.Released, err error) {
	var due, done bool
	err = b.store.Read(ctx, func(tx *sql.Tx) error { // not a write for every look
		c, err := b.Calendar(ctx, tx)
		due = err == nil && len(c.Rules) > 0 && (len(c.Released(c.run, now)) > 0 || calendar.DayOf(c.run, c.Zone) < calendar.DayOf(now, c.Zone))
		return err
	})
	if err == nil && due {
		err = b.store.Write(ctx, func(tx *sql.Tx) error {
			all, done, err = b.release(ctx, tx, now)
			return err
		})
	}
	if err != nil {
		return nil, fmt.Errorf("release seats: %w", err)
	}
	if done {
		b.renewed.Store(true)
	}
	return all, nil
}

// release says whether it did anything: another program may have been quicker.
func (b *Book) release(ctx context.Context, tx *sql.Tx, now time.Time) (all []calendar.Released, done bool, err error) {
	c, err := b.Calendar(ctx, tx)
	if err != nil || !now.After(c.run) {
		return nil, false, err
	}
	all = c.Released(c.run, now)
	for _, day := range b.outdated(c, all, now) {
		if _, err := renew(ctx, tx, c.Plan, day, day, now); err != nil {
			return nil, false, err
		}
	}
	if _, err := tx.ExecContext(ctx, `UPDATE calendar SET run_at = $1`, now.UnixMilli()); err != nil {
		return nil, false, err
	}
	return all, true, recordReleases(ctx, tx, all, now)
}

// outdated are the days whose slots are to be made anew, in their order: those that
// something was released of, and those that come within the horizon.
func (b *Book) outdated(c Calendar, all []calendar.Released, now time.Time) (days []calendar.Day) {
	today := calendar.DayOf(now, c.Zone)
	fresh := max(today, calendar.DayOf(c.run, c.Zone)+Horizon+1)
	if !b.renewed.Load() {
		fresh = today
	}
	for day := fresh; day <= today+Horizon; day++ {
		days = append(days, day)
	}
	for _, r := range all {
		days = append(days, r.Day)
	}
	slices.Sort(days)
	return slices.Compact(days)
}

// recordReleases writes one entry for each day and kind of seats.
func recordReleases(ctx context.Context, tx *sql.Tx, all []calendar.Released, now time.Time) error {
	type release struct {
		day  calendar.Day
		kind calendar.Kind
	}
	groups := map[release]int{}
	for _, r := range all {
		groups[release{r.Day, r.Kind}]++
	}
	keys := make([]release, 0, len(groups))
	for k := range groups {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b release) int { return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.kind, b.kind)) })
	for _, k := range keys {
		err := audit.Append(ctx, tx, audit.Entry{
			At: now, Actor: "office", Action: "seats-released", Subject: "day:" + k.day.String(),
			Detail: fmt.Sprintf("%s, %d offices and groups", k.kind, groups[k]),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// atOnce is how many holds lapse in one transaction: others wait for it.
const atOnce = 200

// Expire ends the holds and offers whose time is over at now, and frees the
// seats that have rested. It says how many of both.
func (b *Book) Expire(ctx context.Context, now time.Time) (lapsed, freed int, err error) {
	for more := true; more && err == nil; {
		var n, m int
		if n, m, more, err = b.expire(ctx, now); err == nil {
			lapsed, freed = lapsed+n, freed+m
		}
	}
	if err != nil {
		return lapsed, freed, fmt.Errorf("expire holds: %w", err)
	}
	return lapsed, freed, nil
}

func (b *Book) expire(ctx context.Context, now time.Time) (lapsed, freed int, more bool, err error) {
	var ids []appointment.ID
	var resting int
	err = b.store.Read(ctx, func(tx *sql.Tx) error {
		due, err := query(ctx, tx, `until_at > 0 AND until_at <= $1 ORDER BY until_at, id LIMIT $2`, now.UnixMilli(), atOnce)
		for _, a := range due {
			ids = append(ids, a.ID)
		}
		if err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, `SELECT count(*) FROM seat WHERE free_at > 0 AND free_at <= $1`, now.UnixMilli()).Scan(&resting)
	})
	if err != nil || len(ids) == 0 && resting == 0 {
		return 0, 0, false, err
	}
	err = b.store.Write(ctx, func(tx *sql.Tx) error {
		lapsed, freed, err = b.lapse(ctx, tx, ids, now)
		return err
	})
	return lapsed, freed, len(ids) == atOnce, err
}

// lapse makes the step with each that nobody answered meanwhile, and frees what has rested.
func (b *Book) lapse(ctx context.Context, tx *sql.Tx, ids []appointment.ID, now time.Time) (lapsed, freed int, err error) {
	for _, id := range ids {
		a, err := Get(ctx, tx, id)
		if err != nil {
			return 0, 0, err
		}
		if a.Until.IsZero() || now.Before(a.Until) {
			continue
		}
		if _, err := b.advance(ctx, tx, id, Step{Do: Lapse, At: now, Actor: "office"}); err != nil {
			return 0, 0, err
		}
		lapsed++
	}
	rested, err := remove(ctx, tx, `free_at > 0 AND free_at <= $1`, now.UnixMilli())
	if err != nil {
		return 0, 0, err
	}
	return lapsed, len(rested), b.open(ctx, tx, rested, now)
}
