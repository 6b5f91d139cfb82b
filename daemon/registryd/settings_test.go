// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMinimalSettingsAreEnough(t *testing.T) {
	got, err := parseSettings(strings.NewReader(minimal))
	if err != nil {
		t.Fatal(err)
	}
	want := Settings{
		State: "/var/lib/fotobox-office", Device: "fotobox.example.org:8443",
		Listen: ":8443", Desk: "127.0.0.1:8090",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"fotobox.example.org"}, got.names()); diff != "" {
		t.Error(diff)
	}
}

func TestSettingsRefuse(t *testing.T) {
	for text, want := range map[string]string{
		"":                                       `"state" is missing`,
		"state = 'x'":                            "must be host:port",
		"state = 'x'\ndevice = 'y'":              "must be host:port",
		"state = 'x'\ndevice = 'y:1'\n\nfoo = 1": `line 4: unknown key "foo"`,
		"state = 'x'\ndevice = 'y:1'\n[a]\nb = 1":   `line 3: unknown key "a`,
		"state = 'x'\ndevice = 'y:1'\nproxied = 17": "line 3:",
		"state = 'x'\nstate = 'x'":                  "line 2:",
		"state = ":                                  "line 1:",
	} {
		if _, err := parseSettings(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}
