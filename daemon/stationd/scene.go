// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"sync"
	"time"

	"github.com/fotobox-project/fotobox/capture/camera"
	"github.com/fotobox-project/fotobox/daemon/session"
	"github.com/fotobox-project/fotobox/image/booth"
	"github.com/fotobox-project/fotobox/image/face"
	"github.com/fotobox-project/fotobox/internal/durable"
)

const (
	// fitEvery is how often an idle station compares its view with the empty scene.
	fitEvery = time.Minute
	// fitStrikes: so many looks in a row must find that the calibration does not fit.
	// Somebody who walks past with the back to the camera has no face to be found.
	fitStrikes = 2
)

// loadScene reads the stored empty scene; errNoScene when there is none.
func loadScene(dir *durable.Dir) (*booth.Scene, error) {
	f, err := dir.Root.Open(sceneFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errNoScene
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return booth.Read(f)
}

// A backdrop is the empty scene of a running station, as long as it fits.
type backdrop struct {
	stage  func() session.Stage
	frames frames
	finder *face.Finder
	log    *slog.Logger
	looked func(booth.Fit)            // each look that found nobody; nil: nobody counts
	lit    func(taken time.Time) bool // whether a frame has the light of photos; nil: it always has
	every  time.Duration

	mu      sync.Mutex
	scene   *booth.Scene
	strikes int
}

// frames is the camera.
type frames interface {
	Next(ctx context.Context, after uint64) (camera.Frame, error)
	String() string
}

// load reads the stored scene. One that cannot be read is none: the rules have
// the picture alone, as before the first calibration.
func (b *backdrop) load(dir *durable.Dir) {
	scene, err := loadScene(dir)
	switch {
	case errors.Is(err, errNoScene):
		b.log.Info("not calibrated")
	case err != nil:
		b.log.Warn("calibration is not used; calibrate again", "err", err)
	default:
		b.log.Info("calibrated", "taken", scene.Taken, "grey card", scene.Grey != nil)
	}
	b.scene = scene
}

// Empty is the scene while it fits, otherwise nil.
func (b *backdrop) Empty() *booth.Scene {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.strikes >= fitStrikes {
		return nil
	}
	return b.scene
}

// use takes another scene from now on.
func (b *backdrop) use(scene *booth.Scene) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.scene, b.strikes = scene, 0
}

func (b *backdrop) String() string { return "calibration" }

// Run looks once in a while whether the scene still fits, until ctx ends.
func (b *backdrop) Run(ctx context.Context) error {
	tick := time.NewTicker(b.every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if b.stage() != session.Idle {
			continue
		}
		if err := b.look(ctx); err != nil {
			return err
		}
	}
}

// look compares one frame, if nobody is in it and nobody came meanwhile.
func (b *backdrop) look(ctx context.Context) error {
	b.mu.Lock()
	scene := b.scene
	b.mu.Unlock()
	if scene == nil {
		return nil
	}
	frame, err := b.frames.Next(ctx, 0)
	if err != nil {
		return nil // the only error is ctx's
	}
	if b.lit != nil && !b.lit(frame.Taken) {
		return nil
	}
	faces, err := b.finder.Track(frame.Image)
	if err != nil || len(faces) > 0 || b.stage() != session.Idle {
		return err
	}
	fit := booth.Fit{Reason: booth.Picture}
	if scene.Camera == b.frames.String() {
		fit = scene.Fit(frame.Image)
	}
	if b.looked != nil {
		b.looked(fit)
	}
	b.judge(fit)
	return nil
}

// judge counts and says when the calibration ceases to fit, and when it fits again.
func (b *backdrop) judge(fit booth.Fit) {
	b.mu.Lock()
	defer b.mu.Unlock()
	was := b.strikes >= fitStrikes
	if fit.Reason == booth.Fits {
		b.strikes = 0
		if was {
			b.log.Info("calibration fits again")
		}
		return
	}
	b.strikes++
	if b.strikes == fitStrikes {
		b.log.Warn("calibration does not fit any more; photos are judged without it", "reason", string(fit.Reason), "what", fit.String())
	}
}

// checkCalibration is the self-test's part: a station without one works, with the
// picture alone; one that does not fit is wrong.
func checkCalibration(ctx context.Context, s subject) (string, error) {
	dir, err := durable.Open(s.State)
	if err != nil {
		return "", err
	}
	defer dir.Close()
	scene, err := loadScene(dir)
	if errors.Is(err, errNoScene) {
		return `none; photos are judged without the empty scene until "stationd calibrate" has run`, nil
	}
	if err != nil {
		return "", fmt.Errorf("%w; calibrate again", err)
	}
	return s.withCamera(ctx, func(ctx context.Context, cam *camera.Camera) (string, error) { return tryScene(ctx, cam, scene) })
}

func tryScene(ctx context.Context, cam *camera.Camera, scene *booth.Scene) (string, error) {
	if scene.Camera != cam.String() {
		return "", fmt.Errorf("it was made with another camera, %s; calibrate again", scene.Camera)
	}
	frame, err := cam.Next(ctx, 0)
	if err != nil {
		return "", fmt.Errorf("no preview from %s: %w", cam, err)
	}
	finder, err := face.New()
	if err != nil {
		return "", err
	}
	faces, err := finder.Find(frame.Image)
	if err != nil {
		return "", err
	}
	taken := scene.Taken.Format(time.DateOnly)
	if len(faces) > 0 {
		return "of " + taken + "; whether it fits cannot be told while somebody is in the picture", nil
	}
	fit := scene.Fit(frame.Image)
	if fit.Reason != booth.Fits {
		return "", errors.New("of " + taken + ": " + fit.String())
	}
	return "of " + taken + ": " + fit.String(), nil
}
