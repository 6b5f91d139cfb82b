// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"os"
	"path/filepath"
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
		"state = 'x'\ndevice = 'y:1'\n[a]\nb = 1":                  `line 3: unknown key "a`,
		"state = 'x'\ndevice = 'y:1'\nproxied = 17":                "line 3:",
		"state = 'x'\ndevice = 'y:1'\ndatabase = 'mysql://SECRET'": "must be postgres://... or file:NAME",
		"state = 'x'\ndevice = 'y:1'\nstations = ['y']":            "stations: address \"y\" is not host:port",
		"state = 'x'\nstate = 'x'":                                 "line 2:",
		"state = ":                                                 "line 1:",
	} {
		if _, err := parseSettings(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func TestWhereTheDatabaseIs(t *testing.T) {
	dir, url := t.TempDir(), "postgres://office:SECRET@db/fotobox"
	for name, text := range map[string]string{"database": url + "\n", "empty": "", "other": "SECRET"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct{ database, credentials, want, fault string }{
		{"", "", "state/office.db", ""},
		{url, "", url, ""},
		{"file:" + dir + "/database", "", url, ""},
		{"file:database", dir, url, ""},
		{"file:database", "", "", "gave no credentials"},
		{"file:missing", dir, "", "no such file"},
		{"file:empty", dir, "", "holds no URL"},
		{"file:other", dir, "", "holds no URL"},
	} {
		t.Setenv("CREDENTIALS_DIRECTORY", test.credentials)
		got, err := Settings{State: "state", Database: test.database}.where()
		if got != test.want || (err == nil) != (test.fault == "") {
			t.Errorf("%q with credentials in %q: %q, %v", test.database, test.credentials, got, err)
		}
		if err != nil && (!strings.Contains(err.Error(), test.fault) || strings.Contains(err.Error(), "SECRET")) {
			t.Errorf("%q: %v, want %q", test.database, err, test.fault)
		}
	}
}
