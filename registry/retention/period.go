// SPDX-License-Identifier: EUPL-1.2

package retention

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A Period is how long something is kept: a number of hours, days or months.
type Period struct {
	n    int
	unit string
}

// Hours counts hours.
func Hours(n int) Period { return Period{n, "hours"} }

// Days counts days of 24 hours.
func Days(n int) Period { return Period{n, "days"} }

// Months counts months of the calendar.
func Months(n int) Period { return Period{n, "months"} }

// longest number of a period: it keeps dates within what an integer holds.
const longest = 9999

// ParsePeriod reads what String writes: "96 hours", "7 days", "12 months".
func ParsePeriod(text string) (Period, error) {
	number, unit, _ := strings.Cut(text, " ")
	n, err := strconv.Atoi(number)
	if n == 1 {
		unit += "s"
	}
	p := Period{n, unit}
	if err != nil || n < 1 || n > longest || p.String() != text || (unit != "hours" && unit != "days" && unit != "months") {
		return Period{}, fmt.Errorf("period %q: write it as 96 hours, 7 days or 12 months", text)
	}
	return p, nil
}

// String is number and unit.
func (p Period) String() string {
	if p.n == 1 {
		return "1 " + strings.TrimSuffix(p.unit, "s")
	}
	return fmt.Sprintf("%d %s", p.n, p.unit)
}

// Ago is the moment the period before now.
func (p Period) Ago(now time.Time) time.Time {
	switch p.unit {
	case "months":
		return now.AddDate(0, -p.n, 0)
	case "days":
		return now.Add(-time.Duration(p.n) * 24 * time.Hour)
	}
	return now.Add(-time.Duration(p.n) * time.Hour)
}

// cutoff is the moment before which all is erased at now. Of what is kept for
// days or months a whole day (UTC) goes at its beginning: never later than the
// period says, and once a day instead of all the time.
func (p Period) cutoff(now time.Time) time.Time {
	ago := p.Ago(now.UTC())
	if p.unit == "hours" {
		return ago
	}
	return ago.Truncate(24*time.Hour).AddDate(0, 0, 1)
}
