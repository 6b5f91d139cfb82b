// SPDX-License-Identifier: EUPL-1.2

package public

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
	"github.com/fotobox-project/fotobox/registry/link"
)

// change opens a link that moves or cancels. A newer state of the appointment
// makes it stale.
func (s *site) change(r *http.Request, p link.Purpose) (book.Appointment, error) {
	l, a, err := s.open(r, p)
	switch {
	case err != nil:
		return a, err
	case a.State != book.Confirmed:
		return a, errState
	case l.Number != uint32(a.Revision):
		return a, errStale
	}
	return a, nil
}

// moveView is what the pages of a move show.
type moveView struct {
	appointmentView
	Offices []book.Location
	At      choice // where and from when other times are looked for
	Days    []day
	Next    calendar.Day
	Today   calendar.Day
	Last    calendar.Day
	Start   time.Time // the new time that was chosen
	Gone    bool      // nobody can have it any more
}

// movePage lists other times, or asks whether the chosen one is to be it.
func (s *site) movePage(w http.ResponseWriter, r *http.Request) error {
	a, err := s.change(r, link.Move)
	if err != nil {
		return err
	}
	m, err := s.moving(r, a)
	if err != nil {
		return err
	}
	v := s.about(r, "public.move", a)
	if start, ok := startOf(r.URL.Query().Get("start"), v.Now); ok {
		m.Start = start
		return s.show(w, "moving", http.StatusOK, v, m)
	}
	return s.showTimes(w, r, http.StatusOK, m)
}

// moving reads where and from when other times are looked for: at first where the
// appointment is.
func (s *site) moving(r *http.Request, a book.Appointment) (m moveView, err error) {
	if m.appointmentView, err = s.shown(r.Context(), a); err != nil {
		return m, err
	}
	if m.Offices, err = s.onlineOffices(r.Context()); err != nil || len(m.Offices) == 0 {
		return m, errors.Join(err, errNoOffice(m.Offices))
	}
	m.Appointment, m.Link, m.At = a, r.PathValue("link"), m.Choice
	if !m.Office.Online {
		m.At.Office = m.Offices[0]
	}
	if code := r.FormValue("office"); code != "" {
		if m.At.Office, err = s.office(r.Context(), code); err != nil {
			return m, err
		}
	}
	if d, err := calendar.ParseDay(r.FormValue("from")); err == nil {
		m.At.From = d
	}
	return m, nil
}

func errNoOffice(all []book.Location) error {
	if len(all) == 0 {
		return errOffline
	}
	return nil
}

func (s *site) showTimes(w http.ResponseWriter, r *http.Request, status int, m moveView) error {
	v := s.about(r, "public.move", m.Appointment)
	m.Today = calendar.DayOf(v.Now, book.Zone())
	m.Last = m.Today + book.Horizon
	found, err := s.freeDays(r.Context(), m.At.request(), m.At.begin(v.Now), v.Now, daysShown)
	if err != nil {
		return err
	}
	m.Days, m.Next = found.days, found.next
	return s.show(w, "move", status, v, m)
}

// move gives the appointment the time that was chosen. Sent twice it does nothing
// more; the code from before does not hold any more.
func (s *site) move(w http.ResponseWriter, r *http.Request) error {
	if err := parseForm(r); err != nil {
		return err
	}
	now := time.Now()
	start, ok := startOf(r.PostForm.Get("start"), now)
	if !ok {
		return errForm
	}
	a, err := s.change(r, link.Move)
	if errors.Is(err, errStale) && a.Start.Equal(start) && a.Location == r.PostForm.Get("office") {
		return s.toAppointment(w, r, a, "moved")
	}
	if err != nil {
		return err
	}
	m, err := s.moving(r, a)
	if err != nil {
		return err
	}
	if a.Start.Equal(start) && a.Location == m.At.Office.Code { // it is there already
		return s.toAppointment(w, r, a, "")
	}
	moved, err := s.moved(r.Context(), a, m.At.Office.Code, start, now)
	if errors.Is(err, book.ErrGone) {
		m.Gone, m.At.From = true, calendar.DayOf(start, book.Zone())
		return s.showTimes(w, r, http.StatusConflict, m)
	}
	if err != nil {
		return err
	}
	return s.toAppointment(w, r, moved, "moved")
}

// moved gives the appointment another time, or finds that it has it by the same
// form, sent at the same moment.
func (s *site) moved(ctx context.Context, a book.Appointment, office string, start, now time.Time) (book.Appointment, error) {
	moved, err := s.Book.Move(ctx, a.ID, office, start, false, book.Step{At: now, Actor: actor, Revision: &a.Revision})
	if errors.Is(err, book.ErrStale) || errors.Is(err, book.ErrGone) {
		if twin, found := s.Book.Get(ctx, a.ID); found == nil && twin.Start.Equal(start) && twin.Location == office {
			return twin, nil
		}
	}
	return moved, err
}

// cancelPage asks whether somebody else is to have the time.
func (s *site) cancelPage(w http.ResponseWriter, r *http.Request) error {
	a, err := s.change(r, link.Cancel)
	if a.State == book.Cancelled {
		return s.toAppointment(w, r, a, "")
	}
	if err != nil {
		return err
	}
	shown, err := s.shown(r.Context(), a)
	if err != nil {
		return err
	}
	shown.Link, shown.Move = r.PathValue("link"), s.changeLink(link.Move, a, time.Now())
	return s.show(w, "cancel", http.StatusOK, s.about(r, "public.cancel", a), cancelView{shown, s.viewLink(a)})
}

// cancelView is what the page of a cancellation shows.
type cancelView struct {
	appointmentView
	View string // link to the page of the appointment
}

// cancel gives the time back. Pressed twice it does nothing more.
func (s *site) cancel(w http.ResponseWriter, r *http.Request) error {
	a, err := s.change(r, link.Cancel)
	if a.State == book.Cancelled {
		return s.toAppointment(w, r, a, "")
	}
	if err != nil {
		return err
	}
	if err := s.cancelled(r.Context(), a, time.Now()); err != nil {
		return err
	}
	return s.toAppointment(w, r, a, "")
}

// cancelled gives the time back, or finds that it was given back at the same moment.
func (s *site) cancelled(ctx context.Context, a book.Appointment, now time.Time) error {
	_, err := s.Book.Advance(ctx, a.ID, book.Step{Do: book.Cancel, At: now, Actor: actor, Revision: &a.Revision})
	if errors.Is(err, book.ErrState) {
		if twin, found := s.Book.Get(ctx, a.ID); found == nil && twin.State == book.Cancelled {
			return nil
		}
	}
	return err
}
