// SPDX-License-Identifier: EUPL-1.2

package camera

import (
	"context"
	"iter"
	"sync"
)

// health keeps the last report about the camera; the zero value knows nothing.
type health struct {
	mu   sync.Mutex
	last report
	bell chan struct{}
}

// report is the nth news about the camera: nil (works) or what keeps it away.
type report struct {
	n   int
	err error
}

func (h *health) report(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.last = report{n: h.last.n + 1, err: err}
	if h.bell != nil {
		close(h.bell)
		h.bell = nil
	}
}

func (h *health) now() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.last.n == 0 {
		return ErrStarting
	}
	return h.last.err
}

// look returns the last report if it came after seen, else a channel closed by the next one.
func (h *health) look(seen report) (report, <-chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.last.n > seen.n {
		return h.last, nil
	}
	if h.bell == nil {
		h.bell = make(chan struct{})
	}
	return seen, h.bell
}

func (h *health) changes(ctx context.Context) iter.Seq[error] {
	return func(yield func(error) bool) {
		var seen report
		for ctx.Err() == nil {
			var bell <-chan struct{}
			if seen, bell = h.look(seen); bell == nil {
				if !yield(seen.err) {
					return
				}
				continue
			}
			select {
			case <-ctx.Done():
			case <-bell:
			}
		}
	}
}
