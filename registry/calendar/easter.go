// SPDX-License-Identifier: EUPL-1.2

package calendar

import (
	"slices"
	"time"
)

// Easter is Easter Sunday by the Gregorian rule, after Oudin (1940).
func Easter(year int) Day {
	century := year / 100
	golden := year % 19
	moon := (century - century/4 - (century-(century-17)/25)/3 + 19*golden + 15) % 30
	moon -= moon / 28 * (1 - moon/28*(29/(moon+1))*((21-golden)/11))
	weekday := (year + year/4 + moon + 2 - century + century/4) % 7
	days := moon - weekday // from 28 March to Easter
	return date(year, time.March, 28) + Day(days)
}

// repentance is Buß- und Bettag, a holiday in Saxony: the Wednesday before 23 November.
func repentance(year int) Day {
	d := date(year, time.November, 22)
	for d.Weekday() != time.Wednesday {
		d--
	}
	return d
}

// Holiday gives the name of the state's public holiday on that day, and whether
// it is one.
func (s State) Holiday(d Day) (name string, is bool) {
	if s == 0 {
		return "", false
	}
	year := d.utc().Year()
	easter := Easter(year)
	for _, h := range holidays() {
		on := easter + Day(h.day)
		if h.month != 0 {
			on = date(year, h.month, h.day)
		}
		if on == d && (h.states == nil || slices.Contains(h.states, s)) {
			return h.name, true
		}
	}
	if s == Sachsen && d == repentance(year) {
		return "Buß- und Bettag", true
	}
	return "", false
}
