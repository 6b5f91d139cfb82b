// SPDX-License-Identifier: EUPL-1.2

package kiosk

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"iter"
	"sync"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/daemon/session"
)

// stage is a station for tests: the real session without hardware.
type stage struct {
	mu      sync.Mutex
	state   session.State
	changed chan struct{}
	told    []session.Event
	scanned []string
	answer  appointment.Answer // of every scan; empty is OK
	code    appointment.Code
	fail    error
}

func newStage() *stage { return &stage{changed: make(chan struct{}), code: code()} }

func settings() Settings {
	return Settings{Office: "Bürgeramt Musterstadt", Zone: time.FixedZone("CET", 3600)}
}

// code is an appointment on a Monday.
func code() appointment.Code {
	return appointment.Code{
		ID: appointment.ID{1}, Persons: 2, Length: 15 * time.Minute,
		Start: time.Date(2028, 11, 20, 13, 30, 0, 0, time.UTC),
	}
}

func (g *stage) look() (session.State, chan struct{}) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.state, g.changed
}

func (g *stage) States(ctx context.Context) iter.Seq[session.State] {
	return func(yield func(session.State) bool) {
		for ctx.Err() == nil {
			s, changed := g.look()
			if !yield(s) {
				return
			}
			select {
			case <-changed:
			case <-ctx.Done():
			}
		}
	}
}

// set puts a state on the screen.
func (g *stage) set(s session.State) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.put(s)
}

func (g *stage) put(s session.State) {
	g.state = s
	close(g.changed)
	g.changed = make(chan struct{})
}

func (g *stage) Tell(_ context.Context, ev session.Event) error {
	if g.fail != nil {
		return g.fail
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	s, _ := session.Step(g.state, time.Now(), ev)
	g.put(s)
	g.told = append(g.told, ev)
	return nil
}

// last is the newest event told.
func (g *stage) last() session.Event {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.told) == 0 {
		return nil
	}
	return g.told[len(g.told)-1]
}

func (g *stage) Scan(ctx context.Context, text string) error {
	if g.fail != nil {
		return g.fail
	}
	g.mu.Lock()
	g.scanned = append(g.scanned, text)
	answer := g.answer
	g.mu.Unlock()
	if answer == "" {
		answer = appointment.OK
	}
	return g.Tell(ctx, session.Scanned{Code: g.code, Answer: answer})
}

// album is Pictures for tests: a painted person who moves a little.
type album struct {
	frames [][]byte
	photos [][]byte
	age    time.Duration // of every frame
	stop   chan struct{} // closed: no more frames
}

var errNoCamera = errors.New("no camera")

func newAlbum() *album {
	return &album{frames: painted()[:10], photos: painted()[10:], stop: make(chan struct{})}
}

// painted holds ten frames and three photos.
var painted = sync.OnceValue(func() (all [][]byte) {
	for i := range 10 {
		all = append(all, paint(480, 640, i-5))
	}
	for i := range 3 {
		all = append(all, paint(622, 800, 4*i))
	}
	return all
})

func (a *album) Preview(ctx context.Context, after uint64) ([]byte, uint64, time.Time, error) {
	select {
	case <-a.stop:
		<-ctx.Done()
		return nil, 0, time.Time{}, errNoCamera
	case <-ctx.Done():
		return nil, 0, time.Time{}, ctx.Err()
	case <-time.After(33 * time.Millisecond):
		return a.frames[after%uint64(len(a.frames))], after + 1, time.Now().Add(-a.age), nil
	}
}

func (a *album) Photo(_ uint64, n int) ([]byte, bool) {
	if n < 0 || n >= len(a.photos) {
		return nil, false
	}
	return a.photos[n], true
}

// paint draws a person of plain shapes, dx pixels off the middle.
func paint(w, h, dx int) []byte {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	k := float64(w) / 480
	oval := func(cx, cy, rx, ry float64, c color.RGBA) {
		for y := range h {
			for x := range w {
				u, v := (float64(x)-cx*k-float64(dx))/(rx*k), (float64(y)-cy*k)/(ry*k)
				if u*u+v*v <= 1 {
					img.SetRGBA(x, y, c)
				}
			}
		}
	}
	for y := range h {
		for x := range w {
			img.SetRGBA(x, y, color.RGBA{200, 202, 205, 255})
		}
	}
	hair, skin, dark := color.RGBA{70, 50, 40, 255}, color.RGBA{214, 168, 140, 255}, color.RGBA{40, 34, 40, 255}
	oval(240, 680, 230, 180, color.RGBA{46, 88, 110, 255})
	oval(240, 500, 62, 90, color.RGBA{196, 150, 124, 255})
	oval(240, 262, 148, 178, hair)
	oval(240, 296, 126, 168, skin)
	for _, side := range []float64{-1, 1} {
		oval(240+side*52, 282, 22, 10, color.RGBA{246, 246, 246, 255})
		oval(240+side*52, 282, 9, 9, dark)
		oval(240+side*52, 252, 30, 5, hair)
	}
	oval(240, 345, 16, 10, color.RGBA{192, 140, 116, 255})
	oval(240, 398, 40, 8, color.RGBA{168, 84, 84, 255})
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, nil); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// closed is a station that has ended.
type closed struct{ *stage }

func (closed) States(context.Context) iter.Seq[session.State] {
	return func(func(session.State) bool) {}
}

var (
	_ Station  = (*stage)(nil)
	_ Pictures = (*album)(nil)
)
