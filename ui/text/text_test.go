// SPDX-License-Identifier: EUPL-1.2

package text

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// TestSameKeys compares every language with the first: the same keys, and the
// same verbs in each sentence, since the callers pass the same arguments.
func TestSameKeys(t *testing.T) {
	verbs := regexp.MustCompile(`%[a-z]`)
	first := Languages()[0]
	want := slices.Collect(first.Keys())
	for _, l := range Languages()[1:] {
		if diff := cmp.Diff(want, slices.Collect(l.Keys())); diff != "" {
			t.Errorf("keys of %s against %s (-want +got):\n%s", l, first, diff)
		}
		for key := range l.Keys() {
			w, g := verbs.FindAllString(first.Text(key), -1), verbs.FindAllString(l.Text(key), -1)
			if diff := cmp.Diff(w, g); diff != "" {
				t.Errorf("%s in %s: verbs differ (-want +got):\n%s", key, l, diff)
			}
		}
	}
}

func TestNoEmptyText(t *testing.T) {
	for _, l := range Languages() {
		for key := range l.Keys() {
			if strings.TrimSpace(l.Text(key)) == "" {
				t.Errorf("%s: %q has no text", l, key)
			}
		}
	}
}

func TestParse(t *testing.T) {
	for _, tc := range []struct {
		tag  string
		want Language
		ok   bool
	}{
		{"de", "de", true}, {"EN", "en", true}, {"de-AT", "de", true}, {"xx", "xx", false}, {"", "", false},
	} {
		if got, ok := Parse(tc.tag); got != tc.want || ok != tc.ok {
			t.Errorf("Parse(%q) = %q, %v; want %q, %v", tc.tag, got, ok, tc.want, tc.ok)
		}
	}
}

func TestUnknownKeyComesBack(t *testing.T) {
	if got := Language("de").Text("no.such.key"); got != "no.such.key" {
		t.Errorf("got %q, want the key itself", got)
	}
}

func TestReadFaults(t *testing.T) {
	file := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	for name, fsys := range map[string]fstest.MapFS{
		"not JSON":     {"catalog/de/a.json": file("{")},
		"key in twice": {"catalog/de/a.json": file(`{"k":"1"}`), "catalog/de/b.json": file(`{"k":"2"}`)},
	} {
		if words, err := read(fsys, "de"); err == nil {
			t.Errorf("%s: got %v, want an error", name, words)
		}
	}
}
