// SPDX-License-Identifier: EUPL-1.2

package wishes

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/fotobox-project/fotobox/registry/book"
)

func TestWindowsText(t *testing.T) {
	for text, want := range map[string]Windows{
		"":                         {},
		"mon 8-12 14-16, sat 9-12": {0: Between(8, 12) | Between(14, 16), 5: Between(9, 12)},
		"sun 0-24":                 {6: EveryHour},
		"tue 23-24":                {1: 1 << 23},
	} {
		got, err := ParseWindows(text)
		if got != want || err != nil || want.String() != text {
			t.Errorf("%q is %v, %v; written %q", text, got, err, want)
		}
	}
	for _, text := range []string{"mon", "mon 8-25", "mon 12-8", "mon 8-10 10-12", "tue 8-9, mon 8-9", "mon 8-9,tue 8-9", "Mon 8-9", " ", "mon  8-9", "mon 08-09", "mon 8-9 ", "day 8-9"} {
		if w, err := ParseWindows(text); err == nil {
			t.Errorf("%q is read as %q", text, w)
		}
	}
}

func FuzzParseWindows(f *testing.F) {
	f.Add("mon 8-12 14-16, sat 9-12")
	f.Fuzz(func(t *testing.T, text string) {
		w, err := ParseWindows(text)
		if err == nil && w.String() != text {
			t.Errorf("%q is written %q", text, w)
		}
	})
}

// TestHalvesHaveTheHours: a wish is found in the half in which its hour is, and in no other.
func TestHalvesHaveTheHours(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var w Windows
		for i := range w {
			w[i] = Hours(rapid.Uint32Range(0, uint32(EveryHour)).Draw(t, "hours"))
		}
		if again, err := ParseWindows(w.String()); again != w || err != nil {
			t.Fatalf("%q is read as %q, %v", w, again, err)
		}
		monday := time.Date(2026, 6, 1, 0, 30, 0, 0, book.Zone())
		for hour := range 7 * 24 {
			at := monday.Add(time.Duration(hour) * time.Hour)
			halves := w.halves()
			found := halves[halfOf(at)]&(1<<at.Hour()) != 0 || halves[anyHalf] != 0
			if found != w.Has(at) {
				t.Fatalf("%q at %s: found %t, want %t", w, at, found, w.Has(at))
			}
		}
	})
}

// TestMatches: days and hours are those of the office's clocks, also on the days
// on which they change and on that which not every year has.
func TestMatches(t *testing.T) {
	w := func(windows, first, last string, offices ...string) Wish {
		parsed, err := ParseWindows(windows)
		if err != nil {
			t.Fatal(err)
		}
		return Wish{Windows: parsed, First: date(t, first), Last: date(t, last), Offices: offices}
	}
	for _, tt := range []struct {
		name  string
		wish  Wish
		start string // UTC
		want  bool
	}{
		{"any time", w("", "2026-06-01", "2026-06-30"), "2026-06-03T10:00:00Z", true},
		{"the first day's first minute", w("", "2026-06-03", "2026-06-03"), "2026-06-02T22:00:00Z", true},
		{"the minute before", w("", "2026-06-03", "2026-06-03"), "2026-06-02T21:59:00Z", false},
		{"the last day's last minute", w("", "2026-06-03", "2026-06-03"), "2026-06-03T21:59:00Z", true},
		{"the minute after", w("", "2026-06-03", "2026-06-03"), "2026-06-03T22:00:00Z", false},
		{"the hour", w("wed 8-9", "2026-06-01", "2026-06-30"), "2026-06-03T06:45:00Z", true},
		{"the next hour", w("wed 8-9", "2026-06-01", "2026-06-30"), "2026-06-03T07:00:00Z", false},
		{"another day of the week", w("wed 8-9", "2026-06-01", "2026-06-30"), "2026-06-04T06:45:00Z", false},
		{"winter has another hour", w("wed 8-9", "2026-12-01", "2026-12-31"), "2026-12-02T07:45:00Z", true},
		{"the office", w("", "2026-06-01", "2026-06-30", "mitte", "sued"), "2026-06-03T10:00:00Z", true},
		{"another office", w("", "2026-06-01", "2026-06-30", "sued"), "2026-06-03T10:00:00Z", false},
		{"spring: before the hour that is left out", w("sun 1-2", "2026-03-29", "2026-03-29"), "2026-03-29T00:59:00Z", true},
		{"spring: the hour that is left out is never", w("sun 2-3", "2026-03-29", "2026-03-29"), "2026-03-29T01:00:00Z", false},
		{"spring: after it", w("sun 3-4", "2026-03-29", "2026-03-29"), "2026-03-29T01:00:00Z", true},
		{"spring: the day's last minute", w("", "2026-03-29", "2026-03-29"), "2026-03-29T21:59:00Z", true},
		{"autumn: the hour for the first time", w("sun 2-3", "2026-10-25", "2026-10-25"), "2026-10-25T00:30:00Z", true},
		{"autumn: the hour again", w("sun 2-3", "2026-10-25", "2026-10-25"), "2026-10-25T01:30:00Z", true},
		{"autumn: after it", w("sun 2-3", "2026-10-25", "2026-10-25"), "2026-10-25T02:00:00Z", false},
		{"autumn: the day's first minute", w("", "2026-10-25", "2026-10-25"), "2026-10-24T22:00:00Z", true},
		{"the leap day", w("tue 9-10", "2028-02-29", "2028-02-29"), "2028-02-29T08:30:00Z", true},
		{"the day after it", w("", "2028-02-29", "2028-02-29"), "2028-03-01T08:30:00Z", false},
		{"over New Year", w("thu 9-10", "2026-12-28", "2027-01-03"), "2026-12-31T08:30:00Z", true},
	} {
		start, err := time.Parse(time.RFC3339, tt.start)
		if err != nil {
			t.Fatal(err)
		}
		if got := tt.wish.Matches("mitte", start); got != tt.want {
			t.Errorf("%s: %t, want %t", tt.name, got, tt.want)
		}
	}
}
