// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/fleet"
	"github.com/fotobox-project/fotobox/registry/visits"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// Fleet tells how the office's stations stand.
type Fleet interface {
	// List gives all of them, the one that needs a hand most urgently first.
	List(ctx context.Context, now time.Time) ([]fleet.Station, error)
	Get(ctx context.Context, id string) (fleet.Station, error)
	Decisions(ctx context.Context, id string) ([]fleet.Decision, error)
}

// Stations has the office's stations, and takes decisions about them.
type Stations interface {
	Fleet
	Decide(ctx context.Context, id string, d fleet.Decision) error
}

var _ Stations = (*fleet.Fleet)(nil)

// stationRow is a station in the list.
type stationRow struct {
	fleet.Station
	FirstTry visits.Share // of the last 30 days
}

// stations lists the stations, the one that needs a hand first.
func (d *desk) stations(w http.ResponseWriter, r *http.Request, _ string) error {
	now := time.Now().In(book.Zone())
	list, err := d.Stations.List(r.Context(), now)
	if err != nil {
		return err
	}
	rows := make([]stationRow, len(list))
	figures, err := d.Visits.Figures(r.Context(), visits.Month(now))
	if err != nil {
		return err
	}
	for n, s := range list {
		rows[n] = stationRow{s, firstTry(figures, s.ID)}
	}
	return d.show(w, r, "stations", http.StatusOK, rows)
}

func firstTry(f visits.Figures, device string) visits.Share {
	if i := slices.IndexFunc(f.Stations, func(s visits.Sum) bool { return s.Device == device }); i >= 0 {
		return f.Stations[i].FirstTry
	}
	return visits.Share{}
}

// stationPage is what the page of one station shows.
type stationPage struct {
	fleet.Station
	Decisions []fleet.Decision
	Form      operationForm
	Wrong     string          // why the form was not taken: hours, reason, closed
	Offices   []book.Location // that it can stand in; none without a waiting list
	Place     string          // code of the one that it stands in
}

// operationForm is mode and hours as a person writes them.
type operationForm struct {
	Mode, Reason string
	Hours        [7]string // by time.Weekday
}

func (d *desk) stationShown(w http.ResponseWriter, r *http.Request, _ string) error {
	p, err := d.stationPage(r)
	if err != nil {
		return err
	}
	p.Form = formOf(p.Decision)
	return d.show(w, r, "station", http.StatusOK, p)
}

func (d *desk) stationPage(r *http.Request) (p stationPage, err error) {
	id := r.PathValue("id")
	if p.Station, err = d.Stations.Get(r.Context(), id); err != nil {
		return p, err
	}
	if p.Decisions, err = d.Stations.Decisions(r.Context(), id); err != nil || d.Queue == nil {
		return p, err
	}
	if p.Offices, err = d.Queue.Offices(r.Context()); err != nil {
		return p, err
	}
	p.Place, err = d.Queue.Place(r.Context(), id)
	return p, err
}

// placeStation says which office the station stands in.
func (d *desk) placeStation(w http.ResponseWriter, r *http.Request, clerk string) error {
	if d.Queue == nil {
		return errNoQueue
	}
	if err := parseForm(r); err != nil {
		return err
	}
	id := r.PathValue("id")
	if _, err := d.Stations.Get(r.Context(), id); err != nil {
		return err
	}
	err := d.Queue.SetPlace(r.Context(), actor(clerk), id, r.PostForm.Get("office"), time.Now())
	if errors.Is(err, book.ErrNotFound) {
		return errForm
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/stations/"+id, http.StatusSeeOther)
	return nil
}

// formOf shows what holds; the reason belongs to its own change.
func formOf(d fleet.Decision) operationForm {
	f := operationForm{Mode: d.Mode}
	for day, h := range d.Hours {
		f.Hours[day] = h.String()
	}
	return f
}

// operate sets the station's mode and hours.
func (d *desk) operate(w http.ResponseWriter, r *http.Request, clerk string) error {
	if err := parseForm(r); err != nil {
		return err
	}
	form := operationForm{Mode: r.PostForm.Get("mode"), Reason: r.PostForm.Get("reason")}
	for day := range form.Hours {
		form.Hours[day] = r.PostForm.Get("hours-" + strconv.Itoa(day))
	}
	o, err := form.operation()
	if err != nil {
		return d.again(w, r, form, "hours")
	}
	err = d.Stations.Decide(r.Context(), r.PathValue("id"), fleet.Decision{At: time.Now(), Clerk: clerk, Operation: o, Reason: form.Reason})
	switch {
	case errors.Is(err, fleet.ErrReason):
		return d.again(w, r, form, "reason")
	case errors.Is(err, fleet.ErrOperation):
		return d.again(w, r, form, "closed")
	case err != nil:
		return err
	}
	http.Redirect(w, r, "/stations/"+r.PathValue("id"), http.StatusSeeOther)
	return nil
}

// again shows the form as it was written, and what is wrong with it.
func (d *desk) again(w http.ResponseWriter, r *http.Request, form operationForm, wrong string) error {
	p, err := d.stationPage(r)
	if err != nil {
		return err
	}
	p.Form, p.Wrong = form, wrong
	return d.show(w, r, "station", http.StatusUnprocessableEntity, p)
}

func (f operationForm) operation() (o enrolment.Operation, err error) {
	o.Mode = f.Mode
	for day, text := range f.Hours {
		if o.Hours[day], err = enrolment.ParseHours(text); err != nil {
			return o, err
		}
	}
	return o, nil
}

// Modes are what the form offers, the default first.
func (p stationPage) Modes() []string {
	return []string{enrolment.Lobby, enrolment.Counter, enrolment.Extended}
}
