// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/fotobox-project/fotobox/registry/clerks"
)

// TestSignOutEverywhere has one clerk in two browsers.
func TestSignOutEverywhere(t *testing.T) {
	o := newOfficeWithClerks(t)
	one, two := o.clerk(t), o.clerk(t)
	p := one.get(t, "/account")
	p.want(t, http.StatusOK, "adam, Leitung", "Wo Sie angemeldet sind", "Passwort")
	p.without(t, "%!", "desk.account", " style=")
	if n := strings.Count(p.body, "diese Anmeldung"); n != 1 {
		t.Errorf("%d sessions are this one", n)
	}
	one.post(t, "/account/sign-out", nil).leads(t, "/sign-in")
	two.get(t, "/account").leads(t, "/sign-in?to=%2Faccount")
}

// TestSupervisorEndsSessions of a colleague; a clerk cannot.
func TestSupervisorEndsSessions(t *testing.T) {
	o := newOfficeWithClerks(t)
	if err := o.clerks.Add(t.Context(), "eve", password, clerks.RoleClerk); err != nil {
		t.Fatal(err)
	}
	eve, adam := o.client(t), o.clerk(t)
	adam.get(t, "/account").want(t, http.StatusOK, `href="/clerks"`)
	eve.post(t, "/sign-in", url.Values{"name": {"eve"}, "password": {password}}).leads(t, "/")
	adam.get(t, "/clerks").want(t, http.StatusOK, `action="/clerks/eve/sign-out"`, "Sachbearbeitung", "Leitung")
	eve.post(t, "/clerks/adam/sign-out", nil).want(t, http.StatusForbidden, "Dafür ist Ihr Zugang nicht gedacht")
	adam.post(t, "/clerks/eve/sign-out", nil).leads(t, "/clerks")
	adam.post(t, "/clerks/nobody/sign-out", nil).want(t, http.StatusNotFound)
	eve.get(t, "/").leads(t, "/sign-in")
	p := adam.get(t, "/clerks")
	p.want(t, http.StatusOK, "eve")
	p.without(t, `action="/clerks/eve/sign-out"`)
}

func TestPlace(t *testing.T) {
	for _, tc := range []struct {
		remote, want string
		forwarded    []string
		proxied      bool
	}{
		{"192.0.2.1:5", "192.0.2.1", nil, false},
		{"192.0.2.1:5", "192.0.2.1", []string{"198.51.100.1"}, false}, // anybody can write that
		{"192.0.2.1:5", "198.51.100.1", []string{"198.51.100.1"}, true},
		{"192.0.2.1:5", "198.51.100.1", []string{"203.0.113.1", "203.0.113.2, 198.51.100.1"}, true},
		{"192.0.2.1:5", "192.0.2.1", nil, true},
		{"[2001:db8::1:2]:5", "2001:db8::/64", nil, false},
		{"[fe80::1%eth0]:5", "fe80::/64", nil, false},
		{"[::ffff:192.0.2.1]:5", "192.0.2.1", nil, false},
		{"192.0.2.1:5", "", []string{"unknown"}, true},
		{"@", "", nil, false},
	} {
		r := httptest.NewRequest(http.MethodPost, "/sign-in", nil)
		r.RemoteAddr, r.Header["X-Forwarded-For"] = tc.remote, tc.forwarded
		if got := (&desk{Office: Office{Secure: tc.proxied}}).place(r); got != tc.want {
			t.Errorf("%+v: got %q", tc, got)
		}
	}
}
