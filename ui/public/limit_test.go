// SPDX-License-Identifier: EUPL-1.2

package public

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// TestMeter: so much at once, and once more after each step, each key by itself.
func TestMeter(t *testing.T) {
	m, now := newMeter(3, time.Minute), time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
	for i, test := range []struct {
		key   string
		after time.Duration
		want  time.Duration
	}{
		{"a", 0, 0}, {"a", 0, 0}, {"a", 0, 0}, {"a", 0, time.Minute}, {"a", time.Second, 59 * time.Second}, {"b", time.Second, 0},
		{"a", time.Minute, 0}, {"a", time.Minute, time.Minute}, {"a", time.Hour, 0}, {"a", time.Hour, 0}, {"a", time.Hour, 0}, {"a", time.Hour, time.Minute},
	} {
		if got := m.allow(test.key, now.Add(test.after)); got != test.want {
			t.Errorf("%d: %s after %v waits %v, want %v", i, test.key, test.after, got, test.want)
		}
	}
}

// TestMeterForgets: a meter keeps no more keys than it may, whoever asks.
func TestMeterForgets(t *testing.T) {
	m, now := newMeter(1, time.Hour), time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
	for i := range most + 10 {
		m.allow(fmt.Sprint(i), now)
	}
	if n := len(m.full); n > most {
		t.Errorf("%d keys are kept", n)
	}
	m.full = map[string]time.Time{}
	for i := range most {
		m.allow(fmt.Sprint(i), now)
	}
	m.allow("new", now.Add(2*time.Hour))
	if n := len(m.full); n != 1 {
		t.Errorf("%d keys are kept after all are back where they began, want 1", n)
	}
}

// TestMeterForgetsSoon: an address is kept no longer than it counts, and some minutes.
func TestMeterForgetsSoon(t *testing.T) {
	m, now := newMeter(10, time.Second), time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
	m.allow("192.0.2.1", now)
	m.allow("192.0.2.2", now.Add(sweeping-time.Second))
	if _, kept := m.full["192.0.2.1"]; !kept {
		t.Error("it forgets too soon: the test proves nothing")
	}
	m.allow("192.0.2.2", now.Add(sweeping))
	if _, kept := m.full["192.0.2.1"]; kept {
		t.Error("an address is kept that asked minutes ago")
	}
}

// TestTooMany: who asks too often is told to wait, and others are not.
func TestTooMany(t *testing.T) {
	o := newTown(t)
	h := New(Town{Name: "Musterstadt", Book: o.book, Links: o.links, Secure: true, Limits: Limits{Looks: 3, LooksAMinute: 1, Takes: 1, TakesAMinute: 1}, Log: slog.New(slog.DiscardHandler)})
	ask := func(method, from string) int {
		r := httptest.NewRequestWithContext(t.Context(), method, "/nothing", nil)
		if method == http.MethodPost {
			r = httptest.NewRequestWithContext(t.Context(), method, "/held/x", nil)
		}
		r.Header.Set("X-Forwarded-For", from)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code == http.StatusTooManyRequests && w.Header().Get("Retry-After") == "" {
			t.Error("it does not say when to ask again")
		}
		return w.Code
	}
	var got []int
	for range 4 {
		got = append(got, ask(http.MethodGet, "192.0.2.1"))
	}
	got = append(got, ask(http.MethodGet, "192.0.2.2"), ask(http.MethodPost, "192.0.2.1"), ask(http.MethodPost, "192.0.2.1"), ask(http.MethodPost, "192.0.2.2"),
		ask(http.MethodGet, "2001:db8::1"), ask(http.MethodGet, "2001:db8::2"), ask(http.MethodGet, "2001:db8::3"), ask(http.MethodGet, "2001:db8::4"))
	if want := []int{404, 404, 404, 429, 404, 404, 429, 404, 404, 404, 404, 429}; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
