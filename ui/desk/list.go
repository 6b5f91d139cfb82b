// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/inbox"
)

// dayForm is how a day stands in an address.
const dayForm = "2006-01-02"

// dayList is one day of the office.
type dayList struct {
	Day      time.Time // any moment of it
	Today    bool
	Rows     []row
	Next     *row // whom to call, of today
	Waiting  int  // photos that wait for a clerk
	Strays   []inbox.Item
	Searched bool // Rows are those of a search
}

// row is an appointment with the newest capture that came for it, if any.
type row struct {
	book.Appointment
	Capture *inbox.Item
	Next    bool // the first slot that is not over
}

// Previous and Following are the neighbouring days as they stand in an address.
func (l dayList) Previous() string  { return noon(l.Day).AddDate(0, 0, -1).Format(dayForm) }
func (l dayList) Following() string { return noon(l.Day).AddDate(0, 0, 1).Format(dayForm) }

// Address is the day as it stands in an address.
func (l dayList) Address() string { return noon(l.Day).Format(dayForm) }

// noon of a day is never an hour that the change of clocks leaves out.
func noon(t time.Time) time.Time {
	y, m, d := t.In(book.Zone()).Date()
	return time.Date(y, m, d, 12, 0, 0, 0, book.Zone())
}

// State is "none" when no photo came yet and "unwanted" when none is to come.
func (r row) State() inbox.State {
	switch {
	case r.Capture != nil:
		return r.Capture.State
	case r.PhotoWanted:
		return "none"
	}
	return "unwanted"
}

// Waits reports whether a clerk has still to decide about the photo.
func (r row) Waits() bool { return waits(r.State()) }

// waits reports whether a clerk has still to decide.
func waits(s inbox.State) bool { return s == inbox.Arrived || s == inbox.Opened }

func (d *desk) list(w http.ResponseWriter, r *http.Request, clerk string) error {
	day, err := dayOf(r.FormValue("day"), time.Now())
	if err != nil {
		return err
	}
	l, err := d.dayList(r.Context(), clerk, day, time.Now())
	if err != nil {
		return err
	}
	return d.show(w, r, "list", http.StatusOK, l)
}

// dayOf reads a day from an address; without one it is today.
func dayOf(address string, now time.Time) (time.Time, error) {
	if address == "" {
		return now, nil
	}
	day, err := time.ParseInLocation(dayForm, address, book.Zone())
	if err != nil {
		return time.Time{}, errNothing
	}
	return noon(day), nil
}

func (d *desk) dayList(ctx context.Context, clerk string, day, now time.Time) (dayList, error) {
	booked, err := d.Book.List(ctx, day)
	if err != nil {
		return dayList{}, err
	}
	captures, err := d.received(ctx, day, now)
	if err != nil {
		return dayList{}, err
	}
	l := dayList{Day: day, Today: noon(day).Equal(noon(now)), Rows: join(booked, captures, now)}
	for _, r := range l.Rows {
		if r.Waits() {
			l.Waiting++
		}
	}
	if l.Today {
		l.Next = upNext(l.Rows, clerk, now)
		l.Strays, err = d.strays(ctx, captures)
	}
	return l, err
}

// received gives the captures that can belong to the day's appointments: a
// photo may be taken up to four days before and delivered up to four days late.
func (d *desk) received(ctx context.Context, day, now time.Time) (all []inbox.Item, err error) {
	for offset := -4; offset <= 4; offset++ {
		from, _ := book.Day(noon(day).AddDate(0, 0, offset))
		if from.After(now) {
			break
		}
		captures, err := d.Inbox.List(ctx, from)
		if err != nil {
			return nil, err
		}
		all = append(all, captures...)
	}
	return all, nil
}

// join puts to each appointment the one of its captures that is to be shown.
func join(booked []book.Appointment, captures []inbox.Item, now time.Time) []row {
	newest := map[appointment.ID]*inbox.Item{}
	for _, c := range slices.SortedFunc(slices.Values(captures), rank) {
		newest[c.Appointment] = &c
	}
	rows := make([]row, len(booked))
	next := slices.IndexFunc(booked, func(a book.Appointment) bool { return a.End().After(now) })
	for i, a := range booked {
		rows[i] = row{Appointment: a, Capture: newest[a.ID], Next: i == next}
	}
	return rows
}

// rank orders captures so that the one to show comes last: the newest, but a
// forgotten one only when there is no other.
func rank(a, b inbox.Item) int {
	if gone := b.State == inbox.Forgotten; gone != (a.State == inbox.Forgotten) {
		if gone {
			return 1
		}
		return -1
	}
	return a.ReceivedAt.Compare(b.ReceivedAt)
}

// strays are captures that wait and whose appointment the book does not have:
// nobody would find them in a list of appointments.
func (d *desk) strays(ctx context.Context, captures []inbox.Item) (strays []inbox.Item, err error) {
	for _, c := range captures {
		if !waits(c.State) {
			continue
		}
		_, err := d.Book.Get(ctx, c.Appointment)
		if errors.Is(err, book.ErrNotFound) {
			strays = append(strays, c)
		} else if err != nil {
			return nil, err
		}
	}
	return strays, nil
}
