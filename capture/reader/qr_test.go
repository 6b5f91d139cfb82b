// SPDX-License-Identifier: EUPL-1.2

package reader

import (
	"crypto/ed25519"
	"flag"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
)

// codeText returns a signed code; the number makes it another one.
func codeText(t testing.TB, n byte) string {
	t.Helper()
	start := time.Date(2026, 12, 1, 9, 30, 0, 0, time.UTC)
	c, err := appointment.Sign(appointment.Code{
		Office: 5911000, ID: appointment.ID{n}, Start: start, Length: 15 * time.Minute,
		Service: 102, Persons: 1, PhotoWanted: true, ValidUntil: start.Add(4 * time.Hour),
	}, ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)))
	if err != nil {
		t.Fatal(err)
	}
	return c.String()
}

// frames is few for every day; -args -frames 200 measures.
var frames = flag.Int("frames", 8, "frames of each kind in TestReadingRate")

// TestReadingRate films codes in the conditions of a station and measures how many frames are read.
// The scenes are drawn; a citizen holds the code for many frames and needs one.
func TestReadingRate(t *testing.T) {
	for _, tt := range []struct {
		name  string
		floor float64
		scene func(random *rand.Rand) scene
	}{
		{"paper, facing", 1, func(*rand.Rand) scene {
			return scene{pixels: 4, light: 1}
		}},
		{"paper, tilted to 25 degrees, turned, blurred, noisy", 0.9, func(r *rand.Rand) scene {
			return scene{pixels: 4, yaw: within(r, 25), pitch: within(r, 10), roll: within(r, 180), blur: 0.8, noise: 6, light: 1}
		}},
		{"paper, dark room", 0.9, func(r *rand.Rand) scene {
			return scene{pixels: 4, yaw: within(r, 25), roll: within(r, 45), blur: 0.8, noise: 6, light: 0.35}
		}},
		{"paper, overexposed", 0.85, func(r *rand.Rand) scene {
			return scene{pixels: 4, yaw: within(r, 25), roll: within(r, 45), blur: 0.8, noise: 6, light: 2}
		}},
		{"paper, near", 0.9, func(r *rand.Rand) scene {
			return scene{pixels: 6, yaw: within(r, 25), pitch: within(r, 10), roll: within(r, 10), blur: 1.4, noise: 10, light: 1}
		}},
		{"phone with glare", 0.9, func(r *rand.Rand) scene {
			return scene{pixels: 4, yaw: within(r, 25), pitch: within(r, 10), roll: within(r, 45), blur: 0.8, noise: 6, light: 1, phone: true}
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(1, 2))
			var read int
			var took time.Duration
			for n := range *frames {
				text := codeText(t, byte(n))
				img := tt.scene(random).draw(t, text, random)
				keep(t, img)
				start := time.Now()
				got, ok := QR().Decode(img)
				took += time.Since(start)
				if ok && got != text {
					t.Errorf("frame %d was read as another code", n)
				}
				if ok {
					read++
				}
			}
			rate := float64(read) / float64(*frames)
			t.Logf("%3.0f %% of %d frames read, %v a frame", 100*rate, *frames, (took / time.Duration(*frames)).Round(100*time.Microsecond))
			if rate < tt.floor {
				t.Errorf("reading rate is %.3f, want at least %.3f", rate, tt.floor)
			}
		})
	}
}

// within returns a number from -most to most.
func within(r *rand.Rand, most float64) float64 { return most * (2*r.Float64() - 1) }

// keep writes the last frame of each kind to the folder that FRAMES names, to look at.
func keep(t *testing.T, img image.Image) {
	t.Helper()
	dir := os.Getenv("FRAMES")
	if dir == "" {
		return
	}
	f, err := os.Create(filepath.Join(dir, filepath.Base(t.Name())+".png"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
}

// TestNoCode gives pictures without a code, odd ones too.
func TestNoCode(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	noise := image.NewGray(image.Rect(0, 0, 480, 640))
	for i := range noise.Pix {
		noise.Pix[i] = uint8(random.Uint32())
	}
	code, err := appointment.QR(codeText(t, 1), 6)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		img  image.Image
	}{
		{"grey", image.NewGray(image.Rect(0, 0, 480, 640))},
		{"noise", noise},
		{"nothing", image.NewGray(image.Rectangle{})},
		{"one pixel", image.NewGray(image.Rect(0, 0, 1, 1))},
		{"a line", image.NewRGBA(image.Rect(0, 0, 5000, 1))},
		{"just too small", image.NewRGBA(image.Rect(0, 0, 20, 5000))},
		{"just large enough", image.NewRGBA(image.Rect(0, 0, 21, 5000))},
		{"half a code", code.(*image.Gray).SubImage(image.Rect(0, 0, 150, 294))},
	} {
		if text, ok := QR().Decode(tt.img); ok {
			t.Errorf("%s: read as %q", tt.name, text)
		}
	}
}

// TestSubImage reads a code whose picture does not start at the origin, in colour.
func TestSubImage(t *testing.T) {
	text := codeText(t, 1)
	code, err := appointment.QR(text, 5)
	if err != nil {
		t.Fatal(err)
	}
	img := image.NewNRGBA(image.Rect(-100, -50, 500, 600))
	draw.Draw(img, img.Rect, image.NewUniform(color.NRGBA{200, 180, 160, 255}), image.Point{}, draw.Src)
	draw.Draw(img, code.Bounds().Add(image.Pt(30, 40)), code, image.Point{}, draw.Src)
	if got, ok := QR().Decode(img.SubImage(image.Rect(-20, -10, 400, 500))); !ok || got != text {
		t.Errorf("read %q, %v", got, ok)
	}
}

// FuzzDecode draws black and white patterns over a code: whatever comes, no panic gets out.
func FuzzDecode(f *testing.F) {
	code, err := appointment.QR(codeText(f, 1), 3)
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte{}, uint8(49))
	f.Add([]byte{0xff, 0, 0xff, 0, 0xaa, 0x55}, uint8(7))
	f.Add([]byte("QR codes have three finder patterns"), uint8(21))
	f.Fuzz(func(t *testing.T, pattern []byte, width uint8) {
		img := image.NewGray(code.Bounds())
		copy(img.Pix, code.(*image.Gray).Pix)
		for i := range 8 * len(pattern) {
			x, y := i%(int(width)+1), i/(int(width)+1)
			dark := pattern[i/8]>>(i%8)&1 == 1
			for k := range 9 {
				if dark {
					img.SetGray(3*x+k%3, 3*y+k/3, color.Gray{})
				} else {
					img.SetGray(3*x+k%3, 3*y+k/3, color.Gray{255})
				}
			}
		}
		QR().Decode(img)
	})
}

// BenchmarkIdle looks at a frame without a code, as a station does all day.
func BenchmarkIdle(b *testing.B) {
	img := image.NewGray(image.Rect(0, 0, 480, 640))
	random := rand.New(rand.NewPCG(3, 4))
	for i := range img.Pix {
		img.Pix[i] = uint8(100 + i/480/8 + random.IntN(12))
	}
	for b.Loop() {
		QR().Decode(img)
	}
}
