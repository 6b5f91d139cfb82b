// SPDX-License-Identifier: EUPL-1.2

// Package clock knows whether this machine's time is true, and sets it by a server that can be trusted.
package clock

import (
	"context"
	"errors"
	"iter"
	"sync"
	"time"
)

// ErrUnset says that nobody has vouched for the time since the machine started.
var ErrUnset = errors.New("the time is not known yet")

// slewed is the largest difference that is made good by running faster or slower,
// which lets no second come twice. At 0.05 % it takes 5.6 hours.
const slewed = 10 * time.Second

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

// A Clock says whether time.Now can be believed. Its methods may be called at the
// same time from anywhere.
type Clock struct {
	kernel Kernel // nil: somebody else keeps the time

	mu      sync.Mutex
	trusted bool
	set     chan struct{} // closed when trusted becomes true
}

// Kept returns the clock of a machine whose time another program keeps.
func Kept() *Clock { return &Clock{trusted: true} }

// New returns a clock that k is set by. After a restart of the program alone it
// is trusted at once.
func New(k Kernel) *Clock {
	return &Clock{kernel: k, trusted: k.Synchronised(), set: make(chan struct{})}
}

// Trusted reports whether time.Now is true.
func (c *Clock) Trusted() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.trusted
}

// Hear takes the time that a server says, true to within the given duration, and
// returns by how much the clock was moved. A clock that another program keeps is
// left alone.
func (c *Clock) Hear(said time.Time, within time.Duration) (moved time.Duration, err error) {
	if c.kernel == nil {
		return 0, nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	off := time.Until(said)
	switch {
	case off.Abs() <= within:
		err = c.kernel.Slew(0)
	case c.trusted && off.Abs() <= slewed+within:
		moved, err = off, c.kernel.Slew(off)
	default:
		moved, err = off, c.kernel.Step(said)
	}
	if err != nil {
		return 0, err
	}
	if !c.trusted {
		c.trusted = true
		close(c.set)
	}
	return moved, nil
}

// Changes yields ErrUnset while the time is not known and nil when it is; nothing
// when it has been known from the start. It ends with ctx at the latest.
func (c *Clock) Changes(ctx context.Context) iter.Seq[error] {
	return func(yield func(error) bool) {
		if c.Trusted() || !yield(ErrUnset) {
			return
		}
		select {
		case <-ctx.Done():
		case <-c.set:
			yield(nil)
		}
	}
}
