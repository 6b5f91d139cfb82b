// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// FuzzForm sends anything as the form of a page, as a clerk who is signed in,
// and as nobody: no answer is the desk's own fault, none leads away from it.
func FuzzForm(f *testing.F) {
	o := newOffice(f)
	o.furnish(f)
	for _, seed := range []struct{ path, form string }{
		{"/find", "q=FB1:XYZ&day=2026-12-01"}, {"/find", "q=abc-def-ghj"}, {"/find", "q=%00&day=-1"}, {"/language", "language=xx&to=//evil.example"},
		{"/sign-in", "name=adam&password=x&to=/%5cevil"}, {"/captures/019ad948-b3c0-7000-8000-000000000001/take-over", "photo=1&veto=nok"},
		{"/town/rules/new", aRule(nil).Encode()}, {"/town/rules/new", "office=mitte&do=save&days=mon&rhythm=n9&was=x"}, {"/town/closures/new", "first=2026-12-24&reason=x&week=9999-12-31"},
		{"/town/services/102", "name=x&group=y&minutes=-1"}, {"/town/offices/mitte/form", "name=%ff"}, {"/appointments/x/move", "start=2026-12-01T09:30:00Z"},
		{"/captures/{}/refuse", ""}, {"/captures/%2e%2e/reopen", "%zz"},
	} {
		f.Add(seed.path, "adam's token", "application/x-www-form-urlencoded", seed.form)
	}
	f.Add("/find", "", "multipart/form-data; boundary=x", "--x\r\n")
	f.Fuzz(func(t *testing.T, path, token, media, form string) {
		u, err := url.ParseRequestURI(path)
		if err != nil || u.Host != "" || !strings.HasPrefix(u.Path, "/") || u.Path == "/sign-out" {
			return
		}
		r := httptest.NewRequest("POST", "/", strings.NewReader(form))
		r.URL = u
		r.Header.Set("Content-Type", media)
		r.Header["Cookie"] = []string{`fotobox="` + token + `"`}
		w := httptest.NewRecorder()
		o.server.Config.Handler.ServeHTTP(w, r)
		if w.Code >= 500 {
			t.Fatalf("%q answers %d: %s", u, w.Code, o.log)
		}
		if to := w.Header().Get("Location"); to != "" && !here(to) {
			t.Errorf("%q leads to %q", u, to)
		}
	})
}

// FuzzLocal looks for an address that a browser takes for another place.
func FuzzLocal(f *testing.F) {
	for _, to := range []string{"/", "//evil.example", "/\\evil.example", "https://evil.example/", "/\t/evil.example", "/a?b=c#d"} {
		f.Add(to)
	}
	f.Fuzz(func(t *testing.T, to string) {
		if got := local(to); !here(got) {
			t.Errorf("%q becomes %q", to, got)
		}
	})
}

// here says whether a browser that reads to stays at the desk: browsers take a
// backslash for a slash, and leave out tabs and ends of lines.
func here(to string) bool {
	to = strings.NewReplacer("\\", "/", "\t", "", "\r", "", "\n", "").Replace(to)
	return strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "//")
}

// FuzzDay reads anything as the day in an address.
func FuzzDay(f *testing.F) {
	for _, day := range []string{"", "2026-12-01", "2026-03-29", "0000-01-01", "9999-12-31", "x"} {
		f.Add(day)
	}
	f.Fuzz(func(t *testing.T, address string) {
		day, err := dayOf(address, time.Now())
		if err != nil || address == "" {
			return
		}
		if got := (dayList{Day: day}).Address(); got != address {
			t.Errorf("%q is shown as %q", address, got)
		}
	})
}
