// SPDX-License-Identifier: EUPL-1.2

package inbox

import (
	"context"
	"sync"
	"time"

	"github.com/fotobox-project/fotobox/registry/audit"
)

// lookEvery is how often a watcher looks for what other programs on the database did.
const lookEvery = time.Second

// Watch gives a sign at once and then after every change of a capture, made by this
// program or by another on the database, until ctx ends. Changes that happen while
// nobody looks come as one, so who looks reads the list again each time.
func (b *Inbox) Watch(ctx context.Context) <-chan struct{} {
	signs := make(chan struct{}, 1)
	news, stop := b.watchers.add()
	go func() {
		defer stop()
		look := time.NewTicker(lookEvery)
		defer look.Stop()
		for seen, on := b.recorded(ctx, 0), true; on; seen, on = b.next(ctx, news, look.C, seen) {
			sign(signs)
		}
	}()
	return signs
}

// next waits for a change: one of this program, or one that makes the record
// longer than seen. It is over with ctx.
func (b *Inbox) next(ctx context.Context, news <-chan struct{}, look <-chan time.Time, seen int) (now int, on bool) {
	for {
		select {
		case <-ctx.Done():
			return seen, false
		case <-news:
			return b.recorded(ctx, seen), true
		case <-look:
			if now = b.recorded(ctx, seen); now != seen {
				return now, true
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
	all map[chan struct{}]struct{}
}

func (w *watchers) add() (news <-chan struct{}, stop func()) {
	c := make(chan struct{}, 1)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.all == nil {
		w.all = map[chan struct{}]struct{}{}
	}
	w.all[c] = struct{}{}
	return c, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.all, c)
	}
}

func (w *watchers) tell() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for c := range w.all {
		sign(c)
	}
}

// sign never waits.
func sign(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default: // one is waiting already
	}
}
