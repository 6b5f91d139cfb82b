// SPDX-License-Identifier: EUPL-1.2

package inbox

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/fotobox-project/fotobox/upload/envelope"
)

const (
	// held bounds the envelopes that are in memory at once, in bytes: eight of the
	// largest, or a hundred of the usual size.
	held = 8 * envelope.MaxSize
	// ofOne is how many deliveries one station may have under way: it sends one
	// after the other, and a stolen certificate must not take all the room.
	ofOne = 2
	// waiting is how long a delivery waits for room before its station is told to
	// come again. Its body waits on the network meanwhile.
	waiting = 30 * time.Second
)

// places are the room for deliveries.
type places struct {
	bytes *semaphore.Weighted
	mu    sync.Mutex
	of    map[string]int // deliveries under way, by station
}

func newPlaces() *places {
	return &places{bytes: semaphore.NewWeighted(held), of: map[string]int{}}
}

// take waits for room for size bytes, -1 where they are not announced. Who came
// first is served first.
func (p *places) take(ctx context.Context, device string, size int64) (leave func(), err error) {
	if size < 0 || size > envelope.MaxSize {
		size = envelope.MaxSize
	}
	if !p.enter(device) {
		return nil, errBusy
	}
	ctx, stop := context.WithTimeout(ctx, waiting)
	defer stop()
	if p.bytes.Acquire(ctx, size) != nil {
		p.exit(device)
		return nil, errBusy
	}
	return func() { p.bytes.Release(size); p.exit(device) }, nil
}

func (p *places) enter(device string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.of[device] == ofOne {
		return false
	}
	p.of[device]++
	return true
}

func (p *places) exit(device string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.of[device]--; p.of[device] == 0 {
		delete(p.of, device)
	}
}
