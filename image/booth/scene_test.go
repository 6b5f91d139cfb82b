// SPDX-License-Identifier: EUPL-1.2

package booth

import (
	"image"
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// room is what a test puts before the camera.
type room struct {
	right, down int     // camera moved, pixels
	left        float64 // strength of the lamp at the left; 1 is the usual one
	gain        [3]float64
	plain       bool // a wall that fills the picture
	noise       float64
	seed        uint64
	paint       func(x, y float64) float64 // factor for the light at shares of the picture; nil for none
}

func usual() room { return room{left: 1, gain: [3]float64{1, 1, 1}, noise: 1.5} }

// picture draws a wall between two darker frames, lit by two lamps that fall off.
func (r room) picture(w, h int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	noise := grain(r.noise, r.seed)
	levels := levels()
	for y := range h {
		for x := range w {
			u, v := (float64(x)-float64(r.right))/float64(w), (float64(y)-float64(r.down))/float64(h)
			light := 0.55 * (r.left*(1-0.5*u) + 0.5 + 0.5*u) / 1.5
			if !r.plain && (u < 0.08 || u > 0.93 || v < 0.04) {
				light *= 0.4
			}
			if r.paint != nil {
				light *= r.paint(float64(x)/float64(w), float64(y)/float64(h))
			}
			p := img.Pix[img.PixOffset(x, y):]
			for k, g := range r.gain {
				level := levels[min(int(light*g*float64(len(levels))), len(levels)-1)]
				p[k] = uint8(min(max(level+noise[(y*w+x)%len(noise)], 0), 255))
			}
			p[3] = 255
		}
	}
	return img
}

// levels is sRGB of linear light, 0 to 1.
func levels() (table [4096]float64) {
	for i := range table {
		table[i] = 255*(1.055*math.Pow((float64(i)+0.5)/float64(len(table)), 1/2.4)-0.055) + 0.5
	}
	return table
}

// grain is noise whose length goes into no row a whole number of times.
func grain(deviation float64, seed uint64) []float64 {
	r, grain := rand.New(rand.NewPCG(seed, 7)), make([]float64, 9973)
	for i := range grain {
		grain[i] = deviation * r.NormFloat64()
	}
	return grain
}

// learned is the scene of a room.
func learned(t testing.TB, r room) *Scene {
	t.Helper()
	var pictures []image.Image
	for i := range MinPictures {
		r.seed = uint64(i)
		pictures = append(pictures, r.picture(480, 640))
	}
	l, err := Learn(All, pictures)
	if err != nil {
		t.Fatal(err)
	}
	return &Scene{Taken: time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC), Camera: "test", Lamps: []Lamp{l}}
}

// box is a thing of that light in a part of the picture.
func box(x0, y0, x1, y1, light float64) func(x, y float64) float64 {
	return func(x, y float64) float64 {
		if x >= x0 && x < x1 && y >= y0 && y < y1 {
			return light
		}
		return 1
	}
}

func TestLearnRefuses(t *testing.T) {
	shot := func(r room, seed uint64) image.Image { r.seed = seed; return r.picture(480, 640) }
	same := func(r room) []image.Image { return []image.Image{shot(r, 1), shot(r, 2), shot(r, 3)} }
	dark, bright, thing, person := usual(), usual(), usual(), usual()
	dark.gain = [3]float64{0.1, 0.1, 0.1}
	bright.gain = [3]float64{3, 3, 3}
	thing.paint = box(0.4, 0.5, 0.7, 1, 0.5)
	person.paint = func(x, y float64) float64 { // seen from behind, in grey
		if math.Hypot((x-0.5)/0.15, (y-0.4)/0.18) < 1 || y > 0.6 && math.Abs(x-0.5) < 0.35 {
			return 0.6
		}
		return 1
	}
	brighter, moved := usual(), usual()
	brighter.gain = [3]float64{1.2, 1.2, 1.2}
	moved.paint = box(0.2, 0.3, 0.4, 0.6, 0.7)
	for _, tt := range []struct {
		name     string
		pictures []image.Image
		want     error
	}{
		{"dark", same(dark), errDark},
		{"burnt out", same(bright), errBurnt},
		{"a chair", same(thing), errThing},
		{"a person's back", same(person), errThing},
		{"the light changes", []image.Image{shot(usual(), 1), shot(brighter, 2), shot(usual(), 3)}, errFlicker},
		{"somebody walks through", []image.Image{shot(usual(), 1), shot(usual(), 2), shot(moved, 3)}, errMoving},
		{"empty", same(usual()), nil},
	} {
		if _, err := Learn(All, tt.pictures); err != tt.want {
			t.Errorf("%s: got %v, want %v", tt.name, err, tt.want)
		}
	}
	if _, err := Learn(All, same(usual())[:2]); err == nil {
		t.Error("two pictures were enough")
	}
	wide := []image.Image{image.NewNRGBA(image.Rect(0, 0, 640, 480)), image.NewNRGBA(image.Rect(0, 0, 640, 480)), image.NewNRGBA(image.Rect(0, 0, 640, 480))}
	if _, err := Learn(All, wide); err == nil {
		t.Error("pictures that lie on their side were taken")
	}
}

// TestBrightness: the wall's luminance is that of the picture, whatever its size.
func TestBrightness(t *testing.T) {
	r := usual()
	r.plain = true
	if got := learned(t, r).Brightness(); math.Abs(got-0.55) > 0.01 {
		t.Errorf("got %.3f, want 0.55", got)
	}
}

func TestFit(t *testing.T) {
	scene := learned(t, usual())
	plain := usual()
	plain.plain = true
	wall := learned(t, plain)
	for _, tt := range []struct {
		name   string
		scene  *Scene
		change func(*room)
		want   Reason
	}{
		{"nothing changed", scene, func(*room) {}, Fits},
		{"other noise", scene, func(r *room) { r.noise, r.seed = 5, 9 }, Fits},
		{"a quarter less light", scene, func(r *room) { r.gain = [3]float64{0.75, 0.75, 0.75} }, Fits},
		{"half the light", scene, func(r *room) { r.gain = [3]float64{0.5, 0.5, 0.5} }, Light},
		{"twice the light", scene, func(r *room) { r.gain = [3]float64{1.75, 1.75, 1.75} }, Light},
		{"a lamp nearly dead", scene, func(r *room) { r.left = 0.2 }, Side},
		{"a lamp nearly dead, the exposure raised", scene, func(r *room) { r.left, r.gain = 0.2, [3]float64{1.4, 1.4, 1.4} }, Side},
		{"moved a little to the side", scene, func(r *room) { r.right = 12 }, Moved},
		{"moved up", scene, func(r *room) { r.down = -16 }, Moved},
		{"moved far", scene, func(r *room) { r.right, r.down = -60, 20 }, Moved},
		{"a thing in the scene", scene, func(r *room) { r.paint = box(0.6, 0.5, 0.9, 1, 0.7) }, Changed},
		{"a plain wall", wall, func(r *room) { r.plain = true }, Fits},
		{"a plain wall, moved: the frame is seen", wall, func(*room) {}, Changed},
	} {
		r := usual()
		tt.change(&r)
		if got := tt.scene.Fit(r.picture(480, 640)); got.Reason != tt.want {
			t.Errorf("%s: got %q (%+v), want %q", tt.name, got.Reason, got, tt.want)
		} else if got.String() == "" {
			t.Errorf("%s: without a word", tt.name)
		}
	}
	if got := scene.Fit(image.NewNRGBA(image.Rect(0, 0, 640, 480))); got.Reason != Picture {
		t.Errorf("a picture on its side: %q", got.Reason)
	}
}

// TestFitStill: a still is compared as a preview is.
func TestFitStill(t *testing.T) {
	r := usual()
	r.noise = 0
	if got := learned(t, usual()).Fit(r.picture(1944, 2592)); got.Reason != Fits || math.Abs(got.Light-1) > 0.02 {
		t.Errorf("got %+v", got)
	}
}

// TestFitShift: the shift is told in shares of the picture, to half a cell.
func TestFitShift(t *testing.T) {
	r := usual()
	r.right, r.down = 24, -16
	got := learned(t, usual()).Fit(r.picture(480, 640))
	if math.Abs(got.Right-24./480) > 0.005 || math.Abs(got.Down+16./640) > 0.005 {
		t.Errorf("moved by %.3f right and %.3f down, want 0.050 and -0.025", got.Right, got.Down)
	}
}

func BenchmarkFit(b *testing.B) {
	scene := learned(b, usual())
	r := usual()
	r.right = 12 // the slow way: the place is searched
	img := r.picture(480, 640)
	for b.Loop() {
		scene.Fit(img)
	}
}
