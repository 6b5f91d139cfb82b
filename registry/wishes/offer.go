// SPDX-License-Identifier: EUPL-1.2

package wishes

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
)

// Opened offers seats that are free again to the first wishes that they fit.
func (w *Wishes) Opened(ctx context.Context, tx *sql.Tx, o book.Opening, now time.Time) error {
	alone, err := w.alone(ctx, tx, o, now)
	if err == nil {
		_, err = w.give(ctx, tx, o, now, alone)
	}
	if err != nil {
		return fmt.Errorf("offer what is free again: %w", err)
	}
	return nil
}

// A chance is seats that fit a wish, the first of all that they fit.
type chance struct {
	place  int64
	office string
	start  time.Time
	end    time.Time
	seats  int
	left   int // of those that are free there, for others
}

// give offers what is free in the slot, and what follows from it, until it fits no
// wish any more, and says how many offers that were. While the day's seats are
// everybody's alone these are only the seats of the opening themselves.
func (w *Wishes) give(ctx context.Context, tx *sql.Tx, o book.Opening, now time.Time, alone bool) (n int, err error) {
	for ; !alone || o.Seats > 0; n++ {
		c, err := w.best(ctx, tx, o, now, alone)
		if err != nil || c.place == 0 {
			return n, err
		}
		err = w.offer(ctx, tx, c, now)
		if errors.Is(err, book.ErrGone) { // the service was changed within the minute: Sweep sees to it
			return n, nil
		}
		if err != nil {
			return n, err
		}
		o.Seats -= c.seats
		if c.left == 0 && c.start.Equal(o.Start) && c.end.Equal(o.Start.Add(o.Length)) { // as it mostly is: one seat, one wish
			return n + 1, nil
		}
	}
	return n, nil
}

// best is the first wish of the queue that something free fits which has to do with
// the opening, or the zero chance.
//
// A long service may take slots besides the opening's, which are free again too and
// which somebody before it may wish for: so these are looked at as well, until the
// first one of all is found.
func (w *Wishes) best(ctx context.Context, tx *sql.Tx, o book.Opening, now time.Time, alone bool) (best chance, err error) {
	reach, err := reachOf(ctx, tx, o.Group)
	if err != nil || reach == 0 {
		return chance{}, err
	}
	from, to := o.Start, o.Start.Add(o.Length)
	for {
		begin := from
		if !alone {
			if begin, err = beginOf(ctx, tx, o, from); err != nil {
				return chance{}, err
			}
			begin = begin.Add(-reach)
		}
		rooms, err := book.Rooms(ctx, tx, o.Location, o.Group, begin, to, now, reach)
		if err != nil {
			return chance{}, err
		}
		found := chance{place: everybody}
		for _, room := range slices.Backward(rooms) { // what begins at the opening fits most: nobody behind them is looked at any more
			if alone {
				room = only(room, o.Seats)
			}
			c, err := w.first(ctx, tx, o, room, found.place, from, now)
			if err != nil {
				return chance{}, err
			}
			if c.place != 0 {
				found = c
			}
		}
		if found.place == everybody || found.place == best.place {
			return best, nil
		}
		best = found
		if alone || !best.start.Before(from) && !best.end.After(to) {
			return best, nil
		}
		from, to = earlier(from, best.start), later(to, best.end)
	}
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// reachOf is how long the longest service of the group takes, 0 while nobody waits for any.
func reachOf(ctx context.Context, tx *sql.Tx, group string) (time.Duration, error) {
	var minutes int64
	err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(minutes), 0) FROM service WHERE grp = $1 AND EXISTS (SELECT 1 FROM wish_half WHERE grp = $1)`, group).Scan(&minutes)
	return time.Duration(minutes) * time.Minute, err
}

// beginOf is when the first of the slots begins that is not over at a moment: what
// lasts until then takes seats at that moment, too.
func beginOf(ctx context.Context, tx *sql.Tx, o book.Opening, from time.Time) (time.Time, error) {
	begin := from.UnixMilli()
	err := tx.QueryRowContext(ctx, `SELECT COALESCE(MIN(start_at), $4) FROM slot
		WHERE location = $1 AND grp = $2 AND start_at > $3 AND start_at < $4 AND start_at + minutes * 60000 > $4`,
		o.Location, o.Group, from.Add(-calendar.MaxMinutes*time.Minute).UnixMilli(), begin).Scan(&begin)
	return time.UnixMilli(begin), err
}

// offer keeps the seats for the wish.
func (w *Wishes) offer(ctx context.Context, tx *sql.Tx, c chance, now time.Time) error {
	was, err := one(ctx, tx, `place = $1`, c.place)
	if err != nil {
		return err
	}
	r := book.Request{Location: c.office, Service: was.Service, Persons: was.Persons}
	a, err := w.book.TakeIn(ctx, tx, r, c.start, book.Step{
		Do: book.Offer, At: now, Actor: "office", Until: w.rules.until(c.start, now), Email: was.Email, Language: was.Language,
	})
	if err == nil {
		_, err = w.step(ctx, tx, was, Step{Do: Offer, At: now, Actor: "office", Offer: a.ID}, a)
	}
	return err
}
