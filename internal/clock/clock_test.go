// SPDX-License-Identifier: EUPL-1.2

package clock

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
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
				said := time.Now().Add(tt.off).Round(0)
				moved, err := c.Hear(said, time.Second)
				if moved != tt.moved || err != nil || !slices.Equal(k.told, []string{tt.want}) {
					t.Errorf("moved %v, %v, and told the kernel %q; want %v, %q", moved, err, k.told, tt.moved, tt.want)
				}
				time.Sleep(time.Hour)
				if now, known := c.Now(); !known || now.Sub(said.Add(time.Hour)).Abs() > time.Second {
					t.Errorf("an hour later it is %v, %v", now, known)
				}
				// The kernel of the test does not move: a clock that is to be stepped stays wrong.
				if right := tt.off.Abs() <= tolerance; c.Trusted() != right {
					t.Errorf("trusted is %v, want %v", c.Trusted(), right)
				}
			})
		})
	}
}

// TestChanges follows a clock that nobody can set, then is set, goes wrong and is put right again.
func TestChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		k := &kernel{err: errors.New("not permitted")}
		c := New(k)
		var got []string
		go func() {
			for err := range c.Changes(ctx) {
				text, _, _ := strings.Cut(fmt.Sprint(err), ":")
				got = append(got, text)
			}
		}()
		if _, err := c.Hear(time.Now().Add(time.Hour), time.Second); err == nil || c.Trusted() {
			t.Errorf("a clock that cannot be set is trusted, %v", err)
		}
		k.err = nil
		for _, off := range []time.Duration{0, 0, 3 * time.Hour, 0} {
			time.Sleep(2 * lookEvery)
			if _, err := c.Hear(time.Now().Add(off), time.Second); err != nil {
				t.Error(err)
			}
		}
		time.Sleep(2 * lookEvery)
		cancel()
		synctest.Wait()
		if want := []string{ErrUnset.Error(), "<nil>", "the machine's clock says 2000-01-01T00", "<nil>"}; !slices.Equal(got, want) {
			t.Errorf("changes %q, want %q", got, want)
		}
	})
}

// TestKept: the clock of another program is not set, and not believed against a server's word.
func TestKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := &kernel{}
		c := &Clock{kernel: k, kept: true, began: time.Now()}
		if now, known := c.Now(); known || !c.Trusted() {
			t.Errorf("before anybody said anything: %v, known %v, trusted %v; want trusted, not known", now, known, c.Trusted())
		}
		for _, off := range []time.Duration{time.Minute, -3 * time.Hour, 10 * 365 * 24 * time.Hour} {
			said := time.Now().Add(off).Round(0)
			if moved, err := c.Hear(said, time.Second); moved != 0 || err != nil || k.told != nil {
				t.Errorf("it was moved by %v, %v, %v", moved, err, k.told)
			}
			if now, known := c.Now(); !now.Equal(said) || !known || c.Trusted() != (off <= time.Minute && off > 0) {
				t.Errorf("%v off: %v, known %v, trusted %v", off, now, known, c.Trusted())
			}
		}
		k.synchronised = true
		if c.Trusted() {
			t.Error("the kernel's word counts more than the server's")
		}
	})
}

// jump is as if somebody had set the machine's clock: only what was true moves against it, since a
// test cannot set the machine's.
func (c *Clock) jump(by time.Duration) { c.truth, c.floor = c.truth.Add(-by), c.floor.Add(-by) }

// TestJump: the machine's clock is set by years, to either side. The true time goes on; only who
// has never heard a server believes a kernel that says it is synchronised.
func TestJump(t *testing.T) {
	for _, by := range []time.Duration{3 * time.Hour, -3 * time.Hour, 20 * 365 * 24 * time.Hour, -20 * 365 * 24 * time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			k := &kernel{synchronised: true}
			c := &Clock{kernel: k, kept: true, began: time.Now()}
			before, known := c.Now()
			if !known || !c.Trusted() {
				t.Fatal("a synchronised kernel's time is not known")
			}
			k.synchronised = false
			c.jump(by)
			if now, known := c.Now(); !known || !now.Equal(before.Add(-by)) || c.Trusted() {
				t.Errorf("jump by %v: %v, known %v, trusted %v, want what it was, less trust", by, now.Sub(before), known, c.Trusted())
			}
			k.synchronised = true
			if now, known := c.Now(); !known || !now.Equal(time.Now().Round(0)) || !c.Trusted() {
				t.Errorf("jump by %v, by a time server: %v, known %v, trusted %v", by, now, known, c.Trusted())
			}
			if _, err := c.Hear(time.Now(), time.Second); err != nil {
				t.Fatal(err)
			}
			c.jump(by)
			if now, _ := c.Now(); !now.Equal(time.Now().Round(0).Add(-by)) || c.Trusted() {
				t.Errorf("jump by %v after the office was heard: %v, trusted %v", by, now, c.Trusted())
			}
		})
	}
}

// TestFloor: a machine that starts in 1970 knows by its certificate what has surely passed, and
// counts from there.
func TestFloor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := &kernel{}
		c := &Clock{kernel: k, kept: true, began: time.Now()}
		time.Sleep(time.Hour)
		floor := time.Now().AddDate(26, 0, 0).Round(0)
		c.NotBefore(floor)
		c.NotBefore(floor.Add(-time.Hour))
		time.Sleep(time.Hour)
		if now, known := c.Now(); known || !now.Equal(floor.Add(time.Hour)) || c.Trusted() {
			t.Errorf("it is %v, known %v, trusted %v; want the floor and an hour, not known", now, known, c.Trusted())
		}
		k.synchronised = true
		if _, known := c.Now(); known {
			t.Error("a synchronised kernel is believed that says what cannot be")
		}
	})
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
