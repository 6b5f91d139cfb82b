// SPDX-License-Identifier: EUPL-1.2

package settings

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

type lamp struct {
	Name  string `toml:"name"`
	Watts int    `toml:"watts"`
}

func parse(r io.Reader) (lamp, error) {
	l := lamp{Watts: 5}
	return l, Decode(r, &l)
}

func TestDecode(t *testing.T) {
	for _, tc := range []struct {
		name, file, want string
	}{
		{"defaults stay", "name = \"left\"\n", ""},
		{"unknown key", "name = \"left\"\nwhats = 3\n", `line 2: unknown key "whats"`},
		{"unknown table", "watts = 3\n[ring]\nwatts = 3\n", `line 2: unknown key "ring"`},
		{"wrong kind", "watts = \"three\"\n", "line 1"},
		{"not TOML", "name = left\n", "line 1"},
	} {
		_, err := parse(strings.NewReader(tc.file))
		if tc.want == "" && err != nil || tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)) {
			t.Errorf("%s: got %v, want %q", tc.name, err, tc.want)
		}
	}
}

func TestReadNamesTheFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "lamp.toml")
	if _, err := Read(name, parse); err == nil || !strings.Contains(err.Error(), name) {
		t.Errorf("missing file: got %v, want its name", err)
	}
	if err := os.WriteFile(name, []byte("watts = 7\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := Read(name, parse); err != nil || got.Watts != 7 {
		t.Errorf("got %+v, %v; want 7 watts", got, err)
	}
	if err := os.WriteFile(name, []byte("volts = 7\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(name, parse); err == nil || !strings.Contains(err.Error(), name+": line 1") {
		t.Errorf("got %v, want the file and the line", err)
	}
}
