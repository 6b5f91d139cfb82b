// SPDX-License-Identifier: EUPL-1.2

package calendar

import (
	"testing"
	"time"
	_ "time/tzdata" // the zone must not depend on the machine

	"pgregory.net/rapid"
)

func berlin(t interface{ Fatal(...any) }) *time.Location {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// day reads a date of the tests' own.
func day(t interface{ Fatal(...any) }, text string) Day {
	d, err := ParseDay(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func clock(t interface{ Fatal(...any) }, text string) Clock {
	c, err := ParseClock(text)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestAt(t *testing.T) {
	tests := []struct{ name, day, clock, want string }{
		{"winter", "2026-12-01", "09:30", "2026-12-01T08:30:00Z"},
		{"summer", "2026-07-01", "09:30", "2026-07-01T07:30:00Z"},
		{"midnight is the next day's", "2026-07-01", "24:00", "2026-07-01T22:00:00Z"},
		{"before the spring change", "2026-03-29", "01:59", "2026-03-29T00:59:00Z"},
		{"left out: the change itself", "2026-03-29", "02:30", "2026-03-29T01:00:00Z"},
		{"after the spring change", "2026-03-29", "03:00", "2026-03-29T01:00:00Z"},
		{"shown twice: the first", "2026-10-25", "02:30", "2026-10-25T00:30:00Z"},
		{"after the autumn change", "2026-10-25", "03:00", "2026-10-25T02:00:00Z"},
		{"the day before", "2026-10-24", "23:00", "2026-10-24T21:00:00Z"},
		{"leap day", "2028-02-29", "12:00", "2028-02-29T11:00:00Z"},
		{"year's end", "2026-12-31", "24:00", "2026-12-31T23:00:00Z"},
	}
	for _, tt := range tests {
		if got := day(t, tt.day).At(clock(t, tt.clock), berlin(t)).Format(time.RFC3339); got != tt.want {
			t.Errorf("%s: %s %s is %s, want %s", tt.name, tt.day, tt.clock, got, tt.want)
		}
	}
}

func TestWeeks(t *testing.T) {
	for text, want := range map[string][2]int{
		"2026-12-28": {2026, 53}, "2027-01-03": {2026, 53}, "2027-01-04": {2027, 1},
		"2024-12-30": {2025, 1}, "2028-02-29": {2028, 9}, "2021-01-01": {2020, 53},
	} {
		if y, w := day(t, text).Week(); [2]int{y, w} != want {
			t.Errorf("%s is in week %d of %d, want %v", text, w, y, want)
		}
	}
}

func TestNth(t *testing.T) {
	for text, want := range map[string]struct {
		n    int
		last bool
	}{
		"2026-12-01": {1, false}, "2026-12-07": {1, false}, "2026-12-08": {2, false}, "2026-12-31": {5, true},
		"2026-02-28": {4, true}, "2028-02-22": {4, false}, "2028-02-29": {5, true}, "2028-02-28": {4, true},
	} {
		if n, last := day(t, text).nth(); n != want.n || last != want.last {
			t.Errorf("%s is number %d of its weekday, last %t; want %v", text, n, last, want)
		}
	}
}

// TestClocksAndDays: what a moment's clocks show leads back to the moment, or,
// in the hour that comes twice, to the first of both.
func TestClocksAndDays(t *testing.T) {
	zone := berlin(t)
	rapid.Check(t, func(t *rapid.T) {
		when := time.Unix(60*rapid.Int64Range(30_000_000, 60_000_000).Draw(t, "minute"), 0).UTC()
		local := when.In(zone)
		got := DayOf(when, zone).At(Clock(60*local.Hour()+local.Minute()), zone)
		if !got.Equal(when) && !got.Equal(when.Add(-time.Hour)) || got.In(zone).Format(time.DateTime) != local.Format(time.DateTime) {
			t.Fatalf("%s leads back to %s", local, got.In(zone))
		}
	})
}

func FuzzParseDay(f *testing.F) {
	for _, text := range []string{"", "2026-12-01", "2028-02-29", "2027-02-29", "1970-01-01", "12026-01-01", "2026-1-1"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if d, err := ParseDay(text); err == nil && d.String() != text {
			t.Errorf("%q is read as %q", text, d)
		}
	})
}

func FuzzParseClock(f *testing.F) {
	for _, text := range []string{"09:30", "24:00", "24:01", "00:60", "9:30", "+9:30", "09:3"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if c, err := ParseClock(text); err == nil && (c.String() != text || c < 0 || c > Midnight) {
			t.Errorf("%q is read as %q", text, c)
		}
	})
}

func FuzzParseWeekdays(f *testing.F) {
	for _, text := range []string{"", "mon", "mon tue wed thu fri sat sun", "tue mon", "mon mon", "Mon", "mon  tue"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if w, err := ParseWeekdays(text); err == nil && w.String() != text {
			t.Errorf("%q is read as %q", text, w)
		}
	})
}

func TestWeekdays(t *testing.T) {
	w, err := ParseWeekdays("mon thu sun")
	if err != nil || w != On(time.Monday, time.Thursday, time.Sunday) || w.Has(time.Tuesday) || !w.Has(time.Sunday) {
		t.Errorf("%s, %v", w, err)
	}
	if got := Workdays.String(); got != "mon tue wed thu fri" {
		t.Errorf("workdays are %s", got)
	}
}
