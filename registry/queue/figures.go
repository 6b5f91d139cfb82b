// SPDX-License-Identifier: EUPL-1.2

package queue

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/store"
)

// A Sum is what the days of an office, or of all, come to. It counts the days on
// which somebody was checked in there, and of them the slots that are over for good.
type Sum struct {
	Location string
	Booked   int // appointments that stood, without tickets
	Came     int // of them
	Tickets  int // drawn on site
	Used     int // of them, by somebody who came when it was time
	Missed   int // who was there, was called and did not come
	Called   int // who was called at least once: Wait is of these
	Wait     Wait
}

// Wait is how many whole minutes people waited for their first call behind slot
// and arrival, by nearest rank; who was called before has waited 0.
type Wait struct{ Median, P90 int }

// NoShows are the appointments to which nobody came.
func (s Sum) NoShows() int { return s.Booked - s.Came }

// Figures gives the sums of all offices from the day of since on, that of all
// first, then the offices by code. It knows no person.
func (q *Queue) Figures(ctx context.Context, since, now time.Time) ([]Sum, error) {
	from, _ := book.Day(since)
	rows, err := store.List(ctx, q.store, scanPast, `SELECT COALESCE(arrival.location, appointment.location), start_at, ticket, state, COALESCE(arrival.at, 0), COALESCE(arrival.first_at, 0)
		FROM appointment LEFT JOIN arrival ON arrival.appointment = appointment.id WHERE start_at >= $1 AND start_at + length_minutes * 60000 < $2`,
		from.UnixMilli(), now.Add(-book.Grace).UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("figures of the queue: %w", err)
	}
	return sums(rows), nil
}

// A past is an appointment that is over.
type past struct {
	location          string
	start, at, called time.Time
	ticket            bool
	state             book.State
}

func scanPast(row store.Row) (p past, err error) {
	var start, at, called int64
	var ticket int
	err = row.Scan(&p.location, &start, &ticket, &p.state, &at, &called)
	p.start, p.at, p.called, p.ticket = moment(start), moment(at), moment(called), ticket != 0
	return p, err
}

type officeDay struct{ location, day string }

func (p past) of() officeDay { return officeDay{p.location, dayOf(p.start)} }

func sums(rows []past) []Sum {
	open := map[officeDay]bool{}
	for _, p := range rows {
		if !p.at.IsZero() {
			open[p.of()] = true
		}
	}
	by, waits := map[string]*Sum{"": {}}, map[string][]time.Duration{}
	for _, p := range rows {
		if !open[p.of()] || !p.state.Stands() {
			continue
		}
		if by[p.location] == nil {
			by[p.location] = &Sum{Location: p.location}
		}
		for _, where := range slices.Compact([]string{"", p.location}) {
			by[where].add(p)
			if !p.called.IsZero() {
				waits[where] = append(waits[where], p.wait())
			}
		}
	}
	all := make([]Sum, 0, len(by))
	for where, s := range by {
		s.Called, s.Wait = len(waits[where]), spread(waits[where])
		all = append(all, *s)
	}
	slices.SortFunc(all, func(a, b Sum) int { return cmp.Compare(a.Location, b.Location) })
	return all
}

func (s *Sum) add(p past) {
	came := 0
	if !p.at.IsZero() {
		came = 1
		if p.state == book.Missed && !p.called.IsZero() {
			s.Missed++
		}
	}
	if p.ticket {
		s.Tickets, s.Used = s.Tickets+1, s.Used+came
	} else {
		s.Booked, s.Came = s.Booked+1, s.Came+came
	}
}

func (p past) wait() time.Duration {
	return max(p.called.Sub(Waiting{Start: p.start, Arrived: p.at}.Due()), 0)
}

func spread(all []time.Duration) Wait {
	if len(all) == 0 {
		return Wait{}
	}
	slices.Sort(all)
	rank := func(share float64) int {
		return int(all[int(math.Ceil(share*float64(len(all))))-1] / time.Minute)
	}
	return Wait{rank(0.5), rank(0.9)}
}

// A Room is how much is free at an office from now on today, for one group of services.
type Room struct {
	book.Load
	Waiting int // who is there for it and waits
}

// Rooms gives the free capacity of the rest of the day, by group.
func (q *Queue) Rooms(ctx context.Context, location string, now time.Time) ([]Room, error) {
	_, end := book.Day(now)
	loads, err := q.book.Loads(ctx, location, now, end)
	if err != nil {
		return nil, err
	}
	var all []Waiting
	err = q.store.Read(ctx, func(tx *sql.Tx) error {
		all, err = open(ctx, tx, location, now)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read free capacity: %w", err)
	}
	rooms := make([]Room, len(loads))
	for i, l := range loads {
		rooms[i].Load = l
		for _, w := range all {
			if w.Waits() && w.Group == l.Group {
				rooms[i].Waiting++
			}
		}
	}
	return rooms, nil
}
