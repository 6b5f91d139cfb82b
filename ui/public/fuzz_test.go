// SPDX-License-Identifier: EUPL-1.2

package public

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/fotobox-project/fotobox/registry/link"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
)

// FuzzPages: whatever a form or an address says, the answer is a page of ours, no
// fault of the program, and nothing of what was sent stands in it as markup.
func FuzzPages(f *testing.F) {
	storetest.FileOnly(f)
	o := newTown(f)
	logged := &lines{}
	limits := Limits{Looks: 1 << 30, LooksAMinute: 1 << 30, Takes: 1 << 30, TakesAMinute: 1 << 30}
	h := New(Town{Name: "Musterstadt", Book: o.book, Wishes: o.wishes, Links: o.links, Limits: limits, Log: slog.New(slog.NewTextHandler(logged, nil))})
	a := o.booked(f, o.free(f, "mitte", 20), "Erika")
	held := o.citizen().post(f, "/hold", chosen("mitte", passport, 1, o.free(f, "mitte", 0), "ONE")).leads(f, "/held/")
	good := chosen("mitte", passport, 1, o.free(f, "mitte", 2), "TWO").Encode()
	for _, path := range []string{"/", "/offices", "/times", "/hold", held, "/language", o.link(link.Move, a), o.link(link.View, a), "/appointment/x/appointment.ics", "/wish", "/v1/times", "/v1/bookings"} {
		f.Add(path, good, true)
		f.Add(path, good, false)
	}
	f.Add("/hold", "service=102&office=mitte&persons=99999999999999999999&start=-9223372036854775808&nonce=x", true)
	f.Add("/hold", "service=102&office=mitte&persons=-1&start=9223372036854775807&nonce=x", true)
	f.Add("/times", "service=65536&office=%00&from=9999-12-31&instead=%22%3E%3Cscript%3E", false)
	f.Add("/times", "service=102&office=mitte&from=1970-01-02", false)
	f.Add(held, "name=%3Cscript%3Ealert(1)%3C/script%3E&email=%ff%fe&language=de", true)
	f.Add("/wish", "service=102&days=mon&days=%00&hours=never&first=9999-12-31&last=1970-01-02&email=a@b.c&language=de&offices=%22%3E", true)
	f.Add("/wish", wanting("a@example.org").Encode()+"&anyway=yes", true)
	f.Add("/language", "language=de&back=//evil.example", true)
	f.Fuzz(func(t *testing.T, path, form string, post bool) {
		if !strings.HasPrefix(path, "/") || strings.ContainsFunc(path, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
			return
		}
		method, body, address := http.MethodGet, "", path+"?"+url.PathEscape(form)
		if post {
			method, body, address = http.MethodPost, form, path
		} else if _, err := url.ParseQuery(form); err == nil && !strings.ContainsFunc(form, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
			address = path + "?" + form
		}
		if _, err := url.ParseRequestURI(address); err != nil {
			return
		}
		r := httptest.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code >= 500 || strings.Contains(logged.String(), "level=ERROR") {
			t.Fatalf("%s %q %q: %d, %s", method, path, form, w.Code, logged)
		}
		page := w.Body.String()
		if strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") && strings.Contains(page, "<main") && strings.Count(page, "<script") != 1 {
			t.Errorf("%q and %q bring a script into the page:\n%s", path, form, page)
		}
		if to := w.Header().Get("Location"); to != "" && (!strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//")) {
			t.Errorf("%q and %q lead to %q", path, form, to)
		}
	})
}
