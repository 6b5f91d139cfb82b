// SPDX-License-Identifier: EUPL-1.2

package simulate

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
)

const (
	// contented is the part of those who lost their time to whom another one is convenient.
	contented = 0.8
	// settled is when nobody fills a form any more for what was free before: a hold and
	// the answer to a mail take less, and the first visit of a day that is closed at seven
	// would come later.
	settled = 42 * time.Minute
	// warning is how many days ahead other hours are decided: many have booked for then.
	warning = 7
)

// disturb puts closures, and a change of hours, on the agenda.
func (y *year) disturb() {
	if y.Closures == 0 {
		return
	}
	for d := y.Closures / 2; d < y.Days; d += y.Closures {
		y.closes(y.First + calendar.Day(d))
	}
	middle := y.First + calendar.Day(y.Days/2)
	y.alone(middle.At(14*60, book.Zone()), func(ctx context.Context) error { return y.replan(ctx, y.otherHours) })
}

// closes has an office stay closed on the day, at seven in the morning, or on the next
// one on which it receives.
func (y *year) closes(day calendar.Day) {
	y.alone(day.At(7*60, book.Zone()), func(ctx context.Context) error {
		open := slices.Clone(y.town.Locations)
		open = slices.DeleteFunc(open, func(l book.Location) bool { return !y.receives(l.Code, day) })
		if len(open) == 0 {
			y.closes(day + 1)
			return nil
		}
		c := calendar.Closure{Office: open[y.rand.IntN(len(open))].Code, First: day, Last: day + calendar.Day(y.rand.IntN(2)), Reason: "Wasserschaden"}
		return y.replan(ctx, func(p *calendar.Plan) { p.Closures = append(p.Closures, c) })
	})
}

// receives says whether the office has seats on the day.
func (y *year) receives(office string, day calendar.Day) bool {
	return slices.ContainsFunc(y.groups, func(g string) bool { return len(y.free.pages[page{office, g, day}]) > 0 })
}

// otherHours lets the longest rule end an hour earlier, from a day on.
func (y *year) otherHours(p *calendar.Plan) {
	first := calendar.DayOf(y.now, book.Zone()) + warning
	long := 0
	for i, r := range p.Rules {
		if r.To-r.From > p.Rules[long].To-p.Rules[long].From {
			long = i
		}
	}
	then := p.Rules[long]
	then.First, then.To = first, then.To-60
	p.Rules[long].Last = first - 1
	p.Rules = append(p.Rules, then)
}

// replan changes the calendar as the desk does, and sees to those who lose their seats.
func (y *year) replan(ctx context.Context, change func(*calendar.Plan)) error {
	old, err := y.book.Plan(ctx)
	if err != nil {
		return err
	}
	p := old
	p.Rules, p.Closures = slices.Clone(old.Rules), slices.Clone(old.Closures)
	change(&p)
	c, err := y.book.ReplacePlan(ctx, "clerk:anna", old, p, true, y.now)
	if err != nil {
		return err
	}
	y.steps += len(c.Displaced)
	y.free.replan(p, calendar.DayOf(y.now, book.Zone()))
	y.out.Plans++
	return y.settle(ctx)
}

// settle works off the list of those who lost their seats; who is still filling the
// form is seen to later.
func (y *year) settle(ctx context.Context) error {
	all, err := y.book.Affected(ctx, y.now)
	if err != nil {
		return err
	}
	left := false
	for _, a := range all {
		v := y.visits[a.ID]
		if v == nil {
			left = true
			continue
		}
		if err := y.relocate(ctx, a, v); err != nil {
			return err
		}
	}
	if left {
		y.alone(y.now.Add(settled), y.settle)
	}
	return nil
}

// relocate has a clerk give somebody the nearest other time, or cancel the appointment.
func (y *year) relocate(ctx context.Context, a book.Appointment, v *visit) error {
	y.out.Hit++
	v.turn++
	times, err := y.book.Other(ctx, a, y.now)
	if err != nil {
		return err
	}
	if !y.chance(contented) {
		times = nil
	}
	for _, f := range times {
		y.steps++
		moved, err := y.book.Move(ctx, a.ID, f.Location, f.Start, true, book.Step{At: y.now, Actor: "clerk:anna"})
		if errors.Is(err, book.ErrGone) {
			continue
		}
		if err == nil {
			v.office, v.start, v.length = moved.Location, moved.Start, moved.Length
			y.out.Relocated++
			y.expect(v)
		}
		return err
	}
	y.steps++
	y.out.Dismissed++
	delete(y.visits, a.ID)
	_, err = y.book.Advance(ctx, a.ID, book.Step{Do: book.Cancel, At: y.now, Actor: "clerk:anna"})
	return err
}

// replan takes the slots of other rules, from a day on; their seats stay taken.
func (a *almanac) replan(p calendar.Plan, from calendar.Day) {
	type key struct {
		page
		start int64
	}
	taken := map[key]int{}
	for at, cells := range a.pages {
		if at.day < from {
			continue
		}
		for _, c := range cells {
			taken[key{at, c.Start.Unix()}] = c.taken
		}
		delete(a.pages, at)
	}
	for _, s := range p.Slots(from, a.last) {
		at := page{s.Office, s.Group, calendar.DayOf(s.Start, book.Zone())}
		a.pages[at] = append(a.pages[at], &cell{s, taken[key{at, s.Start.Unix()}]})
	}
}
