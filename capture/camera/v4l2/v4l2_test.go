// SPDX-License-Identifier: EUPL-1.2

package v4l2

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fotobox-project/fotobox/capture/camera"
)

func TestOpenFails(t *testing.T) {
	for _, tc := range []struct {
		name   string
		fault  func(*fake)
		sensor Sensor
		want   string
	}{
		{"nothing there", func(k *fake) { k.away = true }, Sensor{}, "no USB camera is there; plug it in, or try another cable (no modules)"},
		{"not on its side", func(*fake) {}, Sensor{}, "Fake (1209:0001/F1): upright stills have at most 1458x1944 pixels"},
		{"busy", func(k *fake) { k.running = 1 }, Sensor{Rotation: 90}, "another program uses the camera"},
		{"mute", func(k *fake) { k.knobs.mute = true }, Sensor{Rotation: 90}, "the camera does not answer when it is set"},
		{"hangs", func(k *fake) { k.hangs = time.Minute }, Sensor{Rotation: 90}, "the camera hangs"},
		{"no such value", func(*fake) {}, Sensor{Rotation: 90, Focus: Fixed(300)}, "focus = 300: this camera takes 0 to 250 in steps of 5"},
	} {
		synctest.Test(t, func(t *testing.T) {
			k := camera5(t, large15)
			tc.fault(k)
			busy := k.running
			d := k.device(tc.sensor)
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			if _, err := d.Open(ctx); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%s: Open = %v, want %s", tc.name, err, tc.want)
			}
			time.Sleep(2 * time.Minute)
			if _, running := k.now(); running != busy {
				t.Errorf("%s: %d streams are left open", tc.name, running)
			}
		})
	}
}

// TestOpenWaits: a camera whose kernel has not let go of it yet is not opened twice.
func TestOpenWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := camera5(t, large15)
		d := k.device(Sensor{Rotation: 90})
		s, err := d.Open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		k.does(func(k *fake) { k.hangs = 5 * time.Second })
		time.Sleep(time.Second)
		began := time.Now()
		if err := s.Close(); !errors.Is(err, errHangs) || time.Since(began) > closeTime {
			t.Errorf("Close = %v after %v, want a second at most", err, time.Since(began))
		}
		k.does(func(k *fake) { k.hangs = 0 })
		if s, err = d.Open(t.Context()); err != nil || time.Since(began) < 3*time.Second {
			t.Errorf("Open = %v after %v, want when the kernel has let go", err, time.Since(began))
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		time.Sleep(time.Minute)
	})
}

// TestCameraComesBack: unplugged, frozen, mute: the camera works again by itself each time.
func TestCameraComesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := camera5(t, small15, large6)
		cam := camera.New(k.device(Sensor{Rotation: 90}), slog.New(slog.DiscardHandler))
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- cam.Run(ctx) }()
		for _, fault := range []struct {
			does func(k *fake, on bool)
			says error
		}{
			{func(k *fake, on bool) { k.away = on }, errGone},
			{func(k *fake, on bool) { k.frozen = on }, errSilent},
			{func(k *fake, on bool) { k.refuse = map[bool]error{true: errors.New("x")}[on]; k.away = on }, errGone},
		} {
			if _, err := cam.Still(ctx); err != nil && !errors.Is(err, camera.ErrAway) {
				t.Fatal(err)
			}
			frame, err := cam.Next(ctx, 0)
			if err != nil {
				t.Fatal(err)
			}
			k.does(func(k *fake) { fault.does(k, true) })
			began := time.Now()
			for err := range cam.Changes(ctx) {
				if err == nil {
					continue
				}
				if !errors.Is(err, fault.says) || time.Since(began) > 2*time.Second {
					t.Errorf("after %v: %v, want %v", time.Since(began), err, fault.says)
				}
				break
			}
			time.Sleep(20 * time.Second)
			k.does(func(k *fake) { fault.does(k, false) })
			if _, err := cam.Next(ctx, frame.Number); err != nil {
				t.Fatal(err)
			}
		}
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run = %v", err)
		}
		time.Sleep(time.Minute)
		if _, running := k.now(); running != 0 {
			t.Errorf("%d streams are left open", running)
		}
	})
}
