// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/fotobox-project/fotobox/capture/camera"
	"github.com/fotobox-project/fotobox/image/booth"
	"github.com/fotobox-project/fotobox/image/face"
	"github.com/fotobox-project/fotobox/internal/command"
	"github.com/fotobox-project/fotobox/internal/durable"
)

const (
	// sceneFile is the empty scene in the state directory.
	sceneFile = "scene"
	// calibrationStills are enough to tell noise from movement.
	calibrationStills = 5
	// calibrationPause lets lamps that flicker and people who move show it.
	calibrationPause = 300 * time.Millisecond
	// calibrationTime ends a calibration whose camera does not answer.
	calibrationTime = time.Minute
)

// Sentences that a person at the station can act on.
var (
	errFaceInScene = errors.New("somebody is in the picture; step out of it and call again")
	errNoScene     = errors.New(`no empty scene is stored; run "stationd calibrate" without -grey first`)
)

// calibrate stores the empty scene, or with -grey the white balance of a grey card.
func calibrate(ctx context.Context, c *command.Call) error {
	grey := c.Flags.Bool("grey", false, "measure a grey card that is held before the wall")
	s, err := configured(c)
	if err != nil {
		return err
	}
	dir, err := durable.Open(s.State)
	if err != nil {
		return err
	}
	defer dir.Close()
	unlock, err := dir.Lock()
	if err != nil {
		return fmt.Errorf("calibrate: %w; stop the station first", err)
	}
	scene, err := s.calibrated(ctx, dir, *grey, slog.New(slog.NewTextHandler(c.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})))
	if err == nil {
		err = storeScene(dir, scene)
	}
	if err = errors.Join(err, unlock()); err != nil {
		return fmt.Errorf("calibrate: %w", err)
	}
	if _, err := fmt.Fprintln(c.Stdout, describe(scene)); err != nil || *grey {
		return err
	}
	words, err := s.lampByLamp(ctx)
	if err != nil {
		return fmt.Errorf("calibrate: %w", err)
	}
	if words != "" {
		_, err = fmt.Fprintln(c.Stdout, words)
	}
	return err
}

// calibrated measures with the camera of the settings.
func (s Settings) calibrated(ctx context.Context, dir *durable.Dir, grey bool, log *slog.Logger) (scene *booth.Scene, err error) {
	finder, err := face.New()
	if err != nil {
		return nil, err
	}
	device, err := s.device()
	if err != nil {
		return nil, err
	}
	if grey {
		if scene, err = loadScene(dir); err != nil {
			return nil, err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, calibrationTime)
	defer cancel()
	dark, err := s.lightUp(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, dark()) }()
	cam := camera.New(device, log)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return cam.Run(ctx) })
	group.Go(func() (err error) {
		defer cancel()
		if grey {
			scene, err = withGrey(ctx, cam, scene)
		} else {
			scene, err = emptyScene(ctx, cam, finder)
		}
		return err
	})
	return scene, group.Wait()
}

// emptyScene takes the stills, and a preview frame that must show the same.
func emptyScene(ctx context.Context, cam *camera.Camera, finder *face.Finder) (*booth.Scene, error) {
	before, err := cam.Next(ctx, 0)
	if err == nil {
		err = nobodyIn(finder, before.Image) // whoever is there learns it before five stills
	}
	if err != nil {
		return nil, err
	}
	stills, frame, err := takeStills(ctx, cam, calibrationStills)
	if err != nil {
		return nil, err
	}
	if err := nobodyIn(finder, append(stills, frame)...); err != nil {
		return nil, err
	}
	lamp, err := booth.Learn(booth.All, stills)
	if err != nil {
		return nil, err
	}
	scene := &booth.Scene{Taken: time.Now().UTC(), Camera: cam.String(), Lamps: []booth.Lamp{lamp}}
	if f := scene.Fit(frame); f.Reason != booth.Fits {
		return nil, fmt.Errorf("the preview does not show what the stills show: %v", f)
	}
	return scene, nil
}

// nobodyIn refuses pictures with a face.
func nobodyIn(finder *face.Finder, pictures ...image.Image) error {
	for _, img := range pictures {
		faces, err := finder.Find(img)
		if err != nil {
			return err
		}
		if len(faces) > 0 {
			return errFaceInScene
		}
	}
	return nil
}

// withGrey measures the card twice, so that a hand that moves is noticed.
func withGrey(ctx context.Context, cam *camera.Camera, scene *booth.Scene) (*booth.Scene, error) {
	stills, _, err := takeStills(ctx, cam, 2)
	if err != nil {
		return nil, err
	}
	first, err := booth.Card(stills[0])
	if err != nil {
		return nil, err
	}
	second, err := booth.Card(stills[1])
	if err != nil {
		return nil, err
	}
	for k, g := range first.Gains {
		const most = 0.02 // share; noise over a card is far below
		if d := g/second.Gains[k] - 1; d > most || d < -most {
			return nil, errors.New("the grey card looked different in two pictures; hold it still")
		}
	}
	with := *scene
	with.Grey = first
	return &with, nil
}

// takeStills takes n stills and then a preview frame.
func takeStills(ctx context.Context, cam *camera.Camera, n int) (stills []image.Image, frame image.Image, err error) {
	first, err := cam.Next(ctx, 0) // the camera is there
	if err != nil {
		return nil, nil, fmt.Errorf("no preview from %s: %w; check the camera's cable", cam, err)
	}
	for range n {
		still, err := cam.Still(ctx)
		if err != nil {
			return nil, nil, fmt.Errorf("no still from %s: %w; check the camera's cable", cam, err)
		}
		stills = append(stills, still)
		select {
		case <-ctx.Done():
			return nil, nil, ctx.Err()
		case <-time.After(calibrationPause):
		}
	}
	last, err := cam.Next(ctx, first.Number)
	return stills, last.Image, err
}

func storeScene(dir *durable.Dir, scene *booth.Scene) error {
	b, err := scene.Bytes()
	if err != nil {
		return err
	}
	return dir.Write(sceneFile, bytes.NewReader(b))
}

// describe says what was measured. TR-03121 AH-FI recommends a wall between
// #A1A1A1 and #E1E1E1, linear 0.356 to 0.752.
func describe(scene *booth.Scene) string {
	words := fmt.Sprintf("the empty scene is stored: light %.2f", scene.Brightness())
	if b := scene.Brightness(); b < 0.356 || b > 0.752 {
		words += " (a wall of 0.36 to 0.75 is recommended)"
	}
	if g := scene.Grey; g != nil {
		words += fmt.Sprintf(", white balance R %.3f G %.3f B %.3f", g.Gains[0], g.Gains[1], g.Gains[2])
	}
	return words
}

// calibrate measures with the running station's camera, and the station judges by
// the new scene from then on.
func (st *station) calibrate(ctx context.Context, grey bool) (scene *booth.Scene, err error) {
	if st.front != nil {
		rest, err := st.front.pose(ctx)
		defer rest()
		if err != nil {
			return nil, err
		}
	}
	if grey {
		if scene, err = loadScene(st.dir); err == nil {
			scene, err = withGrey(ctx, st.camera, scene)
		}
	} else {
		scene, err = emptyScene(ctx, st.camera, st.watch.Face)
	}
	if err != nil {
		return nil, err
	}
	if err := storeScene(st.dir, scene); err != nil {
		return nil, err
	}
	st.backdrop.use(scene)
	return scene, nil
}
