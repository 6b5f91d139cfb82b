// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"image"
	"log/slog"
	"math"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/fotobox-project/fotobox/capture/camera"
	"github.com/fotobox-project/fotobox/capture/panel"
	"github.com/fotobox-project/fotobox/image/pixel"
)

const (
	// photoScene is the scene in which photos are taken.
	photoScene = "capture"
	// exposed is the longest that a camera looks at one frame.
	exposed = 100 * time.Millisecond
	// settling is how long a camera takes to get used to the light.
	settling = 2 * time.Second
	// leastLight is what the lamps together must add to the picture, linear, 0 to 1, and
	// leastShare what each of them must have of it.
	leastLight, leastShare = 0.02, 0.02
)

// lightUp lights the panel of the settings as for photos, while no station runs, and returns what
// puts it out again.
func (s Settings) lightUp(ctx context.Context) (out func() error, err error) {
	if s.Panel == nil {
		return func() error { return nil }, nil
	}
	b, err := panel.Hardware(*s.Panel).Open()
	if err != nil {
		return nil, panelAdvice(err)
	}
	if err := b.Light(s.Panel.Scene(photoScene).Levels); err != nil {
		return nil, errors.Join(panelAdvice(err), b.Close())
	}
	select {
	case <-ctx.Done():
		return nil, errors.Join(ctx.Err(), b.Close())
	case <-time.After(settling):
		return b.Close, nil
	}
}

// lampByLamp says how much of the light comes from each lamp, as the camera sees it; nothing for a
// station without lamps.
func (s Settings) lampByLamp(ctx context.Context) (words string, err error) {
	if s.Panel == nil || len(s.Panel.Lamps) == 0 {
		return "", nil
	}
	device, err := s.device()
	if err != nil {
		return "", err
	}
	quiet := slog.New(slog.DiscardHandler)
	cam, lights := camera.New(device, quiet), panel.New(panel.Hardware(*s.Panel), quiet)
	ctx, cancel := context.WithTimeout(ctx, calibrationTime)
	defer cancel()
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return cam.Run(ctx) })
	group.Go(func() error { return lights.Run(ctx) })
	group.Go(func() error {
		defer cancel()
		for err := range lights.Changes(ctx) {
			if err != nil {
				return panelAdvice(err)
			}
			break
		}
		words, err = tryWorking(ctx, cam, func(ctx context.Context, cam *camera.Camera) (string, error) {
			return measureLamps(ctx, lights, s.wiredLamps(), cam.Next)
		})
		return err
	})
	return words, group.Wait()
}

// measureLamps lights lamp after lamp in step with the frames, and says how much of the light that
// all give comes from each. The camera's exposure must be fixed for figures that add up.
func measureLamps(ctx context.Context, p *panel.Panel, wired []panel.Lamp, next func(ctx context.Context, after uint64) (camera.Frame, error)) (string, error) {
	scenes := []panel.Scene{{Name: "dark"}, {Name: "all"}}
	for _, l := range wired {
		scenes[1].Levels[l] = 1
		scenes = append(scenes, panel.Scene{Name: l.String(), Levels: only(l)})
	}
	const frames = 3
	light := map[string]float64{}
	var frame camera.Frame
	err := p.Play(ctx, panel.Pattern{
		Scenes: scenes, Frames: frames,
		Next: func(ctx context.Context) (from, to time.Time, err error) {
			frame, err = next(ctx, frame.Number)
			return frame.Taken.Add(-exposed), frame.Taken, err
		},
		Seen: func(scene string) {
			if scene != panel.Mixed {
				light[scene] += lightOf(frame.Image) / frames
			}
		},
	})
	if err != nil {
		return "", err
	}
	return sayLamps(light, wired)
}

// sayLamps puts the light of each scene into words.
func sayLamps(light map[string]float64, wired []panel.Lamp) (string, error) {
	all := light["all"] - light["dark"]
	if all < leastLight {
		return "", errors.New("the lamps change nothing in the picture; check the panel's power and wires, and give the camera a fixed exposure")
	}
	var words []string
	for _, l := range wired {
		share := (light[l.String()] - light["dark"]) / all
		if share < leastShare && l != panel.Ring { // which looks at the person alone
			return "", fmt.Errorf("the lamp %s changes nothing in the picture; check its wires", l)
		}
		words = append(words, fmt.Sprintf("%s %.0f %%", l, 100*share))
	}
	return fmt.Sprintf("of the lamps' light %.2f: %s", all, strings.Join(words, ", ")), nil
}

// lightOf is the mean luminance of a picture, linear, 0 to 1.
func lightOf(img image.Image) (sum float64) {
	small, _ := pixel.Luma(img, 64)
	for _, p := range small.Pix {
		sum += math.Pow(float64(p)/255, 2.2) // near enough to sRGB's curve for shares
	}
	return sum / float64(len(small.Pix))
}
