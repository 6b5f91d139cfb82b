// SPDX-License-Identifier: EUPL-1.2

package console

import (
	"fmt"
	"image"
	"image/color"
	"slices"
	"strings"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"

	"github.com/fotobox-project/fotobox/ui/text"
)

// Colours whose contrast is at least 7 to 1 on each other's ground (WCAG 1.4.6).
func ground() color.RGBA { return color.RGBA{0x10, 0x15, 0x1c, 0xff} }
func white() color.RGBA  { return color.RGBA{0xff, 0xff, 0xff, 0xff} }
func black() color.RGBA  { return color.RGBA{0, 0, 0, 0xff} }
func soft() color.RGBA   { return color.RGBA{0xc3, 0xcd, 0xd8, 0xff} }
func amber() color.RGBA  { return color.RGBA{0xff, 0xc6, 0x55, 0xff} }
func green() color.RGBA  { return color.RGBA{0x11, 0x4d, 0x2a, 0xff} }
func red() color.RGBA    { return color.RGBA{0x8f, 0x0f, 0x13, 0xff} }

const (
	// lines is how many lines of the smallest text a screen holds: on one of 300 mm
	// height capitals are 10 mm high then, which is read from 2 m.
	lines = 21
	// columns bounds the same by the width, in multiples of the text's size.
	columns = 30
	// smallest is the least size of letters that are still letters, pixels.
	smallest = 10
)

// A sheet is a page under way.
type sheet struct {
	Page
	unit   int             // size of the smallest text, pixels
	free   image.Rectangle // what is left for the next thing
	margin int
}

// Lay puts everything that the state says on a page of that size.
func Lay(s State, size image.Point) Page {
	unit := max(min(size.Y/lines, size.X/columns), smallest)
	l := &sheet{Page: Page{size: size, fonts: newFonts()}, unit: unit, free: image.Rectangle{Max: size}, margin: unit}
	if s.Display {
		l.strip("In operation")
	} else {
		l.outOfOrder()
	}
	l.free = l.free.Inset(l.margin)
	l.version(s.Version)
	l.address(s)
	l.facts(s)
	l.faults(s)
	return l.Page
}

// strip is the narrow band of a station that works.
func (l *sheet) strip(words string) {
	st := style{bold: true, size: l.unit, colour: white(), on: green()}
	box := image.Rect(0, 0, l.size.X, 2*l.unit)
	l.fill(box, green())
	l.line(words, st, image.Pt(l.margin, (box.Dy()-l.fonts.extent(words, st).Y)/2))
	l.free.Min.Y = box.Max.Y
}

// outOfOrder is the band that sends a citizen to the counter, in the languages
// of the staff that the fonts can write: the first one large, the others beside it, or below
// it on an upright screen, as far as a third of the screen holds them.
func (l *sheet) outOfOrder() {
	at := len(l.items)
	l.items = append(l.items, item{})
	place := image.Rect(l.margin, l.margin, l.size.X-l.margin, l.size.Y/3)
	beside := place
	if l.size.X > l.size.Y {
		place.Max.X = l.size.X * 6 / 10
		beside.Min.X = place.Max.X + l.margin
	}
	bottom := 0
	for n, language := range text.Staff() {
		title, way := language.Text("console.out-of-order"), language.Text("console.counter")
		if !l.fonts.writes(title + way) {
			continue
		}
		large := min(l.size.Y/8, l.size.X/10)
		if n > 0 {
			large /= 2
		}
		first := l.fit(title, style{true, large, white(), red()}, place.Dx())
		second := l.fit(way, style{false, large * 6 / 10, white(), red()}, place.Dx())
		high := l.fonts.extent(title, first).Y + l.fonts.extent(way, second).Y
		if n > 0 && high > place.Dy() {
			break
		}
		y := l.line(way, second, image.Pt(place.Min.X, l.line(title, first, place.Min)))
		bottom = max(bottom, y)
		if n == 0 && beside.Min.X > place.Min.X {
			place = beside
		} else {
			place.Min.Y = y + l.unit/3
		}
	}
	box := image.Rect(0, 0, l.size.X, bottom+l.unit/2)
	l.items[at] = item{box: box, style: style{colour: red()}}
	l.free.Min.Y = box.Max.Y
}

// version stands at the bottom.
func (l *sheet) version(words string) {
	st := style{size: max(l.unit*4/5, smallest), colour: soft(), on: ground()}
	words = l.cut(words, st, l.free.Dx())
	l.free.Max.Y -= l.fonts.extent(words, st).Y
	l.line(words, st, image.Pt(l.free.Min.X, l.free.Max.Y))
	l.free.Max.Y -= l.unit / 4
}

// address is the QR code at the right.
func (l *sheet) address(s State) {
	if s.code() == "" {
		return
	}
	code, err := qr.Encode(s.code(), qr.M, qr.Auto)
	if err != nil {
		return // the address is too long for a code; it stands in the text as well
	}
	const quiet = 4 // modules around the code (ISO/IEC 18004)
	n := code.Bounds().Dx() + 2*quiet
	module := min(l.size.X*3/10, l.free.Dy()) / n
	if module < 2 {
		return // too small for a phone
	}
	box := image.Rect(l.free.Max.X-n*module, l.free.Min.Y, l.free.Max.X, l.free.Min.Y+n*module)
	l.fill(box, white())
	l.modules(code, module, box.Min.Add(image.Pt(quiet*module, quiet*module)))
	l.free.Max.X = box.Min.X - l.margin
}

// modules draws the dark runs of each row.
func (l *sheet) modules(code barcode.Barcode, module int, at image.Point) {
	b := code.Bounds()
	dark := func(x, y int) bool { r, _, _, _ := code.At(x, y).RGBA(); return r < 0x8000 }
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			from := x
			for x < b.Max.X && dark(x, y) {
				x++
			}
			if x > from {
				l.fill(image.Rect(from*module, y*module, x*module, (y+1)*module).Add(at), black())
			}
		}
	}
}

// facts are who the station is and where it answers.
func (l *sheet) facts(s State) {
	names := strings.Join(slices.DeleteFunc([]string{s.Station, s.Office}, func(n string) bool { return n == "" }), ", ")
	if names == "" {
		names = "Fotobox"
	}
	l.paragraph(names, style{true, l.unit, white(), ground()}, 2)
	for _, f := range []struct{ name, value string }{{"Kiosk page", s.Kiosk}, {"Maintenance", s.Maintenance}} {
		if f.value != "" {
			l.paragraph(f.name+": "+f.value, style{false, l.unit, soft(), ground()}, 2)
		}
	}
	l.free.Min.Y += l.unit / 3
}

// todo is everything that keeps the station from working.
func (s State) todo() (list []Fault) {
	if !s.Display && !s.Waiting && s.Kiosk != "" {
		list = append(list, Fault{"display", "open the kiosk page on it"})
	}
	return append(list, s.Faults...)
}

// faults say what a technician has to do, as many as there is room for, and how many more there are.
func (l *sheet) faults(s State) {
	plain, strong := style{false, l.unit, white(), ground()}, style{true, l.unit, amber(), ground()}
	todo := s.todo()
	if len(todo) == 0 {
		l.paragraph("All parts work.", style{true, l.unit, white(), ground()}, 1)
		return
	}
	left, step := l.free.Min.X, l.fonts.extent("X", plain).Y
	for n, f := range todo {
		room := l.free.Dy() / step
		if n < len(todo)-1 {
			room-- // the last line is for the number of the others
		}
		words := f.Part + ": " + f.Words
		l.free.Min.X = left + l.unit
		if need := len(l.wrap(words, plain, l.free.Dx())); room < 1 || need > room && n > 0 {
			l.free.Min.X = left
			l.paragraph(fmt.Sprintf("+ %d more; see the self-test", len(todo)-n), strong, 1)
			return
		}
		mark := l.unit / 2
		l.fill(image.Rect(left, 0, left+mark, mark).Add(image.Pt(0, l.free.Min.Y+(step-mark)/2)), amber())
		l.paragraph(words, plain, room)
		l.free.Min.X = left
	}
}

// paragraph sets words in at most most lines at the top of what is free.
func (l *sheet) paragraph(words string, st style, most int) {
	set := l.wrap(words, st, l.free.Dx())
	most = min(most, l.free.Dy()/l.fonts.extent("X", st).Y)
	if len(set) > most && most > 0 {
		set = set[:most]
		set[most-1] = l.cut(set[most-1]+" ...", st, l.free.Dx())
	}
	for _, one := range set[:min(max(most, 0), len(set))] {
		l.free.Min.Y = l.line(one, st, l.free.Min)
	}
}

func (l *sheet) fill(box image.Rectangle, c color.RGBA) {
	l.items = append(l.items, item{box: box, style: style{colour: c}})
}

// line sets one line with its left upper corner at p and returns where the next one begins.
func (l *sheet) line(words string, st style, p image.Point) int {
	box := image.Rectangle{Min: p, Max: p.Add(l.fonts.extent(words, st))}
	if words != "" {
		l.items = append(l.items, item{box, st, words})
	}
	return box.Max.Y
}
