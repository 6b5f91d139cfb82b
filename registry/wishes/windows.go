// SPDX-License-Identifier: EUPL-1.2

package wishes

import (
	"fmt"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Hours is a set of hours of a day: bit n is that from n o'clock to n+1.
type Hours uint32

// EveryHour is the whole day.
const EveryHour Hours = 1<<24 - 1

// Between is the hours from one o'clock to another.
func Between(from, to int) Hours { return (1<<to - 1) &^ (1<<from - 1) & EveryHour }

// Windows are the hours of the week in which an appointment may begin, by the
// office's clocks: the first is Monday's. None at all means any time.
type Windows [7]Hours

// Has says whether the windows have the hour in which t falls, in its own time zone.
func (w Windows) Has(t time.Time) bool {
	return w == Windows{} || w[weekday(t)]&(1<<t.Hour()) != 0
}

// weekday counts from Monday.
func weekday(t time.Time) int { return int(t.Weekday()+6) % 7 }

func dayNames() []string { return []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"} }

// String is "mon 8-12 14-16, sat 9-12", days and hours in their order, or "" for any time.
func (w Windows) String() string {
	var days []string
	for i, name := range dayNames() {
		if w[i] != 0 {
			days = append(days, name+w[i].spans())
		}
	}
	return strings.Join(days, ", ")
}

// spans are " 8-12 14-16".
func (h Hours) spans() (text string) {
	for at := 0; h>>at != 0; {
		from := at + bits.TrailingZeros32(uint32(h>>at))
		at = from + bits.TrailingZeros32(^uint32(h>>from))
		text += fmt.Sprintf(" %d-%d", from, at)
	}
	return text
}

// ParseWindows reads what String writes.
func ParseWindows(text string) (w Windows, err error) {
	if text == "" {
		return w, nil
	}
	for day := range strings.SplitSeq(text, ", ") {
		name, spans, _ := strings.Cut(day, " ")
		i := slices.Index(dayNames(), name)
		if i < 0 {
			break
		}
		for span := range strings.FieldsSeq(spans) {
			from, to, _ := strings.Cut(span, "-")
			a, errA := strconv.ParseUint(from, 10, 8)
			b, errB := strconv.ParseUint(to, 10, 8)
			if errA == nil && errB == nil && a < b && b <= 24 {
				w[i] |= Between(int(a), int(b))
			}
		}
	}
	if w.String() != text {
		return Windows{}, fmt.Errorf("windows %q: write them as mon 8-12 14-16, sat 9-12", text)
	}
	return w, nil
}

// A half is one of the fourteen halves of the days of a week, the morning of
// Monday first: by them wishes are found.
type half int

// anyHalf is that of wishes for any time.
const anyHalf half = -1

const noon = 12

// halfOf is the half in which t falls, in its own time zone.
func halfOf(t time.Time) half { return half(2*weekday(t) + t.Hour()/noon) }

// halves are those in which the windows have an hour, with their hours.
func (w Windows) halves() map[half]Hours {
	if w == (Windows{}) {
		return map[half]Hours{anyHalf: EveryHour}
	}
	all := map[half]Hours{}
	for day, hours := range w {
		if h := hours & Between(0, noon); h != 0 {
			all[half(2*day)] = h
		}
		if h := hours & Between(noon, 24); h != 0 {
			all[half(2*day+1)] = h
		}
	}
	return all
}
