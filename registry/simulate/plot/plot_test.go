// SPDX-License-Identifier: EUPL-1.2

package plot

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNumber(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 7: "7", 999: "999", 1000: "1,000", 266877: "266,877", 1234567: "1,234,567", 0.25: "0.2", 12.34: "12.3", -5: "-5", -1234: "-1,234", -123: "-123", math.NaN(): "–",
	} {
		if got := Number(v); got != want {
			t.Errorf("%v is printed %q, want %q", v, got, want)
		}
	}
}

// TestStep: at most five distances reach the largest value, and not less than two are needed.
func TestStep(t *testing.T) {
	for most, want := range map[float64]float64{0: 1, 1: 0.2, 3: 1, 5: 1, 6: 2, 10: 2, 70: 20, 99: 20, 101: 50, 1060: 500, 266877: 100000} {
		if got := step(most); math.Abs(got-want) > 1e-9 {
			t.Errorf("up to %v there is a line at each %v, want %v", most, got, want)
		}
	}
}

func bookings() Plot {
	return Plot{
		Title: "Bookings & more", Says: "Each <day>.", Over: "day",
		Columns: []Column{{"Mon", "Mon"}, {"Tue", "Tue"}, {"Wed", ""}, {"Thu", "Thu"}},
		Series:  []Series{Of("stood", []int{10, 20, 0, 5}), {"cancelled", []float64{1, 0, 0, 2.5}}},
	}
}

func TestTable(t *testing.T) {
	want := [][]string{{"Mon", "10", "1"}, {"Tue", "20", "0"}, {"Wed", "0", "0"}, {"Thu", "5", "2.5"}}
	if diff := cmp.Diff(want, bookings().Table()); diff != "" {
		t.Error(diff)
	}
}

// drawn gives the texts and the paths of a class, of an SVG that is well-formed XML.
func drawn(t *testing.T, p Plot, width int, class string) (texts, paths []string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(string(p.SVG(width))))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return texts, paths
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := token.(type) {
		case xml.CharData:
			texts = append(texts, string(e))
		case xml.StartElement:
			if i := slices.IndexFunc(e.Attr, func(a xml.Attr) bool { return a.Value == class }); i >= 0 {
				paths = append(paths, e.Attr[i+1].Value)
			}
		}
	}
}

// tops are the heights that a path of bars reaches up to, in pixels.
func tops(t *testing.T, path string) (all []float64) {
	t.Helper()
	for _, m := range regexp.MustCompile(`M\S+ \S+?V([\d.]+)h`).FindAllStringSubmatch(path, -1) {
		y, err := strconv.ParseFloat(m[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, y)
	}
	return all
}

// TestBars: the second series stands on the first, what is nothing is not drawn, and
// what is typed is no markup.
func TestBars(t *testing.T) {
	texts, first := drawn(t, bookings(), 400, "bar s0")
	if want := []string{"0", "5", "10", "15", "20", "Mon", "Tue", "Thu"}; !slices.Equal(texts, want) {
		t.Errorf("texts %q, want %q", texts, want)
	}
	_, second := drawn(t, bookings(), 400, "bar s1")
	if len(first) != 1 || len(second) != 1 {
		t.Fatalf("%d and %d paths, want one of each series", len(first), len(second))
	}
	if want := []float64{112, 12, 162}; !slices.Equal(tops(t, first[0]), want) {
		t.Errorf("the first reach up to %v, want %v", tops(t, first[0]), want)
	}
	if want := []float64{102, 137}; !slices.Equal(tops(t, second[0]), want) {
		t.Errorf("the second reach up to %v, want %v", tops(t, second[0]), want)
	}
}

func TestLines(t *testing.T) {
	p := bookings()
	p.Kind = Lines
	p.Series[0].Values[1] = math.NaN()
	_, paths := drawn(t, p, 400, "line s0")
	if len(paths) != 1 || strings.Count(paths[0], "M") != 2 || strings.Count(paths[0], "L") != 1 {
		t.Errorf("%q, want a gap where nothing is known", paths)
	}
}

func TestRows(t *testing.T) {
	p := Plot{Kind: Rows, Full: 100, Columns: []Column{{Name: "Mitte"}, {Name: "Süd"}}, Series: []Series{{"taken", []float64{50, 12.5}}}}
	texts, paths := drawn(t, p, 400, "bar s0")
	if want := []string{"Mitte", "50", "Süd", "12.5"}; !slices.Equal(texts, want) {
		t.Errorf("texts %q, want %q", texts, want)
	}
	if len(paths) != 2 || !strings.Contains(paths[0], "h200.0") || !strings.Contains(paths[1], "h50.0") {
		t.Errorf("bars %q, want a half and an eighth of 400", paths)
	}
}

// TestMarks: on a narrow page marks that would meet are left out.
func TestMarks(t *testing.T) {
	p := Plot{Series: []Series{{"seats", make([]float64, 365)}}}
	for i := range 365 {
		c := Column{Name: strconv.Itoa(i)}
		if i%7 == 0 {
			c.Mark = "2026-01"
		}
		p.Columns = append(p.Columns, c)
	}
	wide, _ := drawn(t, p, 1200, "none")
	narrow, _ := drawn(t, p, 350, "none")
	if len(narrow) >= len(wide) || len(narrow) < 5 || len(wide) > 25 {
		t.Errorf("%d marks on 1200 pixels, %d on 350", len(wide), len(narrow))
	}
}
