// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"image"

	"github.com/disintegration/imaging"

	"github.com/fotobox-project/fotobox/image/face"
	"github.com/fotobox-project/fotobox/image/phototest"
	"github.com/fotobox-project/fotobox/image/pixel"
	"github.com/fotobox-project/fotobox/image/portrait"
)

// A canvas is a good photo to alter, with what is known of the face in it.
type canvas struct {
	img   *image.NRGBA
	eyes  pixel.Frame     // between the pupils, unit one inter-eye distance
	marks phototest.Marks // nil where no points were placed by hand
	other *image.NRGBA
	plain *image.Gray // 255 where the background is, filled on first use
}

// newCanvas takes the points placed by hand where there are any, and the found
// ones elsewhere.
func newCanvas(img *image.NRGBA, m phototest.Marks, faces []face.Face) *canvas {
	c := &canvas{img: img, marks: m}
	switch {
	case m != nil:
		c.eyes = m.Eyes()
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

// lit changes the linear light of a copy within the rectangle; see phototest.Lit.
func (c *canvas) lit(r image.Rectangle, f func(x, y int, c *[3]float64)) *image.NRGBA {
	return phototest.Lit(c.img, r, f)
}

// around is the rectangle of the picture about a place of the face's frame.
func (c *canvas) around(x, y, radius float64) image.Rectangle {
	return phototest.Around(c.eyes, x, y, radius)
}

// at is a pixel's place in the face's frame.
func (c *canvas) at(x, y int) (u, v float64) { return c.eyes.From(float64(x)+0.5, float64(y)+0.5) }
