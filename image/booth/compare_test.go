// SPDX-License-Identifier: EUPL-1.2

package booth

import (
	"errors"
	"image"
	"image/color"
	"math"
	"testing"

	"github.com/fotobox-project/fotobox/capture/camera/cameratest"
	"github.com/fotobox-project/fotobox/image/pixel"
)

// empty is the scene behind the sitter: the wall alone, as the simulated camera shows it.
func empty(t testing.TB) *Scene {
	t.Helper()
	wall := image.NewNRGBA(image.Rect(0, 0, 480, 640))
	back := cameratest.Default().Background
	for o := range wall.Pix {
		wall.Pix[o] = [4]uint8{back.R, back.G, back.B, 255}[o%4]
	}
	l, err := Learn(All, []image.Image{wall, wall, wall})
	if err != nil {
		t.Fatal(err)
	}
	return &Scene{Lamps: []Lamp{l}}
}

func eyes(t cameratest.Truth) pixel.Frame {
	return pixel.Frame{
		X: (t.PupilLeft.X + t.PupilRight.X) / 2, Y: (t.PupilLeft.Y + t.PupilRight.Y) / 2,
		Ux: t.PupilRight.X - t.PupilLeft.X, Uy: t.PupilRight.Y - t.PupilLeft.Y,
	}
}

// person is a rendered sitter whose wall a test changes.
type person struct {
	img   *image.NRGBA
	wall  []bool
	truth cameratest.Truth
	eyes  pixel.Frame
}

func before(s cameratest.Sitter) person {
	img, truth := s.Render(image.Pt(240, 320))
	p := person{img: img, wall: make([]bool, 240*320), truth: truth, eyes: eyes(truth)}
	s.Background, s.Noise = color.NRGBA{G: 255, A: 255}, 0
	mask, _ := s.Render(image.Pt(240, 320))
	for o := range p.wall {
		m := mask.Pix[4*o : 4*o+3]
		p.wall[o] = m[0] < 12 && m[1] > 243 && m[2] < 12
	}
	return p
}

// shown changes the wall by factors of linear light, by place in the frame of the eyes.
func (p person) shown(wall func(x, y float64) [3]float64) *image.NRGBA {
	img := image.NewNRGBA(p.img.Rect)
	copy(img.Pix, p.img.Pix)
	linear, levels := pixel.Linear(), levels()
	for o, in := range p.wall {
		if !in {
			continue
		}
		for k, f := range wall(p.eyes.From(float64(o%240), float64(o/240))) {
			light := float64(linear[img.Pix[4*o+k]]) * f
			img.Pix[4*o+k] = uint8(levels[int(min(light, 0.9999)*float64(len(levels)))])
		}
	}
	return img
}

func grey(v float64) [3]float64 { return [3]float64{v, v, v} }

// soft and hard are shadows of a lamp at the left, of a quarter of the light.
func soft(x, y float64) [3]float64 {
	return grey(1 - 0.25/(1+math.Exp(8*(math.Hypot((x-0.5)/1.7, (y-0.2)/2.1)-1))))
}

func hard(x, y float64) [3]float64 {
	if math.Hypot((x-0.5)/1.7, (y-0.2)/2.1) < 1 {
		return grey(0.75)
	}
	return grey(1)
}

func TestCompare(t *testing.T) {
	scene := empty(t)
	person := before(cameratest.Default())
	for _, tt := range []struct {
		name string
		wall func(x, y float64) [3]float64
		want Comparison // to 0.03
	}{
		{"as calibrated", func(x, y float64) [3]float64 { return grey(1) }, Comparison{Light: 1}},
		{"half the light", func(x, y float64) [3]float64 { return grey(0.5) }, Comparison{Light: 0.5}},
		{"one stop over", func(x, y float64) [3]float64 { return grey(2) }, Comparison{Light: 1.73, Burnt: 1}},
		{"warm light", func(x, y float64) [3]float64 { return [3]float64{1.1, 1, 0.9} }, Comparison{Light: 1.015, Cast: 0.1}},
		{"lit from one side", func(x, y float64) [3]float64 { return grey(1 + 0.1*x) }, Comparison{Light: 1, Uneven: 0.46}},
		{"a soft shadow", soft, Comparison{Light: 0.98, Uneven: 0.23, Shadow: 0.23}},
		{"a hard shadow", hard, Comparison{Light: 1, Uneven: 0.25, Shadow: 0.25}},
		{"a thing", func(x, y float64) [3]float64 {
			if x < -1.6 && y > -1 {
				return [3]float64{0.5, 0.3, 0.2}
			}
			return grey(1)
		}, Comparison{Light: 1, Foreign: 0.15}},
		{"much hair", func(x, y float64) [3]float64 {
			if math.Hypot(x/2.3, (y+0.6)/1.95) < 1 {
				return [3]float64{0.05, 0.04, 0.03}
			}
			return grey(1)
		}, Comparison{Light: 1}},
		{"a bar behind the head", func(x, y float64) [3]float64 {
			if y > -1 && y < -0.5 {
				return grey(0.3)
			}
			return grey(1)
		}, Comparison{Light: 1, Foreign: 0.08}},
	} {
		got, err := Compare(scene, person.shown(tt.wall), person.eyes)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		for _, v := range []struct {
			name      string
			got, want float64
		}{
			{"light", got.Light, tt.want.Light}, {"cast", got.Cast, tt.want.Cast}, {"burnt", got.Burnt, tt.want.Burnt},
			{"uneven", got.Uneven, tt.want.Uneven}, {"foreign", got.Foreign, tt.want.Foreign}, {"shadow", got.Shadow, tt.want.Shadow},
		} {
			if math.Abs(v.got-v.want) > 0.03 {
				t.Errorf("%s: %s %.3f, want %.3f", tt.name, v.name, v.got, v.want)
			}
		}
	}
}

// TestOutline: the wall ends where the head begins, whoever it is, in a shadow as
// in even light, to a cell and a half.
func TestOutline(t *testing.T) {
	scene := empty(t)
	for _, tt := range []struct {
		name   string
		change func(*cameratest.Sitter)
		wall   func(x, y float64) [3]float64
	}{
		{"light skin", func(s *cameratest.Sitter) { s.Skin = 0 }, soft},
		{"dark skin", func(s *cameratest.Sitter) { s.Skin = 1 }, hard},
		{"grey hair", func(s *cameratest.Sitter) { s.Hair = color.NRGBA{R: 180, G: 180, B: 180, A: 255} }, soft},
		{"much noise", func(s *cameratest.Sitter) { s.Noise = 5 }, hard},
		{"tilted", func(s *cameratest.Sitter) { s.Roll = 10 }, soft},
	} {
		s := cameratest.Default()
		tt.change(&s)
		person := before(s)
		got, err := Compare(scene, person.shown(tt.wall), person.eyes)
		if err != nil {
			t.Fatal(tt.name, err)
		}
		for y := 0.; y < 320; y++ {
			if !got.Wall(person.truth.Top.X, y) {
				if d := math.Abs(y - person.truth.Top.Y); d > 3 {
					t.Errorf("%s: the head begins %.0f pixels from the truth", tt.name, d)
				}
				break
			}
		}
		if f := (person.truth.PupilLeft.X + person.truth.PupilRight.X) / 2; got.Wall(f, person.truth.Nose.Y) || got.Wall(-1, 5) || got.Wall(5, 321) {
			t.Errorf("%s: the nose or what is outside counts as wall", tt.name)
		}
	}
}

// TestCast: with a grey card the lamps' own colour is told, also where the
// calibration was made in it.
func TestCast(t *testing.T) {
	scene := empty(t)
	scene.Grey = &Grey{Gains: [3]float64{0.8, 1, 1.2}}
	person := before(cameratest.Default())
	got, err := Compare(scene, person.shown(func(x, y float64) [3]float64 { return grey(1) }), person.eyes)
	if err != nil || got.Cast < 0.15 {
		t.Errorf("cast %.3f, %v", got.Cast, err)
	}
}

func TestCompareRefuses(t *testing.T) {
	scene := empty(t)
	img := image.NewNRGBA(image.Rect(0, 0, 240, 320))
	if _, err := Compare(scene, img, pixel.Frame{X: 120, Y: 160, Ux: 200}); !errors.Is(err, ErrHidden) {
		t.Errorf("a face that fills the picture: %v", err)
	}
	for _, f := range []pixel.Frame{{}, {Ux: 1}, {Ux: math.NaN()}, {Ux: math.Inf(1)}, {Ux: 1e9}} {
		if _, err := Compare(scene, img, f); err == nil {
			t.Errorf("eyes %+v were taken", f)
		}
	}
	if _, err := Compare(scene, image.NewNRGBA(image.Rect(0, 0, 320, 240)), pixel.Frame{Ux: 60}); err == nil {
		t.Error("a picture on its side was taken")
	}
}

func BenchmarkCompare(b *testing.B) {
	scene := empty(b)
	s := cameratest.Default()
	img, truth := s.Render(image.Pt(480, 640))
	for b.Loop() {
		if _, err := Compare(scene, img, eyes(truth)); err != nil {
			b.Fatal(err)
		}
	}
}
