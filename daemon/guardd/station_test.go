// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestAsk(t *testing.T) {
	proc := t.TempDir()
	if err := os.Mkdir(filepath.Join(proc, "42"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/user/stationd", filepath.Join(proc, "42", "exe")); err != nil {
		t.Fatal(err)
	}
	status := http.StatusOK
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
	s := station{health: srv.URL, program: "/user/stationd", proc: proc}
	for code, want := range map[int]answer{http.StatusOK: healthy, http.StatusServiceUnavailable: sick, http.StatusInternalServerError: silent} {
		status = code
		if got := s.ask(t.Context()); got != (asked{"42", want}) {
			t.Errorf("a station that answers %d gives %v, want %v of process 42", code, got, want)
		}
	}
	srv.Close()
	s.program = "/user/other"
	if got := s.ask(t.Context()); got != (asked{}) {
		t.Errorf("a station that is not there gives %v, want silence", got)
	}
	if err := s.kill(); err != nil {
		t.Errorf("killing a station that is not there = %v, want nil", err)
	}
}

func TestRecord(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "guardd")
	if s, err := load(dir); err != nil || s.Confirmed != (version{}) {
		t.Fatalf("the first load = %v, %v, want an empty state", s, err)
	}
	want := state{
		Confirmed: oldVersion, Trial: newVersion, Boots: 2, Boot: "b",
		Story: []entry{{time.Date(2026, 11, 21, 8, 0, 0, 0, time.UTC), newVersion, "first start"}},
	}
	if err := save(dir, want); err != nil {
		t.Fatal(err)
	}
	got, err := load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(version{}), cmpopts.IgnoreUnexported(state{})); diff != "" {
		t.Errorf("loaded (-want +got):\n%s", diff)
	}
	if err := os.WriteFile(filepath.Join(dir, recordFile), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err := load(dir); err == nil || s.Confirmed != (version{}) {
		t.Errorf("a damaged record = %v, %v, want an error and an empty state", s, err)
	}
}
