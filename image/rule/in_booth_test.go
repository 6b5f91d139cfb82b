// SPDX-License-Identifier: EUPL-1.2

package rule

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"sync"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/capture/camera/cameratest"
	"github.com/fotobox-project/fotobox/image/booth"
	"github.com/fotobox-project/fotobox/image/face"
	"github.com/fotobox-project/fotobox/image/pixel"
	"github.com/fotobox-project/fotobox/image/portrait"
)

// stage is a rendered sitter whose wall, lit as the test says, is known empty too.
type stage struct {
	img   *image.NRGBA
	wall  []bool
	faces []face.Face
	truth cameratest.Truth
}

// staged is rendered once for all tests.
var staged = sync.OnceValue(func() stage {
	s, size := cameratest.Default(), image.Pt(480, 640)
	img, truth := s.Render(size)
	st := stage{img: img, truth: truth, wall: make([]bool, size.X*size.Y)}
	finder, err := face.New()
	if err == nil {
		st.faces, err = finder.Find(img)
	}
	if err != nil || len(st.faces) != 1 {
		panic(fmt.Sprintf("rule: %d faces, %v", len(st.faces), err))
	}
	s.Background, s.Noise = color.NRGBA{G: 255, A: 255}, 0
	mask, _ := s.Render(size)
	for o := range st.wall {
		m := mask.Pix[4*o : 4*o+3]
		st.wall[o] = m[0] < 12 && m[1] > 243 && m[2] < 12
	}
	return st
})

// A light is a factor of linear light on the wall, by place in inter-eye
// distances from the middle between the eyes.
type light func(x, y float64) float64

func even(_, _ float64) float64 { return 1 }

// lamps is a wall that is a third darker at its right end.
func lamps(x, _ float64) float64 { return 1 - x/15 }

func both(a, b light) light {
	return func(x, y float64) float64 { return a(x, y) * b(x, y) }
}

// shown is the picture with that light on the wall, and tint on all of it.
func (st stage) shown(wall light, tint [3]float64) *image.NRGBA {
	return st.paint(wall, tint, func(o int) bool { return st.wall[o] }, st.img)
}

// empty is the scene without the sitter.
func (st stage) empty(t *testing.T, wall light) *booth.Scene {
	t.Helper()
	bare := image.NewNRGBA(st.img.Rect)
	c := cameratest.Default().Background
	for o := range bare.Pix {
		bare.Pix[o] = [4]uint8{c.R, c.G, c.B, 255}[o%4]
	}
	img := st.paint(wall, [3]float64{1, 1, 1}, func(int) bool { return true }, bare)
	l, err := booth.Learn(booth.All, []image.Image{img, img, img})
	if err != nil {
		t.Fatal(err)
	}
	return &booth.Scene{Taken: time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC), Lamps: []booth.Lamp{l}}
}

func (st stage) paint(wall light, tint [3]float64, at func(o int) bool, from *image.NRGBA) *image.NRGBA {
	out, linear, eyes := image.NewNRGBA(from.Rect), pixel.Linear(), portrait.Eyes(st.faces[0])
	w := from.Rect.Dx()
	for o := range st.wall {
		k := 1.
		if at(o) {
			k = wall(eyes.From(float64(o%w), float64(o/w)))
		}
		for i, f := range tint {
			v := min(1, float64(linear[from.Pix[4*o+i]])*k*f)
			out.Pix[4*o+i] = uint8(min(255, max(0, 255*(1.055*math.Pow(v, 1/2.4)-0.055)+0.5)))
		}
		out.Pix[4*o+3] = 255
	}
	return out
}

// TestInBooth: with the empty scene the wall's own light does not count, and what
// is new in it does.
func TestInBooth(t *testing.T) {
	st := staged()
	scene, neutral := st.empty(t, lamps), [3]float64{1, 1, 1}
	soft := func(x, y float64) float64 {
		return 1 - 0.3/(1+math.Exp(8*(math.Hypot((x-0.5)/1.7, (y-0.2)/2.1)-1)))
	}
	stripes := func(x, _ float64) float64 { return 1 - 0.4*math.Round(math.Mod(math.Abs(x), 1)) }
	for _, tt := range []struct {
		name string
		img  *image.NRGBA
		want map[ID]Side
	}{
		{"as calibrated", st.shown(lamps, neutral), map[ID]Side{"4.1": Inside, "4.2": Inside, "7.1": Inside, "7.3": Inside}},
		{"a shadow", st.shown(both(lamps, soft), neutral), map[ID]Side{"4.2": High, "7.1": Inside}},
		{"a pattern", st.shown(both(lamps, stripes), neutral), map[ID]Side{"4.1": High}},
		{"the lamps' gradient is gone", st.shown(even, neutral), map[ID]Side{"4.2": Inside}},
		{"a third of the light", st.shown(lamps, [3]float64{0.65, 0.65, 0.65}), map[ID]Side{"7.1": Low, "4.1": Inside, "4.2": Inside}},
		{"a stop too bright", st.shown(lamps, [3]float64{2, 2, 2}), map[ID]Side{"7.1": High}},
		{"warmer lamps, as a wall shows them", st.shown(lamps, [3]float64{1.15, 0.92, 1.1}), map[ID]Side{"7.3": High}},
		{"warmer lamps", st.shown(lamps, [3]float64{1.3, 1, 0.75}), map[ID]Side{"7.3": High, "4.1": Inside}},
	} {
		p, _, _ := CutInBooth(DePassport2025(), scene, tt.img, pixel.RGB24, st.faces)
		r := Judge(p, DePassport2025().Relative())
		if r.Scene != "2026-11-20T08:00:00Z" {
			t.Errorf("%s: the report names the scene %q", tt.name, r.Scene)
		}
		for id, side := range tt.want {
			if f := r.finding(id); f.Side != side {
				t.Errorf("%s: %s is %.2f, %s, want %s %s", tt.name, f.Name, f.Value, f.Side, side, f.Reason)
			}
		}
	}
}

// TestAlone: what the reference is for. Without it the same pictures are judged
// wrongly: a wall's own gradient is taken for a shadow, the dark for a dark wall,
// and a cast for the skin's own.
func TestAlone(t *testing.T) {
	st := staged()
	for _, tt := range []struct {
		id   ID
		tint [3]float64
		side Side
	}{{"4.2", [3]float64{1, 1, 1}, High}, {"7.1", [3]float64{0.65, 0.65, 0.65}, Inside}, {"7.3", [3]float64{1.15, 0.92, 1.1}, Inside}} {
		p, _, _ := Cut(DePassport2025(), st.shown(lamps, tt.tint), pixel.RGB24, st.faces)
		r := Judge(p, DePassport2025().Relative())
		if f := r.finding(tt.id); f.Side != tt.side || r.Scene != "" {
			t.Errorf("%s is %.2f, %s: the reference is not needed any more", f.Name, f.Value, f.Side)
		}
	}
}

// TestCrownInBooth: the head's outline against the known wall, with a hard shadow
// around it.
func TestCrownInBooth(t *testing.T) {
	st := staged()
	img := st.shown(func(x, y float64) float64 {
		if math.Hypot((x-0.2)/1.8, (y+0.2)/2.6) < 1 {
			return 0.7
		}
		return 1
	}, [3]float64{1, 1, 1})
	h := measure(compare(st.empty(t, even), img, st.faces[0]), img, st.faces[0])
	if d := math.Abs(h.Top.Y-st.truth.Top.Y) / st.truth.IED(); d > 0.1 || !h.CrownSeen {
		t.Errorf("top %.3f inter-eye distances from the truth, seen %t", d, h.CrownSeen)
	}
}

// TestHidden: a scene that cannot be compared leaves the picture alone to judge by.
func TestHidden(t *testing.T) {
	st := staged()
	scene := st.empty(t, even)
	wide := image.NewNRGBA(image.Rect(0, 0, 900, 700))
	if c := compare(scene, wide, st.faces[0]); c != nil {
		t.Error("a picture of another shape was compared")
	}
	if c := compare(nil, st.img, st.faces[0]); c != nil {
		t.Error("compared without a scene")
	}
	if p, _, _ := CutInBooth(DePassport2025(), scene, st.img, pixel.RGB24, nil); p.against != nil {
		t.Error("nobody was compared")
	}
}
