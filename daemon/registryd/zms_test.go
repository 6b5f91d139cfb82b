// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"context"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/internal/command"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/zms"
	"github.com/fotobox-project/fotobox/registry/zms/zmstest"
)

func TestZMSSettings(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "address = 'https://zms.example.org/api/2/'": "", "service = 3": "zms.address is missing", "address = 'http://zms.example.org/'": "zms.address", "host = 'x'": "line 4",
	} {
		_, err := parseSettings(strings.NewReader("state = 'x'\ndevice = 'y:1'\n[zms]\n" + text))
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	dir := t.TempDir()
	for name, z := range map[string]ZMSSettings{
		"missing": {Address: "https://zms.example.org/", CA: filepath.Join(dir, "missing")}, "no PEM": {Address: "https://zms.example.org/", CA: file(t, dir, "x", "x")},
	} {
		if _, err := z.client(); err == nil || !strings.Contains(err.Error(), "zms.ca") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func file(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// typed puts a text before the program's standard input for the length of do.
func typed(t *testing.T, text string, do func()) {
	t.Helper()
	f, err := os.Open(file(t, t.TempDir(), "stdin", text))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	before := os.Stdin
	os.Stdin = f
	defer func() { os.Stdin = before }()
	do()
}

// TestZMSFromLookupToArrival has a citizen of ZMS who has a photo taken.
func TestZMSFromLookupToArrival(t *testing.T) {
	s, dir := zmstest.New(t), t.TempDir()
	_, tomorrow := book.Day(time.Now())
	slot := tomorrow.Add(-time.Hour)
	s.Add(zmstest.Process{ID: "82252", AuthKey: "SECRETKEY", Name: "CANARY", Start: slot, Minutes: 10, Slots: 2})
	o, logged, _ := startedWith(t, func(c *Settings) {
		c.ZMS = ZMSSettings{Address: s.API(), Token: file(t, dir, "token", zmstest.Token+"\n"), Service: 102}
		c.ZMS.CA = file(t, dir, "ca.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})))
	})
	var out bytes.Buffer
	ask := func(key string) (err error) {
		typed(t, key+"\n", func() {
			err = o.fromZMS(context.Background(), &command.Call{Stdout: &out, Stderr: &bytes.Buffer{}}, "82252")
		})
		return err
	}
	if err := ask("12a2"); err == nil || !strings.Contains(err.Error(), "key of the appointment is wrong") {
		t.Errorf("with another key: %v", err)
	}
	if err := ask("SECRETKEY"); err != nil || !strings.Contains(out.String(), "FB1:") {
		t.Fatalf("ticket %q, %v", out.String(), err)
	}
	if err := ask("SECRETKEY"); err == nil || !strings.Contains(err.Error(), "in the book already") {
		t.Errorf("once more: %v", err)
	}
	arrivals, _, err := o.arrivals()
	if err != nil {
		t.Fatal(err)
	}
	twin := zms.Process{ID: "82252", Name: book.NameOf("CANARY"), Start: slot, Length: 20 * time.Minute, Persons: 1} // that another clerk looked up at the same moment
	if err := o.bookZMS(t.Context(), &command.Call{Stdout: &out}, arrivals, twin, "SECRETKEY"); !errors.Is(err, zms.ErrLinked) {
		t.Errorf("at the same moment: %v", err)
	}
	list, err := o.book.List(t.Context(), slot)
	if err != nil || len(list) != 1 || list[0].Name.Reveal() != "CANARY" || list[0].Length != 20*time.Minute || list[0].Service != 102 {
		t.Fatalf("book %+v, %v", list, err)
	}
	station, settings := enrolled(t, o)
	_, put := delivery(t, o, settings.Recipients, list[0].ID)
	if status := do(t, station, put, nil); status != 201 {
		t.Fatalf("delivery answers %d", status)
	}
	within(t, func() bool { return s.Process("82252").Status == "queued" })
	for _, secret := range []string{"CANARY", "SECRETKEY", "82252", zmstest.Token} {
		if strings.Contains(logged.String(), secret) {
			t.Errorf("the log repeats %q:\n%s", secret, logged.String())
		}
	}
}
