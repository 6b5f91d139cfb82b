// SPDX-License-Identifier: EUPL-1.2

package camera_test

import (
	"context"
	"errors"
	"image"
	"log/slog"
	"math"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fotobox-project/fotobox/capture/camera"
)

const forever = math.MaxInt

var errUnplugged = errors.New("unplugged")

// run plays device in a camera for the length of f.
func run(t *testing.T, device *scripted, f func(t *testing.T, c *camera.Camera)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		c := camera.New(device, slog.New(slog.DiscardHandler))
		done := make(chan error, 1)
		go func() { done <- c.Run(t.Context()) }()
		t.Cleanup(func() { // the test's context has ended
			if err := <-done; err != nil {
				t.Errorf("Run = %v, want nil after ctx ended", err)
			}
		})
		f(t, c)
	})
}

// news collects n changes as text.
func news(ctx context.Context, c *camera.Camera, n int) []string {
	var got []string
	for err := range c.Changes(ctx) {
		text := "works"
		if err != nil {
			text = err.Error()
		}
		if got = append(got, text); len(got) == n {
			break
		}
	}
	return got
}

func TestChanges(t *testing.T) {
	tests := map[string]struct {
		plays []play
		want  []string
	}{
		"works": {
			plays: []play{{frames: forever}},
			want:  []string{"works"},
		},
		"lost and back": {
			plays: []play{{frames: 3, after: errUnplugged}, {refuse: errUnplugged}, {refuse: errUnplugged}, {frames: forever}},
			want:  []string{"works", "read frame: unplugged", "open camera: unplugged", "open camera: unplugged", "works"},
		},
		"silent": {
			plays: []play{{frames: 3}, {frames: forever}},
			want:  []string{"works", "read frame: no frame for 2 s", "works"},
		},
		"opens but never shows anything": {
			plays: []play{{}, {frames: forever}},
			want:  []string{"read frame: no frame for 2 s", "works"},
		},
		"busy computer": {
			plays: []play{{frames: 3, work: 3 * time.Second, after: errUnplugged}, {frames: forever}},
			want:  []string{"works", "read frame: unplugged", "works"},
		},
		"wrong frames": {
			plays: []play{{frames: 9, wrong: true}, {frames: forever}},
			want:  []string{"read frame: frame without a picture", "works"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			run(t, &scripted{plays: test.plays}, func(t *testing.T, c *camera.Camera) {
				if diff := cmp.Diff(test.want, news(t.Context(), c, len(test.want))); diff != "" {
					t.Errorf("Changes differ (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// A silent camera is noticed two seconds after its last frame, not later.
func TestSilenceTime(t *testing.T) {
	run(t, &scripted{plays: []play{{frames: 1}, {frames: forever}}}, func(t *testing.T, c *camera.Camera) {
		start := time.Now()
		news(t.Context(), c, 2)
		if got, want := time.Since(start), 2100*time.Millisecond; got != want {
			t.Errorf("loss noticed after %v, want %v", got, want)
		}
	})
}

// Changes says the present state at once to who asks late, and ends with its ctx.
func TestChangesLate(t *testing.T) {
	run(t, &scripted{plays: []play{{frames: forever}}}, func(t *testing.T, c *camera.Camera) {
		time.Sleep(time.Minute)
		start := time.Now()
		if diff := cmp.Diff([]string{"works"}, news(t.Context(), c, 1)); diff != "" || time.Since(start) != 0 {
			t.Errorf("Changes after %v (-want +got):\n%s", time.Since(start), diff)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if got := news(ctx, c, 2); len(got) != 1 {
			t.Errorf("Changes until ctx ended = %q, want one", got)
		}
	})
}

// Health is the newest of Changes, and before the first that the camera is starting.
func TestHealth(t *testing.T) {
	run(t, &scripted{plays: []play{{frames: 3, after: errUnplugged}, {frames: forever}}}, func(t *testing.T, c *camera.Camera) {
		if err := c.Health(); !errors.Is(err, camera.ErrStarting) {
			t.Errorf("at first %v, want that it starts", err)
		}
		for err := range c.Changes(t.Context()) {
			if got := c.Health(); !errors.Is(got, err) {
				t.Errorf("%v, want %v", got, err)
			}
			if errors.Is(err, errUnplugged) {
				break
			}
		}
	})
}

// An absent camera is tried again for ever, every one to two seconds.
func TestReopenForEver(t *testing.T) {
	device := &scripted{plays: []play{{refuse: errUnplugged}}}
	run(t, device, func(*testing.T, *camera.Camera) { time.Sleep(time.Hour) })
	if got := device.opened.Load(); got < 1790 || got > 3700 {
		t.Errorf("opened %d times in an hour, want one in 1 to 2 s", got)
	}
}

func TestNumbersRiseAcrossReopenings(t *testing.T) {
	device := &scripted{plays: []play{{frames: 3, after: errUnplugged}, {frames: 2}, {frames: forever}}}
	run(t, device, func(t *testing.T, c *camera.Camera) {
		for last := uint64(0); last < 9; {
			frame, err := c.Next(t.Context(), last)
			age := time.Since(frame.Taken)
			if err != nil || frame.Number <= last || frame.Number > last+2 || age < 0 || age > time.Second {
				t.Fatalf("Next(%d) = number %d, %v old, %v", last, frame.Number, age, err)
			}
			last = frame.Number
		}
		if opened, closed := device.opened.Load(), device.closed.Load(); opened != 3 || closed != 2 {
			t.Errorf("opened %d and closed %d times, want 3 and 2", opened, closed)
		}
	})
}

func TestSlowConsumerGetsNewest(t *testing.T) {
	run(t, &scripted{plays: []play{{frames: forever}}}, func(t *testing.T, c *camera.Camera) {
		for last := uint64(0); last < 100; {
			time.Sleep(1050 * time.Millisecond)
			frame, err := c.Next(t.Context(), last)
			if age := time.Since(frame.Taken); err != nil || frame.Number < last+10 || age > 100*time.Millisecond {
				t.Fatalf("Next(%d) after 1 s = number %d, %v old, %v", last, frame.Number, age, err)
			}
			last = frame.Number
		}
	})
}

// Who stood there before the loss must not be shown after it.
func TestNoOldPictureAfterLoss(t *testing.T) {
	device := &scripted{plays: []play{{frames: 3, after: errUnplugged}, {refuse: errUnplugged}}}
	run(t, device, func(t *testing.T, c *camera.Camera) {
		news(t.Context(), c, 2)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if frame, err := c.Next(ctx, 0); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Next while away = frame %d, %v, want to wait", frame.Number, err)
		}
	})
}

func TestStill(t *testing.T) {
	full := image.Pt(camera.MinWidth, camera.MinHeight)
	tests := map[string]struct {
		play play
		wait time.Duration
		want string
	}{
		"good":            {play{frames: forever, still: full}, time.Second, ""},
		"too small":       {play{frames: forever, still: image.Pt(1080, 1920)}, time.Second, "take still: 1080x1920 is smaller than 1944x2592"},
		"away":            {play{refuse: errUnplugged}, time.Second, "take still: camera is away"},
		"lost on the way": {play{frames: 8, after: errUnplugged, still: full}, 450 * time.Millisecond, "take still: camera is away"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			run(t, &scripted{plays: []play{test.play}}, func(t *testing.T, c *camera.Camera) {
				time.Sleep(test.wait)
				img, err := c.Still(t.Context())
				if got := text(err); got != test.want || (err == nil) != (img != nil) {
					t.Errorf("Still = %v, %q, want error %q", img != nil, got, test.want)
				}
				if strings.HasSuffix(test.want, "away") != errors.Is(err, camera.ErrAway) {
					t.Errorf("Still: %v wraps ErrAway: %v", err, errors.Is(err, camera.ErrAway))
				}
			})
		})
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
