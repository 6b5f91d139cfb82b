// SPDX-License-Identifier: EUPL-1.2

package v4l2

import (
	"context"
	"errors"
	"image"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fotobox-project/fotobox/capture/camera"
)

const (
	// previewPause is the least time between two preview pictures.
	previewPause = time.Second / enoughRate
	// yieldTime is how long the preview waits for a still that is under way.
	yieldTime = 400 * time.Millisecond
	// stillTime bounds one still: two frames of the slowest mode after a change of it.
	stillTime = 4 * time.Second
	// linger is how long the mode of the stills stays after one: the next of a burst comes soon.
	linger = 3 * time.Second
	// skipped frames after a change of the mode: sensors start with a dark one.
	skipped = 1
)

// A stream is the opened camera.
type stream struct {
	kernel   kernel
	node     node
	plan     plan
	rotation int
	knobs    *knobs // nil until the controls are opened
	light    *light // nil: not metered

	changing chan struct{} // holds one token while the mode is changed
	work     sync.WaitGroup
	quit     chan struct{} // closed by Close
	released chan struct{} // closed when the kernel has let go of the camera

	mu      sync.Mutex
	feed    *feed
	changed chan struct{} // closed when feed is another one
	back    *time.Timer   // to the mode of the preview
	failed  error         // of the last change

	stills atomic.Int32 // under way

	looked time.Time // of the last preview; Next has one caller
	lost   bool      // Next has said why
}

func newStream(k kernel, n node, p plan, rotation int, released chan struct{}) *stream {
	return &stream{
		kernel: k, node: n, plan: p, rotation: rotation, released: released,
		changing: make(chan struct{}, 1), quit: make(chan struct{}), changed: make(chan struct{}),
	}
}

// Next implements camera.Stream.
func (s *stream) Next(ctx context.Context) (camera.Frame, error) {
	if err := s.pause(ctx); err != nil {
		return camera.Frame{}, err
	}
	shot, preview, err := s.take(ctx, shot.preview)
	if err != nil {
		s.lost = !errors.Is(ctx.Err(), context.Canceled)
		return camera.Frame{}, err
	}
	s.looked = time.Now()
	if s.light != nil {
		s.light.see(preview)
	}
	return camera.Frame{Taken: shot.taken, Image: preview}, nil
}

// pause waits until another preview is due. Stills go first: a small computer has no time for both.
func (s *stream) pause(ctx context.Context) error {
	due := s.looked.Add(previewPause)
	for latest := due.Add(yieldTime); ; {
		select {
		case <-time.After(time.Until(due)):
		case <-ctx.Done():
			return ctx.Err()
		}
		if s.stills.Load() == 0 || due.After(latest) {
			return nil
		}
		due = time.Now().Add(previewPause)
	}
}

// Still implements camera.Stream.
func (s *stream) Still(ctx context.Context) (image.Image, error) {
	s.stills.Add(1)
	defer s.stills.Add(-1)
	ctx, cancel := context.WithTimeoutCause(ctx, stillTime, errSilent)
	defer cancel()
	if s.light != nil {
		s.light.lock()
	}
	if err := s.enter(ctx, s.plan.still); err != nil {
		return nil, err
	}
	_, img, err := s.take(ctx, shot.still)
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return img, err
}

// Meter implements camera.Metering.
func (s *stream) Meter(region image.Rectangle) {
	if s.light != nil {
		s.light.meter(region)
	}
}

// take waits for the next frame that can be decoded, in whatever mode, over a change of it too.
func (s *stream) take(ctx context.Context, decode func(s shot, rotation int) (image.Image, error)) (shot, image.Image, error) {
	began := time.Now()
	for {
		f, err := s.current(ctx)
		if err != nil {
			return shot{}, nil, err
		}
		got, err := f.next(ctx)
		if errors.Is(err, errStopped) {
			continue
		}
		if err != nil {
			return shot{}, nil, err
		}
		img, err := decode(got, s.rotation)
		if err == nil {
			return got, img, nil
		}
		if time.Since(began) > patience || errors.Is(err, errColour) {
			return shot{}, nil, err
		}
	}
}

// current is the feed that runs; while the mode is changed it waits for the next one.
func (s *stream) current(ctx context.Context) (*feed, error) {
	for {
		select {
		case <-s.quit:
			return nil, errStopped
		default:
		}
		s.mu.Lock()
		f, changed, failed := s.feed, s.changed, s.failed
		s.mu.Unlock()
		if f != nil || failed != nil {
			return f, failed
		}
		select {
		case <-changed:
		case <-s.quit:
			return nil, errStopped
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// put makes f, or what failed instead, known to all who wait.
func (s *stream) put(f *feed, failed error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.feed, s.failed = f, failed
	close(s.changed)
	s.changed = make(chan struct{})
}

// enter changes the mode if need be. It returns when ctx ends; the kernel may take longer.
func (s *stream) enter(ctx context.Context, m mode) error {
	if s.plan.still == s.plan.preview {
		return nil
	}
	select {
	case s.changing <- struct{}{}:
	case <-s.quit:
		return errStopped
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	done := make(chan error, 1)
	s.work.Go(func() {
		done <- s.change(m)
		<-s.changing
	})
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// change leaves the running mode for m; the library can do so only by closing the camera. The
// preview waits meanwhile and has no picture to show.
func (s *stream) change(m mode) error {
	s.mu.Lock()
	f := s.feed
	if s.back != nil {
		s.back.Stop()
		s.back = nil
	}
	if m != s.plan.preview {
		s.back = time.AfterFunc(linger, s.leave)
	}
	s.mu.Unlock()
	if f != nil && f.mode == m {
		return nil
	}
	if f != nil {
		s.put(nil, nil)
		f.stop()
		<-f.done
	}
	select {
	case <-s.quit:
		return errStopped
	default:
	}
	opened, err := s.kernel.start(s.node.path, m)
	if err != nil {
		err = explain(err)
		s.put(nil, err)
		return err
	}
	s.put(newFeed(opened, m, skipped), nil)
	return nil
}

// leave goes back to the mode of the preview, when no still is under way any more.
func (s *stream) leave() {
	if s.stills.Load() > 0 {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.back = time.AfterFunc(linger, s.leave)
		return
	}
	select {
	case s.changing <- struct{}{}:
	default:
		return
	}
	s.work.Go(func() {
		_ = s.change(s.plan.preview) // take says what failed
		<-s.changing
	})
}

// closeTime is about what a healthy camera takes to be closed.
const closeTime = time.Second

// Close implements camera.Stream. A camera that was lost is left to the device, which waits for it
// before it opens it again: the loss must be known at once. Another one can be opened by anybody
// when Close returns.
func (s *stream) Close() error {
	s.end()
	if s.lost {
		return nil
	}
	select {
	case <-s.released:
		return nil
	case <-time.After(closeTime):
		return errHangs
	}
}

// end stops everything, and closes released when the kernel has let go of it all.
func (s *stream) end() {
	close(s.quit)
	go func() {
		s.changing <- struct{}{} // no change of the mode begins any more
		s.work.Wait()
		s.mu.Lock()
		f := s.feed
		if s.back != nil {
			s.back.Stop()
		}
		s.mu.Unlock()
		if f != nil {
			f.stop()
			<-f.done
		}
		if s.knobs != nil {
			s.knobs.close()
		}
		close(s.released)
	}()
}
