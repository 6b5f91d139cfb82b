// SPDX-License-Identifier: EUPL-1.2

package public

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/link"
)

// confirmPage asks to press a button: programs that look at mails before people
// do follow links, and must confirm nothing.
func (s *site) confirmPage(w http.ResponseWriter, r *http.Request) error {
	_, a, err := s.open(r, link.Confirm)
	if errors.Is(err, book.ErrNotFound) && s.Wishes != nil {
		return s.confirmWishPage(w, r)
	}
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
	if errors.Is(err, book.ErrNotFound) && s.Wishes != nil {
		return s.confirmWish(w, r)
	}
	if errors.Is(err, link.ErrEnded) {
		return s.lateAnswer(w, r, a)
	}
	if err != nil {
		return err
	}
	next, err := s.confirmed(r.Context(), a.ID)
	if errors.Is(err, book.ErrState) || errors.Is(err, book.ErrLate) {
		return s.lateAnswer(w, r, next)
	}
	if err != nil {
		return err
	}
	return s.toAppointment(w, r, next, "confirmed")
}

// confirmed makes the appointment stand, or finds that it does; otherwise it
// gives it as it is, with the reason.
func (s *site) confirmed(ctx context.Context, id appointment.ID) (book.Appointment, error) {
	next, err := s.Book.Advance(ctx, id, book.Step{Do: book.Confirm, At: time.Now(), Actor: actor})
	if !errors.Is(err, book.ErrState) && !errors.Is(err, book.ErrLate) {
		return next, err
	}
	a, found := s.Book.Get(ctx, id)
	if found != nil || a.State.Stands() {
		return a, found
	}
	return a, err
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
