// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/image/rule"
	"github.com/fotobox-project/fotobox/ui/style"
)

// TestHeaders looks at every page, faults too.
func TestHeaders(t *testing.T) {
	o := newOffice(t)
	a := o.books(t, 0, "Käthe Groß")
	id := o.delivers(t, a.ID, delivery{reports: []rule.Report{report(nil)}})
	c := o.clerk(t)
	for _, path := range []string{"/", "/sign-in", "/appointments/" + a.ID.String(), "/captures/" + id.String(), "/captures/" + id.String() + "/photos/1", "/captures/x", "/nothing"} {
		h := c.get(t, path).header
		csp := h.Get("Content-Security-Policy")
		if !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: Content-Security-Policy %q", path, csp)
		}
		if h.Get("Cache-Control") != "no-store" || h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: Cache-Control %q, X-Content-Type-Options %q", path, h.Get("Cache-Control"), h.Get("X-Content-Type-Options"))
		}
	}
}

// TestNothingInline reads the pages as the Content-Security-Policy does.
func TestNothingInline(t *testing.T) {
	o := newOffice(t)
	a := o.books(t, 0, "Käthe Groß")
	id := o.delivers(t, a.ID, delivery{reports: []rule.Report{report(map[rule.ID]rule.Side{"7.2": rule.Low})}})
	c := o.clerk(t)
	for _, path := range []string{"/", "/sign-in", "/captures/" + id.String(), "/nothing"} {
		c.get(t, path).without(t, "<style", " style=", "<script>", " onclick", " onload", "ZgotmplZ", "javascript:")
	}
}

func TestFaultPages(t *testing.T) {
	o := newOffice(t)
	c, id := o.clerk(t), uuid.Must(uuid.NewV7()).String()
	for path, want := range map[string]string{
		"/nothing":                       "Hier ist nichts",
		"/?day=tomorrow":                 "Hier ist nichts",
		"/appointments/0123456789abcdef": "Kein solcher Termin",
		"/appointments/nonsense":         "Kein solcher Termin",
		"/captures/nonsense":             "Keine solche Aufnahme",
		"/captures/" + id:                "Keine solche Aufnahme",
		"/captures/" + id + "/photos/1":  "Keine solche Aufnahme",
		"/captures/" + id + "/photo.jpg": "Keine solche Aufnahme",
	} {
		c.get(t, path).want(t, http.StatusNotFound, want, "Zu den Terminen von heute", "adam")
	}
}

func TestLargeForm(t *testing.T) {
	c := newOffice(t).clerk(t)
	form := map[string][]string{"q": {strings.Repeat("x", maxForm)}}
	c.post(t, "/find", form).want(t, http.StatusRequestEntityTooLarge, "Eingabe zu lang")
}

// TestInsideFault breaks the store: the page tells nothing of the inside, and
// the log nothing of the citizen.
func TestInsideFault(t *testing.T) {
	o := newOffice(t)
	a := o.books(t, 0, "CANARY Groß")
	c := o.clerk(t)
	c.get(t, "/").want(t, http.StatusOK, "CANARY")
	c.post(t, "/find", map[string][]string{"q": {"CANARY"}})
	o.store.Close()
	for _, path := range []string{"/", "/appointments/" + a.ID.String()} {
		p := c.get(t, path)
		p.want(t, http.StatusInternalServerError, "Etwas ist schiefgegangen")
		p.without(t, "sql", "CANARY")
	}
	log := o.log.String()
	if !strings.Contains(log, "request failed") || strings.Contains(log, "CANARY") {
		t.Errorf("log:\n%s", log)
	}
}

func TestPlainNotice(t *testing.T) {
	p := newOffice(t).client(t).get(t, "/sign-in")
	if got := strings.Contains(p.body, "make assets"); got == style.Built() {
		t.Errorf("style is built: %v, notice is there: %v", style.Built(), got)
	}
	if got := strings.Contains(p.body, "/kern/kern.min.css"); got != style.Built() {
		t.Errorf("style is built: %v, sheet is linked: %v", style.Built(), got)
	}
}

func TestStatic(t *testing.T) {
	c := newOffice(t).client(t)
	for path, kind := range map[string]string{"/static/desk.css": "text/css", "/static/desk.js": "text/javascript"} {
		a := c.get(t, path)
		if a.status != http.StatusOK || !strings.HasPrefix(a.header.Get("Content-Type"), kind) {
			t.Errorf("%s: %d %s", path, a.status, a.header.Get("Content-Type"))
		}
	}
}
