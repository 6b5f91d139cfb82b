// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"
)

func TestNotSignedIn(t *testing.T) {
	o := newOffice(t)
	c, id := o.client(t), uuid.Must(uuid.NewV7()).String()
	c.get(t, "/").leads(t, "/sign-in")
	c.get(t, "/events").leads(t, "/sign-in")
	for _, path := range []string{"/captures/" + id, "/captures/" + id + "/photos/1", "/captures/" + id + "/photo.jpg", "/appointments/0123456789abcdef"} {
		c.get(t, path).leads(t, "/sign-in?to="+url.QueryEscape(path))
	}
	for _, path := range []string{"/find", "/captures/" + id + "/take-over", "/captures/" + id + "/refuse", "/captures/" + id + "/reopen"} {
		c.post(t, path, nil).leads(t, "/sign-in")
	}
}

func TestSignIn(t *testing.T) {
	o := newOfficeWithClerks(t)
	c := o.client(t)
	c.get(t, "/sign-in?to=/captures/1").want(t, http.StatusOK, `value="/captures/1"`, `autocomplete="current-password"`, "kein Standardpasswort")

	wrong := c.post(t, "/sign-in", url.Values{"name": {"adam"}, "password": {"wrong"}})
	unknown := c.post(t, "/sign-in", url.Values{"name": {"eva"}, "password": {"wrong"}})
	wrong.want(t, http.StatusForbidden, "Name oder Passwort ist falsch.")
	if got := strings.ReplaceAll(unknown.body, "eva", "adam"); unknown.status != wrong.status || got != wrong.body {
		t.Error("the answer tells a known name from an unknown one")
	}

	right := c.post(t, "/sign-in", url.Values{"name": {"adam"}, "password": {password}, "to": {"/captures/1"}})
	right.leads(t, "/captures/1")
	if cookie := right.header.Get("Set-Cookie"); !strings.Contains(cookie, "HttpOnly") || !strings.Contains(cookie, "SameSite=Strict") {
		t.Errorf("cookie %q", cookie)
	}
	c.get(t, "/").want(t, http.StatusOK, "adam", "Abmelden")

	c.post(t, "/sign-out", nil).leads(t, "/sign-in")
	c.get(t, "/").leads(t, "/sign-in")
}

func TestSignInPause(t *testing.T) {
	c := newOfficeWithClerks(t).client(t)
	for range 5 {
		c.post(t, "/sign-in", url.Values{"name": {"adam"}, "password": {"wrong"}})
	}
	a := c.post(t, "/sign-in", url.Values{"name": {"adam"}, "password": {password}})
	a.want(t, http.StatusTooManyRequests, "Zu viele Versuche. Bitte 1 Min. warten.")
	if s, err := strconv.Atoi(a.header.Get("Retry-After")); s < 50 || s > 60 || err != nil {
		t.Errorf("Retry-After: %q", a.header.Get("Retry-After"))
	}
}

func TestSessionOver(t *testing.T) {
	c := newOffice(t).client(t)
	base, _ := url.Parse(c.base)
	c.Jar.SetCookies(base, []*http.Cookie{{Name: "fotobox", Value: "gone"}})
	c.get(t, "/").leads(t, "/sign-in")
	c.get(t, "/sign-in").want(t, http.StatusOK, "Sie waren zu lange untätig")
}

// TestCookieOverTLS looks at the prefix and the Secure flag, behind TLS and
// behind a proxy that ends it.
func TestCookieOverTLS(t *testing.T) {
	o := newOffice(t)
	proxied := Office{Clerks: &adam{}, Book: o.book, Inbox: o.inbox, Secure: true}
	for name, tc := range map[string]struct {
		desk http.Handler
		tls  *tls.ConnectionState
	}{
		"TLS":   {o.server.Config.Handler, &tls.ConnectionState{}},
		"proxy": {New(proxied), nil},
	} {
		r := httptest.NewRequest(http.MethodPost, "/sign-in", strings.NewReader(url.Values{"name": {"adam"}, "password": {password}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.TLS = tc.tls
		w := httptest.NewRecorder()
		tc.desk.ServeHTTP(w, r)
		cookie := w.Header().Get("Set-Cookie")
		for _, part := range []string{"__Host-fotobox=", "Secure", "HttpOnly", "SameSite=Strict", "Path=/"} {
			if !strings.Contains(cookie, part) {
				t.Errorf("%s: cookie %q has no %s", name, cookie, part)
			}
		}
	}
}

func TestForeignRequest(t *testing.T) {
	o := newOffice(t)
	c := o.clerk(t)
	for name, header := range map[string][2]string{
		"cross-site":   {"Sec-Fetch-Site", "cross-site"},
		"same-site":    {"Sec-Fetch-Site", "same-site"},
		"other origin": {"Origin", "https://example.org"},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.base+"/sign-out", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set(header[0], header[1])
		t.Log(name)
		c.send(t, r).want(t, http.StatusForbidden, "Anfrage abgelehnt")
	}
	c.get(t, "/").want(t, http.StatusOK, "adam") // still signed in
}

func TestLocal(t *testing.T) {
	for address, want := range map[string]string{
		"/": "/", "/captures/1?x=y": "/captures/1?x=y", "": "/", "//example.org": "/", "/\\example.org": "/",
		"https://example.org": "/", "captures": "/", "/a\r\nSet-Cookie: x": "/", "/\t/example.org": "/",
	} {
		if got := local(address); got != want {
			t.Errorf("local(%q) = %q, want %q", address, got, want)
		}
	}
}

func TestLanguage(t *testing.T) {
	c := newOffice(t).client(t)
	for accept, want := range map[string]string{"en-GB,en;q=0.9": `lang="en"`, "fr, de;q=0.5": `lang="de"`, "": `lang="de"`, "tlh": `lang="de"`} {
		c.lang = accept
		c.get(t, "/sign-in").want(t, http.StatusOK, "<html "+want)
	}
	c.post(t, "/language", url.Values{"language": {"en"}, "back": {"/sign-in?to=%2F"}}).leads(t, "/sign-in?to=%2F")
	c.lang = "de"
	c.get(t, "/sign-in").want(t, http.StatusOK, `<html lang="en"`, "Sign in", "Deutsch")
	c.post(t, "/language", url.Values{"language": {"xx"}, "back": {"//example.org"}}).leads(t, "/")
}
