// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"image"
	"image/color"
	"log/slog"
	"math"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fotobox-project/fotobox/capture/camera"
	"github.com/fotobox-project/fotobox/capture/panel"
	"github.com/fotobox-project/fotobox/capture/panel/paneltest"
)

// TestMeasureLamps: the camera sees the room's light and each lamp's, at 30 frames a second; frames
// in which the lamps change show something else and must not count.
func TestMeasureLamps(t *testing.T) {
	wired := []panel.Lamp{panel.Left, panel.Right, panel.Ring}
	for name, tc := range map[string]struct {
		light panel.Levels // of each lamp, linear
		want  string
	}{
		"good":       {panel.Levels{panel.Left: 0.3, panel.Right: 0.1}, "of the lamps' light 0.40: left 75 %, right 25 %, ring 0 %"},
		"one broken": {panel.Levels{panel.Left: 0.3}, "the lamp right changes nothing"},
		"no power":   {panel.Levels{}, "check the panel's power"},
	} {
		synctest.Test(t, func(t *testing.T) {
			var hw paneltest.Panel
			p := panel.New(&hw, slog.New(slog.DiscardHandler))
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() { ended <- p.Run(ctx) }()
			synctest.Wait()
			seen := func() (light float64) {
				for l, level := range hw.Lit() {
					light += level * tc.light[l]
				}
				return light + 0.05
			}
			before := seen()
			next := func(_ context.Context, after uint64) (camera.Frame, error) {
				time.Sleep(33 * time.Millisecond)
				light := seen()
				if light != before { // the shutter was open while they changed
					light, before = 1, light
				}
				img := image.NewUniform(color.Gray{uint8(255 * math.Pow(light, 1/2.2))})
				return camera.Frame{Number: after + 1, Taken: time.Now(), Image: &shaped{img}}, nil
			}
			words, err := measureLamps(ctx, p, wired, next)
			if err != nil {
				words = err.Error()
			}
			if !strings.Contains(words, tc.want) {
				t.Errorf("%s: got %q, want %q", name, words, tc.want)
			}
			cancel()
			if err := <-ended; err != nil {
				t.Error(err)
			}
		})
	}
}

// shaped is a picture of one colour with a size.
type shaped struct{ *image.Uniform }

func (*shaped) Bounds() image.Rectangle { return image.Rect(0, 0, 48, 64) }
