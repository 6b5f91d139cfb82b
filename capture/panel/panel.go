// SPDX-License-Identifier: EUPL-1.2

// Package panel lights the station's lamps, reads its keys and notices whether somebody stands
// before it, on GPIO lines that may go away and come back.
package panel

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/fotobox-project/fotobox/internal/backoff"
)

// pulse is how often a panel on which nothing moves is asked whether it is still there: a kernel
// before 6.6 does not wake whoever waits for an edge on a chip that goes.
const pulse = 500 * time.Millisecond

// A Device is a panel that can be opened again and again, once at a time.
type Device interface {
	// Open takes the lines. All lamps are off then.
	Open() (Board, error)
	String() string
}

// A Board is an opened panel. Light may be called while Wait runs.
type Board interface {
	// Light sets all lamps at once, as far as the hardware can.
	Light(Levels) error
	// Wait returns the inputs, not debounced, when one may have changed and after d at the latest.
	// It fails when the board is gone.
	Wait(d time.Duration) (Inputs, error)
	// Close puts the lamps out and frees the lines. Wait does not run then.
	Close() error
}

// A Panel keeps a Device open. Its methods may be called at the same time from anywhere.
type Panel struct {
	// Changed, if not nil, is told when an input has held a new level for 20 ms. It is set before
	// Run, is called on Run's goroutine, and must return soon.
	Changed func(in Input, on bool)

	device Device
	log    *slog.Logger

	mu       sync.Mutex
	board    Board // nil while the panel is away
	wanted   Scene // what is lit, or will be when the panel is back
	playing  bool  // a pattern has the lamps
	timeline timeline
	fault    error // why the lamps could not be switched; ends the session
	last     news
}

// New returns a panel on d that works while Run runs.
func New(d Device, log *slog.Logger) *Panel {
	return &Panel{device: d, log: log}
}

// String names the device.
func (p *Panel) String() string { return p.device.String() }

// Run opens the device, and again for ever when it is lost. It returns nil when ctx ends, with the
// lamps off.
func (p *Panel) Run(ctx context.Context) error {
	wait := backoff.Backoff{Min: 250 * time.Millisecond, Max: 2 * time.Second}
	for attempt := 0; ; attempt++ {
		worked, err := p.session(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if worked {
			attempt = 0
		}
		p.away(err)
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait.Delay(attempt)):
		}
	}
}

// session opens the device once, and reports whether it ever worked.
func (p *Panel) session(ctx context.Context) (worked bool, err error) {
	board, err := p.device.Open()
	if err != nil {
		return false, err
	}
	defer func() {
		if err := board.Close(); err != nil && ctx.Err() == nil {
			p.log.Debug("close panel", "err", err) // what is lost cannot be closed well
		}
	}()
	in, err := board.Wait(0)
	if err != nil {
		return false, err
	}
	if err := p.take(board); err != nil {
		return false, err
	}
	defer p.leave()
	p.log.Info("panel works", "device", p.device.String())
	return true, p.watch(ctx, board, in)
}

// watch reads the inputs until the board is lost or ctx ends. What is pressed at the beginning was
// not pressed for us: it counts from its next change.
func (p *Panel) watch(ctx context.Context, board Board, in Inputs) error {
	d := debounce{steady: in, raw: in}
	for _, level := range []Input{Occupied, Headphones} { // unlike a key's, these mean something by themselves
		p.tell(level, in[level])
	}
	for ctx.Err() == nil {
		raw, err := board.Wait(d.wait(time.Now()))
		if err != nil {
			return err
		}
		if err := p.broken(); err != nil {
			return err
		}
		for _, in := range d.feed(time.Now(), raw) {
			p.tell(in, d.steady[in])
		}
	}
	return nil
}

// broken is why the lamps could not be switched: half a board is none.
func (p *Panel) broken() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.fault
}

func (p *Panel) tell(in Input, on bool) {
	if p.Changed != nil {
		p.Changed(in, on)
	}
}

// take makes board the one that is lit.
func (p *Panel) take(board Board) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	began := time.Now()
	if err := board.Light(p.wanted.Levels); err != nil {
		return err
	}
	p.board = board
	p.report(nil)
	p.timeline.mark(p.wanted.Name, began, time.Now())
	return nil
}

// leave forgets the board; since its last sign of life nobody knows what was lit.
func (p *Panel) leave() {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	p.board, p.fault = nil, nil
	p.timeline.mark(Mixed, now.Add(-pulse), now)
}

// away notes what keeps the panel away, and says it when it is news.
func (p *Panel) away(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.last.err == nil || p.last.err.Error() != err.Error() {
		p.log.Warn("panel away", "device", p.device.String(), "err", err)
	}
	p.report(err)
}
