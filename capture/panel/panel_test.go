// SPDX-License-Identifier: EUPL-1.2

package panel_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fotobox-project/fotobox/capture/panel"
	"github.com/fotobox-project/fotobox/capture/panel/paneltest"
)

// A press is one change of an input.
type press struct {
	in panel.Input
	on bool
}

// rig is a running panel on simulated hardware.
type rig struct {
	*panel.Panel
	hw      paneltest.Panel
	presses []press
	log     bytes.Buffer
	stop    func()
}

// start runs a panel in the test's bubble.
func start(t *testing.T, scene panel.Scene) *rig {
	t.Helper()
	r := &rig{}
	r.Panel = panel.New(&r.hw, slog.New(slog.NewTextHandler(&r.log, nil)))
	r.Changed = func(in panel.Input, on bool) { r.presses = append(r.presses, press{in, on}) }
	if err := r.Light(scene); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	r.stop = func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
	}
	synctest.Wait()
	r.presses = nil // the sensor's first word
	return r
}

var (
	dark   = panel.Scene{Name: "dark"}
	bright = panel.Scene{Name: "bright", Levels: panel.Levels{1, 1, 1, 1, 0}}
)

func TestLampsFollowTheScene(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, bright)
		if got := r.hw.Lit(); got != bright.Levels {
			t.Errorf("started: lit %v, want %v", got, bright.Levels)
		}
		if err := r.Light(dark); err != nil || r.hw.Lit() != dark.Levels {
			t.Errorf("dark: lit %v, %v", r.hw.Lit(), err)
		}
		if err := r.Light(dark); err != nil || len(r.hw.Switches()) != 2 {
			t.Errorf("the same again: switched %d times, %v, want 2", len(r.hw.Switches()), err)
		}
		_ = r.Light(bright)
		r.stop()
		if r.hw.Lit() != dark.Levels || r.hw.Boards() != 0 {
			t.Errorf("stopped: lit %v, %d boards open", r.hw.Lit(), r.hw.Boards())
		}
	})
}

// TestKeyBounces: a contact that bounces is one press and one release.
func TestKeyBounces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, dark)
		bounce := func(to bool) {
			for i := range 7 {
				r.hw.Set(panel.RightKey, (i%2 == 0) == to)
				time.Sleep(3 * time.Millisecond)
			}
			time.Sleep(100 * time.Millisecond)
		}
		bounce(true)
		bounce(false)
		r.hw.Set(panel.LeftKey, true) // a spark, not a press
		time.Sleep(5 * time.Millisecond)
		r.hw.Set(panel.LeftKey, false)
		time.Sleep(time.Second)
		r.stop()
		if want := []press{{panel.RightKey, true}, {panel.RightKey, false}}; !slices.Equal(r.presses, want) {
			t.Errorf("got %v, want %v", r.presses, want)
		}
	})
}

// TestHeldAtTheStart: a key that is stuck when the panel comes presses nothing; somebody who stands
// there does.
func TestHeldAtTheStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, dark)
		r.hw.Unplug()
		time.Sleep(time.Second)
		r.hw.Set(panel.LeftKey, true)
		r.hw.Set(panel.Occupied, true)
		r.hw.Plug()
		time.Sleep(5 * time.Second)
		r.hw.Set(panel.LeftKey, false)
		time.Sleep(time.Second)
		r.stop()
		if want := []press{{panel.Occupied, true}, {panel.Headphones, false}, {panel.LeftKey, false}}; !slices.Equal(r.presses, want) {
			t.Errorf("got %v, want %v", r.presses, want)
		}
	})
}

// TestAwayAndBack: a panel that goes is noticed, said once, and lit as wanted when it is back.
func TestAwayAndBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, bright)
		if err := r.Health(); err != nil {
			t.Fatalf("health: %v", err)
		}
		r.hw.Unplug()
		synctest.Wait()
		if err := r.Health(); !errors.Is(err, paneltest.ErrGone) {
			t.Errorf("unplugged: health %v, want %v", err, paneltest.ErrGone)
		}
		now := time.Now()
		if got := r.Lit(now, now); got != panel.Mixed {
			t.Errorf("unplugged: lit by %q, want %q", got, panel.Mixed)
		}
		if err := r.Light(dark); err != nil {
			t.Errorf("unplugged: Light: %v", err)
		}
		time.Sleep(time.Minute)
		if n := strings.Count(r.log.String(), "panel away"); n != 1 {
			t.Errorf("said %d times that it is away, want once:\n%s", n, r.log.String())
		}
		_ = r.Light(bright)
		r.hw.Plug()
		time.Sleep(2 * time.Second)
		if err := r.Health(); err != nil || r.hw.Lit() != bright.Levels {
			t.Errorf("back: health %v, lit %v", err, r.hw.Lit())
		}
		r.stop()
	})
}

// TestChanges: whoever waits learns each loss, each failed reopening and the return.
func TestChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, dark)
		ctx, cancel := context.WithCancel(t.Context())
		var heard []bool
		go func() {
			for err := range r.Changes(ctx) {
				heard = append(heard, err == nil)
			}
			heard = append(heard, true) // the end
		}()
		synctest.Wait()
		r.hw.Unplug()
		time.Sleep(time.Second)
		r.hw.Plug()
		time.Sleep(3 * time.Second)
		cancel()
		synctest.Wait()
		n := len(heard)
		if n < 5 || !heard[0] || heard[1] || heard[2] || !heard[n-2] || !heard[n-1] {
			t.Errorf("heard %v: want that it works, twice or more that it is away, that it works, and the end", heard)
		}
		r.stop()
	})
}

// TestFaultyLamps: a panel whose keys answer and whose lamps do not is not whole.
func TestFaultyLamps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, dark)
		r.hw.Fault(true)
		if err := r.Light(bright); err == nil {
			t.Error("Light: got nil")
		}
		time.Sleep(time.Second)
		if r.Health() == nil {
			t.Error("health: got nil")
		}
		r.hw.Fault(false)
		time.Sleep(3 * time.Second)
		if err := r.Health(); err != nil || r.hw.Lit() != bright.Levels {
			t.Errorf("repaired: health %v, lit %v", err, r.hw.Lit())
		}
		r.stop()
	})
}

// frames is a camera of 30 frames a second with 10 ms of exposure.
func frames(ctx context.Context) (from, to time.Time, err error) {
	time.Sleep(33 * time.Millisecond)
	return time.Now().Add(-10 * time.Millisecond), time.Now(), ctx.Err()
}

// TestPattern: of every frame it is known what lit it, and afterwards the lamps are as before.
func TestPattern(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, dark)
		left := panel.Scene{Name: "left", Levels: panel.Levels{panel.Left: 1}}
		right := panel.Scene{Name: "right", Levels: panel.Levels{panel.Right: 1}}
		var seen []string
		err := r.Play(t.Context(), panel.Pattern{
			Scenes: []panel.Scene{left, right}, Frames: 2, Next: frames,
			Seen: func(scene string) {
				if seen = append(seen, scene); len(seen) == 1 {
					_ = r.Light(bright) // a new stage waits for the pattern's end
				}
			},
		})
		if want := []string{"left", "left", "right", "right"}; err != nil || !slices.Equal(seen, want) {
			t.Errorf("got %v, %v, want %v", seen, err, want)
		}
		want := []panel.Levels{dark.Levels, left.Levels, right.Levels, bright.Levels}
		if got := r.hw.Switches(); !slices.Equal(got, want) {
			t.Errorf("lit %v, want %v", got, want)
		}
		r.stop()
	})
}

// TestPatternOfALostPanel: a pattern ends with the panel, also when it is back before the next frame.
func TestPatternOfALostPanel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, dark)
		slow := func(ctx context.Context) (from, to time.Time, err error) {
			r.hw.Unplug()
			time.Sleep(time.Second)
			r.hw.Plug()
			time.Sleep(5 * time.Second)
			return frames(ctx)
		}
		err := r.Play(t.Context(), panel.Pattern{Scenes: []panel.Scene{bright}, Next: slow, Seen: func(string) {}})
		if err == nil || !strings.Contains(err.Error(), "away") {
			t.Errorf("got %v, want an error that says that the panel is away", err)
		}
		if got := r.hw.Lit(); got != dark.Levels {
			t.Errorf("lit %v, want %v", got, dark.Levels)
		}
		r.stop()
		if err := r.Play(t.Context(), panel.Pattern{Scenes: []panel.Scene{bright}, Next: frames}); err == nil {
			t.Error("stopped: got nil")
		}
	})
}
