// SPDX-License-Identifier: EUPL-1.2

// Package conductor plays a session on the station's hardware.
package conductor

import (
	"context"
	"iter"
	"log/slog"
	"sync"
	"time"

	"github.com/fotobox-project/fotobox/daemon/session"
)

// A Stagehand does what the session asks for.
type Stagehand interface {
	// Do carries out one effect and returns the event that answers it, or nil.
	// It is called on a goroutine of its own, but for a Wipe, which must be quick:
	// nothing is shown before it is done. ctx ends when the visit ends.
	Do(ctx context.Context, e session.Effect) session.Event
}

// A Conductor runs one session: it steps through the events, one at a time,
// hands the effects to its stagehand and shows every state.
type Conductor struct {
	// Seen, when set, is called with every step, after a wipe is done; it must be quick.
	Seen func(was, is session.State, at time.Time)

	hand   Stagehand
	log    *slog.Logger
	events chan session.Event
	board  board
}

// New returns a conductor that works while Run runs.
func New(hand Stagehand, log *slog.Logger) *Conductor {
	return &Conductor{hand: hand, log: log, events: make(chan session.Event)}
}

func (c *Conductor) String() string { return "conductor" }

// Run plays until ctx ends and then waits for the effects under way, so that an
// envelope that is being stored is stored.
func (c *Conductor) Run(ctx context.Context) error {
	p := play{visit: newStay(ctx)}
	defer p.running.Wait()
	defer func() { p.visit.leave() }()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		ev, ok := c.wait(ctx, timer)
		if !ok {
			return nil
		}
		was, now := p.state, time.Now()
		var effects []session.Effect
		p.state, effects = session.Step(was, now, ev)
		for _, e := range effects {
			c.start(ctx, &p, e)
		}
		if c.Seen != nil {
			c.Seen(was, p.state, now)
		}
		c.show(was, p.state, timer)
	}
}

// A play is what Run holds.
type play struct {
	state   session.State
	visit   stay
	running sync.WaitGroup
}

// A stay is the context of one visit.
type stay struct {
	ctx   context.Context
	leave context.CancelFunc
}

func newStay(ctx context.Context) stay {
	ctx, leave := context.WithCancel(ctx)
	return stay{ctx, leave}
}

// start begins an effect. A wipe ends the visit and is done before anything else is shown.
func (c *Conductor) start(ctx context.Context, p *play, e session.Effect) {
	visit := p.visit.ctx
	if _, ok := e.(session.Wipe); ok {
		p.visit.leave()
		p.visit = newStay(ctx)
		c.hand.Do(visit, e)
		return
	}
	p.running.Go(func() { c.do(visit, e) })
}

// wait returns the next event, or false when ctx has ended.
func (c *Conductor) wait(ctx context.Context, timer *time.Timer) (session.Event, bool) {
	select {
	case <-ctx.Done():
		return nil, false
	case ev := <-c.events:
		return ev, true
	case <-timer.C:
		return session.Tick{}, true
	}
}

// do lets the stagehand work and brings its answer back. The answer of a visit
// that has ended meanwhile would be dropped anyway.
func (c *Conductor) do(visit context.Context, e session.Effect) {
	if ev := c.hand.Do(visit, e); ev != nil {
		_ = c.Tell(visit, ev) // the only error is that the visit has ended
	}
}

// show sets the timer to the state's deadline and puts the state on the board.
func (c *Conductor) show(was, is session.State, timer *time.Timer) {
	timer.Stop()
	if !is.Deadline.IsZero() {
		timer.Reset(time.Until(is.Deadline))
	}
	if was.Stage != is.Stage || was.Visit != is.Visit {
		c.log.Info("stage", "visit", is.Visit, "stage", is.Stage.String(), "outcome", string(is.Outcome))
	}
	c.board.put(is)
}

// Tell hands an event to the session. The error is ctx's.
func (c *Conductor) Tell(ctx context.Context, ev session.Event) error {
	select {
	case c.events <- ev:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// State returns the session's state now.
func (c *Conductor) State() session.State {
	s, _ := c.board.look()
	return s
}

// States yields the state now and then the newest one after each change, until ctx ends.
func (c *Conductor) States(ctx context.Context) iter.Seq[session.State] {
	return func(yield func(session.State) bool) {
		for {
			s, changed := c.board.look()
			if !yield(s) {
				return
			}
			select {
			case <-changed:
			case <-ctx.Done():
				return
			}
		}
	}
}

// A board shows the newest state to everyone who looks.
type board struct {
	mu      sync.Mutex
	state   session.State
	changed chan struct{} // closed at the next change; nil until somebody looks
}

func (b *board) put(s session.State) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.state = s
	if b.changed != nil {
		close(b.changed)
		b.changed = nil
	}
}

// look returns the state and a channel that is closed when it changes.
func (b *board) look() (session.State, <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.changed == nil {
		b.changed = make(chan struct{})
	}
	return b.state, b.changed
}
