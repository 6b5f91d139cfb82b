// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"context"
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/fotobox-project/fotobox/registry/audit"
)

// withPasskeys has a desk on localhost that takes passkeys: an address with
// numbers has none.
func withPasskeys(t *testing.T) *office {
	t.Helper()
	o := newOfficeWithClerks(t)
	o.server.URL = strings.Replace(o.server.URL, "127.0.0.1", "localhost", 1)
	keys, err := o.clerks.NewPasskeys(o.server.URL, o.office.Name)
	if err != nil {
		t.Fatal(err)
	}
	o.office.Passkeys = keys
	o.server.Config.Handler = New(o.office)
	return o
}

// call does something with Chromium's virtual authenticators.
func call(t *testing.T, ctx context.Context, method string, args, result any) {
	t.Helper()
	do(t, ctx, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		return target.Call(ctx, "WebAuthn."+method, args, result)
	}))
}

// authenticator plugs one in that verifies the person, or cannot.
func authenticator(t *testing.T, ctx context.Context, verifies bool) (id string) {
	t.Helper()
	call(t, ctx, "enable", map[string]any{}, nil)
	var added struct {
		AuthenticatorID string `json:"authenticatorId"`
	}
	call(t, ctx, "addVirtualAuthenticator", map[string]any{"options": map[string]any{
		"protocol": "ctap2", "transport": "internal", "hasResidentKey": true,
		"hasUserVerification": true, "isUserVerified": verifies, "automaticPresenceSimulation": true,
	}}, &added)
	return added.AuthenticatorID
}

// credentials are those in the authenticator, with their secrets.
func credentials(t *testing.T, ctx context.Context, authenticator string) []map[string]any {
	t.Helper()
	var all struct {
		Credentials []map[string]any `json:"credentials"`
	}
	call(t, ctx, "getCredentials", map[string]any{"authenticatorId": authenticator}, &all)
	return all.Credentials
}

// addsPasskey signs in with the password and adds a passkey.
func (o *office) addsPasskey(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	do(t, ctx, chromedp.Navigate(o.server.URL+"/sign-in?to=/account"), chromedp.SendKeys("#name", "adam"), chromedp.SendKeys("#password", password+"\r"),
		chromedp.WaitVisible("#add"), chromedp.SendKeys("#name", name+"\r"), chromedp.WaitVisible(`form[action$="/remove"]`))
}

// leaves signs out.
func leaves(t *testing.T, ctx context.Context) {
	t.Helper()
	do(t, ctx, chromedp.Click(`form[action="/sign-out"] button`), chromedp.WaitVisible("#passkey"))
}

// said lists who did what, as the record has it.
func (o *office) said(t *testing.T) (lines []string) {
	t.Helper()
	for e, err := range audit.All(t.Context(), o.store) {
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, e.Actor+" "+e.Action)
	}
	return lines
}

// TestPasskey: a clerk adds a passkey and comes back with it, without name and
// password; once it is removed, it opens nothing.
func TestPasskey(t *testing.T) {
	ctx, o := browser(t), withPasskeys(t)
	authenticator(t, ctx, true)
	o.addsPasskey(t, ctx, "Schlüssel am Bund")
	leaves(t, ctx)
	do(t, ctx, chromedp.Navigate(o.server.URL+"/account"), chromedp.Click("#passkey button"), chromedp.WaitVisible("#sessions"))
	if text := ask[string](t, ctx, `document.querySelector("main").innerText`); !strings.Contains(text, "Schlüssel am Bund") || !strings.Contains(text, "adam, Leitung") {
		t.Errorf("the account's page says %q", text)
	}
	// The same authenticator is not added twice.
	do(t, ctx, chromedp.WaitNotVisible("#add [role=alert]"), chromedp.SendKeys("#name", "noch einer\r"), chromedp.WaitVisible("#add [role=alert]"))

	do(t, ctx, chromedp.Click(`form[action$="/remove"] button`), chromedp.WaitNotPresent(`form[action$="/remove"]`))
	leaves(t, ctx)
	do(t, ctx, chromedp.Click("#passkey button"), chromedp.WaitVisible(".kern-alert--danger"))
	want := "office clerk-added|clerk:adam signed-in|clerk:adam passkey-added|clerk:adam signed-out|clerk:adam signed-in|clerk:adam passkey-removed|clerk:adam signed-out"
	if got := strings.Join(o.said(t), "|"); got != want {
		t.Errorf("record %s\nwant   %s", got, want)
	}
}

// TestClonedPasskey: a copy of the authenticator counts on from where it was
// copied, and is found out.
func TestClonedPasskey(t *testing.T) {
	ctx, o := browser(t), withPasskeys(t)
	id := authenticator(t, ctx, true)
	o.addsPasskey(t, ctx, "Schlüssel")
	stolen := credentials(t, ctx, id)
	for range 2 {
		leaves(t, ctx)
		do(t, ctx, chromedp.Click("#passkey button"), chromedp.WaitVisible("main .head"))
	}
	leaves(t, ctx)
	call(t, ctx, "removeCredential", map[string]any{"authenticatorId": id, "credentialId": stolen[0]["credentialId"]}, nil)
	call(t, ctx, "addCredential", map[string]any{"authenticatorId": id, "credential": stolen[0]}, nil)
	do(t, ctx, chromedp.Click("#passkey button"), chromedp.WaitVisible(".kern-alert--danger"))
	if said := o.said(t); said[len(said)-1] != "office sign-in-refused" {
		t.Errorf("record ends with %q", said[len(said)-1])
	}
}

// TestPasskeyNeedsThePerson: a browser that lies about what it was asked for
// brings the answer of an authenticator that did not verify who holds it.
func TestPasskeyNeedsThePerson(t *testing.T) {
	ctx, o := browser(t), withPasskeys(t)
	id := authenticator(t, ctx, true)
	o.addsPasskey(t, ctx, "Schlüssel")
	leaves(t, ctx)
	call(t, ctx, "setUserVerified", map[string]any{"authenticatorId": id, "isUserVerified": false}, nil)
	do(t, ctx, chromedp.Evaluate[chromedp.Void](`
		const get = navigator.credentials.get.bind(navigator.credentials);
		navigator.credentials.get = (o) => { o.publicKey.userVerification = "discouraged"; return get(o); }`))
	do(t, ctx, chromedp.Click("#passkey button"), chromedp.WaitVisible(".kern-alert--danger"))
}

// TestPasskeyOfWrongOrigin: another page on the same host asks for the passkey
// and sends the answer here.
func TestPasskeyOfWrongOrigin(t *testing.T) {
	ctx, o := browser(t), withPasskeys(t)
	authenticator(t, ctx, true)
	o.addsPasskey(t, ctx, "Schlüssel")
	leaves(t, ctx)
	other := httptest.NewServer(New(o.office)) // the same office under another address
	t.Cleanup(other.Close)
	do(t, ctx, chromedp.Navigate(strings.Replace(other.URL, "127.0.0.1", "localhost", 1)+"/sign-in"),
		chromedp.Click("#passkey button"), chromedp.WaitVisible(".kern-alert--danger"))
	if said := o.said(t); said[len(said)-1] != "office sign-in-refused" {
		t.Errorf("record ends with %q", said[len(said)-1])
	}
}

// TestPasskeyRefuses is what somebody sends who has none, or no page of ours.
func TestPasskeyRefuses(t *testing.T) {
	o := withPasskeys(t)
	c := o.client(t)
	c.post(t, "/sign-in/passkey", url.Values{"answer": {"{}"}}).want(t, http.StatusBadRequest, "woanders begonnen")
	for _, answer := range []string{"", "{", "null", `{"id":"x","rawId":"eA","type":"public-key","response":{}}`} {
		c.post(t, "/sign-in/passkey/challenge", nil).want(t, http.StatusOK, `"userVerification":"required"`, `"rpId":"localhost"`)
		c.post(t, "/sign-in/passkey", url.Values{"answer": {answer}}).want(t, http.StatusForbidden, "Passkey wurde nicht angenommen")
	}
	for range 40 {
		c.post(t, "/sign-in/passkey/challenge", nil)
	}
	a := c.post(t, "/sign-in/passkey/challenge", nil)
	a.want(t, http.StatusTooManyRequests, "Zu viele Versuche")
	if a.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	plain := newOffice(t).client(t)
	plain.get(t, "/sign-in").without(t, "passkey")
	plain.post(t, "/sign-in/passkey/challenge", nil).want(t, http.StatusNotFound)
}

// TestJourneyCookieOverTLS: it comes along from another site's page, and from no
// other host.
func TestJourneyCookieOverTLS(t *testing.T) {
	o := withPasskeys(t)
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/sign-in/passkey/challenge", nil)
	r.TLS = &tls.ConnectionState{}
	w := httptest.NewRecorder()
	o.server.Config.Handler.ServeHTTP(w, r)
	for _, part := range []string{"__Host-fotobox-journey=", "Secure", "HttpOnly", "SameSite=Lax", "Path=/"} {
		if cookie := w.Header().Get("Set-Cookie"); !strings.Contains(cookie, part) {
			t.Errorf("cookie %q has no %s", cookie, part)
		}
	}
}

// TestPasskeyIsOnesOwn: nobody removes another's.
func TestPasskeyIsOnesOwn(t *testing.T) {
	o := withPasskeys(t)
	c := o.clerk(t)
	c.post(t, "/account/passkeys", url.Values{"name": {"x"}, "answer": {"{}"}}).want(t, http.StatusUnprocessableEntity, "Es ist keiner hinzugekommen")
	c.post(t, "/account/passkeys/challenge", nil).want(t, http.StatusOK, `"residentKey":"required"`)
	c.post(t, "/account/passkeys", url.Values{"name": {" "}, "answer": {"{}"}}).want(t, http.StatusUnprocessableEntity)
	for _, id := range []string{"eA", "%C3%BC"} {
		c.post(t, "/account/passkeys/"+id+"/remove", nil).want(t, http.StatusNotFound)
	}
}
