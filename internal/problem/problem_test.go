// SPDX-License-Identifier: EUPL-1.2

package problem

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestHandlerAnswers(t *testing.T) {
	busy := New(http.StatusServiceUnavailable, "busy", "too many at once")
	busy.After = 1500 * time.Millisecond
	tests := []struct {
		name        string
		err         error
		status      int
		body, after string
	}{
		{"nothing wrong", nil, 200, "", ""},
		{"a problem", New(409, "conflict", "other bytes").Because("digest differs"), 409,
			`{"type":"urn:fotobox:problem:conflict","title":"other bytes","status":409,"detail":"digest differs"}` + "\n", ""},
		{"a wrapped problem", fmt.Errorf("put: %w", New(409, "conflict", "other bytes")), 409,
			`{"type":"urn:fotobox:problem:conflict","title":"other bytes","status":409}` + "\n", ""},
		{"come again", busy, 503, `{"type":"urn:fotobox:problem:busy","title":"too many at once","status":503}` + "\n", "2"},
		{"something inside", errors.New("row 7 of /var/lib is broken"), 500,
			`{"type":"urn:fotobox:problem:internal","title":"internal error","status":500}` + "\n", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var logged bytes.Buffer
			log := slog.New(slog.NewTextHandler(&logged, nil))
			w := httptest.NewRecorder()
			Handler(log, func(http.ResponseWriter, *http.Request) error { return test.err }).
				ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
			if w.Code != test.status || w.Header().Get("Retry-After") != test.after {
				t.Errorf("status %d, Retry-After %q, want %d, %q", w.Code, w.Header().Get("Retry-After"), test.status, test.after)
			}
			if diff := cmp.Diff(test.body, w.Body.String()); diff != "" {
				t.Error(diff)
			}
			if got, want := strings.Contains(logged.String(), "row 7"), test.status == 500; got != want {
				t.Errorf("inside error logged: %t, want %t", got, want)
			}
		})
	}
}

func TestNobodyIsToldWhenTheCallerIsGone(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var logged bytes.Buffer
	w := httptest.NewRecorder()
	Handler(slog.New(slog.NewTextHandler(&logged, nil)), func(http.ResponseWriter, *http.Request) error { return ctx.Err() }).
		ServeHTTP(w, httptest.NewRequest("GET", "/", nil).WithContext(ctx))
	if w.Code != http.StatusServiceUnavailable || w.Body.Len() != 0 || logged.Len() != 0 {
		t.Errorf("answered %d %q and logged %q, want 503 and no word", w.Code, w.Body, &logged)
	}
}

func TestIsComparesTypes(t *testing.T) {
	conflict := New(409, "conflict", "a")
	if err := fmt.Errorf("put: %w", conflict.Because("b")); !errors.Is(err, conflict) {
		t.Errorf("%v is not the conflict it was made from", err)
	}
	if errors.Is(conflict, New(409, "other", "a")) {
		t.Error("problems of different types are the same")
	}
}

func TestMissingAndOnly(t *testing.T) {
	for want, h := range map[int]http.Handler{404: Missing(), 405: Only("PUT")} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
		if w.Code != want || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("status %d %s, want %d problem+json", w.Code, w.Header().Get("Content-Type"), want)
		}
	}
}
