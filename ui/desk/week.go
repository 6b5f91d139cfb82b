// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
)

// An amount is how much an office receives.
type amount struct{ Slots, Seats int }

func (a *amount) add(s calendar.Slot) {
	a.Slots++
	a.Seats += s.Seats
}

// A weekDay is a day of the preview.
type weekDay struct {
	Day     calendar.Day
	Why     string // it is a holiday, or closed: in the office's words
	Was, Is amount
}

// weekOf is the week from that Monday on by the plan, for an office or, with "",
// for all, with the slots of one plan and those of another, as far as it concerns.
func weekOf(p calendar.Plan, office string, was, is []calendar.Slot, monday calendar.Day, concerns func(calendar.Slot) bool) (days [7]weekDay) {
	for i := range days {
		days[i].Day = monday + calendar.Day(i)
		days[i].Why = why(p, office, days[i].Day)
	}
	for _, s := range was {
		if concerns(s) {
			days[calendar.DayOf(s.Start, p.Zone)-monday].Was.add(s)
		}
	}
	for _, s := range is {
		if concerns(s) {
			days[calendar.DayOf(s.Start, p.Zone)-monday].Is.add(s)
		}
	}
	return days
}

// why is what the day has of holidays and closures.
func why(p calendar.Plan, office string, day calendar.Day) string {
	var all []string
	if name, is := p.State.Holiday(day); is {
		all = append(all, name)
	}
	for _, c := range p.Closures {
		if (c.Office == "" || c.Office == office) && c.First <= day && day <= c.Last {
			all = append(all, c.Reason)
		}
	}
	return strings.Join(all, ", ")
}

// weekPage is a week of all offices, by the plan in force.
type weekPage struct {
	Monday calendar.Day
	Days   [7]weekDay // with the sum of all
	Lines  []weekLine
}

// A weekLine is one group of an office.
type weekLine struct {
	Office string // its name, in the office's first line only
	Span   int    // lines of the office, in the first only
	Group  string
	Days   [7]weekDay
}

// Before and After are the neighbouring weeks.
func (p weekPage) Before() calendar.Day { return p.Monday - 7 }

// After is the week that follows.
func (p weekPage) After() calendar.Day { return p.Monday + 7 }

func (d *desk) week(w http.ResponseWriter, r *http.Request, _ string) error {
	t, err := d.Town.Town(r.Context())
	if err != nil {
		return err
	}
	monday := mondayOf(calendar.DayOf(time.Now(), t.Zone)) + 7
	if day, err := calendar.ParseDay(r.FormValue("day")); err == nil && day > 0 {
		monday = mondayOf(day)
	}
	slots := t.Slots(monday, monday+6)
	p := weekPage{Monday: monday, Days: weekOf(t.Plan, "", nil, slots, monday, func(calendar.Slot) bool { return true })}
	for _, l := range t.Locations {
		p.Lines = append(p.Lines, linesOf(t, l, slots, monday)...)
	}
	return d.show(w, r, "week", http.StatusOK, p)
}

// linesOf are the groups that the office has rules for.
func linesOf(t book.Town, l book.Location, slots []calendar.Slot, monday calendar.Day) (lines []weekLine) {
	for _, g := range groups(t) {
		concerns := func(s calendar.Slot) bool { return s.Office == l.Code && s.Group == g.Value }
		if slices.ContainsFunc(t.Rules, func(r calendar.Rule) bool { return r.Office == l.Code && r.Group == g.Value }) {
			lines = append(lines, weekLine{Group: g.Value, Days: weekOf(t.Plan, l.Code, nil, slots, monday, concerns)})
		}
	}
	if len(lines) > 0 {
		lines[0].Office, lines[0].Span = l.Name, len(lines)
	}
	return lines
}
