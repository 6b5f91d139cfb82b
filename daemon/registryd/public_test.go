// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPublicDoor: citizens find their pages, and nothing of the other doors.
func TestPublicDoor(t *testing.T) {
	address := free(t)
	startedWith(t, func(s *Settings) {
		s.Public = PublicSettings{Listen: address, Site: "https://termine.example.org", Stations: []PublicStation{{"mitte", "Foyer"}}}
	})
	for path, want := range map[string]int{
		"/": 200, "/kern/kern.min.css": 200, "/times": 303, "/display/office/_": 200, "/display/x": 404, "/waiting": 404, "/v1/arrivals": 404,
		"/v1/captures/018f0000-0000-7000-8000-000000000000": 404, "/v1/enrol": 404, "/v1/report": 404, "/captures/018f0000-0000-7000-8000-000000000000/photos/1": 404,
		"/captures/018f0000-0000-7000-8000-000000000000/photo.jpg": 404, "/sign-in": 404, "/clerks": 404, "/audit": 404, "/metrics": 404, "/figures": 404, "/appointments/0000000000000000": 404,
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+address+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		w, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(w.Body)
		w.Body.Close()
		if err != nil || w.StatusCode != want && !(strings.HasPrefix(path, "/kern/") && w.StatusCode == 404) {
			t.Errorf("%s: %d (%v), want %d", path, w.StatusCode, err, want)
		}
		if policy := w.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || w.Header.Get("Referrer-Policy") == "" {
			t.Errorf("%s: the headers are %v", path, w.Header)
		}
		if path == "/" && !strings.Contains(string(body), "Musterstadt") {
			t.Errorf("the first page does not name the town: %s", body)
		}
	}
}

func TestPublicSettings(t *testing.T) {
	begin := "state = 'x'\ndevice = 'y:1'\n[public]\n"
	got, err := parseSettings(strings.NewReader(begin + `listen = ":8092"
site = "https://termine.example.org/"
proxied = true
privacy = "https://www.example.org/datenschutz"
[[public.station]]
office = "mitte"
place = "Foyer, links neben dem Eingang"
`))
	want := PublicSettings{
		Listen: ":8092", Site: "https://termine.example.org", Proxied: true, Privacy: "https://www.example.org/datenschutz",
		Stations: []PublicStation{{"mitte", "Foyer, links neben dem Eingang"}},
	}
	if diff := cmp.Diff(want, got.Public); diff != "" || err != nil {
		t.Errorf("(%v) -want +got:\n%s", err, diff)
	}
	listen := "listen = ':8092'\nsite = 'https://a'\n"
	for text, want := range map[string]string{
		"site = 'https://a'":                              "public.listen is missing",
		"proxied = true":                                  "public.listen is missing",
		"[[public.station]]\noffice = 'a'":                "public.listen is missing",
		"listen = '8092'\nsite = 'https://a'":             "public.listen",
		"listen = ':8092'":                                `key "public.site" is missing`,
		"listen = ':8092'\nsite = 'http://example.org'":   "public.site",
		"listen = ':8092'\nsite = 'termine.example.org'":  "public.site",
		listen + "imprint = 'javascript:alert(1)'":        "public.imprint",
		listen + "[[public.station]]\noffice = 'mitte'":   "public.station 1",
		listen + "[[public.station]]\nplace = 'im Foyer'": "public.station 1",
		listen + "color = 'red'":                          "unknown key",
	} {
		if _, err := parseSettings(strings.NewReader(begin + text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}
