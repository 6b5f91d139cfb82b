// SPDX-License-Identifier: EUPL-1.2

package panel

import (
	"context"
	"iter"
)

// news is the nth word about the panel: nil, it works, or what keeps it away.
type news struct {
	n    int
	err  error
	bell chan struct{} // closed at the next word; nil until somebody waits
}

// report tells whoever waits; p.mu is held.
func (p *Panel) report(err error) {
	p.last.n, p.last.err = p.last.n+1, err
	if p.last.bell != nil {
		close(p.last.bell)
		p.last.bell = nil
	}
}

// Health is nil while the panel works, else what keeps it away, in words for a technician.
func (p *Panel) Health() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.last.n == 0 {
		return errStarting
	}
	return p.last.err
}

// Changes yields nil when the panel works and the error that keeps it away: first the present state
// as soon as it is known, then each change, and the error again at each failed reopening, until ctx
// ends. A slow caller sees the newest state only.
func (p *Panel) Changes(ctx context.Context) iter.Seq[error] {
	return func(yield func(error) bool) {
		for seen := 0; ctx.Err() == nil; {
			last := p.look(seen)
			if last.n > seen {
				if seen = last.n; !yield(last.err) {
					return
				}
				continue
			}
			select {
			case <-ctx.Done():
			case <-last.bell:
			}
		}
	}
}

// look returns the last word, with the bell if it was seen.
func (p *Panel) look(seen int) news {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.last.n <= seen && p.last.bell == nil {
		p.last.bell = make(chan struct{})
	}
	return p.last
}
