// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"fmt"
	"math"
	"strings"

	"github.com/fotobox-project/fotobox/image/rule"
)

// The size of a plot and its margins, pixels.
const (
	plotWidth, plotHeight = 340, 220
	plotLeft, plotBottom  = 52, 26
	plotTop, plotRight    = 10, 12
)

// An axis maps values to pixels.
type axis struct{ from, to, start, end float64 }

func (a axis) at(v float64) float64 { return a.start + (v-a.from)/(a.to-a.from)*(a.end-a.start) }

// widened gives the axis over the values with a little room.
func widened(v []float64, start, end float64) axis {
	from, to := quantile(v, 0), quantile(v, 1)
	if math.IsNaN(from) {
		from, to = 0, 1
	}
	room := 0.06*(to-from) + 1e-9
	if to-from < 1e-6 {
		room = 0.5
	}
	return axis{from - room, to + room, start, end}
}

// plot draws a sweep: one line a person, the limits, and the truth where the
// criterion should give the parameter itself. What is not measured is left out.
func plot(s swept, limits rule.Limits) string {
	var xs, ys []float64
	for n := range s.series {
		x, y := s.values(n)
		xs, ys = append(xs, x...), append(ys, y...)
	}
	for _, l := range []float64{limits.Min, limits.Max} {
		if !math.IsInf(l, 0) {
			ys = append(ys, l)
		}
	}
	across := widened(xs, plotLeft, plotWidth-plotRight)
	up := widened(ys, plotHeight-plotBottom, plotTop)
	var b strings.Builder
	fmt.Fprintf(&b, `<svg viewBox="0 0 %d %d" width="%d" height="%d" role="img">`, plotWidth, plotHeight, plotWidth, plotHeight)
	b.WriteString(frame(across, up))
	for _, l := range []float64{limits.Min, limits.Max} {
		if !math.IsInf(l, 0) {
			fmt.Fprintf(&b, `<line class="limit" x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f"/>`, across.start, up.at(l), across.end, up.at(l))
		}
	}
	if s.exact {
		from, to := max(across.from, up.from), min(across.to, up.to)
		fmt.Fprintf(&b, `<line class="truth" x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f"/>`, across.at(from), up.at(from), across.at(to), up.at(to))
	}
	for n := range s.series {
		x, y := s.values(n)
		b.WriteString(line(n, x, y, across, up))
	}
	b.WriteString("</svg>")
	return b.String()
}

// tick prints a value as finely as its axis asks for.
func tick(v float64, a axis) string {
	digits := min(max(1-int(math.Floor(math.Log10(a.to-a.from))), 0), 6)
	unit := math.Pow10(digits)
	return fmt.Sprintf("%.*f", digits, math.Round(v*unit)/unit+0) // plus zero: never "-0"
}

// frame draws the axes with the values of their ends and middles.
func frame(across, up axis) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<path class="axis" d="M%.1f %.1fV%.1fH%.1f"/>`, across.start, up.end, up.start, across.end)
	for i, anchor := range []string{"start", "middle", "end"} {
		share := float64(i) / 2
		x, y := across.from+share*(across.to-across.from), up.from+share*(up.to-up.from)
		fmt.Fprintf(&b, `<text x="%.1f" y="%d" text-anchor="%s">%s</text>`, across.at(x), plotHeight-8, anchor, tick(x, across))
		fmt.Fprintf(&b, `<text x="%d" y="%.1f" text-anchor="end">%s</text>`, plotLeft-6, up.at(y)+4, tick(y, up))
	}
	return b.String()
}

// line draws one person's values with a mark at each.
func line(n int, x, y []float64, across, up axis) string {
	var path, marks strings.Builder
	pen := "M"
	for i := range x {
		if math.IsNaN(y[i]) {
			pen = "M"
			continue
		}
		fmt.Fprintf(&path, "%s%.1f %.1f", pen, across.at(x[i]), up.at(y[i]))
		fmt.Fprintf(&marks, `<circle class="person%d" cx="%.1f" cy="%.1f" r="2.5"/>`, n, across.at(x[i]), up.at(y[i]))
		pen = "L"
	}
	return fmt.Sprintf(`<path class="line person%d" d="%s"/>%s`, n, path.String(), marks.String())
}
