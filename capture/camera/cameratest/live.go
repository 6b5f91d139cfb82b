// SPDX-License-Identifier: EUPL-1.2

package cameratest

import (
	"context"
	"image"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fotobox-project/fotobox/capture/camera"
)

// stillMargin is what a still's base has more on each side than the still: room to shift it, pixels.
const stillMargin = 12

var (
	_ camera.Device = (*live)(nil)
	_ camera.Stream = (*liveStream)(nil)
)

// Live films a sitter who sways a little and blinks every few seconds: a preview of 480x640 at 30
// frames a second, stills of 1944x2592. Preview frames come from a short loop of poses that is
// rendered while the first of them already show; stills show the sitter's own pose, shifted by a
// few pixels, with the eyes as the sitter has them: they are taken between blinks. Noise is new in
// each picture.
func Live(s Sitter) camera.Device {
	l := &live{sitter: s, noise: newNoise()}
	l.base = sync.OnceValue(func() *image.NRGBA {
		img, _ := s.clean(newView(s, stillSize()).grown(stillMargin))
		return img
	})
	return l
}

type live struct {
	sitter Sitter
	noise  *noise
	base   func() *image.NRGBA // of all stills, rendered once
	taken  atomic.Uint64       // pictures so far: the seed of their noise
	reel   poses
}

func (l *live) String() string { return "sitter" }

// Open implements camera.Device: it returns when the first pose is rendered.
func (l *live) Open(ctx context.Context) (camera.Stream, error) {
	l.reel.render(l.sitter)
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	go l.prepare(ctx)
	return &liveStream{live: l, stop: cancel}, nil
}

// prepare renders the rest of the loop and the base of the stills.
func (l *live) prepare(ctx context.Context) {
	for ctx.Err() == nil && l.reel.render(l.sitter) {
		if l.reel.ready() == posesBeforeStill {
			l.base()
		}
	}
}

type liveStream struct {
	*live
	pace pace
	sway sway
	stop context.CancelFunc
}

// Next implements camera.Stream.
func (l *liveStream) Next(ctx context.Context) (camera.Frame, error) {
	if err := l.pace.wait(ctx); err != nil {
		return camera.Frame{}, err
	}
	img := l.film(l.sway.next(&l.reel), image.Point{}, previewSize())
	return camera.Frame{Taken: time.Now(), Image: img}, nil
}

// Still implements camera.Stream.
func (l *liveStream) Still(ctx context.Context) (image.Image, error) {
	n := int(l.taken.Load())
	shift := image.Pt(n*5%(2*stillMargin), n*3%(2*stillMargin))
	img := l.film(l.base(), shift, stillSize())
	return img, ctx.Err()
}

// Close implements camera.Stream. A picture that is being rendered is finished, for the next opening.
func (l *liveStream) Close() error {
	l.stop()
	return nil
}

func (l *live) film(base *image.NRGBA, from, size image.Point) *image.NRGBA {
	return l.noise.film(base, from, size, l.sitter.Noise, l.sitter.Seed+l.taken.Add(1))
}
