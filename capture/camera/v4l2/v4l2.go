// SPDX-License-Identifier: EUPL-1.2

// Package v4l2 drives USB cameras (USB Video Class) through the kernel's Video4Linux2.
package v4l2

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/blackjack/webcam"

	"github.com/fotobox-project/fotobox/capture/camera"
	"github.com/fotobox-project/fotobox/internal/kmod"
)

var (
	_ camera.Device   = (*Device)(nil)
	_ camera.Stream   = (*stream)(nil)
	_ camera.Metering = (*stream)(nil)
)

// A Device is one USB camera, wherever it is plugged in. It finds the camera anew at each opening:
// after a replug it has another node.
type Device struct {
	choice Choice
	sensor Sensor
	kernel kernel
	list   func() []node
	load   func() error // the camera's kernel modules, once

	mu   sync.Mutex
	name string          // of the camera that was opened last
	how  string          // it was opened
	last <-chan struct{} // closed when the last stream has been let go
}

// New returns the device for a camera, set as sensor says. It touches nothing yet. The sensor has
// been checked.
func New(c Choice, s Sensor) *Device {
	return &Device{
		choice: c, sensor: s, kernel: linux{},
		list: func() []node { return nodes("/sys/class/video4linux") },
		load: sync.OnceValue(func() error { return kmod.Load("uvcvideo") }),
	}
}

// String names the camera as it names itself, with vendor, product and serial number, as soon as
// it has been opened once; before that it is what the settings say.
func (d *Device) String() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.name == "" {
		return d.choice.String()
	}
	return d.name
}

// Details says in which mode the camera was opened last, what its controls were then and what they
// can be, in the words of the settings: "MJPEG 2592x1944 at 15/s, exposure 250 of 3 to 2047".
func (d *Device) Details() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.how
}

// Open implements camera.Device: it finds the camera, starts the preview and sets the controls. The
// error is a sentence that says what to do.
func (d *Device) Open(ctx context.Context) (camera.Stream, error) {
	released := make(chan struct{})
	if err := d.wait(ctx, released); err != nil {
		return nil, err
	}
	var s *stream
	opened, left := make(chan error), make(chan struct{})
	go func() { // the kernel may keep it for longer than ctx lives
		var err error
		s, err = d.open(ctx, released)
		select {
		case opened <- err:
		case <-left:
			if err == nil {
				s.end()
			}
		}
	}()
	select {
	case err := <-opened:
		if err != nil {
			return nil, err
		}
		return s, nil
	case <-ctx.Done():
		close(left)
		return nil, errHangs
	}
}

// wait waits until the kernel has let go of the last opening, and says when it will have of this.
func (d *Device) wait(ctx context.Context, released <-chan struct{}) error {
	d.mu.Lock()
	last := d.last
	d.mu.Unlock()
	if last != nil {
		select {
		case <-last:
		case <-ctx.Done():
			return errHangs
		}
	}
	d.mu.Lock()
	d.last = released
	d.mu.Unlock()
	return nil
}

// open closes released where it fails; the stream does it at its end.
func (d *Device) open(ctx context.Context, released chan struct{}) (*stream, error) {
	n, p, err := d.find()
	if err != nil {
		close(released)
		return nil, err
	}
	source, err := d.kernel.start(n.path, p.preview)
	if err != nil {
		close(released)
		return nil, fmt.Errorf("%s: %w", n, explain(err))
	}
	s := newStream(d.kernel, n, p, d.sensor.Rotation, released)
	s.put(newFeed(source, p.preview, 0), nil)
	values, err := d.set(ctx, s)
	if err != nil {
		s.end()
		return nil, fmt.Errorf("%s: %w", n, err)
	}
	d.mu.Lock()
	d.name, d.how = n.String(), strings.Join(append([]string{p.still.String()}, values...), ", ")
	d.mu.Unlock()
	return s, nil
}

// find gives the camera's node and how to use it.
func (d *Device) find() (node, plan, error) {
	list := d.list()
	var driver error
	if !slices.ContainsFunc(list, node.usb) { // the Raspberry Pi has nodes of its own, for its codecs
		driver = d.load()
		list = d.list()
	}
	n, modes, err := find(list, d.choice, d.kernel.modes)
	if err != nil && driver != nil {
		return node{}, plan{}, fmt.Errorf("%w (%w)", err, driver)
	}
	if err != nil {
		return node{}, plan{}, err
	}
	p, err := choose(modes, d.sensor.Rotation)
	if err != nil {
		return node{}, plan{}, fmt.Errorf("%s: %w", n, err)
	}
	return n, p, nil
}

// set sets the controls as the settings say, gives their values then, and prepares the metering
// where the settings ask for it.
func (d *Device) set(ctx context.Context, s *stream) (values []string, err error) {
	s.knobs, err = newKnobs(ctx, func() (panel, error) { return d.kernel.controls(s.node.path) })
	if err != nil {
		return nil, err
	}
	var can map[webcam.ControlID]webcam.Control
	err = s.knobs.do(ctx, func(p panel) error {
		can = p.GetControls()
		writes, err := d.sensor.writes(can)
		if err != nil {
			return err
		}
		if err := apply(p, writes); err != nil {
			return err
		}
		values = describe(p, can)
		return nil
	})
	if err != nil {
		return nil, err
	}
	s.light = newLight(s.knobs, d.sensor, can)
	return values, nil
}
