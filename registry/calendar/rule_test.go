// SPDX-License-Identifier: EUPL-1.2

package calendar

import (
	"strings"
	"testing"
	"time"
)

// passRule is how an office receives for passports on workdays, as Duesseldorf
// releases: at nine the day three weeks ahead, at seven today's reserve.
func passRule() Rule {
	return Rule{
		Office: "ruhrort", Group: "pass", Days: Workdays, From: 8 * 60, To: 12 * 60, Minutes: 15, Public: 4, Internal: 1,
		Releases: []Release{{Public, 21, 9 * 60}, {Internal, 0, 7 * 60}}, Cooling: 10,
	}
}

func TestRuleOn(t *testing.T) {
	change := func(do func(*Rule)) Rule {
		r := passRule()
		do(&r)
		return r
	}
	tests := []struct {
		name string
		rule Rule
		on   string // days between 21 December 2026 and 20 January 2027
	}{
		{"each workday but for two weeks", change(func(r *Rule) { r.First, r.Last = day(t, "2026-12-30"), day(t, "2027-01-05") }), "12-30 12-31 01-01 01-04 01-05"},
		{"Tuesdays", change(func(r *Rule) { r.Days = On(time.Tuesday) }), "12-22 12-29 01-05 01-12 01-19"},
		{"every second week, across the year's end", change(func(r *Rule) { r.Days, r.Every, r.First = On(time.Monday, time.Thursday), 2, day(t, "2026-12-09") }), "12-21 12-24 01-04 01-07 01-18"},
		{"every third week", change(func(r *Rule) { r.Days, r.Every, r.First = On(time.Sunday), 3, day(t, "2026-12-14") }), "01-10"},
		{"the first Saturday of the month", change(func(r *Rule) { r.Days, r.Nth = On(time.Saturday), 1 }), "01-02"},
		{"the last Thursday of the month", change(func(r *Rule) { r.Days, r.Nth = On(time.Thursday), -1 }), "12-31"},
		{"the fifth Wednesday or Thursday", change(func(r *Rule) { r.Days, r.Nth = On(time.Wednesday, time.Thursday), 5 }), "12-30 12-31"},
	}
	for _, tt := range tests {
		if err := tt.rule.Check(); err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		var on []string
		for d := day(t, "2026-12-21"); d <= day(t, "2027-01-20"); d++ {
			if tt.rule.On(d) {
				on = append(on, d.String()[5:])
			}
		}
		if got := strings.Join(on, " "); got != tt.on {
			t.Errorf("%s: on %s, want %s", tt.name, got, tt.on)
		}
	}
}

func TestRulesThatMakeNoSense(t *testing.T) {
	for want, change := range map[string]func(*Rule){
		`office: "Ruhr ort"`: func(r *Rule) { r.Office = "Ruhr ort" },
		`group: ""`:          func(r *Rule) { r.Group = "" },
		"days: name":         func(r *Rule) { r.Days = 0 },
		"every: -1":          func(r *Rule) { r.Every = -1 },
		"nth: 6":             func(r *Rule) { r.Nth = 6 },
		"not both":           func(r *Rule) { r.Every, r.Nth = 2, 1 },
		"counts from":        func(r *Rule) { r.Every = 2 },
		"last: 2026-12-01":   func(r *Rule) { r.First, r.Last = day(t, "2026-12-02"), day(t, "2026-12-01") },
		"from 08:00":         func(r *Rule) { r.To = r.From },
		"to 24:01":           func(r *Rule) { r.To = Midnight + 1 },
		"minutes: 0":         func(r *Rule) { r.Minutes = 0 },
		"minutes: a slot":    func(r *Rule) { r.Minutes = 241 },
		"none of them":       func(r *Rule) { r.First, r.Last = day(t, "2026-12-05"), day(t, "2026-12-06") },
		"public: 0 public":   func(r *Rule) { r.Public, r.Internal, r.Releases = 0, 0, nil },
		"public: 64 public":  func(r *Rule) { r.Public = 64 },
		"notice: 93":         func(r *Rule) { r.Notice = 93 },
		"cooling: 1441":      func(r *Rule) { r.Cooling = 1441 },
		"released once":      func(r *Rule) { r.Releases[1] = r.Releases[0] },
		"not \"all\"":        func(r *Rule) { r.Releases[0].Kind = "all" },
		"no internal seats":  func(r *Rule) { r.Internal = 0 },
		"93 days ahead":      func(r *Rule) { r.Releases[0].Ahead = 93 },
		"1 days' notice":     func(r *Rule) { r.Notice = 1 },
		"no time of day":     func(r *Rule) { r.Releases[0].At = Midnight },
		"after the day's":    func(r *Rule) { r.Releases[1].At = 12 * 60 },
	} {
		r := passRule()
		change(&r)
		if err := r.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

func TestClosuresThatMakeNoSense(t *testing.T) {
	good := Closure{First: day(t, "2026-12-24"), Last: day(t, "2026-12-24"), Reason: "Heiligabend"}
	if err := good.Check(); err != nil {
		t.Error(err)
	}
	for want, change := range map[string]func(*Closure){
		"office":       func(c *Closure) { c.Office = "*" },
		"a first day":  func(c *Closure) { c.First = 0 },
		"not before":   func(c *Closure) { c.Last-- },
		"from 12:00":   func(c *Closure) { c.From, c.To = 12*60, 11*60 },
		"from 11:00":   func(c *Closure) { c.From = 11 * 60 },
		"characters":   func(c *Closure) { c.Reason = "" },
		"1 to 200 cha": func(c *Closure) { c.Reason = strings.Repeat("ä", 201) },
	} {
		c := good
		change(&c)
		if err := c.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

func TestPlanNamesWhatIsWrong(t *testing.T) {
	other := passRule()
	other.From, other.To, other.Days = 10*60+5, 14*60, On(time.Friday)
	closure := Closure{First: day(t, "2026-12-24"), Last: day(t, "2026-12-24")}
	for want, p := range map[string]Plan{
		"rule 2: days":    {Rules: []Rule{passRule(), {Office: "ruhrort", Group: "pass"}}},
		"rules 1 and 2":   {Rules: []Rule{passRule(), other}},
		"closure 1: reas": {Rules: []Rule{passRule()}, Closures: []Closure{closure}},
	} {
		if err := p.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	apart := map[string]func(*Rule){
		"the same times":   func(r *Rule) { r.From = 10 * 60 },
		"another group":    func(r *Rule) { r.Group = "car" },
		"another office":   func(r *Rule) { r.Office = "mitte" },
		"never the same":   func(r *Rule) { r.Days = On(time.Saturday) },
		"one after other":  func(r *Rule) { r.From = 12 * 60 },
		"other weeks only": func(r *Rule) { r.Every, r.First = 2, day(t, "2026-12-14") },
	}
	for name, change := range apart {
		first, second := passRule(), other
		change(&second)
		if name == "other weeks only" {
			first.Every, first.First = 2, day(t, "2026-12-07")
		}
		if err := (Plan{Rules: []Rule{first, second}}).Check(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
