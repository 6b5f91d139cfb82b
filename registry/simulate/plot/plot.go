// SPDX-License-Identifier: EUPL-1.2

// Package plot draws numbers as SVG that stands in a page: without script, without network, and with the numbers as a table.
package plot

import (
	"fmt"
	"html"
	"html/template"
	"math"
	"strings"
	"unicode/utf8"
)

// A Kind is how numbers are drawn.
type Kind int

// The kinds.
const (
	Bars  Kind = iota // upright; of more than one series, one on the other
	Lines             // NaN is a gap
	Rows              // one below the other, each with its name; of the first series
)

// A Plot is numbers and what they are. Its colours are the page's, by the classes
// s0, s1, s2 and s3 of the series.
type Plot struct {
	Title   string
	Says    string // what it shows, in a sentence
	Kind    Kind
	Over    string // what a column is: day
	Columns []Column
	Series  []Series
	Full    float64 // the axis ends here at least
	Wide    bool    // wants the page's whole width
}

// A Column is a place on the axis.
type Column struct {
	Name string // in the table
	Mark string // below the axis, where there is room for all of them or each second or so; "" none
}

// A Series is a number for each column.
type Series struct {
	Name   string
	Values []float64
}

// Of gives a series of whole numbers.
func Of(name string, values []int) Series {
	s := Series{name, make([]float64, len(values))}
	for i, v := range values {
		s.Values[i] = float64(v)
	}
	return s
}

// Sizes in pixels, at which letters have 12.
const (
	height = 240
	margin = 12
	below  = 28 // for the marks
	letter = 6.8
	row    = 42
)

// Number prints a value: whole with commas, otherwise to one digit; NaN as a dash.
func Number(v float64) string {
	if math.IsNaN(v) {
		return "–"
	}
	text, rest := fmt.Sprintf("%.1f", v), ""
	if text, rest = text[:len(text)-2], text[len(text)-2:]; rest == ".0" {
		rest = ""
	}
	for i := len(text) - 3; i > 0 && text[i-1] != '-'; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text + rest
}

// Table has a line for each column: its name and its numbers.
func (p Plot) Table() [][]string {
	lines := make([][]string, len(p.Columns))
	for i, c := range p.Columns {
		lines[i] = []string{c.Name}
		for _, s := range p.Series {
			lines[i] = append(lines[i], Number(s.Values[i]))
		}
	}
	return lines
}

// SVG draws the plot in so many pixels.
func (p Plot) SVG(width int) template.HTML {
	d := drawing{width: width, height: height}
	if p.Kind == Rows {
		d.height = row*len(p.Columns) + margin
	}
	fmt.Fprintf(&d, `<svg viewBox="0 0 %d %d" width="%d" height="%d" role="img" aria-label="%s">`,
		d.width, d.height, d.width, d.height, html.EscapeString(p.Title+". "+p.Says))
	if p.Kind == Rows {
		d.rows(p)
	} else {
		d.frame(p)
		d.series(p)
	}
	d.WriteString("</svg>")
	return template.HTML(d.String())
}

// most is the largest value that is drawn, of bars that stand on each other their sum.
func (p Plot) most() float64 {
	most := p.Full
	for i := range p.Columns {
		sum := 0.0
		for n, s := range p.Series {
			switch v := s.Values[i]; {
			case p.Kind == Bars:
				sum += v
			case v > sum && (p.Kind == Lines || n == 0):
				sum = v
			}
		}
		most = max(most, sum)
	}
	return most
}

// A drawing is an SVG that is being written.
type drawing struct {
	strings.Builder
	width, height int
	left, top     float64 // where the axis up stands, and what it ends at
}

func (d *drawing) y(v float64) float64 {
	return height - below - v/d.top*(height-below-margin)
}

// step is a round distance of at most five marks up to most.
func step(most float64) float64 {
	if most <= 0 {
		return 1
	}
	unit := math.Pow(10, math.Floor(math.Log10(most)))
	for _, s := range []float64{0.2, 0.5, 1, 2} {
		if most <= 5*s*unit {
			return s * unit
		}
	}
	panic("plot: a number has more than ten times its own power of ten")
}

// frame draws the axes: lines across at round values, and marks below.
func (d *drawing) frame(p Plot) {
	most := p.most()
	s := step(most)
	d.top = max(s, math.Ceil(most/s-1e-9)*s)
	d.left = margin + letter*float64(len(Number(d.top)))
	if s < 1 {
		d.left += 2 * letter
	}
	for v := 0.0; v < d.top+s/2; v += s {
		fmt.Fprintf(d, `<path class="grid" d="M%.1f %.1fH%d"/>`, d.left, d.y(v), d.width-margin)
		fmt.Fprintf(d, `<text x="%.1f" y="%.1f" text-anchor="end">%s</text>`, d.left-6, d.y(v)+4, Number(v))
	}
	d.marks(p)
}

// A mark is a text below the axis, from left to right in pixels.
type mark struct {
	text        string
	left, right float64
}

// marks writes each mark, or each second or third or so, that none meets the next.
func (d *drawing) marks(p Plot) {
	var all []mark
	for i, c := range p.Columns {
		if c.Mark != "" {
			long := letter * float64(utf8.RuneCountInString(c.Mark))
			left := min(max(d.left+(float64(i)+0.5)*d.column(p)-long/2, d.left), float64(d.width)-long)
			all = append(all, mark{c.Mark, left, left + long})
		}
	}
	each := 1
	for meet(all, each) {
		each++
	}
	for i := 0; i < len(all); i += each {
		fmt.Fprintf(d, `<text x="%.1f" y="%d" text-anchor="middle">%s</text>`, (all[i].left+all[i].right)/2, height-8, html.EscapeString(all[i].text))
	}
}

// meet says whether two would stand too near, were only each so many-th written.
func meet(all []mark, each int) bool {
	for i := each; i < len(all); i += each {
		if all[i].left < all[i-each].right+letter {
			return true
		}
	}
	return false
}

// column is how wide one is.
func (d *drawing) column(p Plot) float64 {
	return (float64(d.width-margin) - d.left) / float64(max(1, len(p.Columns)))
}

func (d *drawing) series(p Plot) {
	base := make([]float64, len(p.Columns))
	for n, s := range p.Series {
		if p.Kind == Lines {
			d.line(p, n, s.Values)
			continue
		}
		d.bars(p, n, s.Values, base)
	}
}

// bars draws one series onto what stands there already.
func (d *drawing) bars(p Plot, n int, values, base []float64) {
	wide := d.column(p)
	gap := 0.0
	if wide > 5 {
		gap = 1.5
	}
	fmt.Fprintf(d, `<path class="bar s%d" d="`, n)
	for i, v := range values {
		if v > 0 {
			fmt.Fprintf(d, "M%.1f %.1fV%.1fh%.1fV%.1fz", d.left+float64(i)*wide+gap/2, d.y(base[i]), d.y(base[i]+v), wide-gap, d.y(base[i]))
			base[i] += v
		}
	}
	d.WriteString(`"/>`)
}

func (d *drawing) line(p Plot, n int, values []float64) {
	wide, pen := d.column(p), "M"
	fmt.Fprintf(d, `<path class="line s%d" d="`, n)
	for i, v := range values {
		if math.IsNaN(v) {
			pen = "M"
			continue
		}
		fmt.Fprintf(d, "%s%.1f %.1f", pen, d.left+(float64(i)+0.5)*wide, d.y(v))
		pen = "L"
	}
	d.WriteString(`"/>`)
}

// rows draws a bar below each name, with its number at the end of the line.
func (d *drawing) rows(p Plot) {
	most := p.most()
	for i, c := range p.Columns {
		y, v := margin+i*row, p.Series[0].Values[i]
		fmt.Fprintf(d, `<text x="0" y="%d">%s</text><text x="%d" y="%d" text-anchor="end">%s</text>`,
			y+10, html.EscapeString(c.Name), d.width, y+10, Number(v))
		fmt.Fprintf(d, `<path class="grid" d="M0 %dH%d"/><path class="bar s0" d="M0 %dv12h%.1fv-12z"/>`, y+29, d.width, y+17, v/max(most, 1e-9)*float64(d.width))
	}
}
