// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"fmt"
	"image"
	"strings"
	"sync"
	"time"

	"github.com/fotobox-project/fotobox/capture/camera"
	"github.com/fotobox-project/fotobox/capture/panel"
	"github.com/fotobox-project/fotobox/image/pixel"
)

const (
	// lampFrames are looked at for each lamp; the last one counts.
	lampFrames = 3
	// A lamp must add so much light to the picture: a share of what there is without
	// it, since daylight wavers by about a percent, and linear light, above the noise of the mean.
	lampShare, lampLeast = 0.02, 0.001
	// stuckAfter is when a key that is still held is not held by a person.
	stuckAfter = 30 * time.Second
)

// checkLamps lights lamp by lamp before the running station's camera.
func checkLamps(ctx context.Context, s subject) (string, error) {
	switch {
	case s.Panel == nil || len(s.Panel.Lamps) == 0:
		return "none in the settings", nil
	case s.running == nil:
		return "measured by a running station only, on its maintenance page", nil
	}
	return tryLamps(ctx, s.running.front.panel, s.running.camera, s.wiredLamps())
}

// A player plays lamp patterns.
type player interface {
	Play(ctx context.Context, p panel.Pattern) error
}

// tryLamps measures by how much each lamp makes the picture brighter.
func tryLamps(ctx context.Context, p player, cam frames, wired []panel.Lamp) (string, error) {
	const dark = "dark"
	scenes := []panel.Scene{{Name: dark}}
	for _, l := range wired {
		scenes = append(scenes, panel.Scene{Name: l.String(), Levels: only(l)})
	}
	var frame camera.Frame
	light := map[string]float64{}
	err := p.Play(ctx, panel.Pattern{
		Scenes: scenes, Frames: lampFrames,
		Next: func(ctx context.Context) (from, to time.Time, err error) {
			frame, err = cam.Next(ctx, frame.Number)
			return frame.Taken.Add(-exposed), frame.Taken, err
		},
		Seen: func(scene string) {
			if scene != panel.Mixed {
				light[scene] = brightness(frame.Image)
			}
		},
	})
	if err != nil {
		return "", panelAdvice(err)
	}
	words := fmt.Sprintf("%.3f without lamps", light[dark])
	var failed []string
	for _, l := range wired {
		more := light[l.String()] - light[dark]
		words += fmt.Sprintf(", %s %+.3f", l, more)
		if more < lampShare*light[dark]+lampLeast {
			failed = append(failed, l.String())
		}
	}
	if len(failed) > 0 {
		return "", fmt.Errorf("the picture gets no brighter by %s (%s); check that lamp's cable and driver, and whether panel.lamps names its line", strings.Join(failed, ", "), words)
	}
	return words, nil
}

// brightness is the mean light of a picture, linear, 0 to 1.
func brightness(img image.Image) (mean float64) {
	g, _ := pixel.Luma(img, 64)
	table := pixel.Linear()
	for _, v := range g.Pix {
		mean += float64(table[v]) / float64(len(g.Pix))
	}
	return mean
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
