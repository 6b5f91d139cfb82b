// SPDX-License-Identifier: EUPL-1.2

package calendar

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// workdays is an office that is open from Monday to Friday, on Thursday longer,
// in North Rhine-Westphalia.
func workdays(zone *time.Location) Plan {
	rule := func(days Weekdays, from, to Clock) Rule {
		return Rule{Office: "mitte", Group: "pass", Days: days, From: from, To: to, Minutes: 15, Public: 2}
	}
	other := rule(1<<7-1, 0, 24*60)
	other.Office = "ruhrort"
	return Plan{Zone: zone, State: NordrheinWestfalen, Rules: []Rule{
		rule(Workdays, 8*60, 12*60), rule(On(time.Thursday), 14*60, 18*60), other,
	}}
}

// TestPhotoHours: a photo is proposed when the office is open and no more than 96
// hours before the appointment is over, over weekends, holidays and changes of
// the clocks.
func TestPhotoHours(t *testing.T) {
	zone := berlin(t)
	at := func(text string) time.Time {
		t.Helper()
		m, err := time.ParseInLocation("2006-01-02 15:04", text, zone)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	closed := workdays(zone)
	closed.Closures = []Closure{{Office: "mitte", First: day(t, "2026-11-27"), Last: day(t, "2026-11-27"), Reason: "Umzug"}}
	for name, test := range map[string]struct {
		plan            Plan
		start, now      string
		want            string // begin and end of each
		lengthInMinutes int
	}{
		"Friday, from Monday on":           {workdays(zone), "2026-12-04 09:00", "2026-11-20 10:00", "Mon 09:15-12:00, Tue 08:00-12:00, Wed 08:00-12:00, Thu 08:00-18:00, Fri 08:00-09:00", 15},
		"Monday, over the weekend":         {workdays(zone), "2026-11-30 09:00", "2026-11-20 10:00", "Thu 09:15-18:00, Fri 08:00-12:00, Mon 08:00-09:00", 15},
		"Tuesday at noon, over a weekend":  {workdays(zone), "2026-12-01 11:45", "2026-11-20 10:00", "Mon 08:00-12:00, Tue 08:00-11:45", 15}, // Friday's noon is 15 minutes too early
		"Tuesday morning":                  {workdays(zone), "2026-12-01 08:30", "2026-11-20 10:00", "Fri 09:30-12:00, Mon 08:00-12:00, Tue 08:00-08:30", 60},
		"Tuesday, and closed on Friday":    {closed, "2026-12-01 08:30", "2026-11-20 10:00", "Mon 08:00-12:00, Tue 08:00-08:30", 15},
		"first slot after a long weekend":  {workdays(zone), "2026-12-28 08:00", "2026-11-20 10:00", "Thu 08:15-18:00", 15}, // 25 and 26 December are holidays
		"first slot after Easter":          {workdays(zone), "2027-03-30 08:00", "2027-03-01 10:00", "", 15},                // Friday and Monday are holidays: Tuesday at eight
		"second hour after Easter":         {workdays(zone), "2027-03-30 09:00", "2027-03-01 10:00", "Tue 08:00-09:00", 15},
		"clocks go back in between":        {workdays(zone), "2026-10-26 09:00", "2026-10-01 10:00", "Thu 10:15-18:00, Fri 08:00-12:00, Mon 08:00-09:00", 15},
		"clocks go forward in between":     {workdays(zone), "2027-03-29 09:00", "2027-03-01 10:00", "Thu 08:15-18:00", 15}, // the Monday itself is Easter's
		"booked for today":                 {workdays(zone), "2026-12-01 11:00", "2026-12-01 08:20", "Tue 08:20-11:00", 15},
		"booked for today, seconds after":  {workdays(zone), "2026-12-01 08:25", "2026-12-01 08:20", "", 15},
		"booked on Sunday for Monday":      {workdays(zone), "2026-11-30 09:00", "2026-11-29 20:00", "Mon 08:00-09:00", 15},
		"an office that is never open":     {Plan{Zone: zone}, "2026-11-30 09:00", "2026-11-29 20:00", "", 15},
		"the appointment is in the past":   {workdays(zone), "2026-11-30 09:00", "2026-12-01 09:00", "", 15},
		"the office is open all the night": {workdays(zone), "2026-12-03 17:45", "2026-12-02 20:00", "Thu 08:00-17:45", 15},
	} {
		start := at(test.start)
		var got []string
		for _, h := range test.plan.PhotoHours("mitte", start, start.Add(time.Duration(test.lengthInMinutes)*time.Minute), at(test.now)) {
			got = append(got, h.From.In(zone).Format("Mon 15:04-")+h.To.In(zone).Format("15:04"))
		}
		if diff := cmp.Diff(test.want, strings.Join(got, ", ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestPhotoIsKept: whatever is proposed, a photo taken then is kept until the
// appointment is over, and is taken before it, while the office is open.
func TestPhotoIsKept(t *testing.T) {
	plan := workdays(berlin(t))
	rapid.Check(t, func(r *rapid.T) {
		start := time.Unix(60*rapid.Int64Range(29_000_000, 32_000_000).Draw(r, "start"), 0)
		length := time.Duration(rapid.IntRange(1, 255).Draw(r, "minutes")) * time.Minute
		now := start.Add(-time.Duration(rapid.IntRange(-60, 20_000).Draw(r, "before")) * time.Minute)
		for _, h := range plan.PhotoHours("mitte", start, start.Add(length), now) {
			open, is := plan.Open("mitte", DayOf(h.From, plan.Zone))
			switch {
			case h.From.Add(Kept).Before(start.Add(length)):
				r.Errorf("a photo of %v is gone at %v", h.From, start.Add(length))
			case h.From.Before(now), h.To.After(start), h.To.Sub(h.From) < taking:
				r.Errorf("%v to %v, now is %v, the appointment at %v", h.From, h.To, now, start)
			case !is || h.From.Before(open.From) || h.To.After(open.To):
				r.Errorf("%v to %v, the office is open %v to %v", h.From, h.To, open.From, open.To)
			}
		}
	})
}
