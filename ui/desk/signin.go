// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"errors"
	"math"
	"net/http"

	"github.com/fotobox-project/fotobox/registry/clerks"
)

// signInForm is what the page of the sign-in shows.
type signInForm struct {
	Name, To string
	Ended    bool // there was a session, and it is over
	Wrong    bool
	Wait     int // minutes
}

func (d *desk) signInPage(w http.ResponseWriter, r *http.Request) error {
	_, err := r.Cookie(d.cookie(r))
	return d.show(w, r, "sign-in", http.StatusOK, signInForm{To: local(r.FormValue("to")), Ended: err == nil})
}

func (d *desk) signIn(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	form := signInForm{Name: r.PostForm.Get("name"), To: local(r.PostForm.Get("to"))}
	token, err := d.Clerks.SignIn(r.Context(), form.Name, r.PostForm.Get("password"))
	if p, ok := errors.AsType[*clerks.PauseError](err); ok {
		form.Wait = int(math.Ceil(p.For.Minutes()))
		return d.show(w, r, "sign-in", http.StatusTooManyRequests, form)
	}
	if errors.Is(err, clerks.ErrSignIn) {
		form.Wrong = true
		return d.show(w, r, "sign-in", http.StatusForbidden, form)
	}
	if err != nil {
		return err
	}
	http.SetCookie(w, &http.Cookie{
		Name: d.cookie(r), Value: token, Path: "/", HttpOnly: true, Secure: d.secure(r),
		SameSite: http.SameSiteStrictMode, MaxAge: int(clerks.Lifetime.Seconds()),
	})
	http.Redirect(w, r, form.To, http.StatusSeeOther)
	return nil
}

func (d *desk) signOut(w http.ResponseWriter, r *http.Request) error {
	if c, err := r.Cookie(d.cookie(r)); err == nil {
		if err := d.Clerks.SignOut(r.Context(), c.Value); err != nil {
			return err
		}
	}
	http.SetCookie(w, &http.Cookie{
		Name: d.cookie(r), Path: "/", HttpOnly: true, Secure: d.secure(r), SameSite: http.SameSiteStrictMode, MaxAge: -1,
	})
	http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
	return nil
}

// token is the session's, "" without one.
func (d *desk) token(r *http.Request) string {
	c, err := r.Cookie(d.cookie(r))
	if err != nil {
		return ""
	}
	return c.Value
}

// cookie names the session's cookie. The prefix __Host- makes browsers refuse
// it from another host or without TLS.
func (d *desk) cookie(r *http.Request) string {
	if d.secure(r) {
		return "__Host-fotobox"
	}
	return "fotobox"
}

func (d *desk) secure(r *http.Request) bool { return d.Secure || r.TLS != nil }
