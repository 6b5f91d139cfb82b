// SPDX-License-Identifier: EUPL-1.2

package conductor

import (
	"context"
	"image"
	"log/slog"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fotobox-project/fotobox/capture/camera"
	"github.com/fotobox-project/fotobox/capture/camera/cameratest"
	"github.com/fotobox-project/fotobox/daemon/session"
	"github.com/fotobox-project/fotobox/image/face"
)

// A still life is a preview of one picture.
type stillLife struct{ picture image.Image }

func (s stillLife) Next(ctx context.Context, after uint64) (camera.Frame, error) {
	select {
	case <-time.After(100 * time.Millisecond):
		return camera.Frame{Number: after + 1, Taken: time.Now(), Image: s.picture}, nil
	case <-ctx.Done():
		return camera.Frame{}, ctx.Err()
	}
}

// metered remembers for what was exposed.
type metered struct{ regions []image.Rectangle }

func (m *metered) Meter(region image.Rectangle) { m.regions = append(m.regions, region) }

// TestMeter: the light is metered on the face, while the person positions and at no other time.
func TestMeter(t *testing.T) {
	finder, err := face.New()
	if err != nil {
		t.Fatal(err)
	}
	picture, truth := cameratest.Default().Render(image.Pt(480, 640))
	synctest.Test(t, func(t *testing.T) {
		c := New(&slowHand{}, slog.New(slog.DiscardHandler))
		var light metered
		w := Watch{Conductor: c, Finder: stillLife{picture}, Face: finder, Light: &light}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 2)
		go func() { ended <- c.Run(ctx) }()
		go func() { ended <- w.Run(ctx) }()
		for _, ev := range []session.Event{code, press(0, session.Start)} {
			time.Sleep(time.Second)
			synctest.Wait()
			if len(light.regions) > 0 {
				t.Errorf("metered before the person positions")
			}
			if err := c.Tell(ctx, ev); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if n := len(light.regions); n < 3 {
			t.Fatalf("metered %d times in a second", n)
		}
		nose := image.Pt(int(truth.Nose.X), int(truth.Nose.Y))
		if r := light.regions[0]; !nose.In(r) || r.Dx() > 400 {
			t.Errorf("metered %v, want the face around %v", r, nose)
		}
		cancel()
		for range 2 {
			if err := <-ended; err != nil {
				t.Error(err)
			}
		}
	})
}

// TestExpose: while no face is found nothing is metered, and after a while the place
// at which one should be.
func TestExpose(t *testing.T) {
	frame := image.Rect(0, 0, 480, 640)
	found := []face.Face{{Box: image.Rect(200, 200, 300, 320)}}
	for name, tt := range map[string]struct {
		state session.State
		faces []face.Face
		want  []image.Rectangle
	}{
		"a face":              {session.State{Hint: "nearer", Slow: true}, found, []image.Rectangle{found[0].Box}},
		"nobody yet":          {session.State{Hint: session.HintNoFace}, nil, nil},
		"nobody for long":     {session.State{Hint: session.HintNoFace, Slow: true}, nil, []image.Rectangle{image.Rect(120, 120, 360, 520)}},
		"somebody looks away": {session.State{Hint: "left", Slow: true}, nil, nil},
	} {
		var light metered
		Watch{Light: &light}.expose(tt.state, tt.faces, frame)
		if !slices.Equal(light.regions, tt.want) {
			t.Errorf("%s: metered %v, want %v", name, light.regions, tt.want)
		}
	}
	Watch{}.expose(session.State{}, found, frame) // a camera without a meter is none
}
