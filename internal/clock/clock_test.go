// SPDX-License-Identifier: EUPL-1.2

package clock

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// A kernel notes what it is told.
type kernel struct {
	synchronised bool
	err          error
	told         []string
}

func (k *kernel) Synchronised() bool { return k.synchronised }

func (k *kernel) Step(to time.Time) error {
	k.told = append(k.told, "step to "+to.Format(time.DateTime))
	return k.err
}

func (k *kernel) Slew(by time.Duration) error {
	k.told = append(k.told, fmt.Sprint("slew ", by))
	return k.err
}

// TestHear: synctest's time begins at midnight of 2000-01-01.
func TestHear(t *testing.T) {
	for _, tt := range []struct {
		name         string
		synchronised bool
		off          time.Duration
		want         string
		moved        time.Duration
	}{
		{"first, years ahead", false, 25 * 365 * 24 * time.Hour, "step to 2024-12-25 00:00:00", 25 * 365 * 24 * time.Hour},
		{"first, behind", false, -5 * time.Second, "step to 1999-12-31 23:59:55", -5 * time.Second},
		{"first, right already", false, 500 * time.Millisecond, "slew 0s", 0},
		{"later, right", true, -900 * time.Millisecond, "slew 0s", 0},
		{"later, a little ahead", true, 3 * time.Second, "slew 3s", 3 * time.Second},
		{"later, a little behind", true, -3 * time.Second, "slew -3s", -3 * time.Second},
		{"later, far off", true, -time.Minute, "step to 1999-12-31 23:59:00", -time.Minute},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				k := &kernel{synchronised: tt.synchronised}
				c := New(k)
				if c.Trusted() != tt.synchronised {
					t.Errorf("trusted is %v at first, want %v", c.Trusted(), tt.synchronised)
				}
				moved, err := c.Hear(time.Now().Add(tt.off).Round(0), time.Second)
				if moved != tt.moved || err != nil || !slices.Equal(k.told, []string{tt.want}) || !c.Trusted() {
					t.Errorf("moved %v, %v, trusted %v, and told the kernel %q; want %v, %q", moved, err, c.Trusted(), k.told, tt.moved, tt.want)
				}
			})
		})
	}
}

func TestChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := &kernel{err: errors.New("not permitted")}
		c := New(k)
		var got []error
		go func() {
			for err := range c.Changes(t.Context()) {
				got = append(got, err)
			}
		}()
		if _, err := c.Hear(time.Now().Add(time.Hour), time.Second); err == nil || c.Trusted() {
			t.Errorf("a clock that cannot be set is trusted, %v", err)
		}
		synctest.Wait()
		if !slices.Equal(got, []error{ErrUnset}) {
			t.Errorf("before anybody said the time: %v", got)
		}
		k.err = nil
		for range 2 {
			if _, err := c.Hear(time.Now(), time.Second); err != nil {
				t.Error(err)
			}
		}
		synctest.Wait()
		if !slices.Equal(got, []error{ErrUnset, nil}) {
			t.Errorf("after: %v", got)
		}
		for err := range c.Changes(t.Context()) {
			t.Errorf("a clock that is trusted yields %v", err)
		}
	})
}

func TestKept(t *testing.T) {
	c := Kept()
	if moved, err := c.Hear(time.Now().Add(time.Hour), time.Second); moved != 0 || err != nil || !c.Trusted() {
		t.Errorf("the clock of another program: moved %v, %v, trusted %v", moved, err, c.Trusted())
	}
}

func TestChangesEnd(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	n := 0
	for range New(&kernel{}).Changes(ctx) {
		n++
	}
	if n != 1 {
		t.Errorf("%d reports after the end, want the first one alone", n)
	}
}
