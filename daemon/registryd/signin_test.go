// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fotobox-project/fotobox/registry/clerks/openidtest"
	"github.com/fotobox-project/fotobox/ui/desk"
)

const withOIDC = `state = "x"
device = "y:1"
site = "https://desk.example.org/"
[oidc]
issuer = "https://login.example.org"
client_id = "fotobox"
secret = "oidc-secret"
roles = { "fotobox-clerks" = "clerk" }
`

func TestOpenIDSettings(t *testing.T) {
	s, err := parseSettings(strings.NewReader(withOIDC))
	if err != nil || s.OIDC.Claim != "groups" || s.Site != "https://desk.example.org" {
		t.Errorf("%+v, %v", s, err)
	}
	for line, change := range map[string][2]string{
		"oidc.issuer is missing":         {`issuer = "https://login.example.org"` + "\n", ""},
		`key "site" is missing`:          {`site = "https://desk.example.org/"`, ""},
		"client_id and secret":           {`client_id = "fotobox"`, ""},
		"oidc.roles is empty":            {`roles = { "fotobox-clerks" = "clerk" }`, ""},
		"must be one of":                 {`"clerk"`, `"king"`},
		"must be https":                  {"https://login", "http://login"},
		"must be https://HOST":           {"https://login", "//user@login"},
		`site = "http://desk.example.`:   {"https://desk", "http://desk"},
		`unknown key "oidc.client_name"`: {"client_id", "client_name"},
	} {
		if _, err := parseSettings(strings.NewReader(strings.Replace(withOIDC, change[0], change[1], 1))); err == nil || !strings.Contains(err.Error(), line) {
			t.Errorf("%q for %q: %v, want %q", change[1], change[0], err, line)
		}
	}
	for _, site := range []string{"http://localhost:8090", "http://127.0.0.1", "http://[::1]:1"} {
		if err := checkSite(site); err != nil {
			t.Error(err)
		}
	}
}

// TestPasskeysNeedAName: the desk offers them where a browser takes them.
func TestPasskeysNeedAName(t *testing.T) {
	o, _, _ := started(t)
	for site, want := range map[string]bool{"": false, "http://127.0.0.1:8090": false, "http://localhost:8090": true, "https://desk.example.org": true} {
		o.settings.Site = site
		doors, err := o.doors()
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		doors[1].handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/sign-in", nil))
		if got := strings.Contains(w.Body.String(), "data-passkey"); got != want {
			t.Errorf("%q: passkeys are offered: %v", site, got)
		}
	}
}

// TestOpenIDSecret: the secret comes from a credential, and the desk sends the
// browser to the town.
func TestOpenIDSecret(t *testing.T) {
	o, _, _ := started(t)
	town := openidtest.Open(t, "https://desk.example.org"+desk.OpenIDBack)
	o.settings.Site = "https://desk.example.org"
	o.settings.OIDC = OpenIDSettings{Issuer: town.Server.URL, ClientID: openidtest.ClientID, Secret: "oidc-secret", Claim: "groups", Roles: map[string]string{"a": "clerk"}}
	if _, err := o.doors(); err == nil || !strings.Contains(err.Error(), "oidc.secret") {
		t.Errorf("without the file: %v", err)
	}
	dir := t.TempDir()
	t.Setenv("CREDENTIALS_DIRECTORY", dir)
	if err := os.WriteFile(filepath.Join(dir, "oidc-secret"), []byte(openidtest.Secret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	doors, err := o.doors()
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	doors[1].handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/sign-in/openid", nil))
	if to := w.Header().Get("Location"); !strings.HasPrefix(to, town.Server.URL) {
		t.Errorf("%d to %q", w.Code, to)
	}
}
