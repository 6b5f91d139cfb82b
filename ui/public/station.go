// SPDX-License-Identifier: EUPL-1.2

package public

import (
	"context"
	"slices"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
)

// A Station is where a photo can be taken before the appointment, during its
// office's opening hours.
type Station struct {
	Office string // the code of the office that it stands in
	Place  string // where it stands there: "Foyer, links neben dem Eingang"
}

// kept is how long a photo is kept after it was taken (PassDEUEV 1f(2), PAuswV
// 6a(2)); the clerk takes it over until the appointment's end.
const kept = 96 * time.Hour

// taking is how long taking a photo may take.
const taking = 10 * time.Minute

// hours are when an office is open on one day.
type hours struct{ From, To time.Time }

// openOn gives the office's hours of the day: from its first slot to its last.
// Holidays and closures have none.
func openOn(p calendar.Plan, office string, d calendar.Day) (h hours, open bool) {
	p.Rules = slices.DeleteFunc(slices.Clone(p.Rules), func(r calendar.Rule) bool { return r.Office != office })
	for _, slot := range p.Slots(d, d) {
		if !open || slot.Start.Before(h.From) {
			h.From = slot.Start
		}
		if slot.End().After(h.To) {
			h.To = slot.End()
		}
		open = true
	}
	return h, open
}

// photoHours are the hours at an office in which a photo can be taken that is
// kept until the appointment is over: none when it is not open in time.
func photoHours(p calendar.Plan, office string, start, end, now time.Time) (all []hours) {
	from := end.Add(-kept)
	if from.Before(now) {
		from = now
	}
	for d := calendar.DayOf(from, p.Zone); d <= calendar.DayOf(start, p.Zone); d++ {
		h, open := openOn(p, office, d)
		if h.From.Before(from) {
			h.From = from.Truncate(time.Minute)
			if h.From.Before(from) {
				h.From = h.From.Add(time.Minute)
			}
		}
		if h.To.After(start) {
			h.To = start
		}
		if open && !h.From.Add(taking).After(h.To) {
			all = append(all, h)
		}
	}
	return all
}

// before is a station with when it can be used.
type before struct {
	Station
	Office string // its name
	Hours  []hours
	Now    bool // it is open at this moment
}

// photo offers the stations of the appointment's office; where it has none, all.
func (s *site) photo(ctx context.Context, a book.Appointment, now time.Time) (all []before, err error) {
	if !a.PhotoWanted || a.State != book.Confirmed || len(s.Stations) == 0 {
		return nil, nil
	}
	plan, err := s.Book.Plan(ctx)
	if err != nil {
		return nil, err
	}
	offices, err := s.Book.Locations(ctx)
	if err != nil {
		return nil, err
	}
	here := func(st Station) bool { return st.Office == a.Location }
	for _, st := range s.Stations {
		if slices.ContainsFunc(s.Stations, here) && !here(st) {
			continue
		}
		b := before{Station: st, Hours: photoHours(plan, st.Office, a.Start, a.End(), now)}
		for _, l := range offices {
			if l.Code == st.Office {
				b.Office = l.Name
			}
		}
		if len(b.Hours) > 0 {
			b.Now = b.Hours[0].From.Sub(now) < time.Minute
			all = append(all, b)
		}
	}
	return all, nil
}
