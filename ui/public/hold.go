// SPDX-License-Identifier: EUPL-1.2

package public

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/link"
	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/ui/text"
)

// filling is how long the address of a form leads back to it: longer than the
// time is held, so that who comes late is told what to do.
const filling = 2 * time.Hour

// actor is who does all that is done here, for the record.
const actor = "citizen"

// fillLink leads to the form of a time that is held, and to what became of it.
func (s *site) fillLink(id appointment.ID, now time.Time) string {
	return s.Links.Sign(link.Link{Purpose: link.Fill, ID: id, End: now.Add(filling)})
}

// hold keeps the chosen time for somebody who now fills the form. Sent twice, the
// second finds what the first one made.
func (s *site) hold(w http.ResponseWriter, r *http.Request) error {
	if err := parseForm(r); err != nil {
		return err
	}
	c, ok, err := s.choose(r.Context(), r.PostForm)
	if err != nil {
		return err
	}
	now := time.Now()
	start, known := startOf(r.PostForm.Get("start"), now)
	if !ok || c.Office.Code == "" || !known || r.PostForm.Get("nonce") == "" {
		return errForm
	}
	id := appointment.ID(s.Links.Derive("hold", r.PostForm.Get("nonce"), string(c.Query()), start.UTC().String()))
	a, err := s.takeOnce(r.Context(), c.request(), start, id, now)
	if errors.Is(err, book.ErrGone) {
		return s.gone(w, r, goneView{Choice: c, Start: start, Typed: typedIn(r), Why: "taken"})
	}
	if err != nil {
		return err
	}
	s.release(r.Context(), c.Instead, id, now)
	if t := typedIn(r); t != (typed{}) && a.State == book.Reserved { // what was typed for another time stands in no address
		return s.showForm(w, r, http.StatusOK, a, t, nil)
	}
	http.Redirect(w, r, "/held/"+s.fillLink(a.ID, now), http.StatusSeeOther)
	return nil
}

// startOf reads a time that the pages offer, in seconds since 1970.
func startOf(text string, now time.Time) (time.Time, bool) {
	seconds, err := strconv.ParseInt(text, 10, 64)
	start, days := time.Unix(seconds, 0), 24*time.Hour
	return start, err == nil && start.After(now.Add(-2*days)) && start.Before(now.Add((book.Horizon+2)*days))
}

// takeOnce holds the time under the id, or finds what was held under it.
func (s *site) takeOnce(ctx context.Context, q book.Request, start time.Time, id appointment.ID, now time.Time) (book.Appointment, error) {
	a, err := s.Book.Get(ctx, id)
	if !errors.Is(err, book.ErrNotFound) {
		return a, err
	}
	// Most of a rush come too late: they are told so without waiting for those who write.
	free, err := s.Book.Free(ctx, q, start, start.Add(time.Second), now)
	switch {
	case err != nil:
	case len(free) == 0:
		err = book.ErrGone
	default:
		a, err = s.Book.Take(ctx, q, start, book.Step{Do: book.Hold, At: now, Actor: actor, ID: id})
	}
	if errors.Is(err, store.ErrDuplicate) || errors.Is(err, book.ErrGone) {
		if twin, found := s.Book.Get(ctx, id); found == nil { // the same form, sent at the same moment
			return twin, nil
		}
	}
	return a, err
}

// release gives a time back that was held before another one was chosen. What is
// more than held stays.
func (s *site) release(ctx context.Context, instead string, kept appointment.ID, now time.Time) {
	l, err := s.Links.Open(instead, link.Fill, now)
	if err != nil || l.ID == kept {
		return
	}
	if a, err := s.Book.Get(ctx, l.ID); err != nil || a.State != book.Reserved {
		return
	}
	if _, err := s.Book.Advance(ctx, l.ID, book.Step{Do: book.Cancel, At: now, Actor: actor}); err != nil && !errors.Is(err, book.ErrState) {
		s.Log.Warn("a time that was held stays so until it lapses", "error", err)
	}
}

// typed is what a citizen typed into the form.
type typed struct{ Name, Email, Language string }

func typedIn(r *http.Request) typed {
	return typed{r.PostForm.Get("name"), r.PostForm.Get("email"), r.PostForm.Get("language")}
}

// check says which fields are wrong, by the keys of what to do, and gives the
// step with what they hold.
func (t typed) check(now time.Time) (book.Step, map[string]string) {
	wrong := map[string]string{}
	s := book.Step{Do: book.Submit, At: now, Actor: actor}
	var err error
	if s.Name, err = book.ParseName(t.Name); err != nil {
		wrong["name"] = "public.error.name"
	}
	if s.Email, err = book.ParseEmail(t.Email); err != nil || !strings.Contains(domain(s.Email), ".") {
		wrong["email"] = "public.error.email"
	}
	l, ok := text.Parse(t.Language, text.Languages())
	if !ok {
		wrong["language"] = "public.error.language"
	}
	s.Language = string(l)
	return s, wrong
}

// formView is what the form shows.
type formView struct {
	appointmentView
	Typed typed
	Wrong map[string]string // keys of what to do, by field
	Link  string
}

// Fields are those of the form, in their order.
func (formView) Fields() []string { return []string{"name", "email", "language"} }

func (s *site) showForm(w http.ResponseWriter, r *http.Request, status int, a book.Appointment, t typed, wrong map[string]string) error {
	v := s.view(r, "public.form")
	v.Step, v.Faulty = 4, len(wrong) > 0
	if t.Language == "" {
		t.Language = string(v.Language)
	}
	shown, err := s.shown(r.Context(), a)
	if err != nil {
		return err
	}
	to := s.fillLink(a.ID, v.Now)
	if r.Method == http.MethodPost {
		v.Here = "/held/" + to
	}
	return s.show(w, "form", status, v, formView{shown, t, wrong, to})
}

// held shows the form of a time that is held, and later what became of it.
func (s *site) held(w http.ResponseWriter, r *http.Request) error {
	_, a, err := s.open(r, link.Fill)
	if err != nil {
		return err
	}
	now := time.Now()
	switch over := !a.Until.IsZero() && !now.Before(a.Until); {
	case a.State == book.Reserved && !over:
		return s.showForm(w, r, http.StatusOK, a, typed{}, nil)
	case a.State == book.Preconfirmed && !over:
		return s.showAppointment(w, r, "mail", http.StatusOK, a)
	case a.State.Stands():
		return s.showAppointment(w, r, "booked", http.StatusOK, a)
	}
	return s.instead(w, r, a, typed{}, "over")
}

// submit takes the form. When the time was held no longer and nobody was faster,
// it is taken again. Sent twice it does nothing more.
func (s *site) submit(w http.ResponseWriter, r *http.Request) error {
	if err := parseForm(r); err != nil {
		return err
	}
	_, a, err := s.open(r, link.Fill)
	if err != nil {
		return err
	}
	now := time.Now()
	typed := typedIn(r)
	step, wrong := typed.check(now)
	if a.State == book.Preconfirmed || a.State.Stands() {
		return s.backToHeld(w, r, a.ID, now)
	}
	if len(wrong) > 0 {
		return s.showForm(w, r, http.StatusUnprocessableEntity, a, typed, wrong)
	}
	if wait := s.meters.mails.allow(s.mailbox(step.Email), now); wait > 0 {
		return tooMany(w, wait)
	}
	kept, err := s.submitted(r, a, step)
	if errors.Is(err, book.ErrGone) {
		return s.instead(w, r, a, typed, "taken")
	}
	if err != nil {
		return err
	}
	return s.backToHeld(w, r, kept.ID, now)
}

// submitted makes the step with the time that the form is about: held still, or
// taken anew for who comes late. When the same form was sent at the same moment,
// it finds what that one made.
func (s *site) submitted(r *http.Request, a book.Appointment, step book.Step) (kept book.Appointment, err error) {
	kept = a
	if a.State != book.Reserved || !step.At.Before(a.Until) {
		again := appointment.ID(s.Links.Derive("again", r.PathValue("link")))
		if kept, err = s.takeOnce(r.Context(), requestOf(a), a.Start, again, step.At); err != nil {
			return book.Appointment{}, err
		}
	}
	next, err := s.Book.Advance(r.Context(), kept.ID, step)
	if errors.Is(err, book.ErrState) || errors.Is(err, book.ErrLate) {
		return s.Book.Get(r.Context(), kept.ID)
	}
	return next, err
}

// mailbox is a key for the address that tells nothing of it.
func (s *site) mailbox(e book.Email) string {
	id := s.Links.Derive("mailbox", strings.ToLower(e.Reveal()))
	return string(id[:])
}

func domain(e book.Email) string {
	text := e.Reveal()
	return text[strings.LastIndexByte(text, '@')+1:]
}

func (s *site) backToHeld(w http.ResponseWriter, r *http.Request, id appointment.ID, now time.Time) error {
	http.Redirect(w, r, "/held/"+s.fillLink(id, now), http.StatusSeeOther)
	return nil
}

// giveBack lets go of what is held or waits for the answer to a mail.
func (s *site) giveBack(w http.ResponseWriter, r *http.Request) error {
	_, a, err := s.open(r, link.Fill)
	if err != nil {
		return err
	}
	if err := s.returned(r.Context(), a); err != nil {
		return err
	}
	return home(w, r)
}

// returned gives a time back that does not stand yet.
func (s *site) returned(ctx context.Context, a book.Appointment) error {
	if a.State != book.Reserved && a.State != book.Preconfirmed {
		return nil
	}
	_, err := s.Book.Advance(ctx, a.ID, book.Step{Do: book.Cancel, At: time.Now(), Actor: actor})
	if errors.Is(err, book.ErrState) { // it was, at the same moment
		return nil
	}
	return err
}

func requestOf(a book.Appointment) book.Request {
	return book.Request{Location: a.Location, Service: a.Service, Persons: a.Persons}
}

// goneView is what the page shows when a time cannot be had.
type goneView struct {
	Choice choice
	Start  time.Time
	Near   []book.Free
	Typed  typed
	Why    string // taken, over, late
	Nonce  string
}

// gone says that the time cannot be had and names others.
func (s *site) gone(w http.ResponseWriter, r *http.Request, g goneView) error {
	v := s.view(r, "public.gone."+g.Why)
	var err error
	if g.Near, err = s.near(r.Context(), g.Choice.request(), g.Start, v.Now); err != nil {
		return err
	}
	g.Nonce, v.Here = rand.Text(), "/times?"+string(g.Choice.Query())
	return s.show(w, "gone", http.StatusConflict, v, g)
}

// instead is gone for an appointment that came to nothing.
func (s *site) instead(w http.ResponseWriter, r *http.Request, a book.Appointment, t typed, why string) error {
	c, err := s.choiceOf(r.Context(), a)
	if err != nil {
		return err
	}
	return s.gone(w, r, goneView{Choice: c, Start: a.Start, Typed: t, Why: why})
}
