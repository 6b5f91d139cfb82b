// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// invited is a state directory with a code in it.
func invited(t *testing.T, code string) (dir, file string) {
	t.Helper()
	dir = t.TempDir()
	file = filepath.Join(dir, inviteFile)
	if err := os.WriteFile(file, []byte(code+"\nHall\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir, file
}

// cancelOn cancels when the text is logged.
type cancelOn struct {
	text   string
	cancel func()
}

func (c cancelOn) Write(b []byte) (int, error) {
	if strings.Contains(string(b), c.text) {
		c.cancel()
	}
	return len(b), nil
}

func TestEnrolInvitedWithoutCode(t *testing.T) {
	if err := enrolInvited(t.Context(), Settings{State: t.TempDir()}, slog.New(slog.DiscardHandler)); err != nil {
		t.Errorf("without a code it says %v, want nil", err)
	}
}

func TestEnrolInvitedRemovesWhatIsNoCode(t *testing.T) {
	dir, file := invited(t, "FBE1:nonsense")
	if err := enrolInvited(t.Context(), Settings{State: dir}, slog.New(slog.DiscardHandler)); err != nil {
		t.Errorf("with nonsense it says %v, want nil", err)
	}
	if _, err := os.Stat(file); !os.IsNotExist(err) {
		t.Errorf("the nonsense is still there (%v), want it removed", err)
	}
}

func TestEnrolInvitedKeepsAskingAnOfficeThatIsAway(t *testing.T) {
	dir, file := invited(t, enrolment.Invite{Address: "127.0.0.1:1"}.String())
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	log := slog.New(slog.NewTextHandler(cancelOn{"cannot be reached", cancel}, nil))
	if err := enrolInvited(ctx, Settings{State: dir}, log); !errors.Is(err, context.Canceled) {
		t.Errorf("when it is stopped it says %v, want %v", err, context.Canceled)
	}
	if _, err := os.Stat(file); err != nil {
		t.Errorf("the code is gone (%v), want it kept for the next start", err)
	}
}

func TestRefusalIsToldFromAnOfficeInTrouble(t *testing.T) {
	for status, want := range map[int]bool{http.StatusForbidden: true, http.StatusInternalServerError: false} {
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
		err := post(t.Context(), srv.Client(), srv.URL, 1, new(int))
		srv.Close()
		if _, got := errors.AsType[refused](err); got != want {
			t.Errorf("status %d is refused = %v (%v), want %v", status, got, err, want)
		}
	}
}

func TestVestibuleSaysWhy(t *testing.T) {
	for _, tc := range []struct {
		reason error
		health int
	}{
		{errOpening, http.StatusServiceUnavailable},
		{errNotEnrolled, http.StatusOK},
		{errors.New("read-only: <file system>"), http.StatusServiceUnavailable},
	} {
		var v vestibule
		v.say(tc.reason)
		w := httptest.NewRecorder()
		v.health(w, httptest.NewRequest(http.MethodGet, "/", nil))
		if w.Code != tc.health {
			t.Errorf("%v: health is %d, want %d", tc.reason, w.Code, tc.health)
		}
		w = httptest.NewRecorder()
		v.page(w, httptest.NewRequest(http.MethodGet, "/", nil))
		body, err := io.ReadAll(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		why, _, _ := strings.Cut(tc.reason.Error(), ":")
		if w.Code != http.StatusServiceUnavailable || !strings.Contains(string(body), why) || strings.Contains(string(body), "<file") {
			t.Errorf("%v: the page is %d %q, want 503 and the reason, escaped", tc.reason, w.Code, body)
		}
	}
}

func TestAwaitElsewhereThanOnTheAppliance(t *testing.T) {
	want := errors.New("no state")
	var v vestibule
	if err := v.await(t.Context(), slog.New(slog.DiscardHandler), func(context.Context) error { return want }); !errors.Is(err, want) {
		t.Errorf("await = %v, want %v at once", err, want)
	}
}
