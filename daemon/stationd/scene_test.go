// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fotobox-project/fotobox/capture/camera"
	"github.com/fotobox-project/fotobox/capture/camera/cameratest"
	"github.com/fotobox-project/fotobox/daemon/session"
	"github.com/fotobox-project/fotobox/image/booth"
	"github.com/fotobox-project/fotobox/image/face"
)

// A window is what a test lets the station see.
type window struct {
	view   atomic.Pointer[image.NRGBA]
	camera atomic.Value // its name
}

func (w *window) show(camera string, img *image.NRGBA) *window {
	w.camera.Store(camera)
	w.view.Store(img)
	return w
}

func (w *window) String() string { return w.camera.Load().(string) }

func (w *window) Next(context.Context, uint64) (camera.Frame, error) {
	return camera.Frame{Number: 1, Image: w.view.Load()}, nil
}

// stand is a wall between two posts, moved to the side by pixels; left and right
// are the lamps' light.
func stand(moved int, left, right float64) *image.NRGBA {
	return repainted(image.NewNRGBA(image.Rect(0, 0, 480, 640)), func(x, y float64, _ color.NRGBA) color.NRGBA {
		grey := color.NRGBA{R: 200, G: 200, B: 200, A: 255}
		if at := x - float64(moved)/480; at < 0.1 || at > 0.92 {
			grey = color.NRGBA{R: 90, G: 95, B: 100, A: 255}
		}
		light := left*(1-x) + right*x
		return lit(grey, light, light, light)
	})
}

func standScene(t *testing.T) *booth.Scene {
	t.Helper()
	wall := stand(0, 1, 1)
	l, err := booth.Learn(booth.All, []image.Image{wall, wall, wall})
	if err != nil {
		t.Fatal(err)
	}
	return &booth.Scene{Camera: "Lens 1", Lamps: []booth.Lamp{l}}
}

// TestBackdrop: a calibration that ceases to fit is noticed after two looks, said
// once, and used again when it fits.
func TestBackdrop(t *testing.T) {
	finder, err := face.New()
	if err != nil {
		t.Fatal(err)
	}
	scene, sitter := standScene(t), sitter(t)
	for _, tt := range []struct {
		name   string
		camera string
		view   *image.NRGBA
		said   string // empty: it still fits
	}{
		{"as calibrated", "Lens 1", stand(0, 1, 1), ""},
		{"a little less light", "Lens 1", stand(0, 0.85, 0.85), ""},
		{"camera moved", "Lens 1", stand(20, 1, 1), "reason=moved"},
		{"lamp dead", "Lens 1", stand(0, 0.5, 1), "reason=lamp"},
		{"all lamps dead", "Lens 1", stand(0, 0.2, 0.2), "reason=light"},
		{"another camera", "Lens 2", stand(0, 1, 1), "reason=picture"},
		{"somebody is there", "Lens 1", sitter, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log bytes.Buffer
				var looks []booth.Reason
				view := new(window).show(tt.camera, tt.view)
				b := &backdrop{
					stage: func() session.Stage { return session.Idle }, frames: view, finder: finder, every: fitEvery,
					log: slog.New(slog.NewTextHandler(&log, nil)), looked: func(f booth.Fit) { looks = append(looks, f.Reason) }, scene: scene,
				}
				go b.Run(t.Context())
				after := func(looks int) *booth.Scene {
					time.Sleep(time.Duration(looks) * fitEvery)
					synctest.Wait()
					return b.Empty()
				}
				time.Sleep(time.Second)
				if after(1) == nil {
					t.Error("one look was enough")
				}
				if fits := after(3) != nil; fits != (tt.said == "") || strings.Count(log.String(), "does not fit") != strings.Count(tt.said, "=") || !strings.Contains(log.String(), tt.said) {
					t.Errorf("fits %t, log %q", fits, log.String())
				}
				if seen := len(looks); (tt.view == sitter) != (seen == 0) {
					t.Errorf("%d looks counted", seen)
				}
				view.show("Lens 1", stand(0, 1, 1))
				if after(1) == nil {
					t.Errorf("it fits again, and is not used: %q", log.String())
				}
			})
		})
	}
}

// TestBackdropBusy: during a visit nothing is compared.
func TestBackdropBusy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &backdrop{
			stage: func() session.Stage { return session.Position }, frames: &window{}, every: fitEvery,
			looked: func(booth.Fit) { t.Error("somebody was looked at") }, scene: standScene(t),
		}
		go b.Run(t.Context())
		time.Sleep(3 * fitEvery)
	})
}

// TestReasons: every reason has words of its own, and a label of the metrics.
func TestReasons(t *testing.T) {
	var words []string
	for _, r := range booth.Reasons() {
		w := booth.Fit{Reason: r, Light: 0.5, Tilt: 0.5}.String()
		if r == booth.Fits || slices.Contains(words, w) {
			t.Errorf("%q: %q", r, w)
		}
		words = append(words, w)
	}
}

// TestSceneOfAnotherCamera: an exchanged camera needs a calibration of its own.
func TestSceneOfAnotherCamera(t *testing.T) {
	scene := standScene(t)
	scene.Camera = "BRIO (046d:085e/A1)"
	cam := camera.New(cameratest.Live(cameratest.Default()), slog.New(slog.DiscardHandler))
	if _, err := tryScene(t.Context(), cam, scene); err == nil || !strings.Contains(err.Error(), "another camera, BRIO (046d:085e/A1); calibrate again") {
		t.Errorf("got %v", err)
	}
}
