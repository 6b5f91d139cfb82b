// SPDX-License-Identifier: EUPL-1.2

package text

import (
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// citizens are the areas of the catalogue that every language has.
func citizens() []string {
	return []string{"advice", "assist", "kiosk", "language", "letter", "public", "waiting"}
}

// areaOf gives the words of one area.
func areaOf(t *testing.T, l Language, area string) map[string]string {
	t.Helper()
	words, err := readArea(files, "catalog/"+string(l)+"/"+area+".json")
	if err != nil {
		t.Fatal(err)
	}
	return words
}

// staff are the areas of those who work with the programs.
func staff() []string { return []string{"console", "desk", "queue", "town"} }

// TestSameKeys compares every language with the first: the same keys, and the
// same verbs in each sentence, since the callers pass the same arguments.
func TestSameKeys(t *testing.T) {
	first := Languages()[0]
	for _, l := range Languages()[1:] {
		areas := citizens()
		if slices.Contains(Staff(), l) {
			areas = append(areas, staff()...)
		}
		for _, area := range areas {
			want, got := areaOf(t, first, area), areaOf(t, l, area)
			if diff := cmp.Diff(slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got))); diff != "" {
				t.Errorf("keys of %s in %s against %s (-want +got):\n%s", area, l, first, diff)
			}
			for key := range got {
				if diff := cmp.Diff(verbs(want[key]), verbs(got[key])); diff != "" {
					t.Errorf("%s in %s: verbs differ (-want +got):\n%s", key, l, diff)
				}
			}
		}
	}
}

var verb = regexp.MustCompile(`%[a-z]|\{s\}`)

func verbs(sentence string) []string { return verb.FindAllString(sentence, -1) }

// TestAreas: a language has the areas of those who read it, and no other.
func TestAreas(t *testing.T) {
	for _, l := range Languages() {
		names, err := fs.Glob(files, "catalog/"+string(l)+"/*.json")
		if err != nil {
			t.Fatal(err)
		}
		want := len(citizens())
		if slices.Contains(Staff(), l) {
			want += len(staff())
		}
		if len(names) != want {
			t.Errorf("%s has %q, want %d areas", l, names, want)
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
		{"de", "de", true}, {"EN", "en", true}, {"de-AT", "de", true}, {"de-easy", Easy, true}, {"xx", "xx", false}, {"", "", false},
	} {
		if got, ok := Parse(tc.tag, Languages()); got != tc.want || ok != tc.ok {
			t.Errorf("Parse(%q) = %q, %v; want %q, %v", tc.tag, got, ok, tc.want, tc.ok)
		}
	}
}

func TestParseOfStaff(t *testing.T) {
	if got, ok := Parse("tr", Staff()); ok {
		t.Errorf("Parse = %q, want that the staff does not have it", got)
	}
	if got, ok := Parse("de-easy", Staff()); got != "de" || !ok {
		t.Errorf("Parse = %q, %v, want plain German", got, ok)
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
