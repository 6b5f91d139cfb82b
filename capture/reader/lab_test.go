// SPDX-License-Identifier: EUPL-1.2

package reader

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/hack/lab/usbsim"
)

// The tests of this file run as the only program of a real kernel, with its drivers for USB/IP, HID,
// evdev and uinput.

// rig is a running Scanner on the kernel's devices.
type rig struct {
	*Scanner
	t     *testing.T
	scans chan string
}

func newRig(t *testing.T) *rig {
	t.Helper()
	if os.Getenv("FOTOBOX_LAB") == "" {
		t.Skip("needs the lab: make lab")
	}
	r := &rig{t: t, scans: make(chan string, 16)}
	r.Scanner = NewScanner(ScannerSettings{}, func(text string) { r.scans <- text }, slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return r
}

// attached waits until so many scanners are read.
func (r *rig) attached(n int) time.Duration {
	r.t.Helper()
	began := time.Now()
	for time.Since(began) < 20*time.Second {
		if len(r.Attached()) == n {
			return time.Since(began)
		}
		time.Sleep(time.Millisecond)
	}
	r.t.Fatalf("%q are attached after 20 s, want %d", r.Attached(), n)
	return 0
}

func (r *rig) scan(want string) {
	r.t.Helper()
	select {
	case got := <-r.scans:
		if got != want {
			r.t.Errorf("got %q, want %q", got, want)
		}
	case <-time.After(20 * time.Second):
		r.t.Fatalf("no scan in 20 s, want %q", want)
	}
}

func (r *rig) nothing() {
	r.t.Helper()
	select {
	case got := <-r.scans:
		r.t.Errorf("got %q, want nothing", got)
	case <-time.After(2 * scanPause):
	}
}

// plug plugs in a USB scanner.
func plug(t *testing.T) (*usbsim.Scanner, *usbsim.Port) {
	t.Helper()
	s := &usbsim.Scanner{Vendor: 0x05e0, Product: 0x1200, Name: "Lab scanner"}
	p, err := usbsim.Plug(s, usbsim.FullSpeed, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s, p
}

// node is the device file of the plugged scanner.
func node(t *testing.T) string {
	t.Helper()
	names, err := filepath.Glob("/sys/class/input/event*/device/name")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if data, err := os.ReadFile(name); err == nil && strings.Contains(string(data), "Lab scanner") {
			return filepath.Join("/dev/input", filepath.Base(filepath.Dir(filepath.Dir(name))))
		}
	}
	t.Fatal("no input device of the scanner")
	return ""
}

// TestLabScanner: a code of a USB scanner arrives whole, and nobody else reads it.
func TestLabScanner(t *testing.T) {
	r := newRig(t)
	s, p := plug(t)
	defer func() { p.Unplug() }() // whichever it is then
	t.Logf("plugged: read after %v", r.attached(1))
	other, err := os.OpenFile(node(t), os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	s.Scan("FB1:K7M2-9XZ4Y/A.B", time.Millisecond)
	r.scan("FB1:K7M2-9XZ4Y/A.B")
	burst := strings.Repeat("ABC-123:", 30)
	s.Scan(burst, time.Millisecond) // what USB at full speed allows
	r.scan(burst)
	if err := other.SetReadDeadline(time.Now().Add(100 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if n, err := other.Read(make([]byte, 64*eventSize)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("a second reader got %d bytes, %v, want none", n, err)
	}
	if _, err := grab(node(t)); !errors.Is(err, syscall.EBUSY) {
		t.Errorf("a second grab: got %v, want %v", err, syscall.EBUSY)
	}
	p.Unplug()
	t.Logf("unplugged: noticed after %v", r.attached(0))
	s, p = plug(t)
	r.attached(1)
	s.Scan("AGAIN", time.Millisecond)
	r.scan("AGAIN")
	p.Unplug()
	r.attached(0)
}

// held is what must not grow.
type held struct{ files, threads, goroutines, heap int }

func holding(t *testing.T) held {
	t.Helper()
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	threads, err := os.ReadDir("/proc/self/task")
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		runtime.GC()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return held{len(files), len(threads), runtime.NumGoroutine(), int(m.HeapAlloc)}
}

// TestLabPlugCycles: scanners that come and go leave nothing behind.
func TestLabPlugCycles(t *testing.T) {
	r := newRig(t)
	cycles := 12
	if n, err := strconv.Atoi(os.Getenv("FOTOBOX_LAB_CYCLES")); err == nil {
		cycles = n
	}
	var before, after held
	for i := range cycles {
		s, p := plug(t)
		r.attached(1)
		time.Sleep(100 * time.Millisecond) // HID drops what comes before its probe has ended
		s.Scan("CYCLE", time.Millisecond)
		r.scan("CYCLE")
		p.Unplug()
		r.attached(0)
		if after = holding(t); i == min(cycles/2, 9) {
			before = after
		}
	}
	t.Logf("%d cycles: %+v, then %+v", cycles, before, after)
	if after.files > before.files || after.threads > before.threads+3 || after.goroutines > before.goroutines+1 || after.heap > before.heap+1<<20 {
		t.Errorf("after %d cycles: %+v, want as after the first ten: %+v", cycles, after, before)
	}
}

// A virtual keyboard is one of uinput, whose events come as fast as they are written.
type virtual struct {
	t *testing.T
	f *os.File
}

// newVirtual makes a keyboard on USB, or on another bus.
func newVirtual(t *testing.T, bus uint16, last uintptr) virtual {
	t.Helper()
	f, err := os.OpenFile("/dev/uinput", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	v := virtual{t, f}
	const setEventBit, setKeyBit, create = 0x40045564, 0x40045565, 0x5501
	v.ioctl(setEventBit, typeKey)
	for key := uintptr(1); key <= last; key++ {
		v.ioctl(setKeyBit, key)
	}
	var device struct { // struct uinput_user_dev
		Name                          [80]byte
		Bus, Vendor, Product, Version uint16
		Effects                       uint32
		Axes                          [4 * 64]int32
	}
	copy(device.Name[:], "Virtual keyboard")
	device.Bus, device.Vendor, device.Product = bus, 0x1234, 0x5678
	if err := binary.Write(f, binary.LittleEndian, device); err != nil {
		t.Fatal(err)
	}
	v.ioctl(create, 0)
	return v
}

func (v virtual) ioctl(request, value uintptr) {
	v.t.Helper()
	if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, v.f.Fd(), request, value); errno != 0 {
		v.t.Fatal(errno)
	}
}

// write writes all events at once: nobody reads meanwhile.
func (v virtual) write(events []event) {
	v.t.Helper()
	var b bytes.Buffer
	for _, e := range events {
		b.Write(make([]byte, 16))
		if err := binary.Write(&b, binary.LittleEndian, []uint16{e.kind, e.code, uint16(e.value), 0}); err != nil {
			v.t.Fatal(err)
		}
	}
	if _, err := v.f.Write(b.Bytes()); err != nil {
		v.t.Fatal(err)
	}
}

// TestLabFlood: of a scan that the kernel could not keep nothing is told, and the next one is whole.
func TestLabFlood(t *testing.T) {
	r := newRig(t)
	v := newVirtual(t, 3, 120)
	r.attached(1)
	v.write(append(typed(t, usKeyboard(), strings.Repeat("ABC123", 40)), enter()...))
	r.nothing()
	v.write(append(typed(t, usKeyboard(), "NEXT"), enter()...))
	r.scan("NEXT")
	v.write(typed(t, usKeyboard(), "noenter89"))
	r.scan("noenter89")
	if err := v.f.Close(); err != nil {
		t.Fatal(err)
	}
	r.attached(0)
}

// TestLabOthers: keys that are no scanner's are left to others.
func TestLabOthers(t *testing.T) {
	r := newRig(t)
	defer newVirtual(t, 3, 28).f.Close()     // keys on USB, but too few
	defer newVirtual(t, 0x11, 120).f.Close() // a keyboard of the machine's own
	last := newVirtual(t, 5, 120)            // one by Bluetooth
	defer last.f.Close()
	r.attached(1)
	r.nothing()
	if got := r.Attached(); len(got) != 1 {
		t.Errorf("attached %q, want one", got)
	}
}
