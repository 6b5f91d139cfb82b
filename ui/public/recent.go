// SPDX-License-Identifier: EUPL-1.2

package public

import (
	"sync"
	"time"
)

// recent keeps answers for a moment: when a day's times are released, hundreds ask
// for the same within a second. The first one's question is asked for all.
type recent[V any] struct {
	life time.Duration // 0: nothing is kept

	mu    sync.Mutex
	known map[string]*known[V]
}

// known is an answer, or the one that is just being looked for.
type known[V any] struct {
	at    time.Time
	once  sync.Once
	value V
	err   error
}

// mostKnown is how many answers are kept; then all begin anew.
const mostKnown = 1000

// get gives the answer under the key, which find looks for when none is young enough.
func (r *recent[V]) get(key string, now time.Time, find func() (V, error)) (V, error) {
	if r.life <= 0 {
		return find()
	}
	k := r.place(key, now)
	k.once.Do(func() { k.value, k.err = find() })
	if k.err != nil { // the next one tries again
		r.mu.Lock()
		if r.known[key] == k {
			delete(r.known, key)
		}
		r.mu.Unlock()
	}
	return k.value, k.err
}

func (r *recent[V]) place(key string, now time.Time) *known[V] {
	r.mu.Lock()
	defer r.mu.Unlock()
	if k, ok := r.known[key]; ok && now.Sub(k.at) < r.life {
		return k
	}
	if r.known == nil || len(r.known) >= mostKnown {
		r.known = map[string]*known[V]{}
	}
	k := &known[V]{at: now}
	r.known[key] = k
	return k
}
