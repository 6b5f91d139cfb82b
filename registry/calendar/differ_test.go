// SPDX-License-Identifier: EUPL-1.2

package calendar

import (
	"slices"
	"testing"
	"time"
)

func TestDiffer(t *testing.T) {
	morning := Rule{Office: "mitte", Group: "pass", Days: On(time.Monday, time.Tuesday), From: 8 * 60, To: 12 * 60, Minutes: 15, Public: 2}
	more, longer, there := morning, morning, morning
	more.Public, longer.To, there.Office = 3, 13*60, "ruhrort"
	day := DayOf(time.Date(2026, 12, 24, 0, 0, 0, 0, time.UTC), time.UTC)
	closed := Closure{Office: "mitte", First: day, Last: day, Reason: "CANARY is ill"}
	hours := Closure{First: day, Last: day + 7, From: 12 * 60, To: 14 * 60, Reason: "CANARY"}
	other := closed
	other.Reason = "Heiligabend"
	plan := func(closures []Closure, rules ...Rule) Plan { return Plan{Rules: rules, Closures: closures} }
	for name, tc := range map[string]struct {
		from, to Plan
		want     string
	}{
		"nothing":            {plan(nil, morning), plan(nil, morning), ""},
		"in another order":   {plan(nil, morning, there), plan(nil, there, morning), ""},
		"a rule":             {plan(nil), plan(nil, morning), "rule added: mitte/pass mon tue 08:00-12:00"},
		"the same once more": {plan(nil, morning), plan(nil, morning, morning), "rule added: mitte/pass mon tue 08:00-12:00"},
		"more seats":         {plan(nil, morning), plan(nil, more), "rule changed: mitte/pass mon tue 08:00-12:00"},
		"longer":             {plan(nil, morning), plan(nil, longer), "rule changed: mitte/pass mon tue 08:00-12:00 to mitte/pass mon tue 08:00-13:00"},
		"two for one":        {plan(nil, morning), plan(nil, more, there), "rule removed: mitte/pass mon tue 08:00-12:00; rule added: mitte/pass mon tue 08:00-12:00; rule added: ruhrort/pass mon tue 08:00-12:00"},
		"closed":             {plan(nil, morning), plan([]Closure{closed}, morning), "closure added: mitte 2026-12-24"},
		"open again":         {plan([]Closure{closed}), plan(nil), "closure removed: mitte 2026-12-24"},
		"another reason":     {plan([]Closure{closed}), plan([]Closure{other}), "closure changed: mitte 2026-12-24"},
		"hours everywhere":   {plan(nil), plan([]Closure{hours}), "closure added: every office 2026-12-24 to 2026-12-31 12:00-14:00"},
		"very much": {plan(slices.Repeat([]Closure{closed}, 9)), plan(nil, morning), "rule added: mitte/pass mon tue 08:00-12:00; closure removed: mitte 2026-12-24; closure removed: mitte 2026-12-24; " +
			"closure removed: mitte 2026-12-24; closure removed: mitte 2026-12-24; 5 more"},
	} {
		if got := tc.from.Differ(tc.to); got != tc.want {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
	}
}
