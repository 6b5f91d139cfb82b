// SPDX-License-Identifier: EUPL-1.2

package chart

import (
	"bytes"
	"fmt"
	"io"
)

// WriteSVG writes the chart as SVG 1.1 of A4 size. It must be printed at 100 %;
// the bar in it tells whether it was.
func WriteSVG(w io.Writer) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%gmm\" height=\"%gmm\" viewBox=\"0 0 %g %g\">\n", Width, Height, Width, Height)
	fmt.Fprintf(&b, "<title>Fotobox test chart</title>\n<rect width=\"%g\" height=\"%g\" fill=\"#fff\"/>\n", Width, Height)
	for _, s := range shapes() {
		fill := fmt.Sprintf("#%02x%02x%02x", s.level, s.level, s.level)
		switch {
		case s.disc:
			fmt.Fprintf(&b, "<circle cx=\"%g\" cy=\"%g\" r=\"%g\" fill=\"%s\"/>\n", s.x, s.y, s.w/2, fill)
		case s.turn != 0:
			fmt.Fprintf(&b, "<rect x=\"%g\" y=\"%g\" width=\"%g\" height=\"%g\" fill=\"%s\" transform=\"rotate(%g %g %g)\"/>\n",
				s.x-s.w/2, s.y-s.h/2, s.w, s.h, fill, s.turn, s.x, s.y)
		default:
			fmt.Fprintf(&b, "<rect x=\"%g\" y=\"%g\" width=\"%g\" height=\"%g\" fill=\"%s\"/>\n", s.x-s.w/2, s.y-s.h/2, s.w, s.h, fill)
		}
	}
	text := func(y float64, words string) {
		fmt.Fprintf(&b, "<text x=\"%g\" y=\"%g\" font-family=\"sans-serif\" font-size=\"4\" text-anchor=\"middle\">%s</text>\n", centreX, y, words)
	}
	text(barRow-6, "This line is exactly 100 mm long. Measure it; print at 100 % if it is not.")
	text(11, "This side up. Matt paper, on a stiff board, where the person's face will be. (Fotobox test chart 1)")
	b.WriteString("</svg>\n")
	_, err := w.Write(b.Bytes())
	return err
}
