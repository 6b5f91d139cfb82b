// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/http"
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
