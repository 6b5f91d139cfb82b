// SPDX-License-Identifier: EUPL-1.2

package public

import (
	"net/http"
	"net/url"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/fotobox-project/fotobox/registry/link"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
)

// TestNothingOfAPhoto: no package below these pages knows of captures, of what
// opens them or of who decides about them, and no route serves one.
func TestNothingOfAPhoto(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	photo := regexp.MustCompile(`fotobox/(registry/(inbox|handover|devices|visits|clerks|zms|backup)|upload/|image/|capture/|ui/(desk|kiosk))|^filippo.io/age|^image/jpeg`)
	n := 0
	for name := range strings.FieldsSeq(string(out)) {
		if n++; photo.MatchString(name) {
			t.Errorf("the citizens' pages are built with %s", name)
		}
	}
	if n < 50 {
		t.Errorf("only %d packages were looked at", n)
	}
	for _, r := range (&site{}).routes() {
		if regexp.MustCompile(`capture|photo|image|\.jpg`).MatchString(r.pattern) {
			t.Errorf("a route is %s", r.pattern)
		}
	}
}

// TestNothingInline: no page has a script, a style or a handler in it, which the
// policy would not run.
func TestNothingInline(t *testing.T) {
	o := newTown(t)
	c := o.citizen()
	for name, path := range sights(t, o) {
		a := c.get(t, path)
		if inline := regexp.MustCompile(` style=| on[a-z]+=|<style|<script>|<script [^>]*>[^<]|javascript:`).FindString(a.body); inline != "" {
			t.Errorf("%s has %q in it", name, inline)
		}
		if missing := regexp.MustCompile(`public\.[a-z]|%!|ZgotmplZ`).FindString(a.body); missing != "" {
			t.Errorf("%s says %q", name, missing)
		}
		for key, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
			"X-Robots-Tag": "noindex", "Cross-Origin-Opener-Policy": "same-origin",
		} {
			if got := a.header.Get(key); !strings.Contains(got, want) {
				t.Errorf("%s: %s is %q, want %q", name, key, got, want)
			}
		}
		if a.header.Get("Set-Cookie") != "" {
			t.Errorf("%s sets a cookie", name)
		}
	}
}

// TestForeignForm: another site's form does nothing.
func TestForeignForm(t *testing.T) {
	o := newTown(t)
	a := o.booked(t, o.free(t, "mitte", 0), "Erika")
	c := o.citizen()
	path := o.link(link.Cancel, a)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, o.server.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Origin", "https://attacker.example")
	w, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	w.Body.Close()
	if w.StatusCode != http.StatusForbidden || !o.get(t, a.ID).State.Stands() {
		t.Errorf("status %d, the appointment is %s", w.StatusCode, o.get(t, a.ID).State)
	}
}

// TestLanguages: the browser's language counts until the citizen chooses, and the
// page of an appointment is in that of its booking.
func TestLanguages(t *testing.T) {
	storetest.FileOnly(t)
	o := newTown(t)
	c := o.citizen()
	for tag, want := range map[string]string{"fr-CA,de;q=0.5": `lang="fr" dir="ltr"`, "xx, ar": `lang="ar" dir="rtl"`, "": `lang="de" dir="ltr"`, "xx": `lang="de" dir="ltr"`} {
		c.language = tag
		c.get(t, "/").want(t, http.StatusOK, want)
	}
	c.language = "tr"
	a := o.booked(t, o.free(t, "mitte", 0), "Erika")
	c.get(t, o.link(link.View, a)).want(t, http.StatusOK, `lang="de"`)
	for back, want := range map[string]string{"/times?service=102": "/times?service=102", "https://attacker.example": "/", "//attacker.example": "/", `/\attacker.example`: "/", "": "/"} {
		w := c.post(t, "/language", url.Values{"language": {"pl"}, "back": {back}})
		if got := w.leads(t, "/"); got != want || !strings.Contains(w.header.Get("Set-Cookie"), "fotobox-language=pl; Path=/") {
			t.Errorf("back %q leads to %q with %q", back, got, w.header.Get("Set-Cookie"))
		}
	}
	if w := c.post(t, "/language", url.Values{"language": {"klingon"}}); w.header.Get("Set-Cookie") != "" {
		t.Error("a language that is none is kept")
	}
}
