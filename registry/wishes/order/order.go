// SPDX-License-Identifier: EUPL-1.2

// Package order checks that a queue of wishes was served by its rules: from the rules alone and what happened, line by line.
//
// It knows nothing of how seats are given. Whoever plays a town tells it what
// happened, in that order, and asks in the end what was against the rules.
package order

import (
	"fmt"
	"slices"
	"time"
)

// Rules are those that hold in the town.
type Rules struct {
	Zone     *time.Location
	Answer   time.Duration // an offer waits so long at most
	Lead     time.Duration // and until so long before its time
	Least    time.Duration // and so long at least; with less nothing is offered
	Refusals int           // with so many offers refused a wish ends
	Soon     time.Duration // within this time a free seat is offered
}

// A Wish is what somebody looks for.
type Wish struct {
	ID          string
	Group       string // of services that share seats
	Minutes     int
	Seats       int
	Offices     []string    // none: every one
	Hours       [7][24]bool // Monday's first; none: any
	First, Last string      // days, 2026-12-01
}

// A Seat is one place at an office at a time.
type Seat struct {
	Office, Group string
	Start         time.Time
	Number        int
}

// An Offer is seats that are kept for a wish.
type Offer struct {
	ID, Wish string
	Until    time.Time
	Length   time.Duration
	Seats    []Seat // in the order of their times
}

// asked is a wish in the queue.
type asked struct {
	Wish
	any     bool
	place   int
	since   int    // what happened then, counted
	offer   string // live
	refused map[seatTime]bool
	misses  int
}

type seatTime struct {
	office string
	start  int64
}

// freed is seats that were free again, and are to be offered soon.
type freed struct {
	Seat                 // the number is how many are left
	length time.Duration // of the slot
	at     time.Time
	since  int // what happened then, counted
}

// A Checker follows what happens.
type Checker struct {
	rules  Rules
	places int
	events int
	queue  map[string][]*asked // of a group, in order
	wishes map[string]*asked
	live   map[string]Offer // offers that wait, and appointments that came of them
	held   map[Seat]string  // by which of these
	freed  []freed
	faults []string
	count  int
}

// New gives a checker of a queue that nobody is in.
func New(r Rules) *Checker {
	return &Checker{rules: r, queue: map[string][]*asked{}, wishes: map[string]*asked{}, live: map[string]Offer{}, held: map[Seat]string{}}
}

// Faults are what was against the rules, at most a hundred of them.
func (c *Checker) Faults() []string { return c.faults }

// Offers is how many were checked.
func (c *Checker) Offers() int { return c.count }

func (c *Checker) fault(at time.Time, format string, args ...any) {
	if len(c.faults) < 100 {
		c.faults = append(c.faults, at.UTC().Format(time.RFC3339)+" "+fmt.Sprintf(format, args...))
	}
}

// Entered is told of a wish that gets its place, behind all others.
func (c *Checker) Entered(at time.Time, w Wish) {
	c.pass(at)
	if c.wishes[w.ID] != nil {
		c.fault(at, "wish %s has two places", w.ID)
		return
	}
	c.places++
	a := &asked{Wish: w, any: w.Hours == [7][24]bool{}, place: c.places, since: c.events, refused: map[seatTime]bool{}}
	c.wishes[w.ID] = a
	c.queue[w.Group] = append(c.queue[w.Group], a)
}

// Ended is told of a wish that has left the queue without an appointment.
func (c *Checker) Ended(at time.Time, wish string) {
	c.pass(at)
	w := c.wishes[wish]
	if w == nil {
		c.fault(at, "wish %s has ended twice, or never began", wish)
		return
	}
	c.remove(w)
}

func (c *Checker) remove(w *asked) {
	delete(c.wishes, w.ID)
	all := c.queue[w.Group]
	i, found := slices.BinarySearchFunc(all, w.place, func(a *asked, place int) int { return a.place - place })
	if found {
		c.queue[w.Group] = slices.Delete(all, i, i+1)
	}
}

// Accepted is told of an offer that became an appointment: its seats are kept, and
// its wish has left the queue.
func (c *Checker) Accepted(at time.Time, offer string) {
	c.pass(at)
	if w, o := c.answered(at, offer); w != nil {
		if !at.Before(o.Until) {
			c.fault(at, "offer %s is accepted, it ended at %s", offer, o.Until)
		}
		c.remove(w)
	}
}

// Refused is told of an offer that came to nothing: it lapsed, or was declined, or,
// blameless, was taken back.
func (c *Checker) Refused(at time.Time, offer string, lapsed, blameless bool) {
	c.pass(at)
	w, o := c.answered(at, offer)
	if w == nil {
		return
	}
	if lapsed && at.Before(o.Until) {
		c.fault(at, "offer %s lapses before its time, %s", offer, o.Until)
	}
	if !blameless {
		w.misses++
	}
	w.refused[seatTime{o.Seats[0].Office, o.Seats[0].Start.Unix()}] = true
	w.since = c.events
	c.Gone(at, offer)
}

func (c *Checker) answered(at time.Time, offer string) (*asked, Offer) {
	o, known := c.live[offer]
	w := c.wishes[o.Wish]
	if !known || w == nil || w.offer != offer {
		c.fault(at, "offer %s is answered, but does not wait", offer)
		return nil, Offer{}
	}
	w.offer = ""
	return w, o
}

// Gone is told of an appointment or offer that has no seats any more.
func (c *Checker) Gone(at time.Time, offer string) {
	c.pass(at)
	for _, s := range c.live[offer].Seats {
		delete(c.held, s)
	}
	delete(c.live, offer)
}

// Freed is told of seats of a slot that are free again, before anybody else can have
// them. Number is how many.
func (c *Checker) Freed(at time.Time, s Seat, length time.Duration) {
	c.pass(at)
	c.freed = append(c.freed, freed{s, length, at, c.events})
}

// Offered is told of an offer.
func (c *Checker) Offered(at time.Time, o Offer) {
	c.pass(at)
	c.count++
	w := c.wishes[o.Wish]
	if w == nil || len(o.Seats) == 0 {
		c.fault(at, "offer %s is for wish %s, which is not in the queue, or of nothing", o.ID, o.Wish)
		return
	}
	c.fits(at, w, o)
	for _, s := range o.Seats {
		if other := c.held[s]; other != "" {
			c.fault(at, "seat %d of %s at %s is in two offers: %s and %s", s.Number, s.Office, s.Start, other, o.ID)
		}
		c.held[s] = o.ID
	}
	c.order(at, w, o)
	w.offer = o.ID
	c.live[o.ID] = o
	for i := range c.freed {
		for _, s := range o.Seats {
			if f := &c.freed[i]; f.Office == s.Office && f.Group == s.Group && f.Start.Equal(s.Start) {
				f.Number--
			}
		}
	}
}

// fits: the wish is in the queue without another offer, wished for that, and has
// the time to answer that the rules say.
func (c *Checker) fits(at time.Time, w *asked, o Offer) {
	first := o.Seats[0]
	until := at.Add(c.rules.Answer)
	if end := first.Start.Add(-c.rules.Lead); end.Before(until) {
		until = end
	}
	numbers := map[int]bool{}
	for _, s := range o.Seats {
		numbers[s.Number] = true
	}
	switch {
	case w.offer != "":
		c.fault(at, "wish %s has two offers: %s and %s", w.ID, w.offer, o.ID)
	case w.misses >= c.rules.Refusals:
		c.fault(at, "wish %s has refused %d times and gets another offer", w.ID, w.misses)
	case !w.wants(first.Office, first.Group, first.Start, c.rules.Zone):
		c.fault(at, "wish %s did not wish for %s at %s, or has refused it", w.ID, first.Office, first.Start)
	case o.Length < time.Duration(w.Minutes)*time.Minute || len(numbers) != w.Seats:
		c.fault(at, "wish %s needs %d minutes with %d seats and is offered %s with %d", w.ID, w.Minutes, w.Seats, o.Length, len(numbers))
	case !o.Until.Equal(until):
		c.fault(at, "offer %s ends at %s, want %s", o.ID, o.Until, until)
	case o.Until.Sub(at) < c.rules.Least:
		c.fault(at, "offer %s leaves %s to answer", o.ID, o.Until.Sub(at))
	}
}

// order: nobody who was there before and is content with these seats, or a part of
// them, is passed over.
func (c *Checker) order(at time.Time, w *asked, o Offer) {
	end := o.Seats[0].Start.Add(o.Length)
	for _, other := range c.queue[w.Group] {
		if other.place >= w.place {
			return
		}
		if other.offer != "" || other.Seats > w.Seats {
			continue
		}
		for i, s := range o.Seats {
			if i > 0 && s.Start.Equal(o.Seats[i-1].Start) || end.Sub(s.Start) < time.Duration(other.Minutes)*time.Minute {
				continue
			}
			if c.inTime(at, s.Start) && other.wants(s.Office, s.Group, s.Start, c.rules.Zone) {
				c.fault(at, "wish %s, number %d, is overtaken by %s, number %d, for %s at %s", other.ID, other.place, w.ID, w.place, s.Office, s.Start)
				return
			}
		}
	}
}

func (c *Checker) inTime(at, start time.Time) bool {
	return start.Add(-c.rules.Lead).Sub(at) >= c.rules.Least
}

// wants says whether somebody with the wish would come then.
func (w *asked) wants(office, group string, start time.Time, zone *time.Location) bool {
	if group != w.Group || len(w.Offices) > 0 && !slices.Contains(w.Offices, office) {
		return false
	}
	local := start.In(zone)
	weekday := (int(local.Weekday()) + 6) % 7
	if !w.any && !w.Hours[weekday][local.Hour()] {
		return false
	}
	day := local.Format(time.DateOnly)
	return w.First <= day && day <= w.Last && !w.refused[seatTime{office, start.Unix()}]
}

// pass lets time go by: what was free long enough must have been offered to whom it fits.
func (c *Checker) pass(now time.Time) {
	c.events++
	for len(c.freed) > 0 && now.Sub(c.freed[0].at) > c.rules.Soon {
		f := c.freed[0]
		c.freed = c.freed[1:]
		if f.Number <= 0 || !c.inTime(f.at, f.Start) {
			continue
		}
		for _, w := range c.queue[f.Group] {
			if w.offer == "" && w.since < f.since && w.Seats <= f.Number && time.Duration(w.Minutes)*time.Minute <= f.length && w.wants(f.Office, f.Group, f.Start, c.rules.Zone) {
				c.fault(now, "%s at %s was free at %s and not offered to %s", f.Office, f.Start, f.at, w.ID)
				break
			}
		}
	}
}

// Close is told when it is over.
func (c *Checker) Close(at time.Time) { c.pass(at.Add(c.rules.Soon + 1)) }
