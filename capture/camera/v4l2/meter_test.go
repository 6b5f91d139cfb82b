// SPDX-License-Identifier: EUPL-1.2

package v4l2

import (
	"image"
	"math"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/fotobox-project/fotobox/capture/camera/cameratest"
)

// A scene is a sensor that looks at a face: what luma it gives at which exposure.
type scene struct {
	light float64                  // linear luminance of the face per 100 µs
	wall  float64                  // luminance of the wall against the face
	law   func(gain int32) float64 // factor of the gain
}

func (s scene) reading(e exposure) reading {
	linear := s.light * float64(e.time) * s.law(e.gain)
	r := reading{face: 255 * math.Pow(min(linear, 1), 1/2.2)}
	if 255*math.Pow(min(linear*s.wall, 1), 1/2.2) >= burnt {
		r.burnt = 0.3
	}
	return r
}

// laws are how gains differ from camera to camera.
func laws() map[string]func(int32) float64 {
	return map[string]func(int32) float64{
		"none":        func(int32) float64 { return 1 },
		"linear":      func(g int32) float64 { return 1 + float64(g)/32 },
		"exponential": func(g int32) float64 { return math.Exp2(float64(g) / 64) },
		"steep":       func(g int32) float64 { return math.Exp2(float64(g) / 32) },
	}
}

var wide = aperture{time: span{3, 2047}, gain: span{0, 255}}

// TestConverges: whatever the light and the camera, the face comes out well within sixteen steps (four
// seconds) where the camera can do it, and the exposure then stays.
func TestConverges(t *testing.T) {
	for name, law := range laws() {
		rapid.Check(t, func(t *rapid.T) {
			s := scene{light: math.Exp(rapid.Float64Range(math.Log(0.0003), math.Log(0.02)).Draw(t, "light")), wall: 1, law: law}
			e := exposure{rapid.Int32Range(3, 2047).Draw(t, "time"), rapid.Int32Range(0, 255).Draw(t, "gain")}
			brightest := s.reading(exposure{longest, wide.gain.most}).face
			for range 16 {
				e = wide.next(e, s.reading(e))
			}
			if e.time > longest || e.time > mains && e.time%mains != 0 {
				t.Fatalf("%s: %d00 µs blur or flicker", name, e.time)
			}
			if got := s.reading(e).face; brightest > faceDark && (got < faceDark || got > faceBright) {
				t.Fatalf("%s: the face is at %.0f with %+v, want %d to %d", name, got, e, faceDark, faceBright)
			}
			if again := wide.next(e, s.reading(e)); again != e {
				t.Fatalf("%s: goes on from %+v to %+v", name, e, again)
			}
		})
	}
}

// TestWallIsKept: dark skin before a light wall is not lit until the wall is lost.
func TestWallIsKept(t *testing.T) {
	s := scene{light: 0.0008, wall: 7, law: laws()["exponential"]}
	e := exposure{200, 60}
	for range 40 {
		e = wide.next(e, s.reading(e))
	}
	if r := s.reading(e); r.burnt > burntMost {
		t.Errorf("the wall is burnt at %+v: %+v", e, r)
	}
}

// TestSkin: in good light no skin is too light or too dark.
func TestSkin(t *testing.T) {
	e := exposure{100, 10}
	for _, skin := range []float64{0, 0.25, 0.5, 0.75, 1} {
		s := cameratest.Default()
		s.Skin = skin
		img, truth := s.Render(image.Pt(240, 320))
		eyes := int(truth.IED())
		face := image.Rect(-eyes, -eyes, eyes, eyes).Add(image.Pt(int(truth.Nose.X), int(truth.Nose.Y)-eyes/3))
		r, ok := read(img, face)
		if got := wide.next(e, r); !ok || got != e {
			t.Errorf("skin %v: %+v in %v, and %+v became %+v", skin, r, face, e, got)
		}
		t.Logf("skin %v: %+v", skin, r)
	}
}

func TestRead(t *testing.T) {
	img := image.NewYCbCr(image.Rect(0, 0, 480, 640), image.YCbCrSubsampleRatio420)
	for i := range img.Y {
		img.Y[i] = 255
		if i/img.YStride >= 320 {
			img.Y[i] = 80
		}
	}
	for _, tc := range []struct {
		region image.Rectangle
		face   float64
		ok     bool
	}{
		{image.Rect(100, 340, 300, 600), 80, true},
		{image.Rect(100, 300, 300, 500), 80, true}, // its edge is not looked at
		{image.Rect(100, 220, 300, 420), 167.5, true},
		{image.Rect(-300, 400, 100, 800), 80, true},
		{image.Rect(500, 100, 600, 200), 0, false},
		{image.Rectangle{}, 0, false},
	} {
		r, ok := read(img, tc.region)
		if ok != tc.ok || math.Abs(r.face-tc.face) > 1 || ok && math.Abs(r.burnt-0.5) > 0.02 {
			t.Errorf("%v: %+v, %v, want face %v", tc.region, r, ok, tc.face)
		}
	}
}

// TestLight plays a visit: the exposure is taken over from the camera, corrected, kept for the burst,
// and given back when the person has gone.
func TestLight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBoard()
		k, err := newKnobs(t.Context(), func() (panel, error) { return b, nil })
		if err != nil {
			t.Fatal(err)
		}
		defer k.close()
		l := newLight(k, Sensor{}, b.GetControls())
		s := scene{light: 0.0004, wall: 1, law: laws()["exponential"]}
		face := image.Rect(16, 16, 48, 48)
		look := func() reading {
			r := s.reading(exposure{b.value(exposureTime), b.value(gain)})
			img := image.NewYCbCr(image.Rect(0, 0, 64, 64), image.YCbCrSubsampleRatio420)
			for i := range img.Y {
				img.Y[i] = uint8(r.face)
			}
			l.see(img)
			time.Sleep(100 * time.Millisecond)
			return r
		}
		for range 5 {
			look() // nobody is there
		}
		if b.value(exposureAuto) != exposeAperture {
			t.Error("the camera does not expose by itself while nobody is there")
		}
		for range 30 {
			look()
			l.meter(face)
		}
		if r := look(); r.face < faceDark || r.face > faceBright || b.value(exposureAuto) != exposeManual {
			t.Errorf("after three seconds: %+v with %v", r, b.values)
		}
		l.lock()
		s.light *= 4
		set := b.writes()
		for range 15 {
			look()
			l.meter(face)
		}
		if b.writes() != set {
			t.Error("the exposure changed in the burst")
		}
		for range 30 {
			look()
			l.meter(face)
		}
		if r := look(); r.face > faceBright {
			t.Errorf("after the burst: %+v", r)
		}
		time.Sleep(forgotten)
		look()
		if b.value(exposureAuto) != exposeAperture {
			t.Error("the exposure was not given back")
		}
	})
}

// TestLightMute: a camera that does not answer is left alone, and nobody waits for it.
func TestLightMute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBoard()
		k, err := newKnobs(t.Context(), func() (panel, error) { return b, nil })
		if err != nil {
			t.Fatal(err)
		}
		l := newLight(k, Sensor{}, b.GetControls())
		b.mute = true
		began := time.Now()
		for range 100 {
			l.see(image.NewGray(image.Rect(0, 0, 64, 64)))
			l.meter(image.Rect(0, 0, 64, 64))
			if time.Since(began) > 0 {
				t.Fatal("somebody waited")
			}
			synctest.Wait()
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if !l.dead || l.busy {
			t.Errorf("after a minute: %+v", l)
		}
		k.close()
	})
}
