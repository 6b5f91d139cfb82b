// SPDX-License-Identifier: EUPL-1.2

package cameratest

import (
	"context"
	"image"
	"image/color"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/disintegration/imaging"
)

// painted is a live stream whose pictures need no rendering: a loop of flat greys and a base of stills.
func painted(t *testing.T) *liveStream {
	t.Helper()
	device := Live(Default()).(*live)
	flat := func(size image.Point, level uint8) *image.NRGBA {
		return imaging.New(size.X, size.Y, color.NRGBA{R: level, G: level, B: level, A: 255})
	}
	for n := range loopPoses {
		device.reel.loop = append(device.reel.loop, flat(previewSize(), uint8(100+n)))
	}
	device.reel.half, device.reel.closed = flat(previewSize(), 20), flat(previewSize(), 10)
	renders := 0
	device.base = sync.OnceValue(func() *image.NRGBA {
		if renders++; renders > 1 {
			t.Error("the base of the stills is rendered twice")
		}
		return flat(stillSize().Add(image.Pt(2*stillMargin, 2*stillMargin)), 150)
	})
	stream, err := device.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stream.Close() })
	return stream.(*liveStream)
}

// The preview gives 30 frames a second.
func TestLivePace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := painted(t)
		start := time.Now()
		for range 60 {
			if _, err := l.Next(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if d := time.Since(start); d < 1950*time.Millisecond || d > 2050*time.Millisecond {
			t.Errorf("60 frames took %v, want 2 s", d)
		}
	})
}

// In a minute the sitter blinks every few seconds and sways to and fro.
func TestLiveBlinksAndSways(t *testing.T) {
	l := painted(t)
	seen := map[*image.NRGBA]int{}
	blinks, last := 0, l.reel.loop[0]
	for range 60 * 30 {
		img := l.sway.next(&l.reel)
		seen[img]++
		if img == l.reel.half && last != l.reel.closed {
			blinks++
		}
		last = img
	}
	if blinks < 8 || blinks > 25 {
		t.Errorf("%d blinks in a minute, want 8 to 25", blinks)
	}
	if perBlink := float64(seen[l.reel.closed]) / float64(blinks); perBlink < 2 || perBlink > 6 {
		t.Errorf("eyes closed for %.1f frames a blink, want 2 to 6", perBlink)
	}
	for n, img := range l.reel.loop {
		if seen[img] == 0 {
			t.Errorf("pose %d never shown", n)
		}
	}
}

// While only some poses are rendered the preview goes to and fro between them.
func TestLiveStartsWithOnePose(t *testing.T) {
	var p poses
	var s sway
	p.loop = []*image.NRGBA{empty(image.Pt(1, 1))}
	for range 100 {
		if s.next(&p) != p.loop[0] {
			t.Fatal("another picture than the only pose")
		}
	}
	p.loop = append(p.loop, empty(image.Pt(2, 2)))
	seen := map[*image.NRGBA]bool{}
	for range 100 {
		seen[s.next(&p)] = true
	}
	if len(seen) != 2 {
		t.Errorf("%d of 2 poses shown", len(seen))
	}
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

// Stills of a burst are exposures of their own of one rendered base.
func TestLiveBurst(t *testing.T) {
	l := painted(t)
	var burst []*image.NRGBA
	for range 5 {
		img, err := l.Still(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		burst = append(burst, img.(*image.NRGBA))
		if got := difference(burst[0], img.(*image.NRGBA)); len(burst) > 1 && got < .5 {
			t.Errorf("stills 0 and %d differ by %.2f grey levels only", len(burst)-1, got)
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
