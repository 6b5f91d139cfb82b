// SPDX-License-Identifier: EUPL-1.2

package queue

import (
	"context"
	"time"

	"github.com/fotobox-project/fotobox/registry/audit"
)

// lookEvery is how often a watcher looks for changes, of whichever program.
const lookEvery = 500 * time.Millisecond

// Watch gives a sign at once and then after every change of the record, in which
// each step with an appointment is, until ctx ends. Changes that happen while
// nobody looks come as one, so who looks reads the list again each time.
func (q *Queue) Watch(ctx context.Context) <-chan struct{} {
	signs, seen := make(chan struct{}, 1), q.recorded(ctx, 0) // before anybody reads the list
	signs <- struct{}{}
	go func() {
		look := time.NewTicker(lookEvery)
		defer look.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-look.C:
			}
			now := q.recorded(ctx, seen)
			if now == seen {
				continue
			}
			seen = now
			select {
			case signs <- struct{}{}:
			default: // one is waiting already
			}
		}
	}()
	return signs
}

// recorded is the number of entries in the record; seen while the database is away.
func (q *Queue) recorded(ctx context.Context, seen int) int {
	n, _, err := audit.Head(ctx, q.store)
	if err != nil {
		return seen
	}
	return n
}
