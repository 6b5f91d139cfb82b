// SPDX-License-Identifier: EUPL-1.2

package enrolment

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// The operating modes of a station (office.md), stamped into every capture.
const (
	Counter  = "counter"  // a clerk supervises
	Lobby    = "lobby"    // staff can observe it
	Extended = "extended" // outside opening hours too, by the town's recorded decision
)

// Operation is how and when a station works, as its office decided.
type Operation struct {
	Mode string `json:"mode"`
	// Hours are those in which a station works in Counter and Lobby, by the
	// station's wall clock.
	Hours Week `json:"hours"`
}

// Check names the first thing that cannot be: a mode that is none, or a station
// that would never open.
func (o Operation) Check() error {
	switch o.Mode {
	case Extended:
		return nil
	case Counter, Lobby:
		if o.Hours == (Week{}) {
			return errors.New("hours: the station would never be open")
		}
		return nil
	}
	return errors.New("mode is not counter, lobby or extended")
}

// Open says whether the station works at an instant in its own time zone.
func (o Operation) Open(at time.Time) bool { return o.Mode == Extended || o.Hours.open(at) }

// Next is when a station that is closed at an instant opens, the zero time for never.
func (o Operation) Next(at time.Time) time.Time {
	y, m, d := at.Date()
	for day := range 8 { // today's hours may be over: the same weekday again
		midnight := time.Date(y, m, d+day, 0, 0, 0, 0, at.Location())
		for _, s := range o.Hours[midnight.Weekday()].spans() {
			opens := time.Date(y, m, d+day, s.From/60, s.From%60, 0, 0, at.Location())
			if opens.After(at) {
				return opens
			}
		}
	}
	return time.Time{}
}

// String is the mode and the hours of the week that begins on Monday: "lobby, Mon-Tue 08:00-16:00, Wed 08:00-12:00".
func (o Operation) String() string {
	list := []string{o.Mode}
	for first := 0; first < len(o.Hours); {
		last := first
		for last+1 < len(o.Hours) && o.Hours[weekday(last+1)] == o.Hours[weekday(first)] {
			last++
		}
		if hours := o.Hours[weekday(first)]; hours != (Hours{}) {
			list = append(list, days(first, last)+" "+hours.String())
		}
		first = last + 1
	}
	return strings.Join(list, ", ")
}

// weekday is the nth day of a week that begins on Monday.
func weekday(n int) time.Weekday { return time.Weekday((n + 1) % 7) }

func days(first, last int) string {
	name := func(n int) string { return weekday(n).String()[:3] }
	if first == last {
		return name(first)
	}
	return name(first) + "-" + name(last)
}

// Week has the hours of each day by its time.Weekday.
type Week [7]Hours

func (w Week) open(at time.Time) bool {
	minute := at.Hour()*60 + at.Minute()
	for _, s := range w[at.Weekday()].spans() {
		if s.From <= minute && minute < s.To {
			return true
		}
	}
	return false
}

// Hours are those of one day, in their order and apart from each other, at most
// three; unused ones are zero.
type Hours [3]Span

// Span is a part of a day, in minutes since midnight: from 0, to 1440 at most.
type Span struct{ From, To int }

// spans are the used ones.
func (h Hours) spans() []Span {
	for n, s := range h {
		if s == (Span{}) {
			return h[:n]
		}
	}
	return h[:]
}

// String is what ParseHours reads: "08:00-12:00 14:00-18:00", empty for a closed day.
func (h Hours) String() string {
	var list []string
	for _, s := range h.spans() {
		list = append(list, fmt.Sprintf("%02d:%02d-%02d:%02d", s.From/60, s.From%60, s.To/60, s.To%60))
	}
	return strings.Join(list, " ")
}

// ParseHours reads the hours of a day. Spans may also be parted by commas, and
// dashes be as a word processor makes them.
func ParseHours(text string) (h Hours, err error) {
	fields := strings.Fields(strings.NewReplacer("–", "-", ",", " ").Replace(text))
	if len(fields) > len(h) {
		return Hours{}, fmt.Errorf("hours %q: more than %d spans a day", text, len(h))
	}
	end := -1
	for n, field := range fields {
		from, to, _ := strings.Cut(field, "-")
		s := Span{minutes(from), minutes(to)}
		if s.From < 0 || s.To < 0 || s.From >= s.To || s.From <= end {
			return Hours{}, fmt.Errorf("hours %q: write them as 08:00-12:00 14:00-18:00, in their order", text)
		}
		h[n], end = s, s.To
	}
	return h, nil
}

// minutes reads a time of day up to 24:00; -1 is none.
func minutes(text string) int {
	hour, minute, ok := strings.Cut(text, ":")
	h, bad := strconv.ParseUint(hour, 10, 8)
	m, worse := strconv.ParseUint(minute, 10, 8)
	if !ok || bad != nil || worse != nil || len(hour) > 2 || len(minute) != 2 || m > 59 || h*60+m > 24*60 {
		return -1
	}
	return int(h*60 + m)
}

// MarshalText is String.
func (h Hours) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText is ParseHours.
func (h *Hours) UnmarshalText(text []byte) (err error) {
	*h, err = ParseHours(string(text))
	return err
}
