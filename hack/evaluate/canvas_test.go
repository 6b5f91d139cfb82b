// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"image"
	"math"
	"testing"

	"github.com/fotobox-project/fotobox/capture/camera/cameratest"
	"github.com/fotobox-project/fotobox/image/face"
	"github.com/fotobox-project/fotobox/image/phototest"
	"github.com/fotobox-project/fotobox/image/pixel"
)

// drawn is a rendered sitter as a canvas, with the points where a hand would set them.
func drawn(t *testing.T) *canvas {
	t.Helper()
	s := person(0)
	s.Noise = 0
	img, truth := s.Render(image.Pt(360, 480))
	m := phototest.Marks{}
	set := func(name string, p cameratest.Point, down float64) { m[name] = phototest.Point{X: p.X, Y: p.Y + down} }
	ied := truth.IED()
	for _, e := range []struct {
		name                string
		pupil, inner, outer cameratest.Point
	}{
		{"eye_l", truth.PupilLeft, truth.InnerLeft, truth.OuterLeft},
		{"eye_r", truth.PupilRight, truth.InnerRight, truth.OuterRight},
	} {
		set(e.name, e.pupil, 0)
		set(e.name+"_inner", e.inner, 0)
		set(e.name+"_outer", e.outer, 0)
		set(e.name+"_upper", e.pupil, -0.07*ied)
		set(e.name+"_lower", e.pupil, 0.07*ied)
	}
	set("mouth_l", truth.MouthLeft, 0)
	set("mouth_r", truth.MouthRight, 0)
	lips := cameratest.Point{X: (truth.LipTop.X + truth.LipBottom.X) / 2, Y: (truth.LipTop.Y + truth.LipBottom.Y) / 2}
	set("lip_upper_bottom", lips, 0)
	set("lip_lower_top", lips, 0)
	return newCanvas(img, m, nil)
}

// mean linear light of a channel in a square of the face's frame.
func (c *canvas) mean(img *image.NRGBA, x, y, half float64, channel int) float64 {
	table := pixel.Linear()
	r := c.around(x, y, half)
	var sum float64
	for j := r.Min.Y; j < r.Max.Y; j++ {
		for i := r.Min.X; i < r.Max.X; i++ {
			sum += float64(table[img.Pix[img.PixOffset(i, j)+channel]])
		}
	}
	return sum / float64(r.Dx()*r.Dy())
}

// times is how the green light of a place changed.
func (c *canvas) times(out *image.NRGBA, x, y, half float64) float64 {
	return c.mean(out, x, y, half, 1) / c.mean(c.img, x, y, half, 1)
}

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s: got %.3f, want %.3f within %.3f", what, got, want, within)
	}
}

func TestBackgroundIsFound(t *testing.T) {
	c := drawn(t)
	mask := c.background()
	corner, nose := mask.GrayAt(3, 3).Y, mask.GrayAt(int(c.eyes.X), int(c.eyes.Y)).Y
	if corner != 255 || nose != 0 {
		t.Errorf("got %d in the corner and %d on the face, want 255 and 0", corner, nose)
	}
}

// TestEveryFaultIsTheSameAgain: a fault is made by its name and the photo's.
func TestEveryFaultIsTheSameAgain(t *testing.T) {
	c := drawn(t)
	for i, f := range faults() {
		if phototest.UnderRace && i%8 != 0 {
			continue
		}
		one := f.alter(c, seeded("a", f.name))
		two := f.alter(c, seeded("a", f.name))
		if !bytes.Equal(one.Pix, two.Pix) {
			t.Errorf("%s differs from itself", f.name)
		}
		if one.Rect.Size() == c.img.Rect.Size() && bytes.Equal(one.Pix, c.img.Pix) {
			t.Errorf("%s changes nothing", f.name)
		}
	}
	if a, b := strands(c, seeded("a", "x")), strands(c, seeded("b", "x")); bytes.Equal(a.Pix, b.Pix) {
		t.Error("two photos get the same strands")
	}
}

func found(t *testing.T, img image.Image) []face.Face {
	t.Helper()
	finder, err := face.New()
	if err != nil {
		t.Fatal(err)
	}
	faces, err := finder.Find(img)
	if err != nil {
		t.Fatal(err)
	}
	return faces
}
