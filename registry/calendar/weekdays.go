// SPDX-License-Identifier: EUPL-1.2

package calendar

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Weekdays is a set of days of the week: bit 0 is Monday, bit 6 Sunday.
type Weekdays uint8

// Workdays are Monday to Friday.
const Workdays Weekdays = 1<<5 - 1

// On is the set of these days.
func On(days ...time.Weekday) (w Weekdays) {
	for _, d := range days {
		w |= 1 << ((d + 6) % 7)
	}
	return w
}

// Has says whether the day is in the set.
func (w Weekdays) Has(d time.Weekday) bool { return w&On(d) != 0 }

func weekdayNames() []string { return []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"} }

// ParseWeekdays reads what String writes: names in the order of the week.
func ParseWeekdays(text string) (w Weekdays, err error) {
	for name := range strings.FieldsSeq(text) {
		i := slices.Index(weekdayNames(), name)
		if i < 0 {
			break
		}
		w |= 1 << i
	}
	if w.String() != text {
		return 0, fmt.Errorf("weekdays %q: write them as mon tue wed thu fri sat sun", text)
	}
	return w, nil
}

// String is the names of the days as in "mon tue fri", "" for none.
func (w Weekdays) String() string {
	var names []string
	for i, name := range weekdayNames() {
		if w&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, " ")
}

// MarshalText is String.
func (w Weekdays) MarshalText() ([]byte, error) { return []byte(w.String()), nil }

// UnmarshalText is ParseWeekdays.
func (w *Weekdays) UnmarshalText(text []byte) (err error) {
	*w, err = ParseWeekdays(string(text))
	return err
}
