// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"bytes"
	"context"
	"crypto/subtle"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
)

// Calendars are what the offices' calendars are made of.
type Calendars interface {
	Locations(ctx context.Context) ([]book.Location, error)
	Services(ctx context.Context) ([]book.Service, error)
	Between(ctx context.Context, location string, from, to time.Time) ([]book.Appointment, error)
}

var _ Calendars = (*book.Book)(nil)

// feedDays is how many days ahead an office's calendar shows; one day back it does, too.
const feedDays = 35

// A feed is an office with the address of its calendar.
type feed struct{ Name, Address string }

// calendars lists the offices' calendars, for calendar programs that cannot sign in.
func (d *desk) calendars(w http.ResponseWriter, r *http.Request, _ string) error {
	if d.FeedKey == nil {
		return errNothing
	}
	all, err := d.Calendars.Locations(r.Context())
	if err != nil {
		return err
	}
	list := make([]feed, len(all))
	for i, l := range all {
		list[i] = feed{l.Name, "/calendars/" + l.Code + "/" + d.FeedKey(l.Code) + ".ics"}
	}
	return d.show(w, r, "calendars", http.StatusOK, list)
}

// calendar is an office's appointments for a calendar program that has the secret
// address: when and what for, of nobody.
func (d *desk) calendar(w http.ResponseWriter, r *http.Request) error {
	office := r.PathValue("office")
	if d.FeedKey == nil || subtle.ConstantTimeCompare([]byte(r.PathValue("file")), []byte(d.FeedKey(office)+".ics")) == 0 {
		return errNothing
	}
	now := time.Now()
	file, err := d.fed(r.Context(), office, now)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if err := book.WriteCalendar(&text, file); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
	_, err = w.Write(text.Bytes())
	return err
}

func (d *desk) fed(ctx context.Context, office string, now time.Time) (book.CalendarFile, error) {
	offices, err := d.Calendars.Locations(ctx)
	if err != nil {
		return book.CalendarFile{}, err
	}
	i := slices.IndexFunc(offices, func(l book.Location) bool { return l.Code == office })
	if i < 0 {
		return book.CalendarFile{}, errNothing
	}
	services, err := d.Calendars.Services(ctx)
	if err != nil {
		return book.CalendarFile{}, err
	}
	today, _ := book.Day(now)
	all, err := d.Calendars.Between(ctx, office, today.AddDate(0, 0, -1), today.AddDate(0, 0, feedDays))
	if err != nil {
		return book.CalendarFile{}, err
	}
	file := book.CalendarFile{Name: offices[i].Name, Made: now}
	for _, a := range all {
		file.Entries = append(file.Entries, book.CalendarEntry{Appointment: a, Summary: purpose(a, services), Place: offices[i].Name})
	}
	return file, nil
}

// purpose is what the appointment is for, and for how many: "Reisepass (2)".
func purpose(a book.Appointment, services []book.Service) string {
	name := "#" + strconv.Itoa(int(a.Service))
	for _, s := range services {
		if s.Code == a.Service {
			name = s.Name
		}
	}
	if a.Persons > 1 {
		name += " (" + strconv.Itoa(a.Persons) + ")"
	}
	return name
}
