// SPDX-License-Identifier: EUPL-1.2

// Package calendar computes when offices receive: slots from rules, closures and holidays, and when their seats are released.
//
// It is pure: no store, no clock. A day and a time of day are the office's own,
// by its time zone; what comes out is UTC, and right on days of 23 and 25 hours.
package calendar

import (
	"fmt"
	"strconv"
	"time"
)

// A Day is a day of the calendar, counted from 1970-01-01: d+7 is a week later.
// The zero Day is none.
type Day int

const lastYear = 9999

// DayOf is the day that t falls on in the zone.
func DayOf(t time.Time, zone *time.Location) Day {
	y, m, d := t.In(zone).Date()
	return date(y, m, d)
}

func date(y int, m time.Month, d int) Day {
	return Day(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// ParseDay reads what String writes, "2026-12-01", and "" as none.
func ParseDay(text string) (Day, error) {
	if text == "" {
		return 0, nil
	}
	t, err := time.Parse(time.DateOnly, text)
	if err != nil || t.Year() <= 1970 || t.Year() > lastYear {
		return 0, fmt.Errorf("day %q: write it as 2026-12-01", text)
	}
	return date(t.Date()), nil
}

// String is year, month and day as in "2026-12-01", or "" for none.
func (d Day) String() string {
	if d == 0 {
		return ""
	}
	return d.utc().Format(time.DateOnly)
}

// MarshalText is String.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText is ParseDay.
func (d *Day) UnmarshalText(text []byte) (err error) {
	*d, err = ParseDay(string(text))
	return err
}

func (d Day) utc() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// Weekday is Monday to Sunday.
func (d Day) Weekday() time.Weekday { return d.utc().Weekday() }

// Week is the number of the week by ISO 8601, 1 to 53, and the year that it
// belongs to, which around New Year may be another than the day's.
func (d Day) Week() (year, week int) { return d.utc().ISOWeek() }

// week counts weeks from Monday to Sunday without end, across years.
func (d Day) week() int { return int(d+3) / 7 } // 1970-01-01 was a Thursday

// nth says the how manieth of its weekday in the month the day is, 1 to 5, and
// whether it is the last one.
func (d Day) nth() (n int, last bool) {
	return (d.utc().Day()-1)/7 + 1, (d + 7).utc().Month() != d.utc().Month()
}

// At is the moment at which the zone's clocks show c on the day: the first one
// where they show it twice, and the moment of the change where they leave it out.
func (d Day) At(c Clock, zone *time.Location) time.Time {
	wall := d.utc().Add(time.Duration(c) * time.Minute)
	_, before := wall.AddDate(0, 0, -1).In(zone).Zone()
	_, after := wall.AddDate(0, 0, 1).In(zone).Zone()
	for _, offset := range []int{before, after} {
		t := wall.Add(-time.Duration(offset) * time.Second)
		if _, shown := t.In(zone).Zone(); shown == offset {
			return t
		}
	}
	change, _ := wall.Add(-time.Duration(before) * time.Second).In(zone).ZoneBounds()
	return change.UTC()
}

// A Clock is a time of day in minutes after midnight, 0 to 24:00.
type Clock int

// Midnight is the end of the day.
const Midnight Clock = 24 * 60

// ParseClock reads what String writes: "09:30", up to "24:00".
func ParseClock(text string) (Clock, error) {
	if len(text) == 5 && text[2] == ':' {
		h, errH := strconv.ParseUint(text[:2], 10, 8)
		m, errM := strconv.ParseUint(text[3:], 10, 8)
		if c := Clock(60*h + m); errH == nil && errM == nil && m < 60 && c <= Midnight {
			return c, nil
		}
	}
	return 0, fmt.Errorf("time of day %q: write it as 09:30", text)
}

// String is hours and minutes as in "09:30".
func (c Clock) String() string { return fmt.Sprintf("%02d:%02d", int(c)/60, int(c)%60) }

// MarshalText is String.
func (c Clock) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText is ParseClock.
func (c *Clock) UnmarshalText(text []byte) (err error) {
	*c, err = ParseClock(string(text))
	return err
}
