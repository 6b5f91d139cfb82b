// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"strings"
	"testing"
)

func TestMinimalSettings(t *testing.T) {
	s, err := parseSettings(strings.NewReader(minimal))
	if err != nil {
		t.Fatal(err)
	}
	if s.State != "/var/lib/fotobox-station" || s.Listen == "" || s.Mode != "lobby" || s.Burst == 0 {
		t.Errorf("got %+v: the defaults are not there", s)
	}
}

// TestBadSettings: every mistake is named with what it was.
func TestBadSettings(t *testing.T) {
	const state = "state = \"x\"\ncamera = \"sitter\"\n"
	for _, tc := range []struct{ name, file, want string }{
		{"empty", "", `"state"`},
		{"unknown key", state + "lamp = 3\n", `line 3: unknown key "lamp"`},
		{"not TOML", state + "mode = lobby\n", "line 3"},
		{"wrong kind", state + "burst = \"five\"\n", "line 3"},
		{"unknown mode", state + "mode = \"attic\"\n", `mode = "attic"`},
		{"unknown clock", state + "clock = \"sun\"\n", `clock = "sun"`},
		{"unknown language", state + "language = \"tlh\"\n", `language = "tlh"`},
		{"unknown zone", state + "zone = \"Mars/Base\"\n", "Mars/Base"},
		{"no camera", "state = \"x\"\n", `camera = ""`},
		{"missing folder", "state = \"x\"\ncamera = \"folder:/does/not/exist\"\n", "/does/not/exist"},
		{"no burst", state + "burst = 0\n", "burst = 0"},
	} {
		_, err := parseSettings(strings.NewReader(tc.file))
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v, want an error with %q", tc.name, err, tc.want)
		}
	}
}

// TestStatus: the appliance's init would never start a station again that ended with 0.
func TestStatus(t *testing.T) {
	if got := status(nil, true); got != 0 {
		t.Errorf("stopped on Linux: got %d, want 0", got)
	}
	t.Setenv("PATH", "/user:/gokrazy")
	if got := status(nil, true); got != 143 {
		t.Errorf("stopped on the appliance: got %d, want 143", got)
	}
	if got := status(errNotEnrolled, false); got != 1 {
		t.Errorf("failed: got %d, want 1", got)
	}
}
