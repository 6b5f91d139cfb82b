// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"image"
	"math"

	"github.com/disintegration/imaging"

	"github.com/fotobox-project/fotobox/image/face"
	"github.com/fotobox-project/fotobox/image/pixel"
	"github.com/fotobox-project/fotobox/image/portrait"
)

// A canvas is a good photo to alter, with what is known of the face in it.
type canvas struct {
	img   *image.NRGBA
	eyes  pixel.Frame // between the pupils, unit one inter-eye distance
	marks marks       // nil where no points were placed by hand
	other *image.NRGBA
	plain *image.Gray // 255 where the background is, filled on first use
}

// newCanvas takes the points placed by hand where there are any, and the found
// ones elsewhere.
func newCanvas(img *image.NRGBA, m marks, faces []face.Face) *canvas {
	c := &canvas{img: img, marks: m}
	switch {
	case m != nil:
		c.eyes = m.eyes()
	case len(faces) > 0:
		c.eyes = portrait.Eyes(faces[0])
	}
	return c
}

// ied is the inter-eye distance in pixels.
func (c *canvas) ied() float64 { return c.eyes.Unit() }

// clone is a fresh picture to paint on.
func (c *canvas) clone() *image.NRGBA { return imaging.Clone(c.img) }

// background gives where the background is: what can be reached from the upper
// edges without crossing a step in colour.
func (c *canvas) background() *image.Gray {
	if c.plain == nil {
		const width = 240
		small := imaging.Resize(c.img, width, 0, imaging.Box)
		mask := imaging.Blur(imaging.Resize(flood(small), c.img.Rect.Dx(), c.img.Rect.Dy(), imaging.Linear), 0.02*c.ied())
		c.plain = image.NewGray(c.img.Rect)
		for i := range c.plain.Pix {
			c.plain.Pix[i] = mask.Pix[4*i]
		}
	}
	return c.plain
}

// flood fills from the upper edge and the upper halves of the sides.
func flood(img *image.NRGBA) *image.Gray {
	const near, far = 14, 90 // largest sums of differences to the neighbour and to the start, levels
	w, h := img.Rect.Dx(), img.Rect.Dy()
	mask := image.NewGray(img.Rect)
	type step struct{ at, from, start int }
	var todo []step
	for x := range w {
		todo = append(todo, step{x, x, x})
	}
	for y := range h / 2 {
		todo = append(todo, step{y * w, y * w, y * w}, step{y*w + w - 1, y*w + w - 1, y*w + w - 1})
	}
	for len(todo) > 0 {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if mask.Pix[s.at] != 0 || apart(img, s.at, s.from) > near || apart(img, s.at, s.start) > far {
			continue
		}
		mask.Pix[s.at] = 255
		x, y := s.at%w, s.at/w
		for _, d := range [][2]int{{-1, 0}, {1, 0}, {0, -1}, {0, 1}} {
			if nx, ny := x+d[0], y+d[1]; nx >= 0 && nx < w && ny >= 0 && ny < h {
				todo = append(todo, step{ny*w + nx, s.at, s.start})
			}
		}
	}
	return mask
}

// apart is the sum of the differences of two pixels' channels.
func apart(img *image.NRGBA, i, j int) (sum int) {
	for k := range 3 {
		d := int(img.Pix[4*i+k]) - int(img.Pix[4*j+k])
		sum += max(d, -d)
	}
	return sum
}

// A light changes linear values of a pixel: x and y in pixels, c its red, green
// and blue from 0 to 1.
type light func(x, y int, c *[3]float64)

// lit applies the light to every pixel of a copy within the rectangle.
func (c *canvas) lit(r image.Rectangle, f light) *image.NRGBA {
	table, levels := pixel.Linear(), newLevels()
	out := c.clone()
	r = r.Intersect(out.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			o := out.PixOffset(x, y)
			v := [3]float64{float64(table[out.Pix[o]]), float64(table[out.Pix[o+1]]), float64(table[out.Pix[o+2]])}
			was := v
			f(x, y, &v)
			for k := range v {
				if v[k] != was[k] {
					out.Pix[o+k] = levels.of(v[k])
				}
			}
		}
	}
	return out
}

// level is the sRGB value of a linear one.
func level(l float64) uint8 {
	l = min(max(l, 0), 1)
	if l <= 0.0031308 {
		return uint8(255*12.92*l + 0.5)
	}
	return uint8(255*(1.055*math.Pow(l, 1/2.4)-0.055) + 0.5)
}

// levelTable is level at equal steps from 0 to 1, a fifth of a level apart at most:
// millions of pixels are made from it.
type levelTable [1 << 14]uint8

func newLevels() (t levelTable) {
	for i := range t {
		t[i] = level(float64(i) / float64(len(t)-1))
	}
	return t
}

func (t *levelTable) of(l float64) uint8 {
	return t[int(min(max(l, 0), 1)*float64(len(t)-1)+0.5)]
}

// around is the rectangle of the picture about a place of the face's frame.
func (c *canvas) around(x, y, radius float64) image.Rectangle {
	px, py := c.eyes.At(x, y)
	r := radius * c.ied()
	return image.Rect(int(px-r), int(py-r), int(px+r)+2, int(py+r)+2)
}

// at is a pixel's place in the face's frame.
func (c *canvas) at(x, y int) (u, v float64) { return c.eyes.From(float64(x)+0.5, float64(y)+0.5) }

// smooth rises from 0 at a to 1 at b.
func smooth(a, b, v float64) float64 {
	t := min(max((v-a)/(b-a), 0), 1)
	return t * t * (3 - 2*t)
}
