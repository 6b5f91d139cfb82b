// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/fotobox-project/fotobox/registry/clerks"
	"github.com/fotobox-project/fotobox/registry/clerks/openidtest"
)

// withTown has a desk beside a town with an OpenID provider. The desk is on
// localhost and the provider on 127.0.0.1, which are two sites to a browser.
func withTown(t *testing.T) (*office, *openidtest.Town) {
	t.Helper()
	o := newOfficeWithClerks(t)
	o.server.URL = strings.Replace(o.server.URL, "127.0.0.1", "localhost", 1)
	town := openidtest.Open(t, o.server.URL+OpenIDBack)
	o.office.OpenID = o.clerks.NewProvider(clerks.ProviderSettings{
		Issuer: town.Server.URL, ClientID: openidtest.ClientID, Secret: openidtest.Secret, Back: o.server.URL + OpenIDBack,
		Claim: "groups", Roles: map[string]clerks.Role{"fotobox-clerks": clerks.RoleClerk},
	})
	o.server.Config.Handler = New(o.office)
	return o, town
}

// TestOpenIDInBrowser: a clerk comes from the provider and is signed in, although
// the session's cookie goes with no request that another site began.
func TestOpenIDInBrowser(t *testing.T) {
	ctx := browser(t)
	o, _ := withTown(t)
	do(t, ctx, chromedp.Navigate(o.server.URL+"/account"), chromedp.Click("#openid"), chromedp.WaitVisible("#sessions"))
	if text := ask[string](t, ctx, `document.querySelector("main").innerText`); !strings.Contains(text, "erika-muster, Sachbearbeitung") || !strings.Contains(text, "Anmeldedienst der Stadt") {
		t.Errorf("the account's page says %q", text)
	}
}

func TestOpenIDPages(t *testing.T) {
	o, town := withTown(t)
	c := o.client(t)
	c.get(t, "/sign-in?to=/captures/1").want(t, http.StatusOK, `href="/sign-in/openid?to=%2fcaptures%2f1"`, "Passwort")
	begun := c.get(t, "/sign-in/openid?to=/captures/1")
	address := begun.header.Get("Location")
	if begun.status != http.StatusSeeOther || !strings.HasPrefix(address, town.Server.URL) {
		t.Fatalf("%d to %q", begun.status, address)
	}
	if cookie := begun.header.Get("Set-Cookie"); !strings.Contains(cookie, "HttpOnly") || !strings.Contains(cookie, "SameSite=Lax") {
		t.Errorf("cookie %q", cookie)
	}
	back := openidtest.Travel(t, address, o.server.URL+OpenIDBack)

	// Somebody else's browser is led here with the answer.
	o.client(t).get(t, OpenIDBack+"?"+back.Encode()).want(t, http.StatusBadRequest, "woanders begonnen")
	p := c.get(t, OpenIDBack+"?"+back.Encode())
	p.want(t, http.StatusOK, "Sie sind angemeldet", `content="0;url=/captures/1"`)
	p.without(t, back.Get("code"), back.Get("state"))
	c.get(t, "/").want(t, http.StatusOK, "erika-muster")
	c.get(t, OpenIDBack+"?"+back.Encode()).want(t, http.StatusBadRequest, "noch einmal")
	if log := o.log.String(); strings.Contains(log, back.Get("code")) || strings.Contains(log, back.Get("state")) {
		t.Errorf("log:\n%s", log)
	}
}

func TestOpenIDRefusals(t *testing.T) {
	o, town := withTown(t)
	c := o.client(t)
	town.Groups = "other"
	back := openidtest.Travel(t, c.get(t, "/sign-in/openid").header.Get("Location"), o.server.URL+OpenIDBack)
	c.get(t, OpenIDBack+"?"+back.Encode()).want(t, http.StatusForbidden, "keine Rolle")

	back = openidtest.Travel(t, c.get(t, "/sign-in/openid").header.Get("Location"), o.server.URL+OpenIDBack)
	town.Server.Close()
	a := c.get(t, OpenIDBack+"?"+back.Encode())
	a.want(t, http.StatusServiceUnavailable, "nicht erreichbar", `name="password"`)
	if gone := a.header; gone.Get("Retry-After") != "30" {
		t.Errorf("Retry-After %q", gone.Get("Retry-After"))
	}
	if log := o.log.String(); !strings.Contains(log, "the provider cannot be reached") || strings.Contains(log, back.Get("code")) || strings.Contains(log, town.Person.Email) {
		t.Errorf("log:\n%s", log)
	}
	plain := newOffice(t).client(t)
	plain.get(t, "/sign-in").without(t, "openid")
	plain.get(t, "/sign-in/openid").want(t, http.StatusNotFound)
	plain.get(t, OpenIDBack).want(t, http.StatusNotFound)
}
