// SPDX-License-Identifier: EUPL-1.2

package public

import (
	"errors"
	"net/http"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/link"
)

// confirmPage asks to press a button: programs that look at mails before people
// do follow links, and must confirm nothing.
func (s *site) confirmPage(w http.ResponseWriter, r *http.Request) error {
	_, a, err := s.open(r, link.Confirm)
	if errors.Is(err, link.ErrEnded) {
		return s.lateAnswer(w, r, a)
	}
	if err != nil {
		return err
	}
	switch now := time.Now(); {
	case a.State == book.Preconfirmed && now.Before(a.Until):
		return s.showAppointment(w, r, "confirm", http.StatusOK, a)
	case a.State.Stands(): // pressed before
		return s.toAppointment(w, r, a, "confirmed")
	}
	return s.lateAnswer(w, r, a)
}

// confirm makes the appointment stand. Pressed twice it does nothing more.
func (s *site) confirm(w http.ResponseWriter, r *http.Request) error {
	_, a, err := s.open(r, link.Confirm)
	if errors.Is(err, link.ErrEnded) {
		return s.lateAnswer(w, r, a)
	}
	if err != nil {
		return err
	}
	next, err := s.Book.Advance(r.Context(), a.ID, book.Step{Do: book.Confirm, At: time.Now(), Actor: actor})
	if err == nil {
		return s.toAppointment(w, r, next, "confirmed")
	}
	if !errors.Is(err, book.ErrState) && !errors.Is(err, book.ErrLate) {
		return err
	}
	if a, err = s.Book.Get(r.Context(), a.ID); err != nil {
		return err
	}
	if a.State.Stands() {
		return s.toAppointment(w, r, a, "confirmed")
	}
	return s.lateAnswer(w, r, a)
}

// lateAnswer says that the time was given back, or that a newer mail has the
// link to an appointment that stands.
func (s *site) lateAnswer(w http.ResponseWriter, r *http.Request, a book.Appointment) error {
	if a.State.Stands() {
		return s.showAppointment(w, r, "booked", http.StatusOK, a)
	}
	return s.instead(w, r, a, typed{}, "late")
}

func (s *site) toAppointment(w http.ResponseWriter, r *http.Request, a book.Appointment, done string) error {
	http.Redirect(w, r, "/appointment/"+s.viewLink(a)+"?done="+done, http.StatusSeeOther)
	return nil
}
