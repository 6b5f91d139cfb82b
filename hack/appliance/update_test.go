// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// smallImage is a file that has the parts of an image.
func smallImage(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "image")
	f, err := os.Create(name)
	check(t, err)
	defer f.Close()
	check(t, f.Truncate(permStart))
	super := append([]byte("hsqs"), make([]byte, 92)...)
	binary.LittleEndian.PutUint64(super[40:], 5000)
	_, err = f.WriteAt(super, rootStart)
	check(t, err)
	sector := make([]byte, 512)
	binary.LittleEndian.PutUint32(sector[32:], 1000)
	copy(sector[510:], "\x55\xaa")
	_, err = f.WriteAt(sector, bootStart)
	check(t, err)
	return name
}

// TestOpenParts finds the partitions by what their file systems say.
func TestOpenParts(t *testing.T) {
	p, err := openParts(smallImage(t))
	check(t, err)
	defer p.close()
	for _, tc := range []struct {
		name string
		from io.Reader
		want int
	}{{"root", p.root, 8192}, {"boot", p.boot, 512000}, {"mbr", p.mbr, 446}} {
		if b, err := io.ReadAll(tc.from); len(b) != tc.want || err != nil {
			t.Errorf("%s has %d bytes (%v), want %d", tc.name, len(b), err, tc.want)
		}
	}
	empty := filepath.Join(t.TempDir(), "empty")
	check(t, os.WriteFile(empty, make([]byte, rootStart+4096), 0o600))
	if _, err := openParts(empty); err == nil {
		t.Error("a file of zeros is taken for an image")
	}
}

// appliance is init's end of an update; damaged is the part that it writes wrongly.
func appliance(t *testing.T, damaged string) (remote, func() []string) {
	t.Helper()
	var asked []string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, password, _ := r.BasicAuth()
		asked = append(asked, fmt.Sprint(r.Method, " ", r.URL.Path, " ", user, ":", password))
		data, _ := io.ReadAll(r.Body) // what is missing changes the sum
		if strings.HasSuffix(r.URL.Path, "/"+damaged) {
			data = nil
		}
		fmt.Fprintf(w, "%08x", crc32.ChecksumIEEE(data))
	}))
	return remote{base: srv.URL, password: "p", client: srv.Client()}, func() []string { srv.Close(); return asked }
}

func TestUpdateIsInThisOrder(t *testing.T) {
	r, asked := appliance(t, "none")
	check(t, r.update(t.Context(), smallImage(t)))
	want := []string{
		"PUT /update/root gokrazy:p", "PUT /update/boot gokrazy:p", "PUT /update/mbr gokrazy:p",
		"POST /update/switch gokrazy:p", "POST /reboot gokrazy:p",
	}
	if got := asked(); !slices.Equal(got, want) {
		t.Errorf("the update asks %q, want %q", got, want)
	}
}

// TestDamagedUploadChangesNothing: the station goes on with what it runs.
func TestDamagedUploadChangesNothing(t *testing.T) {
	r, asked := appliance(t, "root")
	if err := r.update(t.Context(), smallImage(t)); err == nil {
		t.Error("a damaged upload is no error")
	}
	if got := asked(); len(got) != 1 {
		t.Errorf("after a damaged root the update asks %q, want nothing more", got)
	}
}

// TestFollowWaitsForTheDecision: what guardd had said before the station started again decides nothing.
func TestFollowWaitsForTheDecision(t *testing.T) {
	const old = "time=1 level=WARN msg=confirmed\n"
	for last, ok := range map[string]bool{
		"time=2 level=WARN msg=\"first start\"\ntime=3 level=WARN msg=confirmed\n": true,
		"time=2 level=WARN msg=\"runs again\"\n":                                   false,
	} {
		said := []string{old, old, "", "time=2 level=WARN msg=\"first start\"\n", last}
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, said[0])
			said = append(said[1:], last)
		}))
		var out strings.Builder
		err := remote{base: srv.URL, client: srv.Client(), every: 1}.follow(t.Context(), &out, old)
		srv.Close()
		if (err == nil) != ok || strings.Contains(out.String(), "time=1") || !strings.Contains(out.String(), "time=2") {
			t.Errorf("after %q: %v and %q, want ok = %v and the new lines", last, err, out.String(), ok)
		}
	}
}

func TestPasswordOfEnvironment(t *testing.T) {
	t.Setenv("FOTOBOX_PASSWORD", "from here")
	if got, err := password("host"); got != "from here" || err != nil {
		t.Errorf("password = %q, %v", got, err)
	}
	t.Setenv("FOTOBOX_PASSWORD", "")
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	if _, err := password("host"); err == nil || !strings.Contains(err.Error(), "FOTOBOX_PASSWORD") {
		t.Errorf("without a password: %v, want what to do", err)
	}
	check(t, keepPassword(card{hostname: "host", password: "kept"}, io.Discard))
	if got, err := password("host:8022"); got != "kept" || err != nil {
		t.Errorf("password = %q, %v, want what flash kept", got, err)
	}
}

// TestInstances: neither image has a password of its own, a clock that goes back, or a screen that is not ours.
func TestInstances(t *testing.T) {
	for _, kind := range []string{"pi", "pc"} {
		dir := t.TempDir()
		name := filepath.Join(dir, "config.json")
		text, err := os.ReadFile(filepath.Join("instances", kind, "config.json"))
		check(t, err)
		check(t, os.WriteFile(name, text, 0o600))
		check(t, repository(".").writeConfig(name, release{version: "v9"}, nil))
		text, err = os.ReadFile(name)
		check(t, err)
		var c config
		check(t, json.Unmarshal(text, &c))
		if c.PackageConfig[guardd].ExtraFileContents[releaseFile] != "v9\n" {
			t.Errorf("%s: the image does not name its release: %s", kind, text)
		}
		if c.Update["NoPassword"] != true || c.Update["HTTPPort"] != updatePort || c.PackageConfig[guardd].ExtraFileContents["/etc/gokr-pw.txt"] != "\n" {
			t.Errorf("%s: the password is not the card's alone: %s", kind, text)
		}
		for _, word := range []string{"cmd/ntp", "fbstatus", "HTTPPassword"} {
			if strings.Contains(string(text), word) {
				t.Errorf("%s: the image has %s", kind, word)
			}
		}
	}
	if pi, err := os.ReadFile("instances/pi/config.json"); err != nil || !strings.Contains(string(pi), "dtoverlay=pwm-2chan,pin=12,func=4,pin2=13,func2=4") {
		t.Errorf("pi: the lamps of docs/wiring.svg cannot be dimmed (%v)", err)
	}
	unknown := filepath.Join(t.TempDir(), "config.json")
	check(t, os.WriteFile(unknown, []byte(`{"Hostnam": "x"}`), 0o600))
	if err := repository(".").writeConfig(unknown, release{}, nil); err == nil {
		t.Error("a key that we do not know is dropped in silence")
	}
}
