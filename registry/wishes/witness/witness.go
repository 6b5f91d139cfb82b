// SPDX-License-Identifier: EUPL-1.2

// Package witness tells the checker of the queue's order what happens in book and queue: for tests and simulations.
package witness

import (
	"context"
	"database/sql"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/registry/wishes"
	"github.com/fotobox-project/fotobox/registry/wishes/order"
)

// A Witness follows the book, before the queue does, and the queue. It believes that
// every transaction that it is told of is kept.
type Witness struct{ Checker *order.Checker }

var (
	_ book.Follower   = Witness{}
	_ wishes.Follower = Witness{}
)

// New gives a witness of a queue with these rules, in which nobody is.
func New(r wishes.Rules) Witness {
	return Witness{order.New(order.Rules{Zone: book.Zone(), Answer: r.Answer, Lead: r.Lead, Least: r.Least, Refusals: r.Refusals, Soon: time.Minute})}
}

// Made notes which appointments have no seats any more, or others.
func (w Witness) Made(_ context.Context, _ *sql.Tx, e book.Event) error {
	if e.Before.State.Stands() && (e.Do == book.Move || e.Do == book.Cancel) {
		w.Checker.Gone(e.At, e.After.ID.String())
	}
	return nil
}

// Opened notes which seats are free again, as far as everybody can have them.
func (w Witness) Opened(ctx context.Context, tx *sql.Tx, o book.Opening, now time.Time) error {
	rooms, err := book.Rooms(ctx, tx, o.Location, o.Group, o.Start, o.Start.Add(time.Minute), now, 0)
	for _, room := range rooms {
		slot := room.Runs[0]
		w.Checker.Freed(now, order.Seat{Office: o.Location, Group: o.Group, Start: room.Start, Number: min(o.Seats, slot.Seats)}, slot.Length)
	}
	return err
}

// Wished notes what became of a wish.
func (w Witness) Wished(ctx context.Context, tx *sql.Tx, e wishes.Event) error {
	switch e.Do {
	case wishes.Enter, wishes.Confirm:
		return w.entered(ctx, tx, e)
	case wishes.Offer:
		return w.offered(ctx, tx, e)
	case wishes.Accept:
		w.Checker.Accepted(e.At, e.Before.Offer.String())
		return nil
	case wishes.Decline, wishes.Lapse, wishes.Recall:
		w.Checker.Refused(e.At, e.Before.Offer.String(), e.Do == wishes.Lapse, e.Do == wishes.Recall)
	case wishes.Withdraw:
		w.Checker.Gone(e.At, e.Before.Offer.String())
	}
	if e.After.State.Ended() && e.Before.State != wishes.Submitted {
		w.Checker.Ended(e.At, e.After.ID.String())
	}
	return nil
}

func (w Witness) entered(ctx context.Context, tx *sql.Tx, e wishes.Event) error {
	seen := order.Wish{ID: e.After.ID.String(), Offices: e.After.Offices, First: e.After.First.String(), Last: e.After.Last.String()}
	var seats int
	err := tx.QueryRowContext(ctx, `SELECT grp, minutes, seats FROM service WHERE code = $1`, int(e.After.Service)).Scan(&seen.Group, &seen.Minutes, &seats)
	seen.Seats = seats * e.After.Persons
	for day, hours := range e.After.Windows {
		for hour := range 24 {
			seen.Hours[day][hour] = hours>>hour&1 == 1
		}
	}
	w.Checker.Entered(e.At, seen)
	return err
}

func (w Witness) offered(ctx context.Context, tx *sql.Tx, e wishes.Event) error {
	a, err := book.Get(ctx, tx, e.After.Offer)
	if err != nil {
		return err
	}
	seats, err := store.Collect(ctx, tx, func(row store.Row) (s order.Seat, err error) {
		var start int64
		err = row.Scan(&s.Office, &s.Group, &start, &s.Number)
		s.Start = time.UnixMilli(start).UTC()
		return s, err
	}, `SELECT location, grp, start_at, number FROM seat JOIN slot ON slot.id = seat.slot WHERE seat.appointment = $1 ORDER BY start_at, number`, a.ID.String())
	w.Checker.Offered(e.At, order.Offer{ID: a.ID.String(), Wish: e.After.ID.String(), Until: a.Until, Length: a.Length, Seats: seats})
	return err
}
