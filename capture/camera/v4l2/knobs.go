// SPDX-License-Identifier: EUPL-1.2

package v4l2

import (
	"context"
	"time"

	"github.com/blackjack/webcam"
)

// answerTime is how long a camera may take for a few controls. The kernel waits five seconds for
// each, which is too long for everybody else.
const answerTime = 3 * time.Second

// A panel is an opened camera's controls.
type panel interface {
	GetControls() map[webcam.ControlID]webcam.Control
	GetControl(id webcam.ControlID) (int32, error)
	SetControl(id webcam.ControlID, value int32) error
	Close() error
}

// knobs sets controls on a goroutine and a handle of its own, so that a camera that does not answer
// holds up neither the pictures nor the closing.
type knobs struct {
	jobs chan func(panel)
	quit chan struct{}
	done chan struct{} // closed when the handle is
}

// newKnobs opens the controls. The knobs are there to be closed even where that failed.
func newKnobs(ctx context.Context, open func() (panel, error)) (*knobs, error) {
	k := &knobs{jobs: make(chan func(panel)), quit: make(chan struct{}), done: make(chan struct{})}
	opened := make(chan error, 1)
	go func() {
		defer close(k.done)
		p, err := open()
		opened <- err
		if err == nil {
			k.run(p)
		}
	}()
	return k, explain(answer(ctx, opened))
}

func (k *knobs) run(p panel) {
	defer p.Close()
	for {
		select {
		case job := <-k.jobs:
			job(p)
		case <-k.quit:
			return
		}
	}
}

// do runs f with the controls. f may go on after do has returned with errMute.
func (k *knobs) do(ctx context.Context, f func(panel) error) error {
	ctx, cancel := context.WithTimeoutCause(ctx, answerTime, errMute)
	defer cancel()
	done := make(chan error, 1)
	select {
	case k.jobs <- func(p panel) { done <- f(p) }:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	return explain(answer(ctx, done))
}

func answer(ctx context.Context, from <-chan error) error {
	ctx, cancel := context.WithTimeoutCause(ctx, answerTime, errMute)
	defer cancel()
	select {
	case err := <-from:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// close waits until the kernel has let go of the controls.
func (k *knobs) close() {
	close(k.quit)
	<-k.done
}
