// SPDX-License-Identifier: EUPL-1.2

package conductor

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/daemon/session"
)

// A slowHand takes its time for every effect, and ignores that a visit has ended.
type slowHand struct {
	shoot, seal time.Duration
	mu          sync.Mutex
	wiped       []uint64
	sealed      int
}

func (h *slowHand) Do(_ context.Context, e session.Effect) session.Event {
	switch e := e.(type) {
	case session.Shoot:
		time.Sleep(h.shoot)
		return session.Shot{Visit: e.Visit, Attempt: e.Attempt, Photos: []session.Photo{{Accepted: true}}}
	case session.Seal:
		time.Sleep(h.seal)
		h.mu.Lock()
		defer h.mu.Unlock()
		h.sealed++
		return session.Stored{Visit: e.Visit}
	case session.Wipe:
		h.mu.Lock()
		defer h.mu.Unlock()
		h.wiped = append(h.wiped, e.Visit)
	}
	return nil
}

var code = session.Scanned{Code: appointment.Code{ID: appointment.ID{1}}, Answer: appointment.OK}

// stage plays script with a conductor in a bubble and returns the stages that were shown.
func stage(t *testing.T, h *slowHand, script func(tell func(session.Event))) []session.Stage {
	var shown []session.Stage
	synctest.Test(t, func(t *testing.T) {
		c := New(h, slog.New(slog.DiscardHandler))
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- c.Run(ctx) }()
		go func() {
			for s := range c.States(ctx) {
				if len(shown) == 0 || shown[len(shown)-1] != s.Stage {
					shown = append(shown, s.Stage)
				}
			}
		}()
		synctest.Wait() // who watches has seen the first stage
		script(func(ev session.Event) {
			if err := c.Tell(ctx, ev); err != nil {
				t.Errorf("Tell(%#v): %v", ev, err)
			}
			synctest.Wait()
		})
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run = %v, want nil", err)
		}
	})
	return shown
}

// press is a button of visit n.
func press(n uint64, b session.Button) session.Event { return session.Pressed{Visit: n, Button: b} }

func TestWholeVisit(t *testing.T) {
	h := &slowHand{shoot: 2 * time.Second, seal: time.Second}
	got := stage(t, h, func(tell func(session.Event)) {
		tell(code)
		tell(press(0, session.Start))
		tell(press(0, session.Release))
		time.Sleep(3 * time.Second)
		tell(press(0, session.Keep))
		tell(press(0, session.Agree))
		time.Sleep(session.Patience(session.Done) + 2*time.Second)
	})
	want := []session.Stage{session.Idle, session.Welcome, session.Position, session.Capture, session.Review, session.Consent, session.Store, session.Done, session.Idle}
	if !slices.Equal(got, want) {
		t.Errorf("stages %v, want %v", got, want)
	}
	if !slices.Equal(h.wiped, []uint64{0}) || h.sealed != 1 {
		t.Errorf("wiped visits %v, sealed %d; want [0] and 1", h.wiped, h.sealed)
	}
}

// TestDeadlineForgets lets a citizen walk away: the timer does it without an event.
func TestDeadlineForgets(t *testing.T) {
	h := &slowHand{}
	got := stage(t, h, func(tell func(session.Event)) {
		tell(code)
		time.Sleep(session.Patience(session.Welcome) + time.Millisecond)
		synctest.Wait()
	})
	want := []session.Stage{session.Idle, session.Welcome, session.Idle}
	if !slices.Equal(got, want) || len(h.wiped) != 1 {
		t.Errorf("stages %v, wiped %v; want %v and one wipe", got, h.wiped, want)
	}
}

// TestSeen: every step is told with the state before it, and a wipe is done by then.
func TestSeen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &slowHand{}
		c := New(h, slog.New(slog.DiscardHandler))
		var stages []session.Stage
		var last session.State
		c.Seen = func(was, is session.State, at time.Time) {
			if was.Stage != last.Stage || was.Visit != last.Visit || !at.Equal(time.Now()) {
				t.Errorf("told %v to %v at %v after %v", was, is, at, last)
			}
			if was.Known() && is.Visit != was.Visit && len(h.wiped) != 1 {
				t.Error("told of the end before the wipe")
			}
			if last = is; was.Stage != is.Stage {
				stages = append(stages, is.Stage)
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- c.Run(ctx) }()
		for _, ev := range []session.Event{code, press(0, session.Start), press(0, session.Cancel)} {
			if err := c.Tell(ctx, ev); err != nil {
				t.Error(err)
			}
			synctest.Wait()
		}
		cancel()
		<-ended
		if want := []session.Stage{session.Welcome, session.Position, session.Idle}; !slices.Equal(stages, want) {
			t.Errorf("told of %v, want %v", stages, want)
		}
	})
}

// TestLatePhoto cancels during a burst: the photo comes when the next citizen is there, and is not shown.
func TestLatePhoto(t *testing.T) {
	h := &slowHand{shoot: 5 * time.Second}
	got := stage(t, h, func(tell func(session.Event)) {
		tell(code)
		tell(press(0, session.Start))
		tell(press(0, session.Release))
		tell(press(0, session.Cancel))
		tell(code)
		time.Sleep(10 * time.Second)
		synctest.Wait()
	})
	if slices.Contains(got, session.Review) {
		t.Errorf("stages %v: the first citizen's photo was shown to the second", got)
	}
}

// TestStopWaitsForTheSeal ends the program while an envelope is being stored.
func TestStopWaitsForTheSeal(t *testing.T) {
	h := &slowHand{seal: time.Second}
	stage(t, h, func(tell func(session.Event)) {
		tell(code)
		tell(press(0, session.Start))
		tell(press(0, session.Release))
		tell(press(0, session.Keep))
		tell(press(0, session.Agree))
	})
	if h.sealed != 1 {
		t.Errorf("sealed %d envelopes before the end, want 1", h.sealed)
	}
}

func TestDarkroomDropsWipedVisits(t *testing.T) {
	var d darkroom
	d.keep(prints{visit: 3, photos: make([]Print, 1)})
	if _, ok := d.of(3); !ok {
		t.Error("the prints of visit 3 are not there")
	}
	if _, ok := d.of(2); ok {
		t.Error("visit 2 got the prints of visit 3")
	}
	d.wipe(3)
	d.keep(prints{visit: 3, photos: make([]Print, 1)})
	if _, ok := d.of(3); ok {
		t.Error("prints of a wiped visit were kept")
	}
}
