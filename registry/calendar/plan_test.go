// SPDX-License-Identifier: EUPL-1.2

package calendar

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// hours writes slots as an office reads them: when the first of a row begins and
// the last ends, how many they are, and with how many seats.
func hours(zone *time.Location, slots []Slot) (lines []string) {
	for i := 0; i < len(slots); {
		first, n := slots[i], 1
		for i+n < len(slots) && slots[i+n].Office == first.Office && slots[i+n].Group == first.Group &&
			slots[i+n].Start.Equal(slots[i+n-1].End()) && slots[i+n].Seats == first.Seats {
			n++
		}
		end := slots[i+n-1].End().In(zone)
		lines = append(lines, fmt.Sprintf("%s %s %s to %s: %d slots, %d seats", first.Office, first.Group,
			first.Start.In(zone).Format("Mon 2006-01-02 15:04"), end.Format("15:04"), n, first.Seats))
		i += n
	}
	return lines
}

func TestSlots(t *testing.T) {
	saturday := Rule{Office: "ruhrort", Group: "pass", Days: On(time.Saturday, time.Sunday), From: 60, To: 5 * 60, Minutes: 20, Public: 2}
	more := passRule()
	more.From, more.To, more.Public, more.Days = 9*60, 10*60, 2, On(time.Wednesday)
	tests := []struct {
		name, from, to string
		rules          []Rule
		closures       []Closure
		want           []string
	}{
		{"a Monday and a Tuesday", "2026-11-30", "2026-12-01", []Rule{passRule()}, nil, []string{
			"ruhrort pass Mon 2026-11-30 08:00 to 12:00: 16 slots, 5 seats", "ruhrort pass Tue 2026-12-01 08:00 to 12:00: 16 slots, 5 seats",
		}},
		{"Christmas is a holiday", "2026-12-24", "2026-12-28", []Rule{passRule()}, nil, []string{
			"ruhrort pass Thu 2026-12-24 08:00 to 12:00: 16 slots, 5 seats", "ruhrort pass Mon 2026-12-28 08:00 to 12:00: 16 slots, 5 seats",
		}},
		{"closed on Christmas Eve", "2026-12-24", "2026-12-24", []Rule{passRule()}, []Closure{{First: day(t, "2026-12-24"), Last: day(t, "2026-12-24"), Reason: "Heiligabend"}}, nil},
		{"staff meeting from nine to ten", "2026-12-01", "2026-12-01", []Rule{passRule()},
			[]Closure{{Office: "ruhrort", First: day(t, "2026-12-01"), Last: day(t, "2026-12-01"), From: 9*60 + 1, To: 10 * 60, Reason: "Versammlung"}},
			[]string{"ruhrort pass Tue 2026-12-01 08:00 to 09:00: 4 slots, 5 seats", "ruhrort pass Tue 2026-12-01 10:00 to 12:00: 8 slots, 5 seats"}},
		{"another office is closed", "2026-12-01", "2026-12-01", []Rule{passRule()},
			[]Closure{{Office: "mitte", First: day(t, "2026-12-01"), Last: day(t, "2026-12-01"), Reason: "Umzug"}},
			[]string{"ruhrort pass Tue 2026-12-01 08:00 to 12:00: 16 slots, 5 seats"}},
		{"three more seats from nine to ten", "2026-12-02", "2026-12-02", []Rule{passRule(), more}, nil, []string{
			"ruhrort pass Wed 2026-12-02 08:00 to 09:00: 4 slots, 5 seats", "ruhrort pass Wed 2026-12-02 09:00 to 10:00: 4 slots, 8 seats",
			"ruhrort pass Wed 2026-12-02 10:00 to 12:00: 8 slots, 5 seats",
		}},
		{"the night without the hour from two to three", "2026-03-28", "2026-03-29", []Rule{saturday}, nil, []string{
			"ruhrort pass Sat 2026-03-28 01:00 to 05:00: 12 slots, 2 seats", "ruhrort pass Sun 2026-03-29 01:00 to 05:00: 9 slots, 2 seats",
		}},
		{"the night that has it twice", "2026-10-25", "2026-10-25", []Rule{saturday}, nil, []string{"ruhrort pass Sun 2026-10-25 01:00 to 05:00: 15 slots, 2 seats"}},
		{"leap day", "2028-02-28", "2028-03-01", []Rule{passRule()}, nil, []string{
			"ruhrort pass Mon 2028-02-28 08:00 to 12:00: 16 slots, 5 seats", "ruhrort pass Tue 2028-02-29 08:00 to 12:00: 16 slots, 5 seats",
			"ruhrort pass Wed 2028-03-01 08:00 to 12:00: 16 slots, 5 seats",
		}},
	}
	for _, tt := range tests {
		p := Plan{Zone: berlin(t), State: NordrheinWestfalen, Rules: tt.rules, Closures: tt.closures}
		if err := p.Check(); err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		got := hours(p.Zone, p.Slots(day(t, tt.from), day(t, tt.to)))
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// TestPlanIsReadBack: a plan is kept as text.
func TestPlanIsReadBack(t *testing.T) {
	want := Plan{Rules: []Rule{passRule()}, Closures: []Closure{{First: day(t, "2026-12-24"), Last: day(t, "2026-12-31"), Reason: "Betriebsferien"}}}
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got Plan
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" || !strings.Contains(string(text), `"days":"mon tue wed thu fri","from":"08:00"`) {
		t.Errorf("%s\n%s", text, diff)
	}
}

// drawRule draws any rule that makes sense.
func drawRule(t *rapid.T) Rule {
	draw := func(name string, from, to int) int { return rapid.IntRange(from, to).Draw(t, name) }
	r := Rule{
		Office: rapid.SampledFrom([]string{"mitte", "ruhrort"}).Draw(t, "office"), Group: rapid.SampledFrom([]string{"car", "pass"}).Draw(t, "group"),
		Days: Weekdays(draw("days", 1, 127)), From: Clock(draw("from", 0, 1380)), Minutes: draw("minutes", 5, 60),
		Public: draw("public", 1, 5), Internal: draw("internal", 0, 3), Cooling: draw("cooling", 0, 60),
	}
	r.To = Clock(draw("to", int(r.From)+r.Minutes, int(Midnight)))
	switch draw("kind", 0, 3) {
	case 0:
		r.Every, r.First = draw("every", 2, 5), date(2026, 1, 1)+Day(draw("first", 0, 100))
	case 1:
		r.Nth = rapid.SampledFrom([]int{-1, 1, 2, 3, 4, 5}).Draw(t, "nth")
	}
	if draw("releases", 0, 1) == 1 {
		r.Releases = append(r.Releases, Release{Public, draw("ahead", 1, 30), Clock(draw("at", 0, 1439))})
		r.Notice = draw("notice", 0, r.Releases[0].Ahead)
	}
	return r
}

func drawPlan(t *rapid.T) Plan {
	p := Plan{Zone: berlin(t), State: State(rapid.IntRange(0, 16).Draw(t, "state")), Rules: rapid.SliceOfN(rapid.Custom(drawRule), 1, 4).Draw(t, "rules")}
	for range rapid.IntRange(0, 2).Draw(t, "closures") {
		c := Closure{Office: rapid.SampledFrom([]string{"", "mitte"}).Draw(t, "where"), First: drawDay(t), Reason: "x"}
		c.Last = c.First + Day(rapid.IntRange(0, 5).Draw(t, "days"))
		if rapid.Bool().Draw(t, "hours") {
			c.From = Clock(rapid.IntRange(0, 1000).Draw(t, "from"))
			c.To = c.From + Clock(rapid.IntRange(1, 400).Draw(t, "minutes"))
		}
		p.Closures = append(p.Closures, c)
	}
	return p
}

// drawDay draws days around those on which calendars go wrong.
func drawDay(t *rapid.T) Day {
	day := rapid.SampledFrom([]Day{date(2026, 3, 29), date(2026, 10, 25), date(2026, 12, 31), date(2028, 2, 29), date(2027, 3, 28), date(2026, 6, 10)}).Draw(t, "day")
	return day + Day(rapid.IntRange(-8, 8).Draw(t, "shift"))
}

// TestSlotsHoldTheirRules: slots lie within the hours of a rule on one of its
// days, never overlap, never meet a closure or a holiday, and come out the same.
func TestSlotsHoldTheirRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, from := drawPlan(t), drawDay(t)
		slots := p.Slots(from, from+9)
		if diff := cmp.Diff(slots, p.Slots(from, from+9)); diff != "" {
			t.Fatalf("asked twice:\n%s", diff)
		}
		for i, s := range slots {
			if i > 0 && slots[i-1].meets(s) {
				t.Fatalf("%+v overlaps %+v", s, slots[i-1])
			}
			if !slices.ContainsFunc(p.Rules, func(r Rule) bool { return p.holds(r, s) }) {
				t.Fatalf("%+v is in no rule's hours", s)
			}
			if s.Seats < 1 || s.Released(time.Unix(1<<40, 0)) > s.Seats || s.Closes.After(s.Start) {
				t.Fatalf("%+v opens more seats than it has, or too long", s)
			}
		}
	})
}

// holds says whether the rule allows the slot, minute by minute on the clocks.
func (p Plan) holds(r Rule, s Slot) bool {
	d := DayOf(s.Start, p.Zone)
	if r.Office != s.Office || r.Group != s.Group || r.Minutes != s.Minutes || !r.On(d) {
		return false
	}
	if _, holiday := p.State.Holiday(d); holiday {
		return false
	}
	for m := s.Start; m.Before(s.End()); m = m.Add(time.Minute) {
		shown := m.In(p.Zone)
		c := Clock(60*shown.Hour() + shown.Minute())
		if DayOf(m, p.Zone) != d || c < r.From && !twice(m, p.Zone) || c >= r.To && !twice(m, p.Zone) || p.closedAt(s.Office, d, m) {
			return false
		}
	}
	return true
}

// twice says whether clocks show the moment's time twice that day.
func twice(m time.Time, zone *time.Location) bool {
	shown := m.In(zone).Format(time.DateTime)
	return m.Add(-time.Hour).In(zone).Format(time.DateTime) == shown || m.Add(time.Hour).In(zone).Format(time.DateTime) == shown
}

func (p Plan) closedAt(office string, d Day, m time.Time) bool {
	return slices.ContainsFunc(p.Closures, func(c Closure) bool {
		whole := c.To == 0
		return (c.Office == "" || c.Office == office) && c.First <= d && d <= c.Last &&
			(whole || !m.Before(d.At(c.From, p.Zone)) && m.Before(d.At(c.To, p.Zone)))
	})
}

// TestSlotsFillTheHours: between the hours of one rule no time is left out that
// a slot would fit into.
func TestSlotsFillTheHours(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, d := drawRule(t), drawDay(t)
		p := Plan{Zone: berlin(t), Rules: []Rule{r}}
		want := 0
		if r.On(d) {
			want = int(d.At(r.To, p.Zone).Sub(d.At(r.From, p.Zone))/time.Minute) / r.Minutes
		}
		if got := len(p.Slots(d, d)); got != want {
			t.Fatalf("%d slots, want %d", got, want)
		}
	})
}
