// SPDX-License-Identifier: EUPL-1.2

package cameratest_test

import (
	"context"
	"errors"
	"image/color"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/capture/camera"
	"github.com/fotobox-project/fotobox/capture/camera/cameratest"
)

// Each simulated device behaves as camera.Device and camera.Stream promise.
func TestConformance(t *testing.T) {
	devices := map[string]func(t *testing.T) camera.Device{
		"live": func(*testing.T) camera.Device { return cameratest.Live(cameratest.Default()) },
		"folder": func(t *testing.T) camera.Device {
			d, err := cameratest.Folder(folder(t, map[string][]byte{"a.jpg": plain(300, 400, color.Gray{Y: 20})}))
			if err != nil {
				t.Fatal(err)
			}
			return d
		},
	}
	for name, device := range devices {
		t.Run(name, func(t *testing.T) {
			d := device(t)
			if d.String() == "" {
				t.Error("the device has no name")
			}
			for range 2 { // it can be opened again
				conform(t, d)
			}
		})
	}
}

func conform(t *testing.T, d camera.Device) {
	t.Helper()
	opening, cancel := context.WithCancel(t.Context())
	stream, err := d.Open(opening)
	if err != nil {
		t.Fatal(err)
	}
	cancel() // the opening's context ends with it; the stream lives on
	for range 3 {
		frame, err := stream.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if size := frame.Image.Bounds().Size(); size.X != 480 || size.Y != 640 {
			t.Errorf("preview of %v, want 480x640", size)
		}
		if age := time.Since(frame.Taken); age < 0 || age > time.Minute {
			t.Errorf("frame is %v old", age)
		}
	}
	still, err := stream.Still(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if size := still.Bounds().Size(); size.X != camera.MinWidth || size.Y != camera.MinHeight {
		t.Errorf("still of %v, want %dx%d", size, camera.MinWidth, camera.MinHeight)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := stream.Next(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("Next after its context ended: %v", err)
	}
	if _, err := stream.Still(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("Still after its context ended: %v", err)
	}
	if err := stream.Close(); err != nil {
		t.Error(err)
	}
}
