// SPDX-License-Identifier: EUPL-1.2

package queue

import (
	"context"
	"iter"
	"time"

	"github.com/fotobox-project/fotobox/registry/audit"
)

// lookEvery is how often a watcher looks for changes, of whichever program.
const lookEvery = 500 * time.Millisecond

// Watch yields at once and then after every change of the record, in which each
// step with an appointment is, until ctx ends.
func (q *Queue) Watch(ctx context.Context) iter.Seq[struct{}] {
	return func(yield func(struct{}) bool) {
		look := time.NewTicker(lookEvery)
		defer look.Stop()
		for seen, on := -1, true; on; {
			n, _, err := audit.Head(ctx, q.store)
			if err == nil && n != seen { // a database that is away has no news
				seen, on = n, yield(struct{}{})
			}
			select {
			case <-ctx.Done():
				return
			case <-look.C:
			}
		}
	}
}
