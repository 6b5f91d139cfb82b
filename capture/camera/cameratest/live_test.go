// SPDX-License-Identifier: EUPL-1.2

package cameratest

import (
	"context"
	"image"
	"testing"
	"testing/synctest"
	"time"
)

// opened is a live stream of the default sitter.
func opened(t *testing.T) *liveStream {
	t.Helper()
	stream, err := Live(Default()).Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stream.Close() })
	return stream.(*liveStream)
}

// In ten seconds the preview gives 30 frames a second, the sitter moves a little, and blinks.
func TestLivePreview(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := opened(t)
		for l.reel.render(l.sitter) { // until the loop is complete
		}
		start := time.Now()
		closed, swayed := 0, 0
		first := l.reel.loop[0]
		for range 300 {
			if _, err := l.Next(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if d := time.Since(start); d < 9900*time.Millisecond || d > 10100*time.Millisecond {
			t.Errorf("300 frames took %v, want 10 s", d)
		}
		for range 300 {
			switch l.sway.next(&l.reel) {
			case l.reel.closed:
				closed++
			case first:
			default:
				swayed++
			}
		}
		if closed < 3 || closed > 12 || swayed < 150 {
			t.Errorf("eyes closed in %d and head turned in %d of 300 frames, want 3 to 12 and most", closed, swayed)
		}
	})
}

// The poses differ by small steps: nobody jumps.
func TestLiveMovesSmoothly(t *testing.T) {
	d := &drawing{}
	last := Truth{}
	for n := range loopPoses {
		s := posed(Default(), n)
		b := s.body()
		d.view = newView(s, previewSize())
		truth := b.truth(d)
		if n > 0 && off(truth.Nose, last.Nose) > 2.5 {
			t.Errorf("pose %d: nose jumps by %.1f pixels", n, off(truth.Nose, last.Nose))
		}
		last = truth
	}
}

// Frames and stills of a burst are exposures of their own, and quick after the first.
func TestLiveBurst(t *testing.T) {
	l := opened(t)
	l.base()
	start := time.Now()
	var burst []image.Image
	for range 5 {
		img, err := l.Still(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		burst = append(burst, img)
	}
	if d := time.Since(start); d > 2*time.Second {
		t.Errorf("burst of 5 took %v", d)
	}
	for i := range burst {
		for j := range i {
			if got := difference(burst[i].(*image.NRGBA), burst[j].(*image.NRGBA)); got < .5 {
				t.Errorf("stills %d and %d differ by %.2f grey levels only", j, i, got)
			}
		}
	}
}

// The rendering in the background stops with the stream, and goes on with the next.
func TestLiveClose(t *testing.T) {
	device := Live(Default()).(*live)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	stream, err := device.Open(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := stream.Close(); err != nil {
		t.Fatal(err)
	}
	device.reel.busy.Lock() // what was being rendered at Close is done now
	before := device.reel.ready()
	device.reel.busy.Unlock()
	time.Sleep(100 * time.Millisecond)
	if got := device.reel.ready(); got > before+1 || got == loopPoses {
		t.Errorf("%d poses after Close, want %d still", got, before)
	}
	again, err := device.Open(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if _, err := again.Next(ctx); err != nil {
		t.Error(err)
	}
}
