// SPDX-License-Identifier: EUPL-1.2

package calendar

import (
	"errors"
	"fmt"
	"time"
	"unicode/utf8"
)

// A Plan is all rules and closures of a town's offices.
type Plan struct {
	Zone  *time.Location `json:"-"`
	State State          `json:"-"` // whose holidays are kept; 0 none

	Rules    []Rule    `json:"rules"`
	Closures []Closure `json:"closures"`
}

// A Closure is when an office does not receive although a rule says so.
type Closure struct {
	Office string `json:"office,omitzero"` // "" all
	First  Day    `json:"first"`
	Last   Day    `json:"last"`
	From   Clock  `json:"from,omitzero"`
	To     Clock  `json:"to,omitzero"` // 0: whole days
	Reason string `json:"reason"`      // what citizens are told
}

// Check says what makes no sense, and what to write instead.
func (c Closure) Check() error {
	if c.Office != "" {
		if err := CheckCode("office", c.Office); err != nil {
			return err
		}
	}
	switch n := utf8.RuneCountInString(c.Reason); {
	case c.First <= 0 || c.Last < c.First:
		return wrong("last", "a closure needs a first day, and a last one that is not before it: %q to %q", c.First, c.Last)
	case c.To != 0 && c.From >= c.To, c.To == 0 && c.From != 0, c.From < 0, c.To > Midnight:
		return wrong("to", "the hours from %s to %s end before they begin", c.From, c.To)
	case n == 0 || n > 200 || !utf8.ValidString(c.Reason):
		return wrong("reason", "1 to 200 characters are needed")
	}
	return nil
}

// covers says whether office is closed at some moment from start to end, which
// lie on the day d.
func (c Closure) covers(office string, d Day, start, end time.Time, zone *time.Location) bool {
	if c.Office != "" && c.Office != office || d < c.First || d > c.Last {
		return false
	}
	return c.To == 0 || start.Before(d.At(c.To, zone)) && d.At(c.From, zone).Before(end)
}

// Reason is why the office is closed at some moment from start to end, as citizens are
// told; "" where no closure says so.
func (p Plan) Reason(office string, start, end time.Time) string {
	d := DayOf(start, p.Zone)
	for _, c := range p.Closures {
		if c.covers(office, d, start, end, p.Zone) {
			return c.Reason
		}
	}
	return ""
}

// ErrMeet says that two rules cannot both hold.
var ErrMeet = errors.New("their hours meet on the same days")

// Check says which rule or closure makes no sense, counted from 1, and what to
// write instead.
func (p Plan) Check() error {
	for i, r := range p.Rules {
		if err := r.Check(); err != nil {
			return fmt.Errorf("rule %d: %w", i+1, err)
		}
		for j, o := range p.Rules[:i] {
			if r.collides(o) {
				return fmt.Errorf("rules %d and %d: %w, so their slots must begin at the same times and be as long", j+1, i+1, ErrMeet)
			}
		}
	}
	for i, c := range p.Closures {
		if err := c.Check(); err != nil {
			return fmt.Errorf("closure %d: %w", i+1, err)
		}
	}
	return nil
}
