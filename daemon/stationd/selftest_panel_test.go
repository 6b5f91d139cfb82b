// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"image"
	"image/color"
	"image/draw"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fotobox-project/fotobox/capture/camera"
	"github.com/fotobox-project/fotobox/capture/panel"
	"github.com/fotobox-project/fotobox/capture/panel/paneltest"
)

// A lobby is a camera that sees daylight and what the panel's lamps add to it.
type lobby struct {
	hw     *paneltest.Panel
	adds   panel.Levels // sRGB levels
	number uint64
}

func (l *lobby) Next(ctx context.Context, _ uint64) (camera.Frame, error) {
	select {
	case <-ctx.Done():
		return camera.Frame{}, ctx.Err()
	case <-time.After(33 * time.Millisecond):
	}
	level := 60.0
	for lamp, on := range l.hw.Lit() {
		level += on * l.adds[lamp]
	}
	img := image.NewGray(image.Rect(0, 0, 48, 64))
	draw.Draw(img, img.Rect, image.NewUniform(color.Gray{Y: uint8(level)}), image.Point{}, draw.Src)
	l.number++
	return camera.Frame{Number: l.number, Taken: time.Now(), Image: img}, nil
}

// TestLampByLamp: a lamp that gives no light is named, however bright the others are.
func TestLampByLamp(t *testing.T) {
	for name, tc := range map[string]struct {
		adds panel.Levels
		want string
	}{
		"all work":    {panel.Levels{40, 40, 10, 20, 3}, ""},
		"right fails": {panel.Levels{40, 0, 10, 20, 3}, "no brighter by right ("},
		"two fail":    {panel.Levels{40, 40, 0, 0, 3}, "no brighter by fill, background ("},
	} {
		synctest.Test(t, func(t *testing.T) {
			l := &lobby{hw: new(paneltest.Panel), adds: tc.adds}
			p := panel.New(l.hw, slog.New(slog.DiscardHandler))
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan error)
			go func() { ended <- p.Run(ctx) }()
			time.Sleep(time.Second)
			words, err := tryLamps(ctx, p, l, panel.Lamps())
			if tc.want == "" && (err != nil || !strings.HasPrefix(words, "0.045 without lamps, left +0.082")) || tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)) {
				t.Errorf("%s: got %q, %v; want %q", name, words, err, tc.want)
			}
			l.hw.Unplug()
			time.Sleep(time.Second)
			if _, err := tryLamps(ctx, p, l, panel.Lamps()); err == nil || !strings.Contains(err.Error(), "check the panel's cable") {
				t.Errorf("%s: panel away: got %v", name, err)
			}
			cancel()
			if err := <-ended; err != nil {
				t.Error(err)
			}
		})
	}
}

// TestKeyByKey: each key says when it was used; a stuck one is named.
func TestKeyByKey(t *testing.T) {
	now := time.Date(2026, 11, 21, 8, 0, 0, 0, time.UTC)
	s := Settings{Panel: &panel.Settings{Keys: map[string]string{"left": "GPIO22", "right": "GPIO24"}}}
	wired := s.wiredKeys()
	var k keyLog
	if got, err := k.say(wired, now); err != nil || got != "left key not used yet, right key not used yet" {
		t.Errorf("at first: got %q, %v", got, err)
	}
	k.note(panel.LeftKey, true, now)
	k.note(panel.LeftKey, false, now.Add(time.Second))
	k.note(panel.RightKey, true, now)
	if got, err := k.say(wired, now.Add(5*time.Second)); err != nil || got != "left key used 4s ago, right key used 5s ago" {
		t.Errorf("both used: got %q, %v", got, err)
	}
	if _, err := k.say(wired, now.Add(time.Minute)); err == nil || !strings.HasPrefix(err.Error(), "the right key has been held for 1m0s") {
		t.Errorf("stuck: got %v", err)
	}
}
