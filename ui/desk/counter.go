// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/fotobox-project/fotobox/registry/queue"
)

// counterCookie keeps where a clerk receives, in this browser.
const counterCookie = "fotobox-counter"

// counter is where a clerk receives, as the browser knows it.
type counter struct{ Office, Name, Group string }

func counterOf(r *http.Request) counter {
	c, err := r.Cookie(counterCookie)
	if err != nil {
		return counter{}
	}
	v, err := url.ParseQuery(c.Value)
	if err != nil {
		return counter{}
	}
	return counter{v.Get("office"), v.Get("counter"), v.Get("group")}
}

// of is the counter as the queue knows it.
func (c counter) of(clerk string) queue.Counter {
	q := queue.Counter{Location: c.Office, Name: c.Name, Actor: actor(clerk)}
	if c.Group != "" {
		q.Groups = []string{c.Group}
	}
	return q
}

// actor is the clerk in the record.
func actor(clerk string) string { return "clerk:" + clerk }

// chooseCounter keeps for a year where this browser's clerk receives.
func (d *desk) chooseCounter(w http.ResponseWriter, r *http.Request, clerk string) error {
	if err := parseForm(r); err != nil {
		return err
	}
	chosen := counter{r.PostForm.Get("office"), strings.TrimSpace(r.PostForm.Get("counter")), r.PostForm.Get("group")}
	v := url.Values{"office": {chosen.Office}, "counter": {chosen.Name}, "group": {chosen.Group}}
	http.SetCookie(w, &http.Cookie{
		Name: counterCookie, Value: v.Encode(), Path: "/waiting", HttpOnly: true, Secure: d.secure(r),
		SameSite: http.SameSiteStrictMode, MaxAge: int((365 * 24 * time.Hour).Seconds()),
	})
	http.Redirect(w, r, "/waiting", http.StatusSeeOther)
	return nil
}
