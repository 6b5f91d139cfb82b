// SPDX-License-Identifier: EUPL-1.2

package calendar

import (
	"errors"
	"fmt"
	"regexp"
)

// What a rule can hold.
const (
	MaxMinutes = 255 // of a slot: the appointment's code has one byte for it
	MaxSeats   = 64  // of a slot
	MaxAhead   = 92  // days before its own on which a slot may be released: a quarter
	maxEvery   = 52
	maxCooling = 24 * 60
)

// A Rule says on which days and hours an office receives for a group of
// services, with how many seats: each seat is somebody who serves.
type Rule struct {
	Office  string   `json:"office"` // code of the place
	Group   string   `json:"group"`  // code of the services that share the seats
	Days    Weekdays `json:"days"`
	Every   int      `json:"every,omitzero"` // only each n-th week from the one of First; 0 as 1
	Nth     int      `json:"nth,omitzero"`   // only the n-th of its weekday in a month, -1 the last; 0 all
	First   Day      `json:"first,omitzero"`
	Last    Day      `json:"last,omitzero"`
	From    Clock    `json:"from"`
	To      Clock    `json:"to"`
	Minutes int      `json:"minutes"` // of a slot

	Public   int       `json:"public"`             // seats for everybody
	Internal int       `json:"internal,omitzero"`  // seats that the office gives, the reserve
	Notice   int       `json:"notice,omitzero"`    // everybody books at least so many days ahead; 0 up to the slot's start
	Releases []Release `json:"releases,omitempty"` // when everybody may begin to book; without one of theirs, public seats are free at once and internal ones never
	Cooling  int       `json:"cooling,omitzero"`   // minutes that a cancelled seat rests, against trading
}

// Kind is which seats a release is about.
type Kind string

// The kinds of seats.
const (
	Public   Kind = "public"
	Internal Kind = "internal"
)

// A Release opens a day's seats to everybody: {Public, 21, 09:00} those of the
// day three weeks ahead at nine, {Internal, 0, 07:00} today's reserve at seven.
type Release struct {
	Kind  Kind  `json:"seats"`
	Ahead int   `json:"ahead"` // days before the slots' own
	At    Clock `json:"at"`
}

// On says whether the office receives on the day by the rule, were it no
// holiday and not closed.
func (r Rule) On(d Day) bool {
	n, last := d.nth()
	switch {
	case !r.Days.Has(d.Weekday()), d < r.First, r.Last != 0 && d > r.Last:
		return false
	case r.Every > 1 && (d.week()-r.First.week())%r.Every != 0:
		return false
	case r.Nth > 0 && n != r.Nth, r.Nth == -1 && !last:
		return false
	}
	return true
}

// A Fault is a field that makes no sense.
type Fault struct {
	Field string // as the plan's JSON names it
	Why   string // and what to write instead
}

// Error names the field.
func (f *Fault) Error() string { return f.Field + ": " + f.Why }

func wrong(field, format string, args ...any) error {
	return &Fault{field, fmt.Sprintf(format, args...)}
}

var code = regexp.MustCompile(`^[a-z0-9-]{1,32}$`)

// CheckCode refuses what is no code of an office or of a group.
func CheckCode(what, text string) error {
	if !code.MatchString(text) {
		return wrong(what, "%q is no code: it has 1 to 32 small letters, digits and dashes", text)
	}
	return nil
}

// Check says what makes no sense, and what to write instead.
func (r Rule) Check() error {
	if err := errors.Join(CheckCode("office", r.Office), CheckCode("group", r.Group)); err != nil {
		return err
	}
	if err := r.checkDays(); err != nil {
		return err
	}
	return r.checkSeats()
}

func (r Rule) checkDays() error {
	switch {
	case r.Days == 0:
		return wrong("days", "name at least one day of the week")
	case r.Every < 0 || r.Every > maxEvery:
		return wrong("every", "%d weeks, want 1 to %d", r.Every, maxEvery)
	case r.Nth < -1 || r.Nth > 5:
		return wrong("nth", "%d, want 1 to 5, or -1 for the month's last", r.Nth)
	case r.Every > 1 && r.Nth != 0:
		return wrong("nth", "a rule counts weeks or weekdays of a month, not both")
	case r.Every > 1 && r.First == 0:
		return wrong("every", "it counts from the week of the first day, which is missing")
	case r.Last != 0 && r.Last < r.First:
		return wrong("last", "%s is before the first day, %s", r.Last, r.First)
	case r.From < 0 || r.To > Midnight || r.From >= r.To:
		return wrong("to", "the hours from %s to %s end before they begin", r.From, r.To)
	case r.Minutes < 1 || r.Minutes > MaxMinutes:
		return wrong("minutes", "%d, want 1 to %d", r.Minutes, MaxMinutes)
	case r.Minutes > int(r.To-r.From):
		return wrong("minutes", "a slot of %d does not fit between %s and %s", r.Minutes, r.From, r.To)
	case r.Last != 0 && !r.everOn():
		return wrong("days", "none of them is between %s and %s", r.First, r.Last)
	}
	return nil
}

// everOn says whether a rule that ends has a day at all.
func (r Rule) everOn() bool {
	const cycle = maxEvery * 7 * 2 // any other rule than a yearly one has a day in it
	for d := r.First; d <= min(r.Last, r.First+cycle); d++ {
		if r.On(d) {
			return true
		}
	}
	return false
}

func (r Rule) checkSeats() error {
	switch all := r.Public + r.Internal; {
	case r.Public < 0 || r.Internal < 0 || all < 1 || all > MaxSeats:
		return wrong("public", "%d public seats and %d internal, want 1 to %d together", r.Public, r.Internal, MaxSeats)
	case r.Notice < 0 || r.Notice > MaxAhead:
		return wrong("notice", "%d days, want 0 to %d", r.Notice, MaxAhead)
	case r.Cooling < 0 || r.Cooling > maxCooling:
		return wrong("cooling", "%d minutes, want 0 to %d", r.Cooling, maxCooling)
	}
	seen := map[Kind]bool{}
	for _, e := range r.Releases {
		if err := r.checkRelease(e); err != nil {
			return err
		}
		if seen[e.Kind] {
			return wrong("releases", "%s seats are released once", e.Kind)
		}
		seen[e.Kind] = true
	}
	return nil
}

func (r Rule) checkRelease(e Release) error {
	switch {
	case e.Kind != Public && e.Kind != Internal:
		return wrong("releases", "seats are public or internal, not %q", e.Kind)
	case e.Kind == Internal && r.Internal == 0, e.Kind == Public && r.Public == 0:
		return wrong("releases", "the rule has no %s seats", e.Kind)
	case e.Ahead < 0 || e.Ahead > MaxAhead:
		return wrong("releases", "%d days ahead, want 0 to %d", e.Ahead, MaxAhead)
	case e.Ahead < r.Notice:
		return wrong("releases", "seats released %d days ahead cannot be booked with %d days' notice", e.Ahead, r.Notice)
	case e.At < 0 || e.At >= Midnight:
		return wrong("releases", "%s is no time of day", e.At)
	case e.Ahead == 0 && e.At >= r.To:
		return wrong("releases", "%s is after the day's hours", e.At)
	}
	return nil
}

// collides says whether both rules give the same seats times that overlap
// without being the same: where hours meet, slots must begin together.
func (r Rule) collides(o Rule) bool {
	if r.Office != o.Office || r.Group != o.Group || r.To <= o.From || o.To <= r.From {
		return false
	}
	if r.Minutes == o.Minutes && int(r.From-o.From)%r.Minutes == 0 {
		return false
	}
	const fourYears = 4*365 + 1
	from := max(r.First, o.First, date(2024, 1, 1))
	for d := from; d < from+fourYears; d++ {
		if r.On(d) && o.On(d) {
			return true
		}
	}
	return false
}
