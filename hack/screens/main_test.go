// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSorted(t *testing.T) {
	got := sorted([]string{"x/landscape-de-easy-hint-left.png", "x/landscape-ar-idle.png", "x/landscape-de-idle.png", "x/landscape-de-kept.png", "x/tablet-de-idle.png"})
	want := []group{
		{"landscape", []language{
			{"landscape-de", "Deutsch", []picture{{"landscape-de-idle.png", "idle"}, {"landscape-de-kept.png", "kept"}}},
			{"landscape-de-easy", "Leichte Sprache", []picture{{"landscape-de-easy-hint-left.png", "hint-left"}}},
			{"landscape-ar", "العربية", []picture{{"landscape-ar-idle.png", "idle"}}},
		}},
		{"tablet", []language{{"tablet-de", "Deutsch", []picture{{"tablet-de-idle.png", "idle"}}}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("sorted (-want +got):\n%s", diff)
	}
}

// TestIndex: the page names its licence and every picture; without pictures there is none.
func TestIndex(t *testing.T) {
	dir := t.TempDir()
	if _, err := index(dir); err == nil {
		t.Error("no pictures: got no error")
	}
	if err := os.WriteFile(filepath.Join(dir, "tablet-fa-idle.png"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	name, err := index(dir)
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"SPDX-License-Identifier: EUPL-1.2", `src="tablet-fa-idle.png"`, `href="#tablet-fa"`, `id="tablet-fa"`, "1 pictures"} {
		if !strings.Contains(string(data), want) {
			t.Errorf("the page lacks %q:\n%s", want, data)
		}
	}
	if err := empty(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "tablet-fa-idle.png")); !os.IsNotExist(err) {
		t.Errorf("the picture of an earlier run is still there: %v", err)
	}
}
