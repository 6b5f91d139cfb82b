// SPDX-License-Identifier: EUPL-1.2

// Package console shows on the station's own HDMI output, drawn on the framebuffer without a browser, what a technician and a stranded citizen need to read.
package console

import (
	"context"
	"errors"
	"image"
	"io"
	"io/fs"
	"log/slog"
	"reflect"
	"time"
)

// A State is all that the screen shows. States that are equal show the same picture.
type State struct {
	Station     string  // the device's name; empty while it has none
	Office      string  // the office's name
	Kiosk       string  // address of the page for the display; empty: none is served
	Maintenance string  // address of the maintenance page; empty: none is served
	Version     string  // of the program
	Waiting     bool    // the station cannot open yet: no display could show anything
	Display     bool    // a display shows the kiosk page
	Faults      []Fault // what does not work, most important first
}

// A Fault is a part that does not work.
type Fault struct {
	Part  string // "camera"
	Words string // what is wrong and what to do, one sentence
}

// code is the address that the QR code holds: a technician's phone goes to the
// maintenance page, or to the kiosk page where there is no other.
func (s State) code() string {
	if s.Maintenance != "" {
		return s.Maintenance
	}
	return s.Kiosk
}

// A Surface is an open framebuffer. Offsets are bytes from the first pixel's.
type Surface interface {
	io.WriterAt
	io.Closer
	// Format is how the pixels lie at this moment; another mode gives another one.
	Format() (Format, error)
}

// band is how many rows are drawn at a time: a whole picture of a large screen
// would take 33 MB.
const band = 64

// A Console keeps the screen up to date.
type Console struct {
	Open  func() (Surface, error)         // the framebuffer; fs.ErrNotExist while no screen is connected
	State func(ctx context.Context) State // what to show
	Every time.Duration                   // how often the state and the screen are looked at
	Log   *slog.Logger                    // what happens to the screen

	surface Surface
	format  Format // of the picture that stands on the surface
	shown   State
	drawn   bool
	said    string
}

func (c *Console) String() string { return "first screen" }

// Run shows the state until ctx ends. A screen that is not there is said once and
// looked for again; nothing is written while nothing changes.
func (c *Console) Run(ctx context.Context) error {
	tick := time.NewTicker(c.Every)
	defer tick.Stop()
	defer c.close()
	for {
		c.step(ctx)
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func (c *Console) step(ctx context.Context) { c.say(c.look(c.State(ctx))) }

// look draws when the state or the screen has changed.
func (c *Console) look(s State) error {
	if c.surface == nil {
		surface, err := c.Open()
		if err != nil {
			return err
		}
		c.surface, c.drawn = surface, false
	}
	f, err := c.surface.Format()
	if err == nil && (!c.drawn || f != c.format || !reflect.DeepEqual(s, c.shown)) {
		err = show(c.surface, f, Lay(s, f.Size))
	}
	if err != nil {
		c.close()
		return err
	}
	c.format, c.shown, c.drawn = f, s, true
	return nil
}

// show draws the page band by band.
func show(w io.WriterAt, f Format, p Page) error {
	part := image.NewRGBA(image.Rect(0, 0, f.Size.X, band))
	for y := 0; y < f.Size.Y; y += band {
		part.Rect = image.Rect(0, y, f.Size.X, min(y+band, f.Size.Y))
		p.Draw(part)
		if err := f.blit(w, part); err != nil {
			return err
		}
	}
	return nil
}

// say logs what happens to the screen, each thing once.
func (c *Console) say(err error) {
	words := "screen drawn"
	switch {
	case errors.Is(err, fs.ErrNotExist):
		words = "no screen is connected to the station itself"
	case err != nil:
		words = err.Error()
	}
	if words != c.said {
		c.said = words
		c.Log.Info("first screen", "what", words)
	}
}

func (c *Console) close() {
	if c.surface != nil {
		_ = c.surface.Close() // the screen is gone or the program ends
		c.surface = nil
	}
}
