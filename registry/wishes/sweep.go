// SPDX-License-Identifier: EUPL-1.2

package wishes

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
	"github.com/fotobox-project/fotobox/registry/store"
)

// Sweep does what no step of an appointment does, and says how many offers it made:
// it ends the wishes whose time is over, and offers what became free by other rules,
// a closure that was lifted, or a release whose head start is over; once a day
// whatever is free. It is called every minute, behind [book.Book.Expire] and
// [book.Book.Release]; called again, or by several programs, it does nothing more.
func (w *Wishes) Sweep(ctx context.Context, now time.Time) (offers int, err error) {
	if err = w.end(ctx, now); err == nil {
		offers, err = w.sweep(ctx, now)
	}
	if err != nil {
		return offers, fmt.Errorf("sweep wishes: %w", err)
	}
	return offers, nil
}

// Due is when the next sweep has something to do, which may be over.
func (w *Wishes) Due(ctx context.Context) (due time.Time, err error) {
	var until sql.NullInt64
	err = w.store.Read(ctx, func(tx *sql.Tx) error {
		s, err := w.look(ctx, tx)
		if err != nil {
			return err
		}
		due = s.next(w.rules.HeadStart)
		return tx.QueryRowContext(ctx, `SELECT min(until_at) FROM wish WHERE state = 'submitted'`).Scan(&until)
	})
	if err != nil {
		return time.Time{}, fmt.Errorf("next sweep of wishes: %w", err)
	}
	if until.Valid {
		due = earlier(due, time.UnixMilli(until.Int64))
	}
	return due.UTC(), nil
}

// next is when there is something that was not looked at: at once, behind the next
// head start, or with the next day.
func (s sight) next(headStart time.Duration) time.Time {
	if s.hash != s.was {
		return s.last
	}
	midnight := (calendar.DayOf(s.last, book.Zone()) + 1).At(0, book.Zone())
	if over := s.over(midnight.Add(-time.Millisecond), headStart); len(over) > 0 {
		return over[0].At.Add(headStart)
	}
	return midnight
}

// atOnce is how many wishes end, or times are looked at, in one transaction: others
// wait for it.
const atOnce = 100

// end ends what nobody confirmed in time, and what waited until its last day was over.
func (w *Wishes) end(ctx context.Context, now time.Time) error {
	today := calendar.DayOf(now, book.Zone())
	for {
		due, err := store.List(ctx, w.store, store.Text, `SELECT id FROM wish WHERE state = 'submitted' AND until_at <= $1
			UNION ALL SELECT id FROM wish WHERE state = 'waiting' AND last_day < $2 LIMIT $3`, now.UnixMilli(), int(today), atOnce)
		if err != nil || len(due) == 0 {
			return err
		}
		err = w.store.Write(ctx, func(tx *sql.Tx) error {
			for _, id := range due {
				was, err := one(ctx, tx, `id = $1`, id)
				if err == nil {
					_, err = w.step(ctx, tx, was, Step{Do: End, At: now, Actor: "office"}, book.Appointment{})
				}
				switch {
				case errors.Is(err, ErrNotFound), errors.Is(err, ErrState), errors.Is(err, ErrEarly): // another program was quicker
				case err != nil:
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}

// A sight is what a sweep sees of the calendar.
type sight struct {
	plan calendar.Plan
	hash string
	was  string    // the hash at the last sweep
	last time.Time // up to when the head starts are over
}

func (w *Wishes) sweep(ctx context.Context, now time.Time) (offers int, err error) {
	var s sight
	err = w.store.Read(ctx, func(tx *sql.Tx) error {
		s, err = w.look(ctx, tx)
		return err
	})
	if err != nil || !s.due(now, w.rules.HeadStart) {
		return 0, err
	}
	if s.hash != s.was {
		err = w.store.Write(ctx, func(tx *sql.Tx) error { return renew(ctx, tx) })
	}
	var found []book.Opening
	if err == nil {
		err = w.store.Read(ctx, func(tx *sql.Tx) error {
			found, err = w.chances(ctx, tx, s, now)
			return err
		})
	}
	for some := range slices.Chunk(found, atOnce) {
		if err != nil {
			return offers, err
		}
		n := 0
		err = w.store.Write(ctx, func(tx *sql.Tx) error {
			n, err = w.giveAll(ctx, tx, some, now)
			return err
		})
		offers += n
	}
	if err != nil {
		return offers, err
	}
	return offers, w.swept(ctx, s, now)
}

func (w *Wishes) giveAll(ctx context.Context, tx *sql.Tx, found []book.Opening, now time.Time) (offers int, err error) {
	for _, o := range found {
		n, err := w.give(ctx, tx, o, now, false)
		if err != nil {
			return 0, err
		}
		offers += n
	}
	return offers, nil
}

// look reads the calendar, and whether it is another one than at the last sweep.
func (w *Wishes) look(ctx context.Context, tx *sql.Tx) (s sight, err error) {
	c, err := w.book.Calendar(ctx, tx)
	if err != nil {
		return sight{}, err
	}
	s.plan = c.Plan
	var last int64
	err = tx.QueryRowContext(ctx, `SELECT seen, run_at FROM wish_run`).Scan(&s.was, &last)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return sight{}, err
	}
	s.last = time.UnixMilli(last)
	more, err := store.Collect(ctx, tx, store.Text, `SELECT 'office ' || code || ' ' || online AS line FROM location
		UNION ALL SELECT 'service ' || code || ' ' || grp || ' ' || minutes || ' ' || seats FROM service ORDER BY line`)
	sum := sha256.Sum256([]byte(c.Text + "\n" + strings.Join(more, "\n")))
	s.hash = hex.EncodeToString(sum[:])
	return s, err
}

// due says whether there is anything that was not looked at.
func (s sight) due(now time.Time, headStart time.Duration) bool {
	return s.all(now) || len(s.over(now, headStart)) > 0
}

// all says whether it is everything.
func (s sight) all(now time.Time) bool {
	return s.hash != s.was || calendar.DayOf(s.last, book.Zone()) < calendar.DayOf(now, book.Zone())
}

// over are the releases whose head start is over since the last sweep.
func (s sight) over(now time.Time, headStart time.Duration) []calendar.Released {
	return s.plan.Released(s.last.Add(-headStart), now.Add(-headStart))
}

// renew makes the rows by which wishes are found what their services are now.
func renew(ctx context.Context, tx *sql.Tx) error {
	const is = `FROM wish JOIN service ON service.code = wish.service WHERE wish.place = wish_half.place`
	_, err := tx.ExecContext(ctx, `UPDATE wish_half SET (grp, minutes, seats) = (SELECT service.grp, service.minutes, service.seats * wish.persons `+is+`)
		WHERE EXISTS (SELECT 1 `+is+` AND (service.grp <> wish_half.grp OR service.minutes <> wish_half.minutes OR service.seats * wish.persons <> wish_half.seats))`)
	return err
}

// A field is where a sweep looks: an office and group, from one moment to another.
type field struct {
	office, group string
	from, to      time.Time
}

// fields are where this sweep looks, as far as anybody waits there.
func (w *Wishes) fields(ctx context.Context, tx *sql.Tx, s sight, now time.Time) (all []field, err error) {
	groups, err := store.Collect(ctx, tx, store.Text, `SELECT grp FROM (SELECT DISTINCT grp FROM service) AS groups
		WHERE EXISTS (SELECT 1 FROM wish_half WHERE wish_half.grp = groups.grp) ORDER BY grp`)
	if err != nil || len(groups) == 0 {
		return nil, err
	}
	if !s.all(now) {
		for _, r := range s.over(now, w.rules.HeadStart) {
			if slices.Contains(groups, r.Group) {
				all = append(all, field{r.Office, r.Group, r.Day.At(0, book.Zone()), r.Day.At(calendar.Midnight, book.Zone())})
			}
		}
		return all, nil
	}
	offices, err := store.Collect(ctx, tx, store.Text, `SELECT code FROM location WHERE online = 1 ORDER BY code`)
	for _, office := range offices {
		for _, group := range groups {
			end, err := endOf(ctx, tx, office, group)
			if err != nil {
				return nil, err
			}
			all = append(all, field{office, group, now, end})
		}
	}
	return all, err
}

// endOf is when the last slot ends that has seats for everybody.
func endOf(ctx context.Context, tx *sql.Tx, office, group string) (time.Time, error) {
	var end int64
	err := tx.QueryRowContext(ctx, `SELECT start_at + minutes * 60000 FROM slot WHERE location = $1 AND grp = $2 AND released > 0
		ORDER BY start_at DESC LIMIT 1`, office, group).Scan(&end)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return time.UnixMilli(end), err
}

// chances are the times at which something is free that fits a wish, and is not
// everybody's alone still.
func (w *Wishes) chances(ctx context.Context, tx *sql.Tx, s sight, now time.Time) (found []book.Opening, err error) {
	fields, err := w.fields(ctx, tx, s, now)
	if err != nil {
		return nil, err
	}
	ahead := aheadOf(s.plan, now, w.rules.HeadStart)
	for _, f := range fields {
		reach, err := reachOf(ctx, tx, f.group)
		if err != nil {
			return nil, err
		}
		rooms, err := book.Rooms(ctx, tx, f.office, f.group, f.from, f.to, now, reach)
		if err != nil {
			return nil, err
		}
		for _, room := range rooms {
			o := book.Opening{Location: f.office, Group: f.group, Start: room.Start, Length: room.Runs[0].Length}
			if ahead[keyOf(o)] {
				continue
			}
			c, err := w.first(ctx, tx, o, room, everybody, room.Start, now)
			if err != nil {
				return nil, err
			}
			if c.place != 0 {
				found = append(found, o)
			}
		}
	}
	return found, nil
}

// swept notes what the sweep has looked at.
func (w *Wishes) swept(ctx context.Context, s sight, now time.Time) error {
	return w.store.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO wish_run (one, place, seen, run_at) VALUES (1, 0, $1, $2)
			ON CONFLICT (one) DO UPDATE SET seen = excluded.seen, run_at = excluded.run_at`, s.hash, now.UnixMilli())
		return err
	})
}
