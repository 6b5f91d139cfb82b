// SPDX-License-Identifier: EUPL-1.2

package v4l2

import (
	"errors"
	"image"
	"sync"
	"testing"
	"time"

	"github.com/blackjack/webcam"
	"golang.org/x/sys/unix"
)

// A fake is a kernel with one camera, or none while it is away.
type fake struct {
	list  []mode
	sends map[mode][]byte
	knobs *board

	mu      sync.Mutex
	away    bool
	frozen  bool
	spoil   func([]byte) []byte // nil: frames are good
	refuse  error               // of the next starts
	hangs   time.Duration       // of each start and wait
	running int                 // opened streams
	starts  []mode
	grabbed int // frames that were handed out
}

// camera5 is a camera of five megapixels with those modes.
func camera5(t testing.TB, list ...mode) *fake {
	f := &fake{list: list, sends: map[mode][]byte{}, knobs: newBoard()}
	for _, m := range list {
		if m.format == yuyv {
			f.sends[m] = make([]byte, 2*area(m.size))
		} else {
			f.sends[m] = coloured(t, m.size)
		}
	}
	return f
}

// device is a Device on the fake.
func (f *fake) device(s Sensor) *Device {
	d := New(Choice{}, s)
	d.kernel, d.load = f, func() error { return errors.New("no modules") }
	d.list = func() []node {
		f.mu.Lock()
		defer f.mu.Unlock()
		if f.away {
			return nil
		}
		return []node{{path: "/dev/video0", name: "Fake", device: "1-1", id: "1209:0001", serial: "F1"}}
	}
	return d
}

// does changes the camera.
func (f *fake) does(change func(*fake)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(f)
}

// now is what was done so far.
func (f *fake) now() (starts []mode, running int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]mode(nil), f.starts...), f.running
}

func (f *fake) modes(string) ([]mode, error) { return f.list, nil }

func (f *fake) start(_ string, m mode) (source, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.hang()
	if f.refuse != nil {
		return nil, f.refuse
	}
	if f.away {
		return nil, unix.ENODEV
	}
	if f.running > 0 {
		return nil, errors.New("Failed to start streaming: device or resource busy")
	}
	f.running++
	f.starts = append(f.starts, m)
	return &fakeSource{fake: f, mode: m}, nil
}

// hang sleeps without the lock.
func (f *fake) hang() {
	hangs := f.hangs
	f.mu.Unlock()
	time.Sleep(hangs)
	f.mu.Lock()
}

func (f *fake) controls(string) (panel, error) { return f.knobs, nil }

type fakeSource struct {
	*fake
	mode mode
}

func (s *fakeSource) WaitForFrame(seconds uint32) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hang()
	switch {
	case s.away:
		return nil // as the kernel does
	case s.frozen:
		s.mu.Unlock()
		time.Sleep(time.Duration(seconds) * time.Second)
		s.mu.Lock()
		return new(webcam.Timeout)
	}
	s.mu.Unlock()
	time.Sleep(time.Duration(float64(time.Second) / s.mode.rate))
	s.mu.Lock()
	return nil
}

func (s *fakeSource) GetFrame() ([]byte, uint32, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.away {
		return nil, 0, unix.ENODEV
	}
	s.grabbed++
	data := s.sends[s.mode]
	if s.spoil != nil {
		data = s.spoil(data)
	}
	return data, 0, nil
}

func (s *fakeSource) ReleaseFrame(uint32) error { return nil }

func (s *fakeSource) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running--
	return nil
}

// A board is the controls of a camera, which remembers what was set.
type board struct {
	mu     sync.Mutex
	ranges map[webcam.ControlID]webcam.Control
	values map[webcam.ControlID]int32
	set    []webcam.ControlID
	mute   bool
	closed int
}

func newBoard() *board {
	return &board{
		ranges: map[webcam.ControlID]webcam.Control{
			powerLine: {Max: 2}, exposureAuto: {Max: 3}, exposureTime: {Min: 3, Max: 2047, Step: 1}, gain: {Max: 255, Step: 1},
			autoWhite: {Max: 1}, whiteKelvin: {Min: 2000, Max: 6500, Step: 1}, autoFocus: {Max: 1}, focusPosition: {Max: 250, Step: 5},
		},
		values: map[webcam.ControlID]int32{
			powerLine: 2, exposureAuto: 3, exposureTime: 250, autoWhite: 1, whiteKelvin: 4000, autoFocus: 1,
		},
	}
}

func (b *board) GetControls() map[webcam.ControlID]webcam.Control {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.ranges
}

func (b *board) GetControl(id webcam.ControlID) (int32, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.wait(); err != nil {
		return 0, err
	}
	return b.values[id], nil
}

// wait is the kernel's five seconds for a camera that does not answer.
func (b *board) wait() error {
	if !b.mute {
		return nil
	}
	b.mu.Unlock()
	time.Sleep(5 * time.Second)
	b.mu.Lock()
	return unix.ETIMEDOUT
}

// SetControl refuses values while they are automatic, and rounds, as uvcvideo does.
func (b *board) SetControl(id webcam.ControlID, value int32) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.wait(); err != nil {
		return err
	}
	if id == exposureTime && b.values[exposureAuto] != exposeManual || id == whiteKelvin && b.values[autoWhite] != 0 ||
		id == focusPosition && b.values[autoFocus] != 0 {
		return unix.EACCES
	}
	if r := b.ranges[id]; r.Step > 1 {
		value = r.Min + (value-r.Min+r.Step/2)/r.Step*r.Step
	}
	b.values[id] = value
	b.set = append(b.set, id)
	return nil
}

func (b *board) value(id webcam.ControlID) int32 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.values[id]
}

func (b *board) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed++
	return nil
}

// writes is how often a control was set.
func (b *board) writes() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.set)
}

// times is how often the controls were closed.
func (b *board) times() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.closed
}

// The modes of the fakes.
var (
	small15 = mode{mjpeg, image.Pt(640, 480), 15}
	large15 = mode{mjpeg, image.Pt(2592, 1944), 15}
	large6  = mode{mjpeg, image.Pt(2592, 1944), 6}
	raw12   = mode{yuyv, image.Pt(2592, 1944), 12}
)
