// SPDX-License-Identifier: EUPL-1.2

package public

import (
	"context"
	"html/template"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
)

// maxPersons is how many book at once. For more the office finds a time itself.
const maxPersons = 8

// A choice is what the citizen has chosen so far. It stands in the addresses, so
// that going back and a second tab work, and it is nothing personal.
type choice struct {
	Service book.Service
	Persons int
	Office  book.Location // the zero Location: none yet
	From    calendar.Day  // look from this day on; the zero Day: from today
	Instead string        // link to a time that is held already, and given back for another one
}

// choose reads what was chosen. It reports false as long as the service is
// missing, or what was chosen is not there.
func (s *site) choose(ctx context.Context, q url.Values) (c choice, ok bool, err error) {
	services, err := s.Book.Services(ctx)
	if err != nil {
		return choice{}, false, err
	}
	code, err := strconv.ParseUint(q.Get("service"), 10, 16)
	i := slices.IndexFunc(services, func(s book.Service) bool { return err == nil && s.Code == uint16(code) })
	if i < 0 {
		return choice{}, false, nil
	}
	c = choice{Service: services[i], Persons: 1, Instead: q.Get("instead")}
	if n, err := strconv.Atoi(q.Get("persons")); err == nil {
		c.Persons = min(max(n, 1), mostOf(c.Service))
	}
	if d, err := calendar.ParseDay(q.Get("from")); err == nil {
		c.From = d
	}
	if q.Get("office") == "" {
		return c, true, nil
	}
	c.Office, err = s.office(ctx, q.Get("office"))
	return c, err == nil, err
}

// mostOf is how many can have the service at once.
func mostOf(s book.Service) int { return min(maxPersons, calendar.MaxSeats/s.Seats) }

// office is the one of that code, where everybody may book.
func (s *site) office(ctx context.Context, code string) (book.Location, error) {
	all, err := s.onlineOffices(ctx)
	if err != nil {
		return book.Location{}, err
	}
	i := slices.IndexFunc(all, func(l book.Location) bool { return l.Code == code })
	if i < 0 {
		return book.Location{}, errOffline
	}
	return all[i], nil
}

func (s *site) onlineOffices(ctx context.Context) ([]book.Location, error) {
	all, err := s.Book.Locations(ctx)
	return slices.DeleteFunc(all, func(l book.Location) bool { return !l.Online }), err
}

// request is what the book looks for.
func (c choice) request() book.Request {
	return book.Request{Location: c.Office.Code, Service: c.Service.Code, Persons: c.Persons}
}

// Query is the choice as an address has it.
func (c choice) Query() template.URL {
	q := url.Values{"service": {strconv.Itoa(int(c.Service.Code))}, "persons": {strconv.Itoa(c.Persons)}}
	for key, value := range map[string]string{"office": c.Office.Code, "from": c.From.String(), "instead": c.Instead} {
		if value != "" {
			q.Set(key, value)
		}
	}
	return template.URL(q.Encode()) // names and values are escaped
}

// At is the choice of that office.
func (c choice) At(l book.Location) choice {
	c.Office, c.From = l, 0
	return c
}

// After is the choice from that day on.
func (c choice) After(d calendar.Day) choice {
	c.From = d
	return c
}

// Anywhere is the choice without an office.
func (c choice) Anywhere() choice { return c.At(book.Location{}) }

// begin is the first moment that is looked at.
func (c choice) begin(now time.Time) time.Time {
	if from := c.From.At(0, book.Zone()); c.From > 0 && from.After(now) {
		return from
	}
	return now
}
