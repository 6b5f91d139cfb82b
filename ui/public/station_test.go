// SPDX-License-Identifier: EUPL-1.2

package public

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
	"github.com/fotobox-project/fotobox/registry/link"
)

// workdays is an office that is open from Monday to Friday, on Thursday longer,
// in North Rhine-Westphalia.
func workdays() calendar.Plan {
	rule := func(days calendar.Weekdays, from, to calendar.Clock) calendar.Rule {
		return calendar.Rule{Office: "mitte", Group: "pass", Days: days, From: from, To: to, Minutes: 15, Public: 2}
	}
	other := rule(1<<7-1, 0, 24*60)
	other.Office = "ruhrort"
	return calendar.Plan{Zone: book.Zone(), State: calendar.NordrheinWestfalen, Rules: []calendar.Rule{
		rule(calendar.Workdays, 8*60, 12*60), rule(calendar.On(time.Thursday), 14*60, 18*60), other,
	}}
}

// at is a moment on the office's clocks.
func at(t testing.TB, text string) time.Time {
	t.Helper()
	m, err := time.ParseInLocation("2006-01-02 15:04", text, book.Zone())
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestPhotoHours: a photo is proposed when the office is open and no more than 96
// hours before the appointment is over, over weekends, holidays and changes of
// the clocks.
func TestPhotoHours(t *testing.T) {
	closed := workdays()
	closed.Closures = []calendar.Closure{{Office: "mitte", First: day0(t, "2026-11-27"), Last: day0(t, "2026-11-27"), Reason: "Umzug"}}
	for name, test := range map[string]struct {
		plan            calendar.Plan
		start, now      string
		want            string // begin and end of each
		lengthInMinutes int
	}{
		"Friday, from Monday on":           {workdays(), "2026-12-04 09:00", "2026-11-20 10:00", "Mon 09:15-12:00, Tue 08:00-12:00, Wed 08:00-12:00, Thu 08:00-18:00, Fri 08:00-09:00", 15},
		"Monday, over the weekend":         {workdays(), "2026-11-30 09:00", "2026-11-20 10:00", "Thu 09:15-18:00, Fri 08:00-12:00, Mon 08:00-09:00", 15},
		"Tuesday at noon, over a weekend":  {workdays(), "2026-12-01 11:45", "2026-11-20 10:00", "Mon 08:00-12:00, Tue 08:00-11:45", 15}, // Friday's noon is 15 minutes too early
		"Tuesday morning":                  {workdays(), "2026-12-01 08:30", "2026-11-20 10:00", "Fri 09:30-12:00, Mon 08:00-12:00, Tue 08:00-08:30", 60},
		"Tuesday, and closed on Friday":    {closed, "2026-12-01 08:30", "2026-11-20 10:00", "Mon 08:00-12:00, Tue 08:00-08:30", 15},
		"first slot after a long weekend":  {workdays(), "2026-12-28 08:00", "2026-11-20 10:00", "Thu 08:15-18:00", 15}, // 25 and 26 December are holidays
		"first slot after Easter":          {workdays(), "2027-03-30 08:00", "2027-03-01 10:00", "", 15},                // Friday and Monday are holidays: Tuesday at eight
		"second hour after Easter":         {workdays(), "2027-03-30 09:00", "2027-03-01 10:00", "Tue 08:00-09:00", 15},
		"clocks go back in between":        {workdays(), "2026-10-26 09:00", "2026-10-01 10:00", "Thu 10:15-18:00, Fri 08:00-12:00, Mon 08:00-09:00", 15},
		"clocks go forward in between":     {workdays(), "2027-03-29 09:00", "2027-03-01 10:00", "Thu 08:15-18:00", 15}, // the Monday itself is Easter's
		"booked for today":                 {workdays(), "2026-12-01 11:00", "2026-12-01 08:20", "Tue 08:20-11:00", 15},
		"booked for today, seconds after":  {workdays(), "2026-12-01 08:25", "2026-12-01 08:20", "", 15},
		"booked on Sunday for Monday":      {workdays(), "2026-11-30 09:00", "2026-11-29 20:00", "Mon 08:00-09:00", 15},
		"an office that is never open":     {calendar.Plan{Zone: book.Zone()}, "2026-11-30 09:00", "2026-11-29 20:00", "", 15},
		"the appointment is in the past":   {workdays(), "2026-11-30 09:00", "2026-12-01 09:00", "", 15},
		"the office is open all the night": {workdays(), "2026-12-03 17:45", "2026-12-02 20:00", "Thu 08:00-17:45", 15},
	} {
		start := at(t, test.start)
		var got []string
		for _, h := range photoHours(test.plan, "mitte", start, start.Add(time.Duration(test.lengthInMinutes)*time.Minute), at(t, test.now)) {
			got = append(got, h.From.In(book.Zone()).Format("Mon 15:04-")+h.To.In(book.Zone()).Format("15:04"))
		}
		if diff := cmp.Diff(test.want, strings.Join(got, ", ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func day0(t testing.TB, text string) calendar.Day {
	t.Helper()
	d, err := calendar.ParseDay(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestPhotoIsKept: whatever is proposed, a photo taken then is kept until the
// appointment is over, and is taken before it, while the office is open.
func TestPhotoIsKept(t *testing.T) {
	plan := workdays()
	rapid.Check(t, func(r *rapid.T) {
		start := time.Unix(60*rapid.Int64Range(29_000_000, 32_000_000).Draw(r, "start"), 0)
		length := time.Duration(rapid.IntRange(1, 255).Draw(r, "minutes")) * time.Minute
		now := start.Add(-time.Duration(rapid.IntRange(-60, 20_000).Draw(r, "before")) * time.Minute)
		for _, h := range photoHours(plan, "mitte", start, start.Add(length), now) {
			open, is := openOn(plan, "mitte", calendar.DayOf(h.From, plan.Zone))
			switch {
			case h.From.Add(kept).Before(start.Add(length)):
				r.Errorf("a photo of %v is gone at %v", h.From, start.Add(length))
			case h.From.Before(now), h.To.After(start), h.To.Sub(h.From) < taking:
				r.Errorf("%v to %v, now is %v, the appointment at %v", h.From, h.To, now, start)
			case !is || h.From.Before(open.From) || h.To.After(open.To):
				r.Errorf("%v to %v, the office is open %v to %v", h.From, h.To, open.From, open.To)
			}
		}
	})
}

// TestPhotoPage: the page proposes a station where a photo is wanted and only as
// long as it can be taken.
func TestPhotoPage(t *testing.T) {
	o := newTown(t)
	c := o.citizen()
	a := o.booked(t, o.free(t, "mitte", 50), "Erika")
	c.get(t, o.link(link.View, a)).want(t, http.StatusOK, "Machen Sie Ihr Foto vorher", "Foyer, links neben dem Eingang", "Bürger-Service Mitte", "Frühestens: ", "96 Stunden")
	if _, err := o.book.Advance(t.Context(), a.ID, book.Step{Do: book.Cancel, At: time.Now(), Actor: "citizen"}); err != nil {
		t.Fatal(err)
	}
	c.get(t, o.link(link.View, a)).want(t, http.StatusOK).without(t, "Machen Sie Ihr Foto vorher")
	form := c.post(t, "/hold", chosen("mitte", register, 1, o.free(t, "mitte", 50), "ONE")).leads(t, "/held/")
	c.post(t, form, erika()).leads(t, "/held/")
	c.post(t, o.link(link.Confirm, o.held(t, form)), nil).leads(t, "/appointment/")
	c.get(t, o.link(link.View, o.held(t, form))).want(t, http.StatusOK, "Wohnsitz anmelden").without(t, "Machen Sie Ihr Foto vorher")
}
