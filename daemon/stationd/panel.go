// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"github.com/fotobox-project/fotobox/capture/panel"
	"github.com/fotobox-project/fotobox/daemon/conductor"
	"github.com/fotobox-project/fotobox/daemon/session"
	"github.com/fotobox-project/fotobox/ui/kiosk"
	"github.com/fotobox-project/fotobox/ui/text"
)

// A front is the station's panel in the session's hands: the lamps show its stage, the keys press
// its buttons. Whether somebody stands there lights the idle station, and nothing else: a person who
// steps back to look at the photos has not left.
type front struct {
	panel     *panel.Panel
	scenes    func(name string) panel.Scene
	lamps     bool // without light no photo
	conductor *conductor.Conductor
	language  text.Language // what an idle station speaks
	log       *slog.Logger
	keys      keyLog // for the self-test

	mu       sync.Mutex
	occupied bool
	shown    session.State
	since    time.Time // when that screen came
}

// front is the panel that the settings describe; nil: none.
func (st *station) newFront() *front {
	s := st.settings.Panel
	if s == nil {
		return nil
	}
	language, _ := text.Parse(st.settings.Language, text.Languages())
	f := &front{
		panel: panel.New(panel.Hardware(*s), st.log), scenes: s.Scene, lamps: len(s.Lamps) > 0,
		conductor: st.conductor, language: language, log: st.log,
	}
	st.meter.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "fotobox_station_panel", Help: "1 while lamps and keys work, 0 while they are away."}, f.working))
	return f
}

func (f *front) working() float64 {
	if f.panel.Health() != nil {
		return 0
	}
	return 1
}

func (f *front) String() string { return "panel" }

// Run lights and listens until ctx ends.
func (f *front) Run(ctx context.Context) error {
	f.panel.Changed = func(in panel.Input, on bool) { f.changed(ctx, in, on) }
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return f.panel.Run(ctx) })
	group.Go(func() error { return f.follow(ctx) })
	if f.lamps {
		group.Go(func() error { return f.conductor.Health(ctx, session.Lamps, f.panel.Changes(ctx)) })
	}
	return group.Wait()
}

// follow lights what each state asks for.
func (f *front) follow(ctx context.Context) error {
	for s := range f.conductor.States(ctx) {
		f.mu.Lock()
		f.show(s)
		f.mu.Unlock()
	}
	return nil
}

// show lights the scene of a state and notes a new screen; f.mu is held.
func (f *front) show(s session.State) {
	if s.Stage != f.shown.Stage || s.Visit != f.shown.Visit || f.since.IsZero() {
		f.since = time.Now()
	}
	f.shown = s
	if err := f.panel.Light(f.scenes(sceneName(s, f.occupied))); err != nil {
		f.log.Debug("lamps", "err", err) // the panel says that it is away, and lights it later
	}
}

// sceneName is the scene of a state. Who wants no flashing has the light of photos, steady, from
// the guidance on.
func sceneName(s session.State, occupied bool) string {
	switch {
	case s.Stage == session.Idle && occupied:
		return "approach"
	case s.Stage == session.Position && s.Calm:
		return photoScene
	case s.Stage == session.Position && s.Hint == "":
		return "hold"
	}
	return s.Stage.String()
}

// changed takes a key or the sensor.
func (f *front) changed(ctx context.Context, in panel.Input, on bool) {
	f.keys.note(in, on, time.Now())
	s := f.conductor.State()
	f.mu.Lock()
	if in == panel.Occupied {
		f.occupied = on
	}
	f.show(s)
	rests := time.Since(f.since) < keyRest
	f.mu.Unlock()
	if ev, ok := f.event(s, in, on, rests); ok {
		_ = f.conductor.Tell(ctx, ev) // the only error is that the program ends
	}
}

// event is what the session hears of an input. Keys rest after the screen has changed.
func (f *front) event(s session.State, in panel.Input, on, rests bool) (session.Event, bool) {
	switch k, isKey := keyOf(in); {
	case in == panel.Headphones:
		return session.Plugged{In: on}, on != s.Plugged
	case isKey && on && !rests:
		return kiosk.Keyed(s, k, f.language, time.Now())
	}
	return nil, false
}

// keyOf is the key that an input is.
func keyOf(in panel.Input) (session.Key, bool) {
	switch in {
	case panel.LeftKey:
		return session.LeftKey, true
	case panel.MiddleKey:
		return session.MiddleKey, true
	case panel.RightKey:
		return session.RightKey, true
	}
	return "", false
}

// keyRest is how long keys rest after the screen has changed: whoever presses twice, or presses
// what was there a moment ago, does not press what has come in its place.
const keyRest = 700 * time.Millisecond

// lit reports whether a frame that was taken then has the light of photos.
func (f *front) lit(taken time.Time) bool {
	name := f.panel.Lit(taken.Add(-exposed), taken)
	return name != panel.Mixed && f.scenes(name).Levels == f.scenes(photoScene).Levels
}

// lampTime is how long the self-test lights each lamp, for the eye.
const lampTime = 300 * time.Millisecond

// checkPanel asks the running station's panel, or tries lamp after lamp.
func checkPanel(ctx context.Context, s subject) (string, error) {
	switch {
	case s.Panel == nil:
		return "none in the settings", nil
	case s.running != nil:
		return "lamps and keys work", panelAdvice(s.running.front.panel.Health())
	}
	return tryPanel(ctx, panel.Hardware(*s.Panel), s.wiredLamps())
}

// wiredLamps are the lamps that the settings wire, in their order.
func (s Settings) wiredLamps() (wired []panel.Lamp) {
	for _, l := range panel.Lamps() {
		if _, ok := s.Panel.Lamps[l.String()]; ok {
			wired = append(wired, l)
		}
	}
	return wired
}

// tryPanel lights each lamp for a moment and looks for keys that are stuck.
func tryPanel(ctx context.Context, d panel.Device, wired []panel.Lamp) (words string, err error) {
	b, err := d.Open()
	if err != nil {
		return "", panelAdvice(err)
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	in, err := b.Wait(0)
	if err != nil {
		return "", panelAdvice(err)
	}
	for key, on := range in {
		if _, isKey := keyOf(panel.Input(key)); on && isKey {
			return "", fmt.Errorf("the %s is pressed; if nobody presses it, its wires touch", panel.Input(key))
		}
	}
	var names []string
	for _, l := range wired {
		if err := b.Light(only(l)); err != nil {
			return "", panelAdvice(err)
		}
		names = append(names, l.String())
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case <-time.After(lampTime):
		}
	}
	return fmt.Sprintf("%s: lit %s, one after the other; no key is stuck", d, strings.Join(names, ", ")), nil
}

func only(l panel.Lamp) (levels panel.Levels) {
	levels[l] = 1
	return levels
}

// panelAdvice adds what to do.
func panelAdvice(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, panel.ErrHeld):
		return fmt.Errorf("%w; is the station running? its maintenance page shows the panel", err)
	}
	return fmt.Errorf("%w; compare panel.chip and the lines with gpioinfo, and check the panel's cable", err)
}
