// SPDX-License-Identifier: EUPL-1.2

package public

import (
	"crypto/rand"
	"errors"
	"net/http"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/link"
	"github.com/fotobox-project/fotobox/registry/wishes"
)

func nonce() string { return rand.Text() }

// note is a page that says something and asks nothing.
func (s *site) note(w http.ResponseWriter, _ *http.Request, v view, key string) error {
	return s.show(w, "note", http.StatusOK, v, v.T(key))
}

// question is what a page shows that asks to press a button.
type question struct {
	appointmentView        // what it is about, where that is an appointment
	Text, Button    string // keys
	Action          string
	Named           bool   // a name is asked for
	Name, Wrong     string // what was typed, and the key of what to do
}

func (s *site) ask(w http.ResponseWriter, r *http.Request, status int, v view, q question) error {
	q.Action = r.URL.Path
	return s.show(w, "question", status, v, q)
}

// wishIn opens a link about a wish.
func (s *site) wishIn(r *http.Request, p link.Purpose) (wishes.Wish, error) {
	l, err := s.Links.Open(r.PathValue("link"), p, time.Now())
	if err != nil {
		return wishes.Wish{}, err
	}
	return s.Wishes.Get(r.Context(), wishes.ID(l.ID))
}

// spoken is the view in the language of the wish, unless the citizen chose another.
func (s *site) spoken(r *http.Request, title string, x wishes.Wish) view {
	return s.about(r, title, book.Appointment{Language: x.Language})
}

// confirmWishPage asks whoever reads the address whether the wish is theirs.
func (s *site) confirmWishPage(w http.ResponseWriter, r *http.Request) error {
	x, err := s.wishIn(r, link.Confirm)
	if err != nil {
		return err
	}
	if x.State != wishes.Submitted {
		return s.note(w, r, s.spoken(r, "public.wish.waits", x), "public.wish.waits.text")
	}
	return s.ask(w, r, http.StatusOK, s.spoken(r, "public.wish.confirm", x), question{Text: "public.wish.confirm.text", Button: "public.wish.confirm.button"})
}

func (s *site) confirmWish(w http.ResponseWriter, r *http.Request) error {
	x, err := s.wishIn(r, link.Confirm)
	if err != nil {
		return err
	}
	if _, err := s.Wishes.Confirm(r.Context(), x.ID, time.Now()); errors.Is(err, wishes.ErrTwice) {
		return s.note(w, r, s.spoken(r, "public.wish.twice", x), "public.wish.twice.text")
	} else if err != nil {
		return err
	}
	return s.note(w, r, s.spoken(r, "public.wish.waits", x), "public.wish.waits.text")
}

// offered opens a link about an offer, which must not be over.
func (s *site) offer(r *http.Request, p link.Purpose) (a book.Appointment, err error) {
	l, err := s.Links.Open(r.PathValue("link"), p, time.Now())
	if errors.Is(err, link.ErrEnded) {
		return a, errOfferOver
	}
	if err != nil {
		return a, err
	}
	if a, err = s.Book.Get(r.Context(), appointment.ID(l.ID)); err != nil {
		return a, err
	}
	if a.State == book.Offered && !time.Now().Before(a.Until) || a.State == book.Cancelled {
		return a, errOfferOver
	}
	return a, nil
}

func (s *site) acceptPage(w http.ResponseWriter, r *http.Request) error {
	a, err := s.offer(r, link.Accept)
	if err != nil {
		return err
	}
	return s.acceptWith(w, r, http.StatusOK, a, "", "")
}

func (s *site) acceptWith(w http.ResponseWriter, r *http.Request, status int, a book.Appointment, name, wrong string) error {
	if a.State.Stands() {
		return s.toAppointment(w, r, a, "confirmed")
	}
	shown, err := s.shown(r.Context(), a)
	if err != nil {
		return err
	}
	v := s.about(r, "public.accept", a)
	v.Faulty = wrong != ""
	return s.ask(w, r, status, v, question{appointmentView: shown, Text: "public.accept.text", Button: "public.accept.button", Named: true, Name: name, Wrong: wrong})
}

// accept takes the offer. Pressed twice it does nothing more.
func (s *site) accept(w http.ResponseWriter, r *http.Request) error {
	if err := parseForm(r); err != nil {
		return err
	}
	a, err := s.offer(r, link.Accept)
	if err != nil {
		return err
	}
	name, err := book.ParseName(r.PostForm.Get("name"))
	if err != nil && !a.State.Stands() {
		return s.acceptWith(w, r, http.StatusUnprocessableEntity, a, r.PostForm.Get("name"), "public.error.name")
	}
	if a.State == book.Offered {
		if a, err = s.Wishes.Accept(r.Context(), a.ID, name, time.Now()); err != nil {
			return err
		}
	}
	return s.toAppointment(w, r, a, "confirmed")
}

func (s *site) declinePage(w http.ResponseWriter, r *http.Request) error {
	a, err := s.offer(r, link.Decline)
	if err != nil {
		return err
	}
	if a.State != book.Offered {
		return errState
	}
	shown, err := s.shown(r.Context(), a)
	if err != nil {
		return err
	}
	return s.ask(w, r, http.StatusOK, s.about(r, "public.decline", a), question{appointmentView: shown, Text: "public.decline.text", Button: "public.decline.button"})
}

func (s *site) decline(w http.ResponseWriter, r *http.Request) error {
	a, err := s.offer(r, link.Decline)
	if err != nil {
		return err
	}
	became, err := s.Wishes.Decline(r.Context(), a.ID, time.Now())
	if err != nil {
		return err
	}
	key := "public.declined.text"
	if became.Ended() {
		key = "public.declined.ended"
	}
	return s.note(w, r, s.about(r, "public.declined", a), key)
}

func (s *site) withdrawPage(w http.ResponseWriter, r *http.Request) error {
	x, err := s.wishIn(r, link.Withdraw)
	if err != nil {
		return err
	}
	return s.ask(w, r, http.StatusOK, s.spoken(r, "public.withdraw", x), question{Text: "public.withdraw.text", Button: "public.withdraw.button"})
}

// withdraw ends the wish. Pressed twice it says that there is none any more.
func (s *site) withdraw(w http.ResponseWriter, r *http.Request) error {
	x, err := s.wishIn(r, link.Withdraw)
	if err != nil {
		return err
	}
	if err := s.Wishes.Withdraw(r.Context(), actor, x.ID, time.Now()); err != nil {
		return err
	}
	return s.note(w, r, s.spoken(r, "public.withdrawn", x), "public.withdrawn.text")
}
