// SPDX-License-Identifier: EUPL-1.2

package simulate

import (
	"context"
	"database/sql"
	"math/rand/v2"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
)

// A cell is a slot and how many of its seats somebody has.
type cell struct {
	calendar.Slot
	taken int
}

// A page is an office, a group of services and a day.
type page struct {
	office, group string
	day           calendar.Day
}

// An almanac is what citizens believe to be free: counted from the rules and from
// what the book told, never read from the database. Whether they get it, the book says.
type almanac struct {
	pages    map[page][]*cell
	services map[uint16]book.Service
	first    calendar.Day
	last     calendar.Day
}

var _ book.Follower = (*almanac)(nil)

func newAlmanac(p calendar.Plan, services []book.Service, first, last calendar.Day) *almanac {
	a := &almanac{pages: map[page][]*cell{}, services: map[uint16]book.Service{}, first: first, last: last}
	for _, s := range services {
		a.services[s.Code] = s
	}
	for _, s := range p.Slots(first, last) {
		at := page{s.Office, s.Group, calendar.DayOf(s.Start, book.Zone())}
		a.pages[at] = append(a.pages[at], &cell{Slot: s})
	}
	return a
}

// Made notes the seats that somebody has now.
func (a *almanac) Made(_ context.Context, _ *sql.Tx, e book.Event) error {
	if e.Before.State == "" || e.Do == book.Move {
		a.add(e.After.Location, a.services[e.After.Service].Group, e.After.Start, e.After.Length, a.services[e.After.Service].Seats*e.After.Persons)
	}
	return nil
}

// Opened notes the seats that nobody has any more.
func (a *almanac) Opened(_ context.Context, _ *sql.Tx, o book.Opening, _ time.Time) error {
	a.add(o.Location, o.Group, o.Start, o.Length, -o.Seats)
	return nil
}

func (a *almanac) add(office, group string, start time.Time, length time.Duration, seats int) {
	for _, c := range a.pages[page{office, group, calendar.DayOf(start, book.Zone())}] {
		if !c.Start.Before(start) && c.Start.Before(start.Add(length)) {
			c.taken += seats
		}
	}
}

// left is how many seats somebody could have.
func (c *cell) left(now time.Time, inside bool) int {
	if !now.Before(c.Start) || !inside && !now.Before(c.Closes) {
		return 0
	}
	if inside {
		return c.Seats - c.taken
	}
	return c.Open(now) - c.taken
}

// find gives any time of the day at which the service can be had.
func (a *almanac) find(at page, s book.Service, seats int, inside bool, now time.Time, r *rand.Rand) (start time.Time, ok bool) {
	cells, seen := a.pages[at], 0
	for i, c := range cells {
		long := time.Duration(s.Minutes) * time.Minute
		end := c.Start
		for _, d := range cells[i:] {
			if end.Sub(c.Start) >= long || !d.Start.Equal(end) || d.left(now, inside) < seats {
				break
			}
			end = d.End()
		}
		if end.Sub(c.Start) < long {
			continue
		}
		if seen++; r.IntN(seen) == 0 {
			start, ok = c.Start, true
		}
	}
	return start, ok
}

// public is how many seats everybody could have now, from one day to another.
func (a *almanac) public(from, to calendar.Day, offices []book.Location, groups []string, now time.Time) (n int) {
	for day := from; day <= to; day++ {
		for _, o := range offices {
			for _, g := range groups {
				for _, c := range a.pages[page{o.Code, g, day}] {
					n += max(0, c.left(now, false))
				}
			}
		}
	}
	return n
}
