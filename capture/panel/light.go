// SPDX-License-Identifier: EUPL-1.2

package panel

import (
	"context"
	"errors"
	"fmt"
	"time"
)

var (
	errStarting = errors.New("panel is starting")
	errAway     = errors.New("panel is away")
	errPlaying  = errors.New("a lamp pattern is playing")
)

// Light lights a scene, now and whenever the panel comes back. While a pattern plays, the scene
// waits for its end. The error says that the lamps could not be switched now; Run deals with it.
func (p *Panel) Light(s Scene) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if s == p.wanted && p.board != nil {
		return nil
	}
	p.wanted = s
	if p.playing || p.board == nil {
		return nil
	}
	return p.light(s)
}

// light switches the lamps and notes when; p.mu is held.
func (p *Panel) light(s Scene) error {
	if p.board == nil {
		return errAway
	}
	began := time.Now()
	err := p.board.Light(s.Levels)
	if err != nil {
		s.Name, p.fault = Mixed, err
	}
	p.timeline.mark(s.Name, began, time.Now())
	return err
}

// Lit returns the name of the scene that alone was lit from one instant to the other, such as from
// a frame's begin of exposure to its end. It returns Mixed when the lamps changed meanwhile, when
// they were away, and for times that are forgotten: 64 changes are remembered.
func (p *Panel) Lit(from, to time.Time) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.timeline.lit(from, to)
}

// A Pattern is a row of scenes that are lit one after the other in step with a camera's frames.
type Pattern struct {
	Scenes []Scene
	Frames int // how many frames each scene must light alone; less than 1 means 1
	// Next waits for the camera's next frame and returns when its exposure began and ended.
	Next func(ctx context.Context) (from, to time.Time, err error)
	// Seen is told of each frame, right after Next, what lit it: the name of the scene, or Mixed.
	Seen func(scene string)
}

// Play plays a pattern and then lights the scene that Light asked for last. It fails when the panel
// is away or is lost, when another pattern plays, and with the error of Next.
func (p *Panel) Play(ctx context.Context, pattern Pattern) error {
	if err := p.seize(); err != nil {
		return err
	}
	defer p.yield()
	for _, s := range pattern.Scenes {
		if err := p.step(ctx, s, pattern); err != nil {
			return fmt.Errorf("lamp pattern, %s: %w", s.Name, err)
		}
	}
	return nil
}

func (p *Panel) seize() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.playing {
		return errPlaying
	}
	p.playing = true
	return nil
}

// yield gives the lamps back; an error is noticed by Run.
func (p *Panel) yield() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.playing = false
	if p.board != nil {
		_ = p.light(p.wanted)
	}
}

// step lights one scene until it has lit enough frames.
func (p *Panel) step(ctx context.Context, s Scene, pattern Pattern) error {
	p.mu.Lock()
	board, err := p.board, p.light(s)
	p.mu.Unlock()
	if err != nil {
		return err
	}
	for lit := 0; lit < max(pattern.Frames, 1); {
		from, to, err := pattern.Next(ctx)
		if err != nil {
			return err
		}
		if !p.has(board) { // lost, or already another one, which this pattern does not light
			return errAway
		}
		scene := p.Lit(from, to)
		pattern.Seen(scene)
		if scene == s.Name {
			lit++
		}
	}
	return nil
}

func (p *Panel) has(board Board) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.board == board
}
