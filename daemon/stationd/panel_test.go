// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/capture/panel"
	"github.com/fotobox-project/fotobox/capture/panel/paneltest"
	"github.com/fotobox-project/fotobox/daemon/conductor"
	"github.com/fotobox-project/fotobox/daemon/session"
)

// A rehearsal is a session with a panel and nothing else: photos are taken by saying so.
type rehearsal struct {
	t  *testing.T
	hw paneltest.Panel
	f  *front
}

// Do answers what a station's hand would.
func (*rehearsal) Do(_ context.Context, e session.Effect) session.Event {
	switch e := e.(type) {
	case session.Shoot:
		time.Sleep(2 * time.Second)
		return session.Shot{Visit: e.Visit, Attempt: e.Attempt, Photos: []session.Photo{{Accepted: true}}}
	case session.Seal:
		time.Sleep(2 * time.Second)
		return session.Stored{Visit: e.Visit}
	}
	return nil
}

// rehearse runs f in a bubble of time.
func rehearse(t *testing.T, f func(r *rehearsal)) {
	synctest.Test(t, func(t *testing.T) {
		r := &rehearsal{t: t}
		log := slog.New(slog.DiscardHandler)
		c := conductor.New(r, log)
		r.f = &front{panel: panel.New(&r.hw, log), scenes: panel.Settings{}.Scene, lamps: true, conductor: c, language: "de", log: log}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 2)
		go func() { ended <- c.Run(ctx) }()
		go func() { ended <- r.f.Run(ctx) }()
		time.Sleep(5 * time.Second)
		f(r)
		cancel()
		if err := errors.Join(<-ended, <-ended); err != nil {
			t.Error(err)
		}
		if got := r.hw.Lit(); got != (panel.Levels{}) {
			t.Errorf("stopped: lit %v", got)
		}
	})
}

// press holds a key for a moment.
func (r *rehearsal) press(key panel.Input) {
	r.hw.Set(key, true)
	time.Sleep(150 * time.Millisecond)
	r.hw.Set(key, false)
	time.Sleep(150 * time.Millisecond)
}

// at wants the stage and the lamps of a scene.
func (r *rehearsal) at(stage session.Stage, scene string) {
	r.t.Helper()
	synctest.Wait()
	if got := r.f.conductor.State().Stage; got != stage {
		r.t.Errorf("stage: got %v, want %v", got, stage)
	}
	if got, want := r.hw.Lit(), (panel.Settings{}).Scene(scene).Levels; got != want {
		r.t.Errorf("%v: lit %v, want %v as in %s", stage, got, want, scene)
	}
}

func (r *rehearsal) scan() {
	id := appointment.ID{1}
	if err := r.f.conductor.Tell(r.t.Context(), session.Scanned{Code: appointment.Code{ID: id, Start: time.Now()}, Answer: appointment.OK}); err != nil {
		r.t.Fatal(err)
	}
}

// TestVisitWithKeys: a visit with the right key alone, and the lamps that go with it.
func TestVisitWithKeys(t *testing.T) {
	rehearse(t, func(r *rehearsal) {
		r.at(session.Idle, "idle")
		r.hw.Set(panel.Occupied, true)
		time.Sleep(time.Second)
		r.at(session.Idle, "approach")
		r.scan()
		r.at(session.Welcome, "welcome")
		for _, to := range []struct {
			stage session.Stage
			scene string
		}{{session.Position, "position"}, {session.Capture, "capture"}} {
			time.Sleep(time.Second)
			r.press(panel.RightKey)
			r.at(to.stage, to.scene)
		}
		time.Sleep(3 * time.Second)
		r.at(session.Review, "review")
		r.press(panel.RightKey)
		time.Sleep(time.Second)
		r.at(session.Consent, "consent")
		r.press(panel.RightKey)
		r.at(session.Store, "store")
		time.Sleep(3 * time.Second)
		r.at(session.Done, "done")
		r.press(panel.RightKey)
		r.at(session.Idle, "approach")
		r.hw.Set(panel.Occupied, false)
		time.Sleep(time.Second)
		r.at(session.Idle, "idle")
	})
}

// TestDoublePress: the second half of a double press does not take the picture.
func TestDoublePress(t *testing.T) {
	rehearse(t, func(r *rehearsal) {
		r.scan()
		time.Sleep(time.Second)
		r.press(panel.RightKey)
		r.press(panel.RightKey)
		r.at(session.Position, "position")
		time.Sleep(time.Second)
		r.press(panel.LeftKey)
		r.at(session.Idle, "idle")
	})
}

// TestLampsAway: no light, no photo; the visit waits and goes on by itself.
func TestLampsAway(t *testing.T) {
	rehearse(t, func(r *rehearsal) {
		r.scan()
		time.Sleep(time.Second)
		r.press(panel.RightKey)
		r.hw.Unplug()
		time.Sleep(2 * time.Second)
		r.at(session.OutOfOrder, "out-of-order")
		if got := r.f.working(); got != 0 {
			t.Errorf("metrics: got %v, want 0", got)
		}
		r.hw.Plug()
		time.Sleep(5 * time.Second)
		r.at(session.Welcome, "welcome")
		if got := r.f.working(); got != 1 {
			t.Errorf("metrics: got %v, want 1", got)
		}
		if now := time.Now(); !r.f.lit(now) || r.f.lit(now.Add(-6*time.Second)) {
			t.Error("the light of photos is there now, and was not while the lamps were away")
		}
	})
}

// TestScenes: every stage has its scene; the ring shines for the last second, and not
// for whoever wants no flashing, whose light is that of photos.
func TestScenes(t *testing.T) {
	for g := session.Idle; g <= session.OutOfOrder; g++ {
		for _, occupied := range []bool{false, true} {
			if name := sceneName(session.State{Stage: g}, occupied); !slices.Contains(panel.SceneNames(), name) {
				t.Errorf("%v: no scene %q", g, name)
			}
		}
	}
	calm := session.Manner{Calm: true}
	for want, s := range map[string]session.State{
		"position": {Stage: session.Position, Hint: "nearer"},
		"hold":     {Stage: session.Position},
		photoScene: {Stage: session.Position, Manner: calm},
	} {
		if got := sceneName(s, true); got != want {
			t.Errorf("%+v: scene %q, want %q", s, got, want)
		}
	}
}

// TestHeadphones: plugging them in starts the voice, at once and on every screen; they
// are there already when the program starts with them.
func TestHeadphones(t *testing.T) {
	rehearse(t, func(r *rehearsal) {
		r.hw.Set(panel.Headphones, true)
		time.Sleep(time.Second)
		if s := r.f.conductor.State(); !s.Aloud || s.Stage != session.Idle {
			t.Errorf("plugged in: %+v", s)
		}
		r.scan()
		r.hw.Set(panel.Headphones, false)
		time.Sleep(time.Second)
		if s := r.f.conductor.State(); s.Aloud || s.Stage != session.Welcome {
			t.Errorf("pulled out: %+v", s)
		}
		r.hw.Unplug()
		r.hw.Set(panel.Headphones, true)
		time.Sleep(time.Second)
		r.hw.Plug()
		time.Sleep(5 * time.Second)
		if s := r.f.conductor.State(); !s.Aloud {
			t.Errorf("there when the panel came back: %+v", s)
		}
	})
}

// TestThreeKeys goes a whole visit by keys alone, with what the middle one offers.
func TestThreeKeys(t *testing.T) {
	rehearse(t, func(r *rehearsal) {
		press := func(keys ...panel.Input) {
			for _, k := range keys {
				time.Sleep(time.Second)
				r.press(k)
			}
		}
		press(panel.MiddleKey, panel.MiddleKey, panel.RightKey, panel.LeftKey)
		if s := r.f.conductor.State(); !s.Aloud || s.Language != "de-easy" || s.Menu != 0 {
			t.Errorf("voice and language by keys: %+v", s)
		}
		r.scan()
		press(panel.MiddleKey, panel.MiddleKey, panel.RightKey)
		if s := r.f.conductor.State(); s.Group != session.Infant {
			t.Errorf("a child by keys: %+v", s)
		}
		press(panel.RightKey, panel.RightKey)
		r.at(session.Capture, "capture")
		time.Sleep(3 * time.Second)
		press(panel.RightKey, panel.RightKey)
		r.at(session.Store, "store")
		time.Sleep(3 * time.Second)
		r.at(session.Done, "done")
		press(panel.RightKey)
		if s := r.f.conductor.State(); s.Stage != session.Idle || s.Aloud || s.Language != "" {
			t.Errorf("the next one finds %+v", s)
		}
	})
}

func TestTryPanel(t *testing.T) {
	for name, tc := range map[string]struct {
		prepare func(*paneltest.Panel)
		want    string
	}{
		"good":     {func(*paneltest.Panel) {}, "lit left, ring, one after the other"},
		"occupied": {func(p *paneltest.Panel) { p.Set(panel.Occupied, true) }, "no key is stuck"},
		"stuck":    {func(p *paneltest.Panel) { p.Set(panel.MiddleKey, true) }, "the middle key is pressed"},
		"away":     {func(p *paneltest.Panel) { p.Unplug() }, "gpioinfo"},
		"faulty":   {func(p *paneltest.Panel) { p.Fault(true) }, "check the panel's cable"},
		"held":     {func(p *paneltest.Panel) { _, _ = p.Open() }, "is the station running"},
	} {
		synctest.Test(t, func(t *testing.T) {
			var p paneltest.Panel
			tc.prepare(&p)
			before := p.Boards()
			words, err := tryPanel(t.Context(), &p, []panel.Lamp{panel.Left, panel.Ring})
			if got := fmt.Sprint(words, err); !strings.Contains(got, tc.want) {
				t.Errorf("%s: got %s, want %s", name, got, tc.want)
			}
			if p.Boards() != before || p.Lit() != (panel.Levels{}) {
				t.Errorf("%s: left open, or lit %v", name, p.Lit())
			}
		})
	}
}

// TestAttachedSettings reads the example of docs/operations.md.
func TestAttachedSettings(t *testing.T) {
	page, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	const begin = "[panel]\n"
	_, example, found := strings.Cut(string(page), "```toml\n"+begin)
	example, _, _ = strings.Cut(begin+example, "```")
	if !found {
		t.Fatal("docs/operations.md has no example of [panel] and [scanner]")
	}
	s, err := parseSettings(strings.NewReader(minimal + example))
	if err != nil {
		t.Fatal(err)
	}
	if s.Panel == nil || s.Scanner == nil || len(s.wiredLamps()) != 5 || len(s.Panel.Keys) != 3 || s.Panel.Occupied == "" || s.Panel.Headphones == "" {
		t.Errorf("got panel %+v and scanner %+v", s.Panel, s.Scanner)
	}
	if got := s.Panel.Scene("done").Levels; got != (panel.Levels{panel.Ring: 1}) {
		t.Errorf("scene done: got %v, want the ring alone", got)
	}
	if s, err := parseSettings(strings.NewReader(minimal)); err != nil || s.Panel != nil || s.Scanner != nil {
		t.Errorf("the smallest settings: got a panel %+v, a scanner %+v, %v", s.Panel, s.Scanner, err)
	}
}
