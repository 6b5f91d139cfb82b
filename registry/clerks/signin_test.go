// SPDX-License-Identifier: EUPL-1.2

package clerks

import (
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestPause(t *testing.T) {
	for misses, want := range map[int]time.Duration{
		0: 0, 4: 0, 5: time.Minute, 6: 2 * time.Minute, 8: 8 * time.Minute, 9: 15 * time.Minute, 1000: 15 * time.Minute,
	} {
		if got := pause(misses, freeMisses); got != want {
			t.Errorf("pause(%d) = %s, want %s", misses, got, want)
		}
	}
}

// TestSameAnswers plays the same attempts for a known and an unknown name and
// compares the answers.
func TestSameAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := open(t)
		add(t, c, "adam")
		answers := func(name string) (got []string) {
			for range 7 {
				_, err := c.SignIn(t.Context(), name, "wrong", "of "+name)
				got = append(got, err.Error())
			}
			return got
		}
		known := answers("adam")
		for _, name := range []string{"eve", "", "a b", "\x00", "\xff", "adam\x00"} {
			if diff := cmp.Diff(known, answers(name)); diff != "" {
				t.Errorf("%q is answered otherwise: %s", name, diff)
			}
		}
	})
}

func TestPauseAfterMisses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, j := open(t)
		add(t, c, "adam")
		for range freeMisses + 1 {
			if _, err := c.SignIn(t.Context(), "adam", "wrong", here); !errors.Is(err, ErrSignIn) {
				t.Fatalf("got %v, want ErrSignIn", err)
			}
		}
		_, err := c.SignIn(t.Context(), "adam", password, here)
		p, ok := errors.AsType[*PauseError](err)
		if !ok || p.For != time.Minute {
			t.Fatalf("right password in the pause: got %v, want a minute's wait", err)
		}
		time.Sleep(time.Minute)
		signIn(t, c, "adam")
		signIn(t, c, "adam") // the misses are forgotten
		if got := len(*j); got != 1+5+2 {
			t.Errorf("journal has %d lines, want 8: %q", got, *j)
		}
	})
}

func TestMissesForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := open(t)
		add(t, c, "adam")
		for range freeMisses {
			c.SignIn(t.Context(), "adam", "wrong", here)
		}
		time.Sleep(forgetMisses + time.Second)
		for range freeMisses + 1 {
			if _, err := c.SignIn(t.Context(), "adam", "wrong", here); !errors.Is(err, ErrSignIn) {
				t.Errorf("got %v, want ErrSignIn", err)
			}
		}
	})
}

// TestManyAtOnce tries thirty passwords at the same time: no more than the
// free ones and the first of the pause are looked at.
func TestManyAtOnce(t *testing.T) {
	c, _ := open(t)
	add(t, c, "adam")
	var wg sync.WaitGroup
	var mu sync.Mutex
	looked := 0
	for range 30 {
		wg.Go(func() {
			_, err := c.SignIn(t.Context(), "adam", "wrong", here)
			mu.Lock()
			defer mu.Unlock()
			if errors.Is(err, ErrSignIn) {
				looked++
			}
		})
	}
	wg.Wait()
	if looked != freeMisses+1 {
		t.Errorf("%d passwords were looked at, want %d", looked, freeMisses+1)
	}
}
