// SPDX-License-Identifier: EUPL-1.2

package chart

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"
)

// TestSVG: the print is A4, its bar is exactly 100 mm long from edge to edge, and
// it has what is measured: 13 discs of markers, the dots, squares and patches.
func TestSVG(t *testing.T) {
	var b strings.Builder
	if err := WriteSVG(&b); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), `width="210mm" height="297mm" viewBox="0 0 210 297"`) {
		t.Errorf("not A4: %.200s", b.String())
	}
	circles, boxes := 0, 0
	left, right := math.Inf(1), math.Inf(-1)
	for d := xml.NewDecoder(strings.NewReader(b.String())); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		e, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch e.Name.Local {
		case "circle":
			circles++
		case "rect":
			boxes++
			if number(t, e, "height") == 8 { // an end of the bar
				left, right = min(left, number(t, e, "x")), max(right, number(t, e, "x")+number(t, e, "width"))
			}
		}
	}
	if math.Abs(right-left-100) > 1e-9 {
		t.Errorf("the bar is %g mm long, want 100", right-left)
	}
	if want := 4*3 + len(dots()); circles != want || boxes != 1+5+1+10+3 {
		t.Errorf("%d circles and %d boxes, want %d and 20", circles, boxes, want)
	}
}

func number(t *testing.T, e xml.StartElement, name string) float64 {
	t.Helper()
	for _, a := range e.Attr {
		if a.Name.Local == name {
			v, err := strconv.ParseFloat(a.Value, 64)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
	}
	return math.NaN()
}

// TestShapesStandApart: nothing that is measured touches anything else or the paper's edge.
func TestShapesStandApart(t *testing.T) {
	all := dots()
	if len(all) < 80 {
		t.Errorf("%d dots, want 80 or more", len(all))
	}
	for i, d := range all {
		for _, o := range all[:i] {
			if math.Hypot(d.x-o.x, d.y-o.y) < 2*dotSize {
				t.Errorf("dots at %v and %v", d, o)
			}
		}
	}
	for _, s := range shapes() {
		if r := max(s.w, s.h) / 2; s.x-r < 10 || s.y-r < 10 || s.x+r > Width-10 || s.y+r > Height-10 {
			t.Errorf("%+v is where a printer prints nothing", s)
		}
	}
}
