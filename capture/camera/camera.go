// SPDX-License-Identifier: EUPL-1.2

// Package camera keeps the station's camera running and hands out its newest preview frame, its
// full-resolution stills and the news of its loss and return.
package camera

import (
	"context"
	"errors"
	"fmt"
	"image"
	"iter"
	"log/slog"
	"sync"
	"time"

	"github.com/fotobox-project/fotobox/internal/backoff"
)

// MinWidth and MinHeight are the smallest still a station may work with, pixels, upright: the
// portrait of 1244x1600 is cut out of it without upscaling (TR-03121 BIP-FI-GID), for a person who
// stands up to 1.6 times farther away than where the head fills the picture. That covers 70 to
// 100 cm; a still of 1620x2160 would not. It is what a sensor of five megapixels gives on its side.
const (
	MinWidth  = 1944
	MinHeight = 2592
)

const (
	// silence is how long a stream may give no frame before it counts as lost.
	silence = 2 * time.Second
	// openTime bounds one opening; sensors need a second or two to start.
	openTime = 10 * time.Second
)

// ErrAway is wrapped by Still's error while the camera is not there: the caller waits for Changes.
var ErrAway = errors.New("camera is away")

// ErrStarting is what Health says before the device has been opened or could not be.
var ErrStarting = errors.New("camera is starting")

// A Frame is one picture of the preview. Its Image is shared between readers: read only.
type Frame struct {
	Number uint64      // rises by one with each frame, also across reopenings; 0 is no frame
	Taken  time.Time   // the moment of exposure
	Image  image.Image // upright portrait of about 480x640
}

// A Device is a camera that can be opened again and again, one stream at a time.
type Device interface {
	// Open starts the camera. It returns when ctx ends.
	Open(ctx context.Context) (Stream, error)
	String() string
}

// A Stream is an opened camera. Still may be called while Next runs; both return when ctx ends.
type Stream interface {
	// Next waits for the next preview frame; its Number is given by Camera and ignored here.
	Next(ctx context.Context) (Frame, error)
	// Still takes one upright picture at the sensor's full resolution.
	Still(ctx context.Context) (image.Image, error)
	// Close frees the device. Neither Next nor Still runs then or comes after.
	Close() error
}

// A Metering is a Stream that can expose for a part of what it sees.
type Metering interface {
	// Meter corrects the exposure by at most one step, so that the region of the preview, in its
	// pixels, comes out well. It does not wait, and does nothing while stills are taken.
	Meter(region image.Rectangle)
}

// A Camera keeps a Device open. Its methods may be called at the same time from anywhere.
type Camera struct {
	device Device
	log    *slog.Logger
	box    mailbox
	health health

	mu   sync.Mutex
	live *live // nil while the camera is away
}

// live is one opening of the device and the stills that are under way on it.
type live struct {
	Stream
	ctx    context.Context // ends when the stream is lost
	stills sync.WaitGroup
}

// New returns a camera on d that works while Run runs.
func New(d Device, log *slog.Logger) *Camera {
	return &Camera{device: d, log: log}
}

// String names the device.
func (c *Camera) String() string { return c.device.String() }

// Details says how the device is used, where it can tell: modes, controls. The text is for a
// technician.
func (c *Camera) Details() string {
	if d, ok := c.device.(interface{ Details() string }); ok {
		return d.Details()
	}
	return ""
}

// Run opens the device and reads its frames, and opens it again for ever when it is lost, fails or
// is silent for two seconds. It returns nil when ctx ends.
func (c *Camera) Run(ctx context.Context) error {
	wait := backoff.Backoff{Min: 250 * time.Millisecond, Max: 2 * time.Second}
	for attempt, said := 0, ""; ; attempt++ {
		before := c.box.count()
		err := c.session(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if c.box.count() > before {
			attempt, said = 0, ""
		}
		if words := err.Error(); words != said { // once, and not every two seconds for a weekend
			c.log.Warn("camera away", "device", c.device.String(), "err", err)
			said = words
		}
		c.health.report(err)
		if !sleep(ctx, wait.Delay(attempt)) {
			return nil
		}
	}
}

// session opens the device once and reads frames until it is lost.
func (c *Camera) session(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := c.open(ctx)
	if err != nil {
		return err
	}
	l := &live{Stream: stream, ctx: ctx}
	c.setLive(l)
	defer c.lose(l, cancel)
	for first := true; ; first = false {
		frame, err := next(ctx, stream)
		if err != nil {
			return err
		}
		c.box.put(frame)
		if first { // a device that opens but shows nothing never worked
			c.log.Info("camera works", "device", c.device.String())
			c.health.report(nil)
		}
	}
}

func (c *Camera) open(ctx context.Context) (Stream, error) {
	ctx, cancel := context.WithTimeout(ctx, openTime)
	defer cancel()
	stream, err := c.device.Open(ctx)
	if err != nil {
		return nil, fmt.Errorf("open camera: %w", err)
	}
	return stream, nil
}

// next reads one frame and refuses what no consumer could show. A frame counts however late its
// picture is done: then this computer is busy, and the camera is not silent.
func next(ctx context.Context, s Stream) (Frame, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, silence, errors.New("no frame for 2 s"))
	defer cancel()
	frame, err := s.Next(ctx)
	switch {
	case err != nil && ctx.Err() != nil:
		return Frame{}, fmt.Errorf("read frame: %w", context.Cause(ctx))
	case err != nil:
		return Frame{}, fmt.Errorf("read frame: %w", err)
	case frame.Image == nil || frame.Image.Bounds().Empty():
		return Frame{}, errors.New("read frame: frame without a picture")
	}
	if frame.Taken.IsZero() {
		frame.Taken = time.Now()
	}
	return frame, nil
}

func (c *Camera) setLive(l *live) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.live = l
}

// lose ends the stills under way, then closes the stream and forgets its last picture: nobody may
// see who stood there before the loss.
func (c *Camera) lose(l *live, cancel context.CancelFunc) {
	c.setLive(nil)
	cancel()
	l.stills.Wait()
	if err := l.Close(); err != nil {
		c.log.Warn("close camera", "device", c.device.String(), "err", err)
	}
	c.box.clear()
}

// Next returns the newest frame whose Number is greater than after, and waits for it if need be. A
// slow caller skips frames; it never gets an old one. The error is ctx's.
func (c *Camera) Next(ctx context.Context, after uint64) (Frame, error) {
	return c.box.next(ctx, after)
}

// Meter asks for an exposure that shows the region of the preview well, where the camera can do so.
// The caller repeats it with each frame while it matters.
func (c *Camera) Meter(region image.Rectangle) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.live == nil {
		return
	}
	if m, ok := c.live.Stream.(Metering); ok {
		m.Meter(region)
	}
}

// Health is nil while the camera works, else what keeps it away.
func (c *Camera) Health() error { return c.health.now() }

// Changes yields nil when the camera works and the error that keeps it away: first the present
// state as soon as it is known, then each change, and the error again at each failed reopening,
// until ctx ends. A slow caller sees the newest state only.
func (c *Camera) Changes(ctx context.Context) iter.Seq[error] {
	return c.health.changes(ctx)
}

// sleep waits for d and reports whether ctx still lives.
func sleep(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}
