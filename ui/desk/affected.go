// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
)

// atATime is how many of those that cannot stay are listed with other times.
const atATime = 20

// affectedRow is an appointment that has no seat by the rules.
type affectedRow struct {
	book.Appointment
	ServiceName, OfficeName string
	Other                   []offer
}

// An offer is a time at which the appointment could be instead.
type offer struct {
	book.Free
	OfficeName string
	Elsewhere  bool
}

// Movable says whether the appointment can get another time.
func (a affectedRow) Movable() bool { return a.State == book.Confirmed }

// affectedPage lists them, to be worked off.
type affectedPage struct {
	Rows []affectedRow
	More int
	Done string // what was done last, a key
}

func (d *desk) affected(w http.ResponseWriter, r *http.Request, _ string) error {
	now := time.Now()
	all, err := d.Town.Affected(r.Context(), now)
	if err != nil {
		return err
	}
	var p affectedPage
	p.Rows, p.More, err = d.affectedRows(r.Context(), all, func(a book.Appointment) ([]book.Free, error) {
		return d.Town.Other(r.Context(), a, now)
	})
	if err != nil {
		return err
	}
	for _, done := range []string{"saved", "moved", "cancelled", "gone"} {
		if r.URL.Query().Has(done) {
			p.Done = done
		}
	}
	return d.show(w, r, "affected", http.StatusOK, p)
}

// affectedRows are the first of them with their other times, and how many more there are.
func (d *desk) affectedRows(ctx context.Context, all []book.Appointment, other func(book.Appointment) ([]book.Free, error)) (rows []affectedRow, more int, err error) {
	t, err := d.Town.Town(ctx)
	if err != nil {
		return nil, 0, err
	}
	more = max(len(all)-atATime, 0)
	for _, a := range all[:len(all)-more] {
		row := rowOf(t, a)
		times, err := other(a)
		if err != nil {
			return nil, 0, err
		}
		for _, f := range times {
			row.Other = append(row.Other, offer{f, nameOf(t, f.Location), f.Location != a.Location})
		}
		rows = append(rows, row)
	}
	return rows, more, nil
}

func rowOf(t book.Town, a book.Appointment) affectedRow {
	row := affectedRow{Appointment: a, OfficeName: nameOf(t, a.Location)}
	for _, s := range t.Services {
		if s.Code == a.Service {
			row.ServiceName = s.Name
		}
	}
	return row
}

func nameOf(t book.Town, code string) string {
	for _, l := range t.Locations {
		if l.Code == code {
			return l.Name
		}
	}
	return code
}

// movePage looks for another time for one appointment.
type movePage struct {
	affectedRow
	Offices []option
	At      string // office
	Day     calendar.Day
	Free    []book.Free
	Gone    bool
}

// Before and After are the neighbouring days.
func (p movePage) Before() calendar.Day { return p.Day - 1 }

// After is the day that follows.
func (p movePage) After() calendar.Day { return p.Day + 1 }

func (d *desk) moveShown(w http.ResponseWriter, r *http.Request, _ string) error {
	a, err := d.asked(r)
	if err != nil {
		return err
	}
	t, err := d.Town.Town(r.Context())
	if err != nil {
		return err
	}
	now := time.Now()
	p := movePage{affectedRow: rowOf(t, a), Offices: offices(t), At: a.Location, Day: calendar.DayOf(a.Start, t.Zone), Gone: r.URL.Query().Has("gone")}
	if office := r.FormValue("office"); office != "" {
		p.At = office
	}
	if day, err := calendar.ParseDay(r.FormValue("day")); err == nil && day > 0 {
		p.Day = day
	}
	req := book.Request{Location: p.At, Service: a.Service, Persons: a.Persons, Inside: true}
	from, to := p.Day.At(0, t.Zone), p.Day.At(calendar.Midnight, t.Zone)
	if now.After(from) {
		from = now
	}
	if p.Free, err = d.Town.Free(r.Context(), req, from, to, now); err != nil && !errors.Is(err, book.ErrNotFound) {
		return err
	}
	return d.show(w, r, "move", http.StatusOK, p)
}

// asked is the appointment of the address.
func (d *desk) asked(r *http.Request) (book.Appointment, error) {
	id, err := appointment.ParseID(r.PathValue("id"))
	if err != nil {
		return book.Appointment{}, errAppointment
	}
	return d.Book.Get(r.Context(), id)
}

// stepOf is what the clerk does with the appointment as the page has shown it.
func stepOf(r *http.Request, do book.Verb, clerk string) (book.Step, error) {
	if err := parseForm(r); err != nil {
		return book.Step{}, err
	}
	seen, err := strconv.Atoi(r.PostForm.Get("revision"))
	if err != nil {
		return book.Step{}, errForm
	}
	return book.Step{Do: do, At: time.Now(), Actor: "clerk:" + clerk, Revision: &seen}, nil
}

// move gives the appointment the time that was chosen.
func (d *desk) move(w http.ResponseWriter, r *http.Request, clerk string) error {
	a, err := d.asked(r)
	if err != nil {
		return err
	}
	s, err := stepOf(r, book.Move, clerk)
	if err != nil {
		return err
	}
	start, err := time.Parse(time.RFC3339, r.PostForm.Get("start"))
	if err != nil {
		return errForm
	}
	_, err = d.Town.Move(r.Context(), a.ID, r.PostForm.Get("office"), start, true, s)
	to := "/affected?moved"
	if errors.Is(err, book.ErrGone) {
		to, err = "/appointments/"+a.ID.String()+"/move?gone", nil
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// cancel cancels the appointment for the office.
func (d *desk) cancel(w http.ResponseWriter, r *http.Request, clerk string) error {
	a, err := d.asked(r)
	if err != nil {
		return err
	}
	s, err := stepOf(r, book.Cancel, clerk)
	if err != nil {
		return err
	}
	if _, err := d.Town.Advance(r.Context(), a.ID, s); err != nil {
		return err
	}
	http.Redirect(w, r, "/affected?cancelled", http.StatusSeeOther)
	return nil
}
