// SPDX-License-Identifier: EUPL-1.2

package v4l2

import (
	"context"
	"errors"
	"image"
	"slices"
	"sync"
	"time"

	"github.com/blackjack/webcam"
	"golang.org/x/sys/unix"
)

// patience is how long a feed may give no whole picture before that is said; below the two seconds
// of camera.Camera, so that its reason is the one that people read.
const patience = 1300 * time.Millisecond

// A source is an opened camera that streams.
type source interface {
	WaitForFrame(seconds uint32) error
	// GetFrame lends the kernel's buffer until ReleaseFrame.
	GetFrame() (data []byte, buffer uint32, err error)
	ReleaseFrame(buffer uint32) error
	Close() error
}

// A shot is one whole frame as the camera sent it.
type shot struct {
	data  []byte
	taken time.Time
	mode  mode
}

// picture decodes it, as the sensor lies.
func (s shot) picture() (*image.YCbCr, error) {
	if s.mode.format == yuyv {
		return decodeYUYV(s.data, s.mode.size)
	}
	return decodeJPEG(s.data)
}

// still decodes all of it.
func (s shot) still(rotation int) (image.Image, error) {
	img, err := s.picture()
	if err != nil {
		return nil, err
	}
	return still(img, rotation), nil
}

// preview decodes no more of it than the preview needs.
func (s shot) preview(rotation int) (image.Image, error) {
	k := smaller(s.mode.size, rotation)
	if s.mode.format == mjpeg && k > 1 {
		side := 4
		for side > 1 && 8/side*2 <= k {
			side /= 2
		}
		img, err := decodeScaled(s.data, side)
		if err == nil {
			return small(img, rotation), nil
		}
		if !errors.Is(err, errUnusual) {
			return nil, err
		}
	}
	img, err := s.picture()
	if err != nil {
		return nil, err
	}
	return small(img, rotation), nil
}

// A feed reads all frames of one mode, so that the kernel never holds old ones, and copies those
// that somebody waits for.
type feed struct {
	source source
	mode   mode
	quit   chan struct{} // closed by stop
	done   chan struct{} // closed when the source is closed

	mu      sync.Mutex
	waiting []chan shot
	trouble error // why the last frame was none
	err     error // why it ended
}

// run starts reading; the first skip frames show how a sensor starts.
func newFeed(s source, m mode, skip int) *feed {
	f := &feed{source: s, mode: m, quit: make(chan struct{}), done: make(chan struct{}), trouble: errSilent}
	go func() {
		err := f.read(skip)
		_ = s.Close() // a camera that is gone cannot be closed well
		f.mu.Lock()
		f.err = err
		f.mu.Unlock()
		close(f.done)
	}()
	return f
}

// stop ends the feed and the waiting for it. It does not wait for the kernel.
func (f *feed) stop() { close(f.quit) }

func (f *feed) read(skip int) error {
	for n := 0; ; {
		select {
		case <-f.quit:
			return errStopped
		default:
		}
		got, err := f.frame(n < skip)
		if err != nil {
			return err
		}
		if got {
			n++
		}
	}
}

// frame reads one frame if one comes within a second.
func (f *feed) frame(skip bool) (bool, error) {
	err := f.source.WaitForFrame(1)
	if _, late := errors.AsType[*webcam.Timeout](err); late {
		f.report(errSilent)
		return false, nil
	}
	if err != nil {
		return false, explain(err)
	}
	// after the camera has gone waiting succeeds at once, for ever; only this tells
	data, buffer, err := f.source.GetFrame()
	if errors.Is(err, unix.EAGAIN) {
		time.Sleep(5 * time.Millisecond)
		return false, nil
	}
	if err != nil {
		return false, explain(err)
	}
	if !skip {
		f.hand(data, time.Now())
	}
	if err := f.source.ReleaseFrame(buffer); err != nil {
		return false, explain(err)
	}
	return true, nil
}

// hand gives a copy of the frame to all who wait, if it is whole.
func (f *feed) hand(data []byte, taken time.Time) {
	f.mu.Lock()
	wanted := len(f.waiting) > 0
	f.mu.Unlock()
	if !wanted {
		return
	}
	copied, err := f.take(data)
	if err != nil {
		f.report(err)
		return
	}
	f.mu.Lock()
	waiting := f.waiting
	f.waiting = nil
	f.mu.Unlock()
	s := shot{data: copied(), taken: taken, mode: f.mode}
	for _, w := range waiting {
		w <- s // has room for one
	}
}

// take checks a frame and returns how to copy it.
func (f *feed) take(data []byte) (func() []byte, error) {
	if f.mode.format == yuyv {
		if len(data) != 2*area(f.mode.size) {
			return nil, errTorn
		}
		return func() []byte { return slices.Clone(data) }, nil
	}
	frame, err := inspect(data)
	if err != nil {
		return nil, err
	}
	// heights that are no multiple of 16 come out a few rows off
	if d := frame.size.Sub(f.mode.size); d.X < -16 || d.X > 16 || d.Y < -16 || d.Y > 16 {
		return nil, wrongSize(frame.size, f.mode.size)
	}
	return func() []byte { return frame.whole(data) }, nil
}

func (f *feed) report(trouble error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.trouble = trouble
}

// next waits for a frame that arrives from now on.
func (f *feed) next(ctx context.Context) (shot, error) {
	mine := make(chan shot, 1)
	f.mu.Lock()
	f.waiting = append(f.waiting, mine)
	f.mu.Unlock()
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case s := <-mine:
		return s, nil
	case <-f.quit:
		return shot{}, errStopped
	case <-f.done:
		return shot{}, f.ended()
	case <-late.C:
		return shot{}, f.ended()
	case <-ctx.Done():
		return shot{}, ctx.Err()
	}
}

// ended is why no frame comes.
func (f *feed) ended() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err != nil {
		return f.err
	}
	return f.trouble
}
