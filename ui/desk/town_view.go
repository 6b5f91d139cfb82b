// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"strconv"
	"strings"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
)

// Day is a day of the calendar in words, "Mo, 7. Dezember 2026".
func (v view) Day(d calendar.Day) string {
	t := d.At(12*60, time.UTC)
	return v.T("desk.town.day", v.T("date.weekday."+strconv.Itoa(int(t.Weekday()))), t.Day(), v.month(t), t.Year())
}

// Short is a day in a table's head, "Mo, 7.12.".
func (v view) Short(d calendar.Day) string {
	t := d.At(12*60, time.UTC)
	return v.T("desk.town.day.short", v.T("date.weekday."+strconv.Itoa(int(t.Weekday()))), t.Day(), int(t.Month()))
}

// Horizon is how many days ahead slots are made.
func (v view) Horizon() int { return book.Horizon }

// TownPages are those of the town's calendar, by address and key.
func (v view) TownPages() [][2]string {
	return [][2]string{{"/town", "desk.town.overview"}, {"/town/services", "desk.services"}, {"/town/closures", "desk.closures"}, {"/town/week", "desk.week"}, {"/affected", "desk.affected"}}
}

// OfficeName names the town's office of that code.
func (v view) OfficeName(t book.Town, code string) string { return nameOf(t, code) }

// Weekday is the short name of a day of the week as calendars' codes have it: "mon".
func (v view) Weekday(code string) string {
	for i, c := range weekdays() {
		if c == code {
			return v.T("desk.town.weekday", v.T("date.weekday."+strconv.Itoa((i+1)%7)))
		}
	}
	return code
}

// Weekdays are those of a rule, "Mo, Di, Do".
func (v view) Weekdays(w calendar.Weekdays) string {
	var all []string
	for code := range strings.FieldsSeq(w.String()) {
		all = append(all, v.Weekday(code))
	}
	return strings.Join(all, ", ")
}

// WeekdayCodes are those that a form offers.
func (v view) WeekdayCodes() []string { return weekdays() }

func weekdays() []string { return strings.Fields(calendar.Weekdays(127).String()) }

// Rhythm is how often a rule comes back, "" for every week.
func (v view) Rhythm(r calendar.Rule) string {
	is := rhythmOf(r)
	if is == "w1" {
		return ""
	}
	if key := "desk.rhythm." + is; v.Language.Has(key) {
		return v.T(key)
	}
	return v.T("desk.rhythm.weeks", r.Every)
}

// Opens is when a rule's seats of that kind are free for everybody.
func (v view) Opens(r calendar.Rule, kind calendar.Kind) string {
	for _, e := range r.Releases {
		if e.Kind == kind && e.Ahead == 0 {
			return v.T("desk.rule.opens.today", e.At.String())
		}
		if e.Kind == kind {
			return v.T("desk.rule.opens", e.Ahead, e.At.String())
		}
	}
	return v.T("desk.rule.opens." + string(kind))
}

// Bounds is from when until when a rule holds, "" for ever.
func (v view) Bounds(r calendar.Rule) string {
	switch {
	case r.First > 0 && r.Last > 0:
		return v.T("desk.rule.bounds", v.Day(r.First), v.Day(r.Last))
	case r.First > 0:
		return v.T("desk.rule.bounds.first", v.Day(r.First))
	case r.Last > 0:
		return v.T("desk.rule.bounds.last", v.Day(r.Last))
	}
	return ""
}

// Mark names a rule or a closure in an address.
func (v view) Mark(what any) string { return mark(what) }

// Has reports whether the catalogue has the text.
func (v view) Has(key string) bool { return v.Language.Has(key) }

// formField is what the template of a field works with.
type formField struct {
	field
	Area string
}

// Field is the view of one field of a form.
func (v view) Field(f form, in field) view { return v.With(formField{in, f.Area}) }
