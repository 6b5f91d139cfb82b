// SPDX-License-Identifier: EUPL-1.2

package public

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestRecent: one question is asked for all who ask within the life of its answer,
// and a fault is nobody else's.
func TestRecent(t *testing.T) {
	r, now := recent[int32]{life: time.Second}, time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	var asked atomic.Int32
	find := func() (int32, error) { return asked.Add(1), nil }
	var wait sync.WaitGroup
	for range 50 {
		wait.Go(func() {
			if got, err := r.get("a", now, find); got != 1 || err != nil {
				t.Errorf("got %d, %v", got, err)
			}
		})
	}
	wait.Wait()
	for i, test := range []struct {
		key   string
		after time.Duration
		want  int32
	}{{"a", 999 * time.Millisecond, 1}, {"a", time.Second, 2}, {"b", time.Second, 3}, {"a", time.Second, 2}} {
		if got, _ := r.get(test.key, now.Add(test.after), find); got != test.want {
			t.Errorf("%d: got %d, want %d", i, got, test.want)
		}
	}
	away := errors.New("away")
	if _, err := r.get("c", now, func() (int32, error) { return 0, away }); !errors.Is(err, away) {
		t.Errorf("got %v", err)
	}
	if got, err := r.get("c", now, find); got != 4 || err != nil {
		t.Errorf("after a fault: %d, %v", got, err)
	}
	for i := range 2 * mostKnown {
		if _, err := r.get(fmt.Sprint(i), now, find); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(r.known); n > mostKnown {
		t.Errorf("%d answers are kept", n)
	}
	var none recent[int32]
	before := asked.Load()
	for range 3 {
		if _, err := none.get("a", now, find); err != nil {
			t.Fatal(err)
		}
	}
	if n := asked.Load() - before; n != 3 {
		t.Errorf("asked %d times where nothing is kept, want 3", n)
	}
}
