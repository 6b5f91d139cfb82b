// SPDX-License-Identifier: EUPL-1.2

package console

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io/fs"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// memory is a framebuffer that is not on any screen.
type memory struct {
	data   []byte
	format Format
	writes int
	closed bool
	fault  error
}

func (m *memory) WriteAt(b []byte, at int64) (int, error) {
	m.writes++
	if m.fault != nil {
		return 0, m.fault
	}
	return copy(m.data[at:], b), nil
}

func (m *memory) Close() error { m.closed = true; return nil }

func (m *memory) Format() (Format, error) { return m.format, m.fault }

// trueColour is the usual format: blue in the lowest byte, rows with a gap behind them.
func trueColour(size image.Point, bits int) Format {
	f := Format{Size: size, Stride: size.X*bits/8 + 64, Bits: bits, Red: Field{16, 8}, Green: Field{8, 8}, Blue: Field{0, 8}}
	if bits == 16 {
		f.Red, f.Green, f.Blue = Field{11, 5}, Field{5, 6}, Field{0, 5}
	}
	return f
}

// TestBlit: each format gets the picture's colours where it keeps them, the gap
// between rows stays as it was, and a screen that has been moved is written where it stands.
func TestBlit(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 1, 3, 3))
	for i := range img.Pix {
		img.Pix[i] = byte(i*37 + 11)
	}
	for _, bits := range []int{16, 24, 32} {
		f := trueColour(image.Pt(3, 3), bits)
		f.Start = 6
		if err := f.check(); err != nil {
			t.Fatal(err)
		}
		m := memory{data: bytes.Repeat([]byte{0xee}, 6+3*f.Stride)}
		if err := f.blit(&m, img); err != nil {
			t.Fatal(err)
		}
		touched := map[int]bool{}
		for y := 1; y < 3; y++ {
			for x := range 3 {
				at := 6 + y*f.Stride + x*bits/8
				v := uint32(0)
				for k := range bits / 8 {
					touched[at+k] = true
					v |= uint32(m.data[at+k]) << (8 * k)
				}
				c := img.RGBAAt(x, y)
				want := uint32(c.R)<<16 | uint32(c.G)<<8 | uint32(c.B)
				if bits == 16 {
					want = uint32(c.R)>>3<<11 | uint32(c.G)>>2<<5 | uint32(c.B)>>3
				}
				if v != want {
					t.Errorf("%d bits, pixel %d,%d: got %#x, want %#x", bits, x, y, v, want)
				}
			}
		}
		for at, v := range m.data {
			if !touched[at] && v != 0xee {
				t.Errorf("%d bits: byte %d outside the picture was written", bits, at)
			}
		}
	}
}

func TestFormatsThatCannotBeWritten(t *testing.T) {
	for name, change := range map[string]func(*Format){
		"palette":      func(f *Format) { f.Bits = 8 },
		"ten bits":     func(f *Format) { f.Red.Length = 10 },
		"out of pixel": func(f *Format) { f.Red.Offset = 28 },
		"short rows":   func(f *Format) { f.Stride = 10 },
		"no pixels":    func(f *Format) { f.Size.Y = 0 },
	} {
		f := trueColour(image.Pt(640, 480), 32)
		change(&f)
		if f.check() == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// scene is a console, its screen, and what it said.
type scene struct {
	*Console
	screen *memory
	state  State
	there  bool
	log    bytes.Buffer
}

func newScene() *scene {
	f := trueColour(image.Pt(640, 480), 32)
	s := &scene{screen: &memory{data: make([]byte, f.Stride*480), format: f}, state: states()["works"], there: true}
	s.Console = &Console{
		Open: func() (Surface, error) {
			if !s.there {
				return nil, fmt.Errorf("/dev/fb0: %w", fs.ErrNotExist)
			}
			return s.screen, nil
		},
		State: func(context.Context) State { return s.state }, Every: time.Second, Log: slog.New(slog.NewTextHandler(&s.log, nil)),
	}
	return s
}

// after takes so many looks and gives the rows that they wrote.
func (s *scene) after(looks int) int {
	before := s.screen.writes
	for range looks {
		s.step(context.Background())
	}
	return s.screen.writes - before
}

// TestRedrawnOnlyOnChange: idle hours write nothing; a change is on the screen at the next look.
func TestRedrawnOnlyOnChange(t *testing.T) {
	s := newScene()
	if n := s.after(1); n != 480 {
		t.Errorf("at first: %d rows written, want 480", n)
	}
	if n := s.after(3600); n != 0 {
		t.Errorf("an idle hour wrote %d rows", n)
	}
	s.state.Display = false
	if n := s.after(1); n != 480 {
		t.Errorf("after a change: %d rows written, want 480", n)
	}
	s.screen.format.Size = image.Pt(320, 240)
	if n := s.after(1); n != 240 {
		t.Errorf("after a change of mode: %d rows written, want 240", n)
	}
}

// TestScreenComesAndGoes: none is said once, one that is plugged in later is used,
// one that fails is opened again.
func TestScreenComesAndGoes(t *testing.T) {
	s := newScene()
	s.there = false
	s.after(3600)
	if n := strings.Count(s.log.String(), "no screen is connected"); n != 1 {
		t.Errorf("said %d times that there is no screen, want once:\n%s", n, &s.log)
	}
	s.there = true
	if n := s.after(1); n != 480 {
		t.Errorf("plugged in: %d rows written, want 480", n)
	}
	s.screen.fault = errors.New("input/output error")
	s.after(10)
	if n := strings.Count(s.log.String(), "input/output error"); n != 1 || !s.screen.closed {
		t.Errorf("said %d times that the screen fails, want once; closed: %v\n%s", n, s.screen.closed, &s.log)
	}
	s.screen.fault = nil
	if n := s.after(1); n != 480 {
		t.Errorf("back: %d rows written, want 480", n)
	}
}

// TestRun: it draws until its context ends and gives the screen back.
func TestRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		s := newScene()
		done := make(chan error)
		go func() { done <- s.Run(ctx) }()
		time.Sleep(time.Minute)
		cancel()
		if err := <-done; err != nil || !s.screen.closed || s.screen.writes != 480 {
			t.Errorf("ended with %v, screen closed: %v, %d rows written", err, s.screen.closed, s.screen.writes)
		}
	})
}
