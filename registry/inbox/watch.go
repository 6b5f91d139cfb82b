// SPDX-License-Identifier: EUPL-1.2

package inbox

import (
	"context"
	"iter"
	"sync"

	"github.com/google/uuid"
)

// Watch yields once at once and then after every change of a capture, until ctx
// ends. It yields the id of the newest change; changes that happen while the
// consumer is busy come as one, so it reads the list again each time.
func (b *Inbox) Watch(ctx context.Context) iter.Seq[uuid.UUID] {
	return func(yield func(uuid.UUID) bool) {
		news, stop := b.watchers.add()
		defer stop()
		for id := (uuid.UUID{}); yield(id); {
			select {
			case <-ctx.Done():
				return
			case id = <-news:
			}
		}
	}
}

// watchers are the mailboxes of those who watch, each of one place.
type watchers struct {
	mu  sync.Mutex
	all map[chan uuid.UUID]struct{}
}

func (w *watchers) add() (news <-chan uuid.UUID, stop func()) {
	c := make(chan uuid.UUID, 1)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.all == nil {
		w.all = map[chan uuid.UUID]struct{}{}
	}
	w.all[c] = struct{}{}
	return c, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.all, c)
	}
}

// tell never waits: an older message that was not fetched makes way.
func (w *watchers) tell(id uuid.UUID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for c := range w.all {
		select {
		case <-c:
		default:
		}
		c <- id // only tell fills it, so there is room now
	}
}
