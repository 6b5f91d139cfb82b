// SPDX-License-Identifier: EUPL-1.2

package console

import (
	"image"
	"image/color"
	"image/draw"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// A style is how a text is set.
type style struct {
	bold   bool
	size   int // pixels from line to line, about
	colour color.RGBA
	on     color.RGBA // the ground that it stands on
}

// An item is a filled box, or a line of text in its box.
type item struct {
	box image.Rectangle
	style
	text string // empty: the box is filled with colour
}

// A Page is a picture that has been laid out and not yet drawn.
type Page struct {
	size  image.Point
	items []item
	fonts *fonts
}

// Draw draws the part of the page that lies in dst's bounds; the page's first
// pixel is at (0, 0). A picture drawn in parts is the picture drawn at once.
func (p Page) Draw(dst *image.RGBA) {
	draw.Draw(dst, dst.Rect, image.NewUniform(ground()), image.Point{}, draw.Src)
	for _, i := range p.items {
		if !i.box.Overlaps(dst.Rect) {
			continue
		}
		if i.text == "" {
			draw.Draw(dst, i.box, image.NewUniform(i.colour), image.Point{}, draw.Src)
			continue
		}
		face := p.fonts.face(i.style)
		d := font.Drawer{
			Dst: dst, Src: image.NewUniform(i.colour), Face: face,
			Dot: fixed.P(i.box.Min.X, i.box.Min.Y+face.Metrics().Ascent.Ceil()),
		}
		d.DrawString(i.text)
	}
}

// fonts makes faces of the Go fonts and keeps them.
type fonts struct {
	regular, bold *opentype.Font
	faces         map[style]font.Face
}

func newFonts() *fonts {
	return &fonts{parse(goregular.TTF), parse(gobold.TTF), map[style]font.Face{}}
}

func parse(ttf []byte) *opentype.Font {
	f, err := opentype.Parse(ttf)
	if err != nil {
		panic("console: " + err.Error()) // the font is part of the program
	}
	return f
}

func (f *fonts) face(s style) font.Face {
	s.colour, s.on = color.RGBA{}, color.RGBA{}
	if face, ok := f.faces[s]; ok {
		return face
	}
	from := f.regular
	if s.bold {
		from = f.bold
	}
	face, err := opentype.NewFace(from, &opentype.FaceOptions{Size: float64(s.size), DPI: 72})
	if err != nil {
		panic("console: " + err.Error()) // it has no error to return (x/image v0.47.0)
	}
	f.faces[s] = face
	return face
}

// extent is the box that a line of text needs, pixels.
func (f *fonts) extent(text string, s style) image.Point {
	face := f.face(s)
	m := face.Metrics()
	return image.Pt(font.MeasureString(face, text).Ceil(), m.Ascent.Ceil()+m.Descent.Ceil())
}

// writes reports whether the fonts have a sign for every letter.
func (f *fonts) writes(text string) bool {
	for _, r := range text {
		if n, err := f.regular.GlyphIndex(nil, r); err != nil || n == 0 {
			return false
		}
	}
	return true
}
