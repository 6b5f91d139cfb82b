// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/capture/panel"
)

// TestPose: for a calibration the lamps are lit as for photos, then as the session asks.
func TestPose(t *testing.T) {
	rehearse(t, func(r *rehearsal) {
		scenes := panel.Settings{Scenes: map[string]map[string]float64{"idle": {"ring": 1}}}
		r.f.mu.Lock()
		r.f.scenes = scenes.Scene
		r.f.mu.Unlock()
		before := time.Now()
		rest, err := r.f.pose(context.Background())
		if want := scenes.Scene(photoScene).Levels; err != nil || r.hw.Lit() != want || time.Since(before) < settling {
			t.Errorf("lit %v after %v, %v; want %v", r.hw.Lit(), time.Since(before), err, want)
		}
		rest()
		if got, want := r.hw.Lit(), scenes.Scene("idle").Levels; got != want {
			t.Errorf("afterwards: lit %v, want %v", got, want)
		}
	})
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
