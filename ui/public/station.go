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

// before is a station with when it can be used.
type before struct {
	Station
	Office string // its name
	Hours  []calendar.Hours
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
		b := before{Station: st, Hours: plan.PhotoHours(st.Office, a.Start, a.End(), now)}
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
