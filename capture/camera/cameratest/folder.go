// SPDX-License-Identifier: EUPL-1.2

// Package cameratest simulates cameras: a folder of photos played as a camera, and a rendered sitter
// whose every parameter and landmark is known.
package cameratest

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io/fs"
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
// opening on, whether the device is open or not. When the file changes it is read again, with
// whatever photos are there then, and begins anew: so a test or a demonstration directs the scene
// while it is filmed. Whoever changes it writes it aside and renames it, since the device is gone
// as long as the script is wrong.
//
// The folder is refused when it is missing, has no photo, when a photo's header is damaged, or when
// the script is wrong; the error names file or line. A photo that turns out damaged further in is
// named by an error of Next once, and from then on left out: the scene stays blank in its place.
func Folder(dir string) (camera.Device, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open photo folder: %w", err)
	}
	f := &folder{dir: dir, reel: newReel(root)}
	if err := f.read(); err != nil {
		return nil, err
	}
	return f, nil
}

type folder struct {
	dir  string
	reel *reel

	mu     sync.Mutex
	file   fs.FileInfo // of the script when it was read; nil: there was none
	script script
	err    error     // what is wrong with folder or script
	start  time.Time // of the script: the first opening, or its last change
}

func (f *folder) String() string { return "photo folder " + f.dir }

// now returns the running step of the script, the one after it, and when the step ends.
func (f *folder) now() (step, next step, end time.Time, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := time.Now()
	if f.changed() {
		_ = f.read() // kept
		f.start = now
	}
	if f.err != nil {
		return step, next, end, f.err
	}
	if f.start.IsZero() {
		f.start = now
	}
	step, next, left := f.script.at(now.Sub(f.start))
	if step.act == lost {
		err = errGone
	}
	return step, next, now.Add(left), err
}

// changed reports whether the script's file is another one than was read.
func (f *folder) changed() bool {
	file := f.look()
	if file == nil || f.file == nil {
		return file != f.file
	}
	return !os.SameFile(file, f.file) || !file.ModTime().Equal(f.file.ModTime()) || file.Size() != f.file.Size()
}

// look is nil where there is no script.
func (f *folder) look() fs.FileInfo {
	file, err := f.reel.root.Stat(scriptName)
	if err != nil {
		return nil // reading says what is wrong, if it is more than that
	}
	return file
}

// read takes photos and script as they are now.
func (f *folder) read() error {
	f.file = f.look() // first: what changes meanwhile is read again
	names, err := photos(f.reel.root)
	if err == nil {
		f.script, err = readScript(f.reel.root, names)
	}
	f.err = nil
	if err != nil {
		f.err = fmt.Errorf("photo folder %s: %w", f.dir, err)
	}
	return f.err
}

// Open implements camera.Device.
func (f *folder) Open(context.Context) (camera.Stream, error) {
	if _, _, _, err := f.now(); err != nil {
		return nil, err
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
		step, next, end, err := f.now()
		switch {
		case err != nil:
			return nil, err
		case step.act == show, step.act == blank:
			return f.reel.slide(step.photo, next.photo)
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(time.Until(end)):
		}
	}
}
