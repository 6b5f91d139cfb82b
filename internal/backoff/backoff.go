// SPDX-License-Identifier: EUPL-1.2

// Package backoff says how long to wait before the next attempt.
package backoff

import (
	"math/rand/v2"
	"time"
)

// A Backoff doubles the wait with every attempt. The zero Backoff waits from 1 s to 1 min.
type Backoff struct {
	// Min is the longest wait before the second attempt (attempt 0); 0 means 1 s.
	Min time.Duration
	// Max is the longest wait at all; 0 means 1 min.
	Max time.Duration
}

// Delay returns the wait after the given number of failures before this one, counted from 0:
// a random time between the half and the whole of Min * 2^attempt, which Max limits.
// The randomness keeps stations apart that lost the same office at the same moment.
func (b Backoff) Delay(attempt int) time.Duration {
	whole := b.whole(attempt)
	half := whole / 2
	return half + rand.N(whole-half+1)
}

// whole returns the longest wait for the attempt; it is at least 1 ns.
func (b Backoff) whole(attempt int) time.Duration {
	d, limit := b.Min, b.Max
	if d <= 0 {
		d = time.Second
	}
	if limit <= 0 {
		limit = time.Minute
	}
	for ; attempt > 0 && d < limit; attempt-- {
		if d > limit/2 {
			return limit
		}
		d *= 2
	}
	return min(d, limit)
}
