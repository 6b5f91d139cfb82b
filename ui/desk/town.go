// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"context"
	"net/http"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
)

// Calendar has the rules and closures in force, tries others and puts them in their place.
type Calendar interface {
	Town(ctx context.Context) (book.Town, error)
	TryPlan(ctx context.Context, p calendar.Plan, now time.Time) (book.Change, error)
	ReplacePlan(ctx context.Context, actor string, old, p calendar.Plan, tell bool, now time.Time) (book.Change, error)
}

// Offers are the offices and what they offer.
type Offers interface {
	PutLocation(ctx context.Context, actor string, l book.Location, now time.Time) error
	PutService(ctx context.Context, actor string, s book.Service, now time.Time) error
}

// Times tells whose appointment cannot stay, and when else they could come.
type Times interface {
	Affected(ctx context.Context, now time.Time) ([]book.Appointment, error)
	Other(ctx context.Context, a book.Appointment, now time.Time) ([]book.Free, error)
	Free(ctx context.Context, r book.Request, from, to, now time.Time) ([]book.Free, error)
}

// Steps moves and cancels appointments.
type Steps interface {
	Move(ctx context.Context, id appointment.ID, location string, start time.Time, inside bool, s book.Step) (book.Appointment, error)
	Advance(ctx context.Context, id appointment.ID, s book.Step) (book.Appointment, error)
}

// Town is the town's calendar.
type Town interface {
	Calendar
	Offers
	Times
	Steps
}

var _ Town = (*book.Book)(nil)

// townPage is the town at a glance.
type townPage struct {
	Offices  []officeLine
	Services int
	Closures int
	Affected int
	Releases []releaseLine
}

// An officeLine is one office in the list.
type officeLine struct {
	book.Location
	Rules int
	Week  amount // that comes
}

// A releaseLine is what is released at one moment.
type releaseLine struct {
	At      time.Time
	Day     calendar.Day
	Kind    calendar.Kind
	Offices int // calendars of offices and groups
}

func (d *desk) town(w http.ResponseWriter, r *http.Request, _ string) error {
	now := time.Now()
	t, err := d.Town.Town(r.Context())
	if err != nil {
		return err
	}
	affected, err := d.Town.Affected(r.Context(), now)
	if err != nil {
		return err
	}
	p := townPage{Services: len(t.Services), Closures: len(t.Closures), Affected: len(affected), Releases: releases(t.Plan, now)}
	monday := mondayOf(calendar.DayOf(now, t.Zone)) + 7
	slots := t.Slots(monday, monday+6)
	for _, l := range t.Locations {
		line := officeLine{Location: l}
		for _, rule := range t.Rules {
			if rule.Office == l.Code {
				line.Rules++
			}
		}
		for _, s := range slots {
			if s.Office == l.Code {
				line.Week.add(s)
			}
		}
		p.Offices = append(p.Offices, line)
	}
	return d.show(w, r, "town", http.StatusOK, p)
}

// releases are those of the coming week, what comes at one moment in one line.
func releases(p calendar.Plan, now time.Time) (all []releaseLine) {
	lines := map[releaseLine]int{}
	for _, one := range p.Ahead(now, now.AddDate(0, 0, 7)) {
		key := releaseLine{At: one.At, Day: one.Day, Kind: one.Kind}
		i, known := lines[key]
		if !known {
			i = len(all)
			lines[key], all = i, append(all, key)
		}
		all[i].Offices++
	}
	return all
}

// mondayOf is the Monday of the day's week.
func mondayOf(day calendar.Day) calendar.Day {
	return day - calendar.Day((day.Weekday()+6)%7)
}
