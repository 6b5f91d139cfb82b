// SPDX-License-Identifier: EUPL-1.2

package letter

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
	"github.com/fotobox-project/fotobox/ui/text"
)

// A Station is where a photo can be taken during its office's opening hours.
type Station struct {
	Office string // the code of the office that it stands in
	Place  string // where it stands there: "Foyer, links neben dem Eingang"
}

// photo adds where and when the photo can be taken so that it is there until the
// appointment is over: at the stations of its office or, where that has none, at
// all. Where none is open in that time there is nothing to add.
func (c *matter) photo(ctx context.Context) error {
	if !c.a.PhotoWanted || len(c.w.Stations) == 0 {
		return nil
	}
	plan, err := c.w.Book.Plan(ctx)
	if err != nil {
		return err
	}
	p, first := part{Heading: c.say("photo.title")}, time.Time{}
	here := func(s Station) bool { return s.Office == c.a.Location }
	for _, s := range c.w.Stations {
		if slices.ContainsFunc(c.w.Stations, here) && !here(s) {
			continue
		}
		hours := plan.PhotoHours(s.Office, c.a.Start, c.a.End(), c.now)
		if len(hours) == 0 {
			continue
		}
		if first.IsZero() || hours[0].From.Before(first) {
			first = hours[0].From
		}
		p.fact(strings.Trim(c.names.location(s.Office)+", "+line(s.Place), ", "), said(c.Language, hours))
	}
	if first.IsZero() {
		return nil
	}
	p.Lines = []string{c.say("photo.now")}
	if c.a.End().Add(-calendar.Kept).After(c.now) {
		p.Lines = []string{c.say("photo.from", moment(c.Language, first))}
	}
	c.add(p)
	c.add(part{Lines: []string{c.say("photo.counter")}})
	return nil
}

// said are hours in words: "Donnerstag, 3. Dezember 2026, 09:15–18:00 Uhr; ...".
func said(l text.Language, all []calendar.Hours) string {
	var list []string
	for _, h := range all {
		clock := h.From.In(book.Zone()).Format("15:04") + "–" + h.To.In(book.Zone()).Format("15:04")
		list = append(list, l.Text("date.moment", day(l, h.From), l.Text("date.clock", clock)))
	}
	return strings.Join(list, "; ")
}
