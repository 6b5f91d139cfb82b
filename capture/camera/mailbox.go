// SPDX-License-Identifier: EUPL-1.2

package camera

import (
	"context"
	"sync"
)

// mailbox holds the newest frame, never a queue: who comes late gets the present.
type mailbox struct {
	mu    sync.Mutex
	frame Frame // Image nil = none to show; Number stays
	bell  chan struct{}
}

// put numbers frame and replaces the held one.
func (m *mailbox) put(frame Frame) {
	m.mu.Lock()
	defer m.mu.Unlock()
	frame.Number = m.frame.Number + 1
	m.frame = frame
	if m.bell != nil {
		close(m.bell)
		m.bell = nil
	}
}

// clear forgets the picture and keeps the count.
func (m *mailbox) clear() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.frame = Frame{Number: m.frame.Number}
}

func (m *mailbox) count() uint64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.frame.Number
}

// look returns the held frame if it is newer than after, else a channel closed by the next put.
func (m *mailbox) look(after uint64) (Frame, <-chan struct{}) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.frame.Image != nil && m.frame.Number > after {
		return m.frame, nil
	}
	if m.bell == nil {
		m.bell = make(chan struct{})
	}
	return Frame{}, m.bell
}

func (m *mailbox) next(ctx context.Context, after uint64) (Frame, error) {
	for {
		frame, bell := m.look(after)
		if bell == nil {
			return frame, nil
		}
		select {
		case <-ctx.Done():
			return Frame{}, ctx.Err()
		case <-bell:
		}
	}
}
