// SPDX-License-Identifier: EUPL-1.2

package calendar

import (
	"cmp"
	"slices"
	"time"
)

// A Released is the seats of a day that one release opened.
type Released struct {
	Office, Group string
	Day           Day
	Kind          Kind
	At            time.Time // when it was due, UTC
}

// Released gives what was released after last and up to now, in the order of
// time. It looks at days from now's own on, so that after a time down it
// catches up, once: what is asked for with now as last never comes again.
func (p Plan) Released(last, now time.Time) (all []Released) {
	today := DayOf(now, p.Zone)
	return p.released(last, now, func(e Release) (from, to Day) { return today, today + Day(e.Ahead) })
}

// Ahead gives what is released after one moment and up to another that both lie
// ahead, in the order of time.
func (p Plan) Ahead(from, to time.Time) []Released {
	first, last := DayOf(from, p.Zone), DayOf(to, p.Zone)
	return p.released(from, to, func(e Release) (from, to Day) { return first + Day(e.Ahead), last + Day(e.Ahead) })
}

// released gives the releases after one moment and up to another of the days that are named for each.
func (p Plan) released(after, until time.Time, days func(Release) (from, to Day)) (all []Released) {
	for _, r := range p.Rules {
		for _, e := range r.Releases {
			from, to := days(e)
			for d := from; d <= to; d++ {
				at := (d - Day(e.Ahead)).At(e.At, p.Zone)
				if at.After(after) && !at.After(until) && r.On(d) && !p.closed(r, d) {
					all = append(all, Released{r.Office, r.Group, d, e.Kind, at})
				}
			}
		}
	}
	slices.SortFunc(all, Released.compare)
	return slices.Compact(all)
}

// Next is the first moment after last at which there is something to do: seats
// are released, or a day begins and another one comes within reach.
func (p Plan) Next(last time.Time) time.Time {
	midnight := (DayOf(last, p.Zone) + 1).At(0, p.Zone)
	if all := p.Ahead(last, midnight); len(all) > 0 {
		return all[0].At
	}
	return midnight
}

func (r Released) compare(o Released) int {
	return cmp.Or(r.At.Compare(o.At), cmp.Compare(r.Day, o.Day), cmp.Compare(r.Office, o.Office),
		cmp.Compare(r.Group, o.Group), cmp.Compare(r.Kind, o.Kind))
}

// closed says whether the day is a holiday or closed as a whole.
func (p Plan) closed(r Rule, d Day) bool {
	_, holiday := p.State.Holiday(d)
	return holiday || len(p.of(r, d)) == 0
}

// opens is when the rule's seats of a day are free for everybody.
func (r Rule) opens(d Day, zone *time.Location) (all []Opening) {
	seats := map[Kind]int{Public: r.Public, Internal: r.Internal}
	for _, e := range r.Releases {
		all = append(all, Opening{(d - Day(e.Ahead)).At(e.At, zone), seats[e.Kind]})
		delete(seats, e.Kind)
	}
	if n := seats[Public]; n > 0 {
		all = append(all, Opening{Seats: n})
	}
	return all
}

// closes is when everybody's time to book ends: with the slot's start, or with
// the end of the day so many days before as the notice says.
func (r Rule) closes(d Day, start time.Time, zone *time.Location) time.Time {
	if r.Notice == 0 {
		return start.UTC()
	}
	return (d - Day(r.Notice) + 1).At(0, zone)
}
