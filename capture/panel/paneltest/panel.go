// SPDX-License-Identifier: EUPL-1.2

// Package paneltest is a panel without hardware, whose lamps a test sees and whose keys it presses.
package paneltest

import (
	"errors"
	"sync"
	"time"

	"github.com/fotobox-project/fotobox/capture/panel"
)

// ErrGone is what an unplugged panel answers.
var ErrGone = errors.New("no such device")

// A Panel is the simulated hardware. The zero value is plugged in, dark and untouched.
type Panel struct {
	mu       sync.Mutex
	unplugs  int // how often it was unplugged; a board of before stays gone
	gone     bool
	faulty   bool
	levels   panel.Levels
	inputs   panel.Inputs
	boards   int
	switches []panel.Levels
	bell     chan struct{}
	changes  int
}

var _ panel.Device = (*Panel)(nil)

func (p *Panel) String() string { return "simulated panel" }

// Open takes the panel; a second time before Close it fails.
func (p *Panel) Open() (panel.Board, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.gone:
		return nil, ErrGone
	case p.boards > 0:
		return nil, panel.ErrHeld
	}
	p.boards++
	return &board{panel: p, of: p.unplugs}, nil
}

// Set gives an input a level, as its line has it: before debouncing.
func (p *Panel) Set(in panel.Input, on bool) {
	p.change(func() { p.inputs[in] = on })
}

// Unplug takes the panel away; its lamps go out.
func (p *Panel) Unplug() {
	p.change(func() { p.gone, p.levels, p.unplugs = true, panel.Levels{}, p.unplugs+1 })
}

// Plug brings it back.
func (p *Panel) Plug() { p.change(func() { p.gone = false }) }

// Fault makes switching the lamps fail, and nothing else, until it is called with false.
func (p *Panel) Fault(on bool) { p.change(func() { p.faulty = on }) }

// Lit returns what is lit now.
func (p *Panel) Lit() panel.Levels {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.levels
}

// Switches returns all that was lit, in order.
func (p *Panel) Switches() []panel.Levels {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]panel.Levels(nil), p.switches...)
}

// Boards is how many boards are open, 0 or 1.
func (p *Panel) Boards() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.boards
}

// change changes something and wakes whoever waits.
func (p *Panel) change(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f()
	p.changes++
	if p.bell != nil {
		close(p.bell)
		p.bell = nil
	}
}

// board is one opening.
type board struct {
	panel *Panel
	of    int
	seen  int // changes; one between two waits is not missed, as a kernel queues edges
}

func (b *board) Light(l panel.Levels) error {
	p := b.panel
	p.mu.Lock()
	defer p.mu.Unlock()
	if b.lost() || p.faulty {
		return ErrGone
	}
	p.levels = l
	p.switches = append(p.switches, l)
	return nil
}

func (b *board) Wait(d time.Duration) (panel.Inputs, error) {
	p := b.panel
	if d > 0 {
		bell := p.listen(b)
		select {
		case <-bell:
		case <-time.After(d):
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if b.lost() {
		return panel.Inputs{}, ErrGone
	}
	b.seen = p.changes
	return p.inputs, nil
}

// listen returns a channel that is closed at the next change; at once for a board that is lost or behind.
func (p *Panel) listen(b *board) <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bell == nil {
		p.bell = make(chan struct{})
	}
	bell := p.bell
	if b.lost() || b.seen != p.changes {
		close(p.bell)
		p.bell = nil
	}
	return bell
}

func (b *board) lost() bool { return b.panel.gone || b.panel.unplugs != b.of }

func (b *board) Close() error {
	p := b.panel
	p.mu.Lock()
	defer p.mu.Unlock()
	p.boards--
	p.levels = panel.Levels{}
	if b.lost() {
		return ErrGone
	}
	return nil
}
