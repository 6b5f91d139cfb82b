// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
)

// TestFeedKey: each office has a secret of its own, which stays as it is over a
// restart and goes when the settings have another word.
func TestFeedKey(t *testing.T) {
	o, _, _ := startedWith(t, func(s *Settings) { s.Calendars = "2026" })
	key, err := o.feedKey()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{"": true}
	for _, word := range []string{"2026", "2027"} {
		o.settings.Calendars = word
		another, err := o.feedKey()
		if err != nil {
			t.Fatal(err)
		}
		for _, office := range []string{"mitte", "ruhrort"} {
			k := another(office)
			if (k == key(office)) != (word == "2026") || seen[k] || len(k) != 22 {
				t.Errorf("%s, %s: %q, first %q", word, office, k, key(office))
			}
			seen[k] = true
		}
	}
	if err := o.book.PutLocation(t.Context(), "clerk:anna", book.Location{Code: "mitte", Name: "Mitte"}, time.Now()); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]int{key("mitte"): 200, key("ruhrort"): 404} {
		a, err := http.Get("http://" + o.settings.Desk + "/calendars/mitte/" + path + ".ics")
		if err = errors.Join(err, a.Body.Close()); err != nil || a.StatusCode != want {
			t.Errorf("%d, %v, want %d", a.StatusCode, err, want)
		}
	}
	o.settings.Calendars = ""
	if key, err := o.feedKey(); key != nil || err != nil {
		t.Errorf("without a word: %v", err)
	}
}
