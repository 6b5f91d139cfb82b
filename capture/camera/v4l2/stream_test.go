// SPDX-License-Identifier: EUPL-1.2

package v4l2

import (
	"bytes"
	"context"
	"errors"
	"image"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fotobox-project/fotobox/capture/camera"
)

// opened plays f with an opened stream, and sees to it that the kernel gets everything back.
func opened(t *testing.T, k *fake, f func(t *testing.T, d *Device, s camera.Stream)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		d := k.device(Sensor{Rotation: 90})
		s, err := d.Open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		f(t, d, s)
		began := time.Now()
		if err := s.Close(); err != nil && !errors.Is(err, errHangs) || s.(*stream).lost && time.Since(began) > 0 {
			t.Errorf("Close = %v after %v", err, time.Since(began))
		}
		time.Sleep(time.Minute)
		closed := k.knobs.times()
		if starts, running := k.now(); running != 0 || closed != 1 {
			t.Errorf("%d of %d streams and %d of 1 controls are still open", running, len(starts), 1-closed)
		}
	})
}

func TestStillFromTheStream(t *testing.T) {
	for name, m := range map[string]mode{"MJPEG": large15, "YUYV": raw12} {
		t.Run(name, func(t *testing.T) {
			k := camera5(t, m)
			opened(t, k, func(t *testing.T, d *Device, s camera.Stream) {
				frame, err := s.Next(t.Context())
				if err != nil || frame.Image.Bounds().Size() != image.Pt(486, 648) || time.Since(frame.Taken) > time.Second/15 {
					t.Errorf("Next = %v of %v, %v", frame.Image.Bounds(), frame.Taken, err)
				}
				began := time.Now()
				img, err := s.Still(t.Context())
				if err != nil || img.Bounds().Size() != image.Pt(camera.MinWidth, camera.MinHeight) {
					t.Errorf("Still = %v, %v", img, err)
				}
				if took := time.Since(began); took > 200*time.Millisecond {
					t.Errorf("a still took %v", took)
				}
				if starts, _ := k.now(); len(starts) != 1 {
					t.Errorf("started %v, want one mode", starts)
				}
				if got, want := d.String(), "Fake (1209:0001/F1)"; got != want {
					t.Errorf("the camera is %q, want %q", got, want)
				}
				want := m.String() + ", exposure 250 of 3 to 2047, gain 0 of 0 to 255, white_balance 4000 of 2000 to 6500, focus 0 of 0 to 250"
				if got := d.Details(); got != want {
					t.Errorf("its details are %q, want %q", got, want)
				}
			})
		})
	}
}

// TestFresh: a still shows what is there after it was asked for, also when nobody has looked for long.
func TestFresh(t *testing.T) {
	k := camera5(t, small15, large15)
	opened(t, k, func(t *testing.T, _ *Device, s camera.Stream) {
		time.Sleep(time.Minute)
		began := time.Now()
		frame, err := s.Next(t.Context())
		if err != nil || frame.Taken.Before(began) {
			t.Errorf("Next gave a frame from %v before it was asked for, %v", began.Sub(frame.Taken), err)
		}
		k.mu.Lock()
		defer k.mu.Unlock()
		if k.grabbed < 14*60 {
			t.Errorf("the kernel's frames were not fetched: %d in a minute", k.grabbed)
		}
	})
}

// TestModeSwitch: where the preview's mode is too small, a still changes it, within a second, and the
// next stills of the burst do not. The preview goes on in the large mode and comes back.
func TestModeSwitch(t *testing.T) {
	k := camera5(t, small15, large6)
	opened(t, k, func(t *testing.T, _ *Device, s camera.Stream) {
		for i := range 3 {
			began := time.Now()
			img, err := s.Still(t.Context())
			if err != nil || img.Bounds().Size() != image.Pt(1944, 2592) {
				t.Fatalf("still %d: %v, %v", i, img, err)
			}
			if took := time.Since(began); took > time.Second {
				t.Errorf("still %d took %v, want a second at most", i, took)
			}
			frame, err := s.Next(t.Context())
			if err != nil || frame.Image.Bounds().Size() != image.Pt(486, 648) {
				t.Fatalf("preview after still %d: %v", i, err)
			}
		}
		if starts, _ := k.now(); !slices.Equal(starts, []mode{small15, large6}) {
			t.Errorf("during the burst: started %v", starts)
		}
		time.Sleep(linger + time.Second)
		frame, err := s.Next(t.Context())
		if err != nil || frame.Image.Bounds().Size() != image.Pt(480, 640) {
			t.Errorf("preview after the burst: %v, %v", frame.Image, err)
		}
		if starts, _ := k.now(); !slices.Equal(starts, []mode{small15, large6, small15}) {
			t.Errorf("after the burst: started %v", starts)
		}
	})
}

// TestSwitchFails: a camera that does not start in the large mode is a loss, and says why.
func TestSwitchFails(t *testing.T) {
	k := camera5(t, small15, large6)
	opened(t, k, func(t *testing.T, _ *Device, s camera.Stream) {
		k.does(func(k *fake) { k.refuse = errors.New("Failed to start streaming: no space left on device") })
		if _, err := s.Still(t.Context()); !errors.Is(err, errBandwidth) {
			t.Errorf("Still = %v, want that the bus has no room", err)
		}
		if _, err := s.Next(t.Context()); !errors.Is(err, errBandwidth) {
			t.Errorf("Next = %v, want that the bus has no room", err)
		}
	})
}

// TestSwitchHangs: nobody waits longer than he wants for a camera that hangs.
func TestSwitchHangs(t *testing.T) {
	k := camera5(t, small15, large6)
	opened(t, k, func(t *testing.T, _ *Device, s camera.Stream) {
		k.does(func(k *fake) { k.hangs = 5 * time.Second })
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		if _, err := s.Still(ctx); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) > time.Second {
			t.Errorf("Still = %v after %v", err, time.Since(began))
		}
		if _, err := s.Next(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Next = %v", err)
		}
	})
}

// TestFaults: each is noticed within two seconds, with its own sentence.
func TestFaults(t *testing.T) {
	for _, tc := range []struct {
		name  string
		fault func(*fake)
		want  error
		says  string
	}{
		{"unplugged", func(k *fake) { k.away = true }, errGone, ""},
		{"frozen", func(k *fake) { k.frozen = true }, errSilent, ""},
		{"torn", func(k *fake) { k.spoil = func(b []byte) []byte { return b[:len(b)/2] } }, errTorn, ""},
		{"torn and padded", func(k *fake) {
			k.spoil = func(b []byte) []byte { return append(bytes.Clone(b[:len(b)/2]), make([]byte, 999)...) }
		}, errTorn, ""},
		{"zeros", func(k *fake) { k.spoil = func(b []byte) []byte { return make([]byte, len(b)) } }, errTorn, ""},
		{"empty", func(k *fake) { k.spoil = func([]byte) []byte { return nil } }, errTorn, ""},
		{"another size", func(k *fake) {
			other := coloured(t, image.Pt(640, 480))
			k.spoil = func([]byte) []byte { return other }
		}, nil, "sends pictures of (640,480) where (2592,1944) was agreed"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			k := camera5(t, large15)
			opened(t, k, func(t *testing.T, _ *Device, s camera.Stream) {
				if _, err := s.Next(t.Context()); err != nil {
					t.Fatal(err)
				}
				k.does(tc.fault)
				began := time.Now()
				var err error
				for err == nil {
					_, err = s.Next(t.Context())
				}
				if took := time.Since(began); took > 2*time.Second {
					t.Errorf("noticed after %v", took)
				}
				if tc.want != nil && !errors.Is(err, tc.want) || !strings.Contains(err.Error(), tc.says) {
					t.Errorf("Next = %v, want %v%s", err, tc.want, tc.says)
				}
				if _, err := s.Still(t.Context()); err == nil {
					t.Error("Still works")
				}
				if !s.(*stream).lost {
					t.Error("not lost: Close would wait")
				}
			})
		})
	}
}

// TestSingleTornFrames are left out, and nobody notices.
func TestSingleTornFrames(t *testing.T) {
	k := camera5(t, large15)
	n := 0
	k.spoil = func(b []byte) []byte {
		if n++; n%2 == 0 {
			return b[:len(b)/2]
		}
		return without(b, markDHT) // and the others lack their tables
	}
	opened(t, k, func(t *testing.T, _ *Device, s camera.Stream) {
		for range 5 {
			if _, err := s.Next(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if img, err := s.Still(t.Context()); err != nil || !red(img, image.Pt(1940, 2)) {
			t.Errorf("Still = %v, %v", img, err)
		}
	})
}

// TestStillsGoFirst: the preview waits for a still that is under way, but not for ever.
func TestStillsGoFirst(t *testing.T) {
	opened(t, camera5(t, large15), func(t *testing.T, _ *Device, s camera.Stream) {
		if _, err := s.Next(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.(*stream).stills.Add(1)
		began := time.Now()
		if _, err := s.Next(t.Context()); err != nil || time.Since(began) < yieldTime || time.Since(began) > time.Second {
			t.Errorf("Next took %v, %v", time.Since(began), err)
		}
		s.(*stream).stills.Add(-1)
		began = time.Now()
		if _, err := s.Next(t.Context()); err != nil || time.Since(began) > 200*time.Millisecond {
			t.Errorf("without a still: Next took %v, %v", time.Since(began), err)
		}
	})
}

// TestSlowStill: the mode of the stills is not left while one is under way, however long it takes.
func TestSlowStill(t *testing.T) {
	k := camera5(t, small15, large6)
	opened(t, k, func(t *testing.T, _ *Device, s camera.Stream) {
		if _, err := s.Still(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.(*stream).stills.Add(1)
		time.Sleep(3 * linger)
		if starts, _ := k.now(); !slices.Equal(starts, []mode{small15, large6}) {
			t.Errorf("started %v while a still was under way", starts)
		}
		s.(*stream).stills.Add(-1)
		time.Sleep(linger + time.Second)
		if starts, _ := k.now(); !slices.Equal(starts, []mode{small15, large6, small15}) {
			t.Errorf("started %v after the still", starts)
		}
	})
}
