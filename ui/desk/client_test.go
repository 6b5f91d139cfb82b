// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
)

// client is a browser without scripts: it follows no redirect by itself.
type client struct {
	http.Client
	base string
	lang string
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

func (o *office) client(t testing.TB) *client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &client{base: o.server.URL, lang: "de"}
	c.Jar = jar
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return c
}

// clerk is a client that is signed in.
func (o *office) clerk(t testing.TB) *client { return o.signedInAs(t, "adam") }

func (o *office) signedInAs(t testing.TB, name string) *client {
	t.Helper()
	c := o.client(t)
	a := c.post(t, "/sign-in", url.Values{"name": {name}, "password": {password}})
	if a.status != http.StatusSeeOther {
		t.Fatalf("sign-in: %d", a.status)
	}
	return c
}

func (c *client) get(t testing.TB, path string) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.base+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c.send(t, r)
}

// post sends a form as the browser does from a page of the desk.
func (c *client) post(t testing.TB, path string, form url.Values) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", c.base)
	return c.send(t, r)
}

func (c *client) send(t testing.TB, r *http.Request) answer {
	t.Helper()
	r.Header.Set("Accept-Language", c.lang)
	w, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Body.Close()
	body, err := io.ReadAll(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{w.StatusCode, w.Header, string(body)}
}

// want checks the status and that the page has all the words.
func (a answer) want(t testing.TB, status int, words ...string) {
	t.Helper()
	if a.status != status {
		t.Errorf("status %d, want %d", a.status, status)
	}
	for _, w := range words {
		if !strings.Contains(a.body, w) {
			t.Errorf("the page does not say %q", w)
		}
	}
}

// leads checks that the answer leads to the address.
func (a answer) leads(t testing.TB, to string) {
	t.Helper()
	if got := a.header.Get("Location"); a.status != http.StatusSeeOther || got != to {
		t.Errorf("%d to %q, want 303 to %q", a.status, got, to)
	}
}

// without checks that the page lacks the words.
func (a answer) without(t testing.TB, words ...string) {
	t.Helper()
	for _, w := range words {
		if strings.Contains(a.body, w) {
			t.Errorf("the page says %q", w)
		}
	}
}
