// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"crypto/tls"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/inbox"
)

func TestHandoverSettings(t *testing.T) {
	s, err := parseSettings(strings.NewReader("state = 'x'\ndevice = 'y:1'\n[handover]\nfolder = '/srv/out'\n"))
	if err != nil || s.Handover.Folder != "/srv/out" || !s.Handover.on() {
		t.Errorf("settings %+v, %v", s.Handover, err)
	}
}

func TestHandoverSettingsRefuse(t *testing.T) {
	for text, want := range map[string]string{
		"folder = 'out'": "absolute", "listen = 'fotobox'": "host:port", "names = ['a']": "no handover.listen", "port = 1": "line 4: unknown key",
	} {
		if _, err := parseSettings(strings.NewReader("state = 'x'\ndevice = 'y:1'\n[handover]\n" + text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

// TestRegistrySoftware has a certified one ask the running office, and a station that must not.
func TestRegistrySoftware(t *testing.T) {
	address := free(t)
	o, _, _ := startedWith(t, func(s *Settings) { s.Handover.Listen = address })
	id := takenOver(t, o)
	config := &tls.Config{RootCAs: o.keys.CA.Pool(), Certificates: []tls.Certificate{vendorOf(t, o)}}
	vendor := &http.Client{Transport: &http.Transport{TLSClientConfig: config}, Timeout: 10 * time.Second}
	var list struct{ Handovers []struct{ Capture uuid.UUID } }
	url := "https://" + address + "/v1/handovers"
	if status := do(t, vendor, request(t, "GET", url, nil), &list); status != 200 || len(list.Handovers) != 1 || list.Handovers[0].Capture != id {
		t.Fatalf("list answers %d %+v", status, list)
	}
	station, _ := enrolled(t, o)
	if status := do(t, station, request(t, "GET", url, nil), nil); status != 403 {
		t.Errorf("a station is answered %d", status)
	}
	if status := do(t, vendor, request(t, "GET", "https://"+o.settings.Device+"/v1/station", nil), nil); status != 403 {
		t.Errorf("the registry software as a station is answered %d", status)
	}
	for _, path := range []string{"/v1/station", "/v1/captures/" + id.String(), "/sign-in", "/metrics"} {
		if status := do(t, vendor, request(t, "GET", "https://"+address+path, nil), nil); status != 404 {
			t.Errorf("%s answers %d, want 404", path, status)
		}
	}
}

// takenOver is a capture that went the whole way to a clerk's take-over.
func takenOver(t *testing.T, o *office) uuid.UUID {
	t.Helper()
	station, settings := enrolled(t, o)
	id, put := delivery(t, o, settings.Recipients, appointment.ID{1})
	if status := do(t, station, put, nil); status != 201 {
		t.Fatalf("delivery answers %d", status)
	}
	if _, err := o.inbox.Open(t.Context(), "anna", id); err != nil {
		t.Fatal(err)
	}
	if _, err := o.inbox.TakeOver(t.Context(), "anna", id, 0, inbox.NoVeto); err != nil {
		t.Fatal(err)
	}
	return id
}

// TestWatchedFolder has the registry software take the files away.
func TestWatchedFolder(t *testing.T) {
	folder := t.TempDir()
	o, logged, _ := startedWith(t, func(s *Settings) { s.Handover.Folder = folder })
	id := takenOver(t, o)
	name := filepath.Join(folder, appointment.ID{1}.String()+"_"+id.String())
	mark := filepath.Join(folder, "."+filepath.Base(name)+".offered")
	within(t, func() bool { _, err := os.Stat(mark); return err == nil })
	if got, err := os.ReadFile(name + ".jpg"); err != nil || string(got) != "JPEG" {
		t.Errorf("photo %q, %v", got, err)
	}
	for _, end := range []string{".jpg", ".xml"} {
		if err := os.Remove(name + end); err != nil {
			t.Fatal(err)
		}
	}
	within(t, func() bool {
		i, err := o.inbox.Get(t.Context(), id)
		return err == nil && i.RetrievedBy == "folder"
	})
	if strings.Contains(logged.String(), appointment.ID{1}.String()) {
		t.Errorf("log leads to the appointment:\n%s", logged)
	}
}

// within waits until something is so, longer than a look into the folder takes.
func within(t *testing.T, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !is(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it did not happen")
		}
	}
}
