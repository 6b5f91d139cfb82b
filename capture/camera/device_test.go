// SPDX-License-Identifier: EUPL-1.2

package camera_test

import (
	"context"
	"errors"
	"image"
	"sync/atomic"
	"time"

	"github.com/fotobox-project/fotobox/capture/camera"
)

// scripted is a device whose openings are written out: one for each call of Open, the last for ever.
type scripted struct {
	plays  []play
	opened atomic.Int32
	closed atomic.Int32
}

// play is one opening: the error of Open, or frames every 100 ms and then what comes after them.
type play struct {
	refuse error
	frames int
	after  error         // nil = silence
	wrong  bool          // frames without a picture
	work   time.Duration // to make a picture of a frame
	still  image.Point
}

func (d *scripted) String() string { return "scripted" }

func (d *scripted) Open(context.Context) (camera.Stream, error) {
	n := int(d.opened.Add(1)) - 1
	p := d.plays[min(n, len(d.plays)-1)]
	if p.refuse != nil {
		return nil, p.refuse
	}
	return &stream{device: d, play: p}, nil
}

type stream struct {
	device *scripted
	play   play
	given  int
}

func (s *stream) Next(ctx context.Context) (camera.Frame, error) {
	if s.given == s.play.frames {
		if s.play.after != nil {
			return camera.Frame{}, s.play.after
		}
		<-ctx.Done()
		return camera.Frame{}, ctx.Err()
	}
	select {
	case <-ctx.Done():
		return camera.Frame{}, ctx.Err()
	case <-time.After(100 * time.Millisecond):
	}
	s.given++
	time.Sleep(s.play.work)
	if s.play.wrong {
		return camera.Frame{}, nil
	}
	return camera.Frame{Number: 77, Image: image.NewGray(image.Rect(0, 0, 3, 4))}, nil
}

// Still takes half a second.
func (s *stream) Still(ctx context.Context) (image.Image, error) {
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-time.After(500 * time.Millisecond):
		return image.NewGray(image.Rectangle{Max: s.play.still}), nil
	}
}

func (s *stream) Close() error {
	s.device.closed.Add(1)
	return errors.New("close does not matter")
}
