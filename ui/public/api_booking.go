// SPDX-License-Identifier: EUPL-1.2

package public

import (
	"net/http"
	"strconv"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/link"
)

// told is an appointment as programs read it.
type told struct {
	State         book.State        `json:"state"`
	Start         time.Time         `json:"start"`
	Minutes       int               `json:"minutes"`
	Office        string            `json:"office"`
	Service       uint16            `json:"service"`
	Persons       int               `json:"persons"`
	Until         time.Time         `json:"until,omitzero"`          // a time that is held lapses then
	Terminkennung string            `json:"terminkennung,omitempty"` // of one that stands
	Code          string            `json:"code,omitempty"`          // that its QR code holds
	Links         map[string]string `json:"links"`                   // what can be done with it: who has one may
}

func tell(a book.Appointment) told {
	return told{a.State, a.Start, int(a.Length / time.Minute), a.Location, a.Service, a.Persons, a.Until, "", "", map[string]string{}}
}

// booking tells of a time that is held, or of what became of it: nothing that
// proves the mailbox.
func (s *site) booking(w http.ResponseWriter, status int, a book.Appointment, now time.Time) error {
	t := tell(a)
	t.Links["booking"] = s.fillLink(a.ID, now)
	return write(w, status, t)
}

// stands tells of an appointment with all that its owner needs.
func (s *site) stands(w http.ResponseWriter, a book.Appointment, now time.Time) error {
	t := tell(a)
	t.Links["appointment"] = s.viewLink(a)
	if a.State.Stands() {
		code, err := s.Book.Code(a)
		if err != nil {
			return err
		}
		t.Terminkennung, t.Code = a.Terminkennung.String(), code.String()
	}
	if a.State == book.Confirmed && now.Before(a.Start) {
		t.Links["move"], t.Links["cancel"] = s.changeLink(link.Move, a, now), s.changeLink(link.Cancel, a, now)
	}
	return write(w, http.StatusOK, t)
}

func (s *site) holdTime(w http.ResponseWriter, r *http.Request) error {
	var q struct {
		Service uint16    `json:"service"`
		Persons int       `json:"persons"`
		Office  string    `json:"office"`
		Start   time.Time `json:"start"`
		Nonce   string    `json:"nonce"` // the same again finds what was held
	}
	if err := read(r, &q); err != nil {
		return err
	}
	if q.Nonce == "" || q.Persons < 1 || q.Persons > maxPersons {
		return errInvalid("a nonce and 1 to 8 persons are needed")
	}
	office, err := s.office(r.Context(), q.Office)
	if err != nil {
		return err
	}
	now := time.Now()
	request := book.Request{Location: office.Code, Service: q.Service, Persons: q.Persons}
	if err := s.offered(r, request); err != nil {
		return err
	}
	id := appointment.ID(s.Links.Derive("program", q.Nonce, office.Code, q.Start.UTC().String(), strconv.Itoa(int(q.Service)), strconv.Itoa(q.Persons)))
	a, err := s.takeOnce(r.Context(), request, q.Start, id, now)
	if err != nil {
		return err
	}
	return s.booking(w, http.StatusCreated, a, now)
}

// offered says whether the town has the service, for so many.
func (s *site) offered(r *http.Request, q book.Request) error {
	all, err := s.Book.Services(r.Context())
	if err != nil {
		return err
	}
	for _, v := range all {
		if v.Code == q.Service && q.Persons <= mostOf(v) {
			return nil
		}
	}
	return errInvalid("there is no such service for so many persons")
}

func (s *site) showBooking(w http.ResponseWriter, r *http.Request) error {
	_, a, err := s.open(r, link.Fill)
	if err != nil {
		return err
	}
	return s.booking(w, http.StatusOK, a, time.Now())
}

func (s *site) submitBooking(w http.ResponseWriter, r *http.Request) error {
	_, a, err := s.open(r, link.Fill)
	if err != nil {
		return err
	}
	var q struct {
		Name     string `json:"name"`
		Email    string `json:"email"`
		Language string `json:"language"`
	}
	if err := read(r, &q); err != nil {
		return err
	}
	now := time.Now()
	step, wrong := typed{q.Name, q.Email, q.Language}.check(now)
	for _, field := range (formView{}).Fields() {
		if key, is := wrong[field]; is {
			return errInvalid(english(key))
		}
	}
	if a.State == book.Preconfirmed || a.State.Stands() {
		return s.booking(w, http.StatusOK, a, now)
	}
	if wait := s.meters.mails.allow(s.mailbox(step.Email), now); wait > 0 {
		return tooMany(w, wait)
	}
	kept, err := s.submitted(r, a, step)
	if err != nil {
		return err
	}
	return s.booking(w, http.StatusOK, kept, now)
}

func (s *site) returnBooking(w http.ResponseWriter, r *http.Request) error {
	_, a, err := s.open(r, link.Fill)
	if err != nil {
		return err
	}
	if err := s.returned(r.Context(), a); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (s *site) confirmBooking(w http.ResponseWriter, r *http.Request) error {
	_, a, err := s.open(r, link.Confirm)
	if err != nil {
		return err
	}
	if a, err = s.confirmed(r.Context(), a.ID); err != nil {
		return err
	}
	return s.stands(w, a, time.Now())
}

func (s *site) showAppointmentTo(w http.ResponseWriter, r *http.Request) error {
	_, a, err := s.open(r, link.View)
	if err != nil {
		return err
	}
	return s.stands(w, a, time.Now())
}

func (s *site) moveAppointment(w http.ResponseWriter, r *http.Request) error {
	var q struct {
		Office string    `json:"office"`
		Start  time.Time `json:"start"`
	}
	a, err := s.change(r, link.Move)
	if read := read(r, &q); read != nil {
		return read
	}
	there := a.Start.Equal(q.Start) && a.Location == q.Office && !a.Start.IsZero()
	if err != nil && !(there && err == errStale) { // that is the same, sent twice
		return err
	}
	now := time.Now()
	if !there {
		office, err := s.office(r.Context(), q.Office)
		if err != nil {
			return err
		}
		if a, err = s.moved(r.Context(), a, office.Code, q.Start, now); err != nil {
			return err
		}
	}
	return s.stands(w, a, now)
}

func (s *site) cancelAppointment(w http.ResponseWriter, r *http.Request) error {
	a, err := s.change(r, link.Cancel)
	if a.State != book.Cancelled && err == nil {
		if err = s.cancelled(r.Context(), a, time.Now()); err == nil {
			a, err = s.Book.Get(r.Context(), a.ID)
		}
	}
	if err != nil && a.State != book.Cancelled {
		return err
	}
	return s.stands(w, a, time.Now())
}
