// SPDX-License-Identifier: EUPL-1.2

package inbox

import (
	"context"
	"iter"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/registry/audit"
)

// lookEvery is how often a watcher looks for what other programs on the database did.
const lookEvery = time.Second

// Watch yields once at once and then after every change of a capture, until ctx
// ends. It yields the id of the newest change, or none for a change that another
// program made; changes that happen while the consumer is busy come as one, so
// it reads the list again each time.
func (b *Inbox) Watch(ctx context.Context) iter.Seq[uuid.UUID] {
	return func(yield func(uuid.UUID) bool) {
		news, stop := b.watchers.add()
		defer stop()
		look := time.NewTicker(lookEvery)
		defer look.Stop()
		for id, seen, on := (uuid.UUID{}), b.recorded(ctx, 0), true; on && yield(id); {
			id, seen, on = b.next(ctx, news, look.C, seen)
		}
	}
}

// next waits for a change: one of this program, or one that makes the record
// longer than seen. It is over with ctx.
func (b *Inbox) next(ctx context.Context, news <-chan uuid.UUID, look <-chan time.Time, seen int) (id uuid.UUID, now int, on bool) {
	for {
		select {
		case <-ctx.Done():
			return uuid.UUID{}, seen, false
		case id = <-news:
			return id, b.recorded(ctx, seen), true
		case <-look:
			if now = b.recorded(ctx, seen); now != seen {
				return uuid.UUID{}, now, true
			}
		}
	}
}

// recorded is the number of entries in the record, which grows with every change
// of a capture, whichever program makes it; seen while the database is away.
func (b *Inbox) recorded(ctx context.Context, seen int) int {
	n, _, err := audit.Head(ctx, b.store)
	if err != nil {
		return seen
	}
	return n
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
