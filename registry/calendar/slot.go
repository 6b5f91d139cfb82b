// SPDX-License-Identifier: EUPL-1.2

package calendar

import (
	"cmp"
	"slices"
	"time"
)

// A Slot is a time at which an office receives, with seats.
type Slot struct {
	Office, Group string
	Start         time.Time // UTC
	Minutes       int
	Seats         int       // all of them
	Opens         []Opening // when which part of them is free for everybody
	Closes        time.Time // from then on only the office itself books
	Cooling       time.Duration
}

// An Opening is the moment from which everybody may book so many seats more.
type Opening struct {
	At    time.Time // the zero time: from ever
	Seats int
}

// End is the first moment after the slot.
func (s Slot) End() time.Time { return s.Start.Add(time.Duration(s.Minutes) * time.Minute) }

// Open is how many seats everybody may book at that moment, were they free.
func (s Slot) Open(at time.Time) (n int) {
	if !at.Before(s.Closes) {
		return 0
	}
	return s.Released(at)
}

// Released is how many seats the releases up to that moment have opened.
func (s Slot) Released(at time.Time) (n int) {
	for _, o := range s.Opens {
		if !o.At.After(at) {
			n += o.Seats
		}
	}
	return n
}

// Slots gives the slots of the days, both included, in the order of offices,
// groups and time. Those of one office and group never overlap.
func (p Plan) Slots(from, to Day) (all []Slot) {
	for d := from; d <= to; d++ {
		if _, free := p.State.Holiday(d); !free {
			all = append(all, p.day(d)...)
		}
	}
	slices.SortStableFunc(all, Slot.compare)
	return all
}

func (s Slot) compare(o Slot) int {
	return cmp.Or(cmp.Compare(s.Office, o.Office), cmp.Compare(s.Group, o.Group), s.Start.Compare(o.Start))
}

// day gives the slots of one day. Where rules meet, their seats add up.
func (p Plan) day(d Day) (all []Slot) {
	for _, r := range p.Rules {
		if r.On(d) {
			all = append(all, p.of(r, d)...)
		}
	}
	slices.SortStableFunc(all, Slot.compare)
	kept := all[:0]
	for _, s := range all {
		if len(kept) == 0 || !kept[len(kept)-1].meets(s) {
			kept = append(kept, s)
			continue
		}
		// On the days when clocks change, slots of two rules may not fit
		// together that do on all others: then the earlier one stays.
		if last := &kept[len(kept)-1]; last.Start.Equal(s.Start) && last.Minutes == s.Minutes && last.Seats+s.Seats <= MaxSeats {
			last.add(s)
		}
	}
	return kept
}

// of gives the slots of one rule on a day on which it applies.
func (p Plan) of(r Rule, d Day) (all []Slot) {
	length := time.Duration(r.Minutes) * time.Minute
	end := d.At(r.To, p.Zone)
	for start := d.At(r.From, p.Zone); !start.Add(length).After(end); start = start.Add(length) {
		closed := slices.ContainsFunc(p.Closures, func(c Closure) bool {
			return c.covers(r.Office, d, start, start.Add(length), p.Zone)
		})
		if closed {
			continue
		}
		all = append(all, Slot{
			Office: r.Office, Group: r.Group, Start: start.UTC(), Minutes: r.Minutes, Seats: r.Public + r.Internal,
			Opens: r.opens(d, p.Zone), Closes: r.closes(d, start, p.Zone), Cooling: time.Duration(r.Cooling) * time.Minute,
		})
	}
	return all
}

// meets says whether both are times of the same seats and overlap; s is not the later one.
func (s Slot) meets(o Slot) bool {
	return s.Office == o.Office && s.Group == o.Group && o.Start.Before(s.End())
}

// add joins the seats of another rule's slot at the same time.
func (s *Slot) add(o Slot) {
	s.Seats += o.Seats
	s.Opens = append(s.Opens, o.Opens...)
	s.Cooling = max(s.Cooling, o.Cooling)
	if o.Closes.Before(s.Closes) {
		s.Closes = o.Closes
	}
}
