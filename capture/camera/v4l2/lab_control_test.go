// SPDX-License-Identifier: EUPL-1.2

package v4l2

import (
	"bytes"
	"context"
	"image"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/capture/camera"
	"github.com/fotobox-project/fotobox/hack/lab/usbsim"
)

// TestLabControls: the settings arrive in the camera, and bad ones are named with its own ranges.
func TestLabControls(t *testing.T) {
	b := newBench(t, 15)
	s := all()
	s.Rotation = 90
	running(t, labDevice(t, "usb:lab", s), func(ctx context.Context, cam *camera.Camera) {
		if _, err := cam.Next(ctx, 0); err != nil {
			t.Fatal(err)
		}
		for name, want := range map[uint16]int32{
			usbsim.AEMode: 1, usbsim.ExposureAbs: 156, usbsim.Gain: 17, usbsim.WhiteTempAuto: 0, usbsim.WhiteTemp: 4600,
			usbsim.FocusAuto: 0, usbsim.FocusAbs: 35, usbsim.PowerLine: 1,
		} {
			if got := b.ControlValue(name); got != want {
				t.Errorf("control %#x is %d, want %d", name, got, want)
			}
		}
	})
	running(t, labDevice(t, "usb", Sensor{Rotation: 90, Exposure: Fixed(9999)}), func(ctx context.Context, cam *camera.Camera) {
		if _, err := await(ctx, cam, false); !strings.Contains(err.Error(), "exposure = 9999: this camera takes 3 to 2047 in steps of 1") {
			t.Errorf("got %v", err)
		}
	})
}

// even is a frame of one brightness, made of one row of blocks over and over.
func even(t *testing.T, size image.Point, luma uint8) []byte {
	t.Helper()
	strip := image.NewYCbCr(image.Rect(0, 0, size.X, 16), image.YCbCrSubsampleRatio420)
	for i := range strip.Y {
		strip.Y[i] = luma
	}
	for i := range strip.Cb {
		strip.Cb[i], strip.Cr[i] = 128, 128
	}
	out := restarting(t, strip)
	f, err := inspect(out)
	if err != nil {
		t.Fatal(err)
	}
	_, header := segment(out, f.scan)
	row := out[f.scan+4+len(header) : f.end-2]
	out = out[:f.end-2]
	for n := range (size.Y+15)/16 - 1 {
		out = append(append(out, 0xff, markRST|byte(n)&7), row...)
	}
	at := bytes.Index(out, []byte{0xff, 0xc0})
	out[at+5], out[at+6] = byte(size.Y>>8), byte(size.Y)
	return append(out, 0xff, markEOI)
}

// TestLabMeter: the camera shows what its own exposure and gain make of a face in too much and in
// too little light; the metering sets them until it comes out well, and then leaves them.
func TestLabMeter(t *testing.T) {
	b := newBench(t, 15)
	var levels [16][]byte
	for i := range levels {
		levels[i] = even(t, image.Pt(2592, 1944), uint8(20+i*15))
	}
	var light atomic.Value
	light.Store(0.0)
	exposed := func() float64 {
		return scene{light: light.Load().(float64), wall: 1, law: laws()["exponential"]}.
			reading(exposure{b.ControlValue(usbsim.ExposureAbs), b.ControlValue(usbsim.Gain)}).face
	}
	b.Frame = func(usbsim.Mode, int) []byte { return levels[min(max(int(exposed()-20)/15, 0), 15)] }
	b.unplug()
	b.plug()
	for _, l := range []float64{0.02, 0.0001} {
		light.Store(l)
		running(t, labDevice(t, "usb", Sensor{Rotation: 90}), func(ctx context.Context, cam *camera.Camera) {
			var n uint64
			began := time.Now()
			for time.Since(began) < 8*time.Second {
				frame, err := cam.Next(ctx, n)
				if err != nil {
					t.Fatal(err)
				}
				n = frame.Number
				cam.Meter(image.Rect(140, 160, 340, 360))
			}
			time, gain := b.ControlValue(usbsim.ExposureAbs), b.ControlValue(usbsim.Gain)
			t.Logf("light %v: luma %.0f with exposure %d and gain %d", l, exposed(), time, gain)
			if got := exposed(); got < faceDark-15 || got > faceBright+15 || time > longest || b.ControlValue(usbsim.AEMode) != 1 {
				t.Error("the face does not come out well")
			}
		})
	}
}

// TestLabMute: a camera that answers no control request is out of order, and works when it answers.
func TestLabMute(t *testing.T) {
	b := newBench(t, 15)
	d := labDevice(t, "usb", Sensor{Rotation: 90})
	running(t, d, func(ctx context.Context, cam *camera.Camera) {
		frame, err := cam.Next(ctx, 0)
		if err != nil {
			t.Fatal(err)
		}
		b.Mute(true)
		began := time.Now()
		for time.Since(began) < 3*time.Second { // metering hangs, pictures do not
			if frame, err = cam.Next(ctx, frame.Number); err != nil {
				t.Fatal(err)
			}
			cam.Meter(frame.Image.Bounds())
		}
		if _, err := await(ctx, cam, true); err != nil {
			t.Errorf("pictures stopped: %v", err)
		}
	})
	running(t, d, func(ctx context.Context, cam *camera.Camera) {
		took, err := await(ctx, cam, false)
		t.Logf("opening a mute camera: %v after %v", err, took.Round(time.Millisecond))
		b.Mute(false)
		took, err = await(ctx, cam, true)
		t.Logf("works after %v: %v", took.Round(time.Millisecond), err)
		if err != nil {
			t.Error(err)
		}
	})
}
