// SPDX-License-Identifier: EUPL-1.2

package v4l2

import (
	"context"
	"errors"
	"image"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/capture/camera"
	"github.com/fotobox-project/fotobox/hack/lab/usbsim"
)

func needLab(t *testing.T) {
	t.Helper()
	if os.Getenv("FOTOBOX_LAB") == "" {
		t.Skip("needs the lab: make lab")
	}
}

// A bench is a simulated camera and what it is told to send.
type bench struct {
	*usbsim.Camera
	t    *testing.T
	port *usbsim.Port

	mu     sync.Mutex
	frames map[image.Point][]byte
	spoil  func([]byte) []byte
}

// sitters are the frames, coded before, which takes seconds in the lab: cameratest's default sitter
// turned 90 degrees to the left, as image/jpeg codes it with quality 70.
func sitters(t *testing.T) map[image.Point][]byte {
	t.Helper()
	frames := map[image.Point][]byte{}
	files, err := filepath.Glob("testdata/frames/*.jpg")
	if err != nil || len(files) == 0 {
		t.Fatalf("no frames: %v", err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		f, err := inspect(data)
		if err != nil {
			t.Fatal(err)
		}
		frames[f.size] = data
	}
	return frames
}

// rates gives sizes of the usual camera of five megapixels.
func rates(large int) []usbsim.Size {
	return []usbsim.Size{{W: 640, H: 480, FPS: []int{30, 15}}, {W: 1280, H: 960, FPS: []int{15}}, {W: 2592, H: 1944, FPS: []int{large, 5}}}
}

// newBench plugs a camera in. Its large mode has the given rate.
func newBench(t *testing.T, large int) *bench {
	t.Helper()
	needLab(t)
	b := &bench{t: t, frames: sitters(t)}
	b.Camera = &usbsim.Camera{Vendor: 0x1209, Product: 0x0001, Name: "Lab camera", MJPEG: rates(large),
		YUY2: []usbsim.Size{{W: 640, H: 480, FPS: []int{30}}}}
	b.Frame = b.frame
	b.plug()
	t.Cleanup(func() { b.unplug() })
	return b
}

func (b *bench) frame(m usbsim.Mode, n int) []byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !m.MJPEG {
		return make([]byte, 2*m.W*m.H)
	}
	data := b.frames[image.Pt(m.W, m.H)]
	if b.spoil != nil {
		data = b.spoil(data)
	}
	return data
}

func (b *bench) spoils(f func([]byte) []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.spoil = f
}

// plug plugs a new camera of the same kind in: a simulated one works once.
func (b *bench) plug() {
	b.t.Helper()
	c := &usbsim.Camera{Vendor: b.Vendor, Product: b.Product, Name: b.Name, MJPEG: b.MJPEG, YUY2: b.YUY2, Iso: b.Iso, Frame: b.Frame}
	port, err := usbsim.Plug(c, usbsim.HighSpeed, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	b.Camera, b.port = c, port
}

func (b *bench) unplug() {
	if b.port != nil {
		b.port.Unplug()
		b.port = nil
	}
}

// labDevice is the device as a station has it.
func labDevice(t *testing.T, choice string, s Sensor) *Device {
	t.Helper()
	c, err := ParseChoice(choice)
	if err != nil {
		t.Fatal(err)
	}
	return New(c, s)
}

// running plays f with a camera that is kept open.
func running(t *testing.T, d *Device, f func(ctx context.Context, cam *camera.Camera)) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cam := camera.New(d, slog.New(slog.NewTextHandler(t.Output(), nil)))
	ended := make(chan error, 1)
	go func() { ended <- cam.Run(ctx) }()
	f(ctx, cam)
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("Run = %v", err)
	}
}

// await returns the first news that is good or bad as asked for, and when it came.
func await(ctx context.Context, cam *camera.Camera, good bool) (time.Duration, error) {
	began := time.Now()
	for err := range cam.Changes(ctx) {
		if (err == nil) == good {
			return time.Since(began), err
		}
	}
	return time.Since(began), ctx.Err()
}

// TestLabStream: preview and still of the running stream, upright, from the real driver, over both
// kinds of transfer.
func TestLabStream(t *testing.T) {
	for _, iso := range []bool{false, true} {
		b := newBench(t, 15)
		b.unplug()
		b.Iso = iso
		b.plug()
		d := labDevice(t, "usb", Sensor{Rotation: 90})
		running(t, d, func(ctx context.Context, cam *camera.Camera) {
			frame, err := cam.Next(ctx, 0)
			if err != nil {
				t.Fatal(err)
			}
			began, from := time.Now(), frame.Number
			for time.Since(began) < 2*time.Second {
				if frame, err = cam.Next(ctx, frame.Number); err != nil {
					t.Fatal(err)
				}
			}
			rate := float64(frame.Number-from) / time.Since(began).Seconds()
			began = time.Now()
			img, err := cam.Still(ctx)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%s, isochronous %v: preview %v at %.1f/s, still %v in %v, camera has %+v", cam, iso,
				frame.Image.Bounds().Size(), rate, img.Bounds().Size(), time.Since(began).Round(time.Millisecond), b.Mode())
			if b.Mode().W != 2592 || img.Bounds().Size() != image.Pt(1944, 2592) || frame.Image.Bounds().Size() != image.Pt(486, 648) {
				t.Errorf("mode %+v, still %v, preview %v", b.Mode(), img.Bounds(), frame.Image.Bounds())
			}
			if got := cam.String(); got != "Lab camera (1209:0001/CAM0001)" {
				t.Errorf("the camera is %q", got)
			}
		})
		b.unplug()
	}
}

// TestLabModeSwitch: a camera whose large mode is slow changes it for a still; the preview goes on.
func TestLabModeSwitch(t *testing.T) {
	b := newBench(t, 6)
	running(t, labDevice(t, "usb:1209:0001/CAM0001", Sensor{Rotation: 270}), func(ctx context.Context, cam *camera.Camera) {
		frame, err := cam.Next(ctx, 0)
		if err != nil || frame.Image.Bounds().Size() != image.Pt(480, 640) {
			t.Fatalf("preview %v, %v", frame.Image, err)
		}
		for i := range 3 {
			began := time.Now()
			img, err := cam.Still(ctx)
			if err != nil || img.Bounds().Size() != image.Pt(1944, 2592) {
				t.Fatalf("still %d: %v", i, err)
			}
			t.Logf("still %d in %v, camera has %+v", i, time.Since(began).Round(time.Millisecond), b.Mode())
		}
		if frame, err = cam.Next(ctx, frame.Number); err != nil || frame.Image.Bounds().Size() != image.Pt(486, 648) {
			t.Errorf("preview after the stills: %v, %v", frame.Image, err)
		}
		time.Sleep(linger + time.Second)
		if frame, err = cam.Next(ctx, frame.Number); err != nil || frame.Image.Bounds().Size() != image.Pt(480, 640) {
			t.Errorf("preview after a while: %v, %v", frame.Image, err)
		}
		if _, err := await(ctx, cam, true); err != nil {
			t.Errorf("the camera was lost: %v", err)
		}
	})
}

// TestLabFaults: unplugged, frozen, torn, damaged on the way: noticed within two seconds, said, and
// over when it is over.
func TestLabFaults(t *testing.T) {
	b := newBench(t, 15)
	for _, tc := range []struct {
		name      string
		on, off   func()
		says      error
		unnoticed bool
	}{
		{"unplugged", b.unplug, b.plug, errGone, false},
		{"frozen", func() { b.Freeze(true) }, func() { b.Freeze(false) }, errSilent, false},
		{"torn", func() { b.spoils(func(d []byte) []byte { return d[:len(d)/2] }) }, func() { b.spoils(nil) }, errTorn, false},
		{"every second frame damaged", func() { b.ErrorEvery(2) }, func() { b.ErrorEvery(0) }, nil, true},
		{"without tables, and padded", func() {
			b.spoils(func(d []byte) []byte { return append(without(d, markDHT), make([]byte, 777)...) })
		}, func() { b.spoils(nil) }, nil, true},
	} {
		running(t, labDevice(t, "usb", Sensor{Rotation: 90}), func(ctx context.Context, cam *camera.Camera) {
			if _, err := cam.Next(ctx, 0); err != nil {
				t.Fatal(err)
			}
			tc.on()
			if tc.unnoticed {
				time.Sleep(time.Second)
				if _, err := cam.Still(ctx); err != nil {
					t.Errorf("%s: still: %v", tc.name, err)
				}
				if _, err := await(ctx, cam, true); err != nil {
					t.Errorf("%s: %v", tc.name, err)
				}
				tc.off()
				return
			}
			took, err := await(ctx, cam, false)
			if !errors.Is(err, tc.says) || took > 2*time.Second {
				t.Errorf("%s: %v after %v, want %v", tc.name, err, took, tc.says)
			}
			t.Logf("%s: said after %v: %v", tc.name, took.Round(time.Millisecond), err)
			tc.off()
			if took, err = await(ctx, cam, true); err != nil || took > 10*time.Second {
				t.Errorf("%s: back: %v after %v", tc.name, err, took)
			}
			t.Logf("%s: back after %v", tc.name, took.Round(time.Millisecond))
		})
	}
}

// figures are what must not grow.
type figures struct{ goroutines, files, kilobytes int }

func measured(t *testing.T) figures {
	t.Helper()
	debug.FreeOSMemory() // what is left is held
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	memory, err := os.ReadFile("/proc/self/smaps_rollup") // status leaves the driver's buffers out until a thread has had some faults
	if err != nil {
		t.Fatal(err)
	}
	f := figures{goroutines: runtime.NumGoroutine(), files: len(files)}
	for line := range strings.Lines(string(memory)) {
		if rest, ok := strings.CutPrefix(line, "Rss:"); ok {
			f.kilobytes, err = strconv.Atoi(strings.Fields(rest)[0])
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestLabPlugCycles: the camera is pulled and plugged again and again while a station uses it.
func TestLabPlugCycles(t *testing.T) {
	b := newBench(t, 15)
	cycles := 8
	if n, err := strconv.Atoi(os.Getenv("FOTOBOX_LAB_CYCLES")); err == nil {
		cycles = n
	}
	ctx, cancel := context.WithCancel(t.Context())
	cam := camera.New(labDevice(t, "usb", Sensor{Rotation: 90}), slog.New(slog.DiscardHandler))
	ended := make(chan error, 1)
	go func() { ended <- cam.Run(ctx) }()
	var first, last figures
	began, longest, lost := time.Now(), time.Duration(0), 0
	for i := range cycles {
		if took, err := await(ctx, cam, true); err != nil || took > 20*time.Second {
			t.Fatalf("cycle %d: %v after %v", i, err, took)
		}
		if _, err := cam.Next(ctx, 0); err != nil {
			t.Fatal(err)
		}
		if i%10 == 0 {
			for _, err := cam.Still(ctx); err != nil; _, err = cam.Still(ctx) {
				if lost++; !errors.Is(err, camera.ErrAway) || lost > 9 { // a busy machine sends nothing for long
					t.Fatal(err)
				}
				time.Sleep(time.Second)
			}
		}
		last = measured(t)
		if i == cycles/4 {
			first = last
		}
		if i%50 == 0 {
			t.Logf("cycle %d: %+v", i, last)
		}
		b.unplug()
		took, err := await(ctx, cam, false)
		if longest = max(longest, took); took > 2*time.Second {
			t.Errorf("cycle %d: noticed after %v: %v", i, took, err)
		}
		b.plug()
	}
	t.Logf("%d cycles in %v: %+v after a quarter, %+v at the end, noticed after %v at most, lost %d times besides",
		cycles, time.Since(began).Round(time.Second), first, last, longest.Round(time.Millisecond), lost)
	if last.goroutines > first.goroutines+4 || last.files > first.files+2 || last.kilobytes > first.kilobytes*5/4+8<<10 {
		t.Errorf("from %+v to %+v", first, last)
	}
	cancel()
	<-ended
}
