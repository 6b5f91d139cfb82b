// SPDX-License-Identifier: EUPL-1.2

// Package cameratest simulates cameras: a folder of photos played as a camera, and a rendered sitter
// whose every parameter and landmark is known.
package cameratest

import (
	"context"
	"errors"
	"fmt"
	"image"
	"os"
	"sync"
	"time"

	"github.com/fotobox-project/fotobox/capture/camera"
)

// photoTime is how long each photo is shown when the folder has no script.
const photoTime = 30 * time.Second

// errGone is what a device says that its script has taken away.
var errGone = errors.New("device gone (script)")

var (
	_ camera.Device = (*folder)(nil)
	_ camera.Stream = (*folderStream)(nil)
)

// Folder plays the photos (*.jpg, *.jpeg, *.png) of dir as a camera of 30 frames a second, for ever.
// The simulated lens films each photo so that it covers the whole picture, see Film. The file
// script.txt of the folder says what happens when, a line each, over and over:
//
//	show NAME 5s   the photo NAME is in front of the camera
//	blank 2s       nobody is there
//	pause 3s       the device gives no frames
//	lost 3s        the device is gone
//	# comment
//
// Without it each photo shows for 30 s in the order of the names. The script runs from the first
// opening on, whether the device is open or not.
//
// The folder is refused when it is missing, has no photo, when a photo's header is damaged, or when
// the script is wrong; the error names file or line. A photo that turns out damaged further in is
// named by an error of Next once, and from then on left out: the scene stays blank in its place.
func Folder(dir string) (camera.Device, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open photo folder: %w", err)
	}
	names, err := photos(root)
	if err != nil {
		return nil, fmt.Errorf("photo folder %s: %w", dir, err)
	}
	s, err := readScript(root, names)
	if err != nil {
		return nil, fmt.Errorf("photo folder %s: %w", dir, err)
	}
	return &folder{dir: dir, script: s, reel: newReel(root)}, nil
}

type folder struct {
	dir    string
	script script
	reel   *reel

	mu    sync.Mutex
	start time.Time // of the first opening
}

func (f *folder) String() string { return "photo folder " + f.dir }

// now returns the running step of the script, the one after it, and when the step ends.
func (f *folder) now() (step, next step, end time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := time.Now()
	if f.start.IsZero() {
		f.start = now
	}
	step, next, left := f.script.at(now.Sub(f.start))
	return step, next, now.Add(left)
}

// Open implements camera.Device.
func (f *folder) Open(context.Context) (camera.Stream, error) {
	if step, _, _ := f.now(); step.act == lost {
		return nil, errGone
	}
	return &folderStream{folder: f}, nil
}

type folderStream struct {
	*folder
	pace pace
}

// Next implements camera.Stream.
func (f *folderStream) Next(ctx context.Context) (camera.Frame, error) {
	if err := f.pace.wait(ctx); err != nil {
		return camera.Frame{}, err
	}
	slide, err := f.slide(ctx)
	if err != nil {
		return camera.Frame{}, err
	}
	return camera.Frame{Taken: time.Now(), Image: slide.preview}, nil
}

// Still implements camera.Stream.
func (f *folderStream) Still(ctx context.Context) (image.Image, error) {
	slide, err := f.slide(ctx)
	if err != nil {
		return nil, err
	}
	return slide.still(), ctx.Err()
}

// Close implements camera.Stream.
func (f *folderStream) Close() error { return nil }

// slide returns what is in front of the camera, after any pause of the script.
func (f *folder) slide(ctx context.Context) (*slide, error) {
	for {
		step, next, end := f.now()
		switch step.act {
		case lost:
			return nil, errGone
		case show, blank:
			return f.reel.slide(step.photo, next.photo)
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(time.Until(end)):
		}
	}
}
