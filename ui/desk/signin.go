// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"errors"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/fotobox-project/fotobox/internal/origin"
	"github.com/fotobox-project/fotobox/registry/clerks"
)

// signInForm is what the page of the sign-in shows.
type signInForm struct {
	Name, To string
	Ended    bool   // there was a session, and it is over
	Fault    string // wrong, journey, stranger, away, passkey
	Wait     int    // minutes
	OpenID   bool   // the town has a provider
	Passkeys bool
}

// away is when to ask again for what does not answer.
const away = 30 * time.Second

func minutes(d time.Duration) int { return int(math.Ceil(d.Minutes())) }

func retryAfter(w http.ResponseWriter, d time.Duration) {
	w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(d.Seconds()))))
}

func (d *desk) showSignIn(w http.ResponseWriter, r *http.Request, status int, form signInForm) error {
	form.OpenID, form.Passkeys = d.OpenID != nil, d.Passkeys != nil
	return d.show(w, r, "sign-in", status, form)
}

func (d *desk) signInPage(w http.ResponseWriter, r *http.Request) error {
	return d.showSignIn(w, r, http.StatusOK, signInForm{To: local(r.FormValue("to")), Ended: d.token(r) != ""})
}

func (d *desk) signIn(w http.ResponseWriter, r *http.Request) error {
	if err := parseForm(r); err != nil {
		return err
	}
	form := signInForm{Name: r.PostForm.Get("name"), To: local(r.PostForm.Get("to"))}
	token, err := d.Clerks.SignIn(r.Context(), form.Name, r.PostForm.Get("password"), d.place(r))
	if err != nil {
		return d.refused(w, r, form, err)
	}
	d.welcome(w, r, token)
	http.Redirect(w, r, form.To, http.StatusSeeOther)
	return nil
}

// refused shows the sign-in with what was wrong, in words.
func (d *desk) refused(w http.ResponseWriter, r *http.Request, form signInForm, err error) error {
	status := http.StatusForbidden
	switch p, paused := errors.AsType[*clerks.PauseError](err); {
	case paused:
		form.Wait, status = minutes(p.For), http.StatusTooManyRequests
		retryAfter(w, p.For)
	case errors.Is(err, clerks.ErrSignIn):
		form.Fault = "wrong"
	case errors.Is(err, clerks.ErrJourney):
		form.Fault, status = "journey", http.StatusBadRequest
	case errors.Is(err, clerks.ErrStranger):
		form.Fault = "stranger"
	case errors.Is(err, clerks.ErrPasskey):
		form.Fault = "passkey"
	case errors.Is(err, clerks.ErrAway):
		form.Fault, status = "away", http.StatusServiceUnavailable
		retryAfter(w, away)
	default:
		return err
	}
	if form.Fault != "wrong" && form.Fault != "" {
		d.Log.Warn("sign-in refused", "error", err)
	}
	return d.showSignIn(w, r, status, form)
}

func (d *desk) signOut(w http.ResponseWriter, r *http.Request) error {
	if token := d.token(r); token != "" {
		if err := d.Clerks.SignOut(r.Context(), token); err != nil {
			return err
		}
	}
	d.farewell(w, r)
	return nil
}

// place is where a request comes from, as attempts to sign in are counted.
func (d *desk) place(r *http.Request) string { return origin.Of(r, d.Secure) }
