// SPDX-License-Identifier: EUPL-1.2

// Package clock knows whether this machine's time is true, and sets it by a server that can be trusted.
package clock

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"time"
)

// ErrUnset says that nobody has vouched for the time since the machine started.
var ErrUnset = errors.New("the time is not known yet")

const (
	// slewed is the largest difference that is made good by running faster or slower,
	// which lets no second come twice. At 0.05 % it takes 5.6 hours.
	slewed = 10 * time.Second
	// tolerance is how far the machine's time may be from the true one: a capture's 96 hours begin
	// by the machine's time, and the office takes none that is 5 minutes ahead.
	tolerance = 2 * time.Minute
	// lookEvery is how soon a clock that went wrong is noticed.
	lookEvery = time.Second
)

// A Kernel is the machine's own clock.
type Kernel interface {
	// Synchronised reports whether the clock was set since the machine started, and
	// not so long ago that it may have drifted away.
	Synchronised() bool
	// Step sets the clock at once. It is synchronised then.
	Step(to time.Time) error
	// Slew makes the clock catch up by the difference without a jump. It is
	// synchronised then.
	Slew(by time.Duration) error
}

// A Clock says whether time.Now can be believed, and what the time is when it cannot: from the
// moment at which somebody vouched for the time it counts by the monotonic clock, which no
// setting of the machine's clock moves. Its methods may be called at the same time from anywhere.
type Clock struct {
	kernel Kernel
	kept   bool // by another program

	mu sync.Mutex
	// since is a moment by the monotonic clock, truth what the time was then; zero: nobody has said.
	since time.Time
	truth time.Time
	heard bool // a server has vouched: the kernel's word counts no longer
	// floor is a time that had surely passed when the clock was made, at began.
	floor time.Time
	began time.Time
}

// Kept returns the clock of a machine whose time another program keeps. It is believed until a
// server says otherwise.
func Kept() *Clock { return &Clock{kernel: Machine{}, kept: true, began: time.Now()} }

// New returns a clock that k is set by. After a restart of the program alone it
// is trusted at once.
func New(k Kernel) *Clock { return &Clock{kernel: k, began: time.Now()} }

// Trusted reports whether time.Now is true, to two minutes.
func (c *Clock) Trusted() bool { return c.Wrong() == nil }

// Now is the true time, whatever the machine's clock was set to, and known is true. While
// nobody has vouched for the time it is one that has surely passed, and known is false.
func (c *Clock) Now() (now time.Time, known bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	at := time.Now()
	c.ask(at)
	if c.truth.IsZero() {
		return c.floor.Add(at.Sub(c.began)), false
	}
	return c.truth.Add(at.Sub(c.since)), true
}

// NotBefore tells the clock of a time that has surely passed.
func (c *Clock) NotBefore(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t = t.Add(-time.Since(c.began)).Round(0); t.After(c.floor) {
		c.floor = t
	}
}

// ask takes the kernel's word that its time is true, as long as no server has said better.
func (c *Clock) ask(at time.Time) {
	if c.heard || !c.truth.IsZero() && c.off(at).Abs() <= tolerance {
		return
	}
	if c.passed(at) && c.kernel.Synchronised() {
		c.since, c.truth = at, at.Round(0)
	}
}

// passed reports whether the machine's time can be: a clock that says less was not set.
func (c *Clock) passed(at time.Time) bool { return !at.Before(c.floor.Add(at.Sub(c.began))) }

// off is how far the machine's clock is ahead.
func (c *Clock) off(at time.Time) time.Duration {
	return at.Round(0).Sub(c.truth.Add(at.Sub(c.since)))
}

// Wrong says what is wrong with the machine's time, or nil. One that another program keeps, and of which
// nobody has said anything, is believed as long as it does not jump.
func (c *Clock) Wrong() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	at := time.Now()
	c.ask(at)
	since, truth := c.since, c.truth
	if truth.IsZero() && c.kept && c.passed(at) {
		since, truth = c.began, c.began.Round(0)
	}
	if truth.IsZero() {
		return ErrUnset
	}
	is := truth.Add(at.Sub(since))
	if off := at.Round(0).Sub(is); off.Abs() > tolerance {
		return fmt.Errorf("the machine's clock says %s, but it is %s: set it, and see what keeps it",
			at.UTC().Format(time.RFC3339), is.UTC().Format(time.RFC3339))
	}
	return nil
}

// Hear takes the time that a server says, true to within the given duration, and
// returns by how much the clock was moved. A clock that another program keeps is
// left alone, but not believed when the server says otherwise.
func (c *Clock) Hear(said time.Time, within time.Duration) (moved time.Duration, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	at := time.Now()
	c.ask(at)
	off := said.Sub(at.Round(0))
	switch {
	case c.kept:
	case off.Abs() <= within:
		err = c.kernel.Slew(0)
	case !c.truth.IsZero() && off.Abs() <= slewed+within:
		moved, err = off, c.kernel.Slew(off)
	default:
		moved, err = off, c.kernel.Step(said)
	}
	if err != nil {
		return 0, err
	}
	if off.Abs() <= within { // the machine's seconds are finer than the server's
		said = at.Round(0)
	}
	c.since, c.truth, c.heard = at, said.Round(0), true
	return moved, nil
}

// Changes yields what is wrong with the machine's time, and nil when it is right again; nothing
// as long as it is right from the start. It ends with ctx.
func (c *Clock) Changes(ctx context.Context) iter.Seq[error] {
	return func(yield func(error) bool) {
		tick := time.NewTicker(lookEvery)
		defer tick.Stop()
		for was := error(nil); ; {
			is := c.Wrong()
			if (is == nil) != (was == nil) && !yield(is) {
				return
			}
			was = is
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
	}
}
