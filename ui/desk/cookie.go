// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/http"
	"time"

	"github.com/fotobox-project/fotobox/registry/clerks"
)

// setCookie gives the browser a cookie that no script reads.
func (d *desk) setCookie(w http.ResponseWriter, r *http.Request, name, value string, comes http.SameSite, life time.Duration) {
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: "/", HttpOnly: true, Secure: d.secure(r), SameSite: comes, MaxAge: int(life.Seconds()),
	})
}

// forget is the life of a cookie that the browser has to throw away.
const forget = -time.Second

// cookie is what the browser holds, "" for nothing.
func cookie(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}

// welcome gives the browser its session.
func (d *desk) welcome(w http.ResponseWriter, r *http.Request, token string) {
	d.setCookie(w, r, d.session(r), token, http.SameSiteStrictMode, clerks.Lifetime)
}

// farewell takes the session from the browser and shows the sign-in.
func (d *desk) farewell(w http.ResponseWriter, r *http.Request) {
	d.setCookie(w, r, d.session(r), "", http.SameSiteStrictMode, forget)
	http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
}

// token is the session's, "" without one.
func (d *desk) token(r *http.Request) string { return cookie(r, d.session(r)) }

// setJourney gives the browser what ends a sign-in that it began. The cookie
// comes along when another site leads here.
func (d *desk) setJourney(w http.ResponseWriter, r *http.Request, token string) {
	d.setCookie(w, r, d.session(r)+"-journey", token, http.SameSiteLaxMode, clerks.JourneyTime)
}

// journey takes it back, "" without one.
func (d *desk) journey(w http.ResponseWriter, r *http.Request) string {
	name := d.session(r) + "-journey"
	d.setCookie(w, r, name, "", http.SameSiteLaxMode, forget)
	return cookie(r, name)
}

// session names the session's cookie. The prefix __Host- makes browsers refuse
// it from another host or without TLS.
func (d *desk) session(r *http.Request) string {
	if d.secure(r) {
		return "__Host-fotobox"
	}
	return "fotobox"
}

func (d *desk) secure(r *http.Request) bool { return d.Secure || r.TLS != nil }
