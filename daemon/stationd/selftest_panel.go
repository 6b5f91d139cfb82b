// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/fotobox-project/fotobox/capture/panel"
)

// stuckAfter is when a key that is still held is not held by a person.
const stuckAfter = 30 * time.Second

// checkLamps lights lamp by lamp before the running station's camera.
func checkLamps(ctx context.Context, s subject) (string, error) {
	switch {
	case s.Panel == nil || len(s.Panel.Lamps) == 0:
		return "none in the settings", nil
	case s.running == nil:
		return "measured by a running station only, on its maintenance page", nil
	}
	words, err := measureLamps(ctx, s.running.front.panel, s.wiredLamps(), s.running.camera.Next)
	return words, panelAdvice(err)
}

// pose lights the panel as for photos and waits until the camera has got used to it.
// The function that it returns lights what the session asks for again.
func (f *front) pose(ctx context.Context) (rest func(), err error) {
	rest = func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.show(f.conductor.State())
	}
	if err := f.panel.Light(f.scenes(photoScene)); err != nil {
		return rest, panelAdvice(err)
	}
	select {
	case <-ctx.Done():
		return rest, ctx.Err()
	case <-time.After(settling):
		return rest, nil
	}
}

// A keyLog remembers when each key was used. The zero value has seen none.
type keyLog struct {
	mu   sync.Mutex
	keys map[panel.Input]keyUse
}

type keyUse struct {
	at   time.Time // of the last change
	held bool
}

func (k *keyLog) note(in panel.Input, on bool, now time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.keys == nil {
		k.keys = map[panel.Input]keyUse{}
	}
	k.keys[in] = keyUse{now, on}
}

// say tells for each key when it was used last; one that is held for long is stuck.
func (k *keyLog) say(wired []panel.Input, now time.Time) (string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	var words []string
	for _, in := range wired {
		use, used := k.keys[in]
		switch ago := now.Sub(use.at).Round(time.Second); {
		case !used:
			words = append(words, in.String()+" not used yet")
		case use.held && ago >= stuckAfter:
			return "", fmt.Errorf("the %s has been held for %v; if nobody presses it, its wires touch", in, ago)
		default:
			words = append(words, fmt.Sprintf("%s used %v ago", in, ago))
		}
	}
	return strings.Join(words, ", "), nil
}

// checkKeys says when each key was used: press them all, then look.
func checkKeys(_ context.Context, s subject) (string, error) {
	switch {
	case s.Panel == nil || len(s.Panel.Keys) == 0:
		return "none in the settings", nil
	case s.running == nil:
		return "watched by a running station only, on its maintenance page", nil
	}
	if err := s.running.front.panel.Health(); err != nil {
		return "", panelAdvice(err)
	}
	return s.running.front.keys.say(s.wiredKeys(), time.Now())
}

// wiredKeys are the keys that the settings wire, in their order.
func (s Settings) wiredKeys() (wired []panel.Input) {
	for _, in := range []panel.Input{panel.LeftKey, panel.MiddleKey, panel.RightKey} {
		if _, ok := s.Panel.Keys[strings.TrimSuffix(in.String(), " key")]; ok {
			wired = append(wired, in)
		}
	}
	return wired
}
