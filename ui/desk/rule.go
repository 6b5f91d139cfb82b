// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
)

// ruleShown is the form of a rule, or of a new one for the office that is named.
func (d *desk) ruleShown(w http.ResponseWriter, r *http.Request, _ string) error {
	t, err := d.Town.Town(r.Context())
	if err != nil {
		return err
	}
	rule, _, err := ruleOf(t.Plan, r.PathValue("id"), r.FormValue("office"))
	if err != nil {
		return err
	}
	return d.show(w, r, "form", http.StatusOK, ruleForm(t, rule, r.PathValue("id")))
}

// ruleSent tries or saves a rule, a new one, or its removal.
func (d *desk) ruleSent(w http.ResponseWriter, r *http.Request, clerk string) error {
	if err := parseForm(r); err != nil {
		return err
	}
	t, err := d.Town.Town(r.Context())
	if err != nil {
		return err
	}
	rule, i, err := ruleOf(t.Plan, r.PathValue("id"), r.PostForm.Get("office"))
	if err != nil {
		return err
	}
	c := change{form: ruleForm(t, rule, r.PathValue("id")), old: t.Plan}
	plan := t.Plan
	plan.Rules = slices.Clone(plan.Rules)
	if removes(r) {
		plan.Rules = slices.Delete(plan.Rules, i, i+1)
	} else {
		c.form.read(r.PostForm)
		rule = readRule(&c.form)
		if i >= 0 {
			plan.Rules[i] = rule
		} else {
			plan.Rules = append(plan.Rules, rule)
		}
		if errors.Is(plan.Check(), calendar.ErrMeet) && len(c.form.Faults()) == 0 {
			c.form.wrong("from", "meet")
		}
		c.form.Back = "/town/offices/" + rule.Office
	}
	c.plan, c.office, c.first = &plan, rule.Office, max(rule.First, 0)
	c.concerns = func(s calendar.Slot) bool { return s.Office == rule.Office && s.Group == rule.Group }
	return d.propose(w, r, clerk, c)
}

// ruleOf is the rule of that mark and where it stands, or one to begin with.
func ruleOf(p calendar.Plan, id, office string) (calendar.Rule, int, error) {
	if id == "new" {
		return calendar.Rule{
			Office: office, Days: calendar.Workdays, From: 8 * 60, To: 12 * 60, Minutes: 15, Public: 2, Cooling: 10,
			Releases: []calendar.Release{{Kind: calendar.Public, Ahead: 21, At: 9 * 60}},
		}, -1, nil
	}
	i := slices.IndexFunc(p.Rules, func(r calendar.Rule) bool { return mark(r) == id })
	if i < 0 {
		return calendar.Rule{}, 0, errRule
	}
	return p.Rules[i], i, nil
}

func ruleForm(t book.Town, r calendar.Rule, id string) form {
	f := form{Area: "desk.rule.", Action: "/town/rules/" + id, Back: "/town/offices/" + r.Office, New: id == "new"}
	if r.Office == "" {
		f.Back = "/town"
	}
	f.Fields = []field{
		{Name: "office", Kind: "choice", Values: []string{r.Office}, Options: offices(t)},
		{Name: "group", Kind: "choice", Values: []string{r.Group}, Options: groups(t)},
		{Name: "days", Kind: "days", Values: strings.Fields(r.Days.String())},
		{Name: "rhythm", Kind: "choice", Values: []string{rhythmOf(r)}, Options: rhythms(r)},
		{Name: "first", Kind: "date", Values: []string{r.First.String()}},
		{Name: "last", Kind: "date", Values: []string{r.Last.String()}},
		{Name: "from", Kind: "time", Values: []string{r.From.String()}, Needed: true},
		{Name: "to", Kind: "time", Values: []string{r.To.String()}, Needed: true},
		{Name: "minutes", Kind: "number", Values: blank(r.Minutes), Least: 1, Most: calendar.MaxMinutes, Needed: true},
		{Name: "cooling", Kind: "number", Values: blank(r.Cooling), Most: 24 * 60},
		{Name: "public", Kind: "number", Values: []string{strconv.Itoa(r.Public)}, Most: calendar.MaxSeats, Needed: true},
		{Name: "internal", Kind: "number", Values: blank(r.Internal), Most: calendar.MaxSeats},
		{Name: "public-ahead", Kind: "number", Most: calendar.MaxAhead},
		{Name: "public-at", Kind: "time"},
		{Name: "internal-ahead", Kind: "number", Most: calendar.MaxAhead},
		{Name: "internal-at", Kind: "time"},
		{Name: "notice", Kind: "number", Values: blank(r.Notice), Most: calendar.MaxAhead},
	}
	for _, e := range r.Releases {
		f.field(string(e.Kind) + "-ahead").Values = []string{strconv.Itoa(e.Ahead)}
		f.field(string(e.Kind) + "-at").Values = []string{e.At.String()}
	}
	return f
}

// readRule reads what was typed, and marks the fields that make no sense.
func readRule(f *form) (r calendar.Rule) {
	r = calendar.Rule{
		Office: f.choice("office"), Group: f.choice("group"), First: f.day("first"), Last: f.day("last"), From: f.clock("from"), To: f.clock("to"),
		Minutes: f.number("minutes"), Public: f.number("public"), Internal: f.number("internal"), Notice: f.number("notice"), Cooling: f.number("cooling"),
	}
	if f.value("to") == "00:00" { // the browser's clock has no 24:00
		r.To = calendar.Midnight
	}
	for _, day := range f.field("days").Values {
		w, err := calendar.ParseWeekdays(day)
		if err != nil {
			f.wrong("days", "days")
		}
		r.Days |= w
	}
	readRhythm(f, &r)
	for _, kind := range []calendar.Kind{calendar.Public, calendar.Internal} {
		readRelease(f, &r, kind)
	}
	if fault, is := errors.AsType[*calendar.Fault](r.Check()); is && len(f.Faults()) == 0 {
		f.wrong(ruleField(fault.Field), ruleField(fault.Field))
	}
	return r
}

// readRhythm reads every how many weeks, "w2", or which of a month, "n-1".
func readRhythm(f *form, r *calendar.Rule) {
	kind, n := "", 0
	if _, err := fmt.Sscanf(f.choice("rhythm"), "%1s%d", &kind, &n); err != nil {
		f.wrong("rhythm", "rhythm")
	}
	if kind == "n" {
		r.Nth = n
	} else if n > 1 {
		r.Every = n
	}
}

// readRelease reads when seats of that kind are released, if anything was typed.
func readRelease(f *form, r *calendar.Rule, kind calendar.Kind) {
	ahead, at := string(kind)+"-ahead", string(kind)+"-at"
	if f.value(ahead) == "" && f.value(at) == "" {
		return
	}
	e := calendar.Release{Kind: kind, Ahead: f.number(ahead), At: f.clock(at)}
	if f.value(at) == "" {
		f.wrong(at, at)
	}
	one := *r
	one.Releases = []calendar.Release{e}
	if fault, is := errors.AsType[*calendar.Fault](one.Check()); is && fault.Field == "releases" {
		f.wrong(ahead, "releases")
	}
	r.Releases = append(r.Releases, e)
}

// ruleField is the field of the form that a fault of the rule belongs to.
func ruleField(name string) string {
	switch name {
	case "every", "nth":
		return "rhythm"
	case "releases":
		return "public-ahead"
	}
	return name
}

// rhythms are the ways in which a rule comes back, with the one that it has.
func rhythms(r calendar.Rule) []option {
	all := []option{{Value: "w1", Key: "desk.rhythm.w1"}}
	for _, n := range []int{2, 3, 4} {
		all = append(all, option{Value: fmt.Sprintf("w%d", n), Key: fmt.Sprintf("desk.rhythm.w%d", n)})
	}
	for _, n := range []int{1, 2, 3, 4, 5, -1} {
		all = append(all, option{Value: fmt.Sprintf("n%d", n), Key: fmt.Sprintf("desk.rhythm.n%d", n)})
	}
	if is := rhythmOf(r); !slices.ContainsFunc(all, func(o option) bool { return o.Value == is }) {
		all = append(all, option{Value: is, Text: is})
	}
	return all
}

func rhythmOf(r calendar.Rule) string {
	if r.Nth != 0 {
		return fmt.Sprintf("n%d", r.Nth)
	}
	return fmt.Sprintf("w%d", max(r.Every, 1))
}

func offices(t book.Town) (all []option) {
	for _, l := range t.Locations {
		all = append(all, option{Value: l.Code, Text: l.Name})
	}
	return all
}

// groups are those of the services, and of rules for which there is no service.
func groups(t book.Town) (all []option) {
	add := func(code string) {
		if !slices.ContainsFunc(all, func(o option) bool { return o.Value == code }) {
			all = append(all, option{Value: code, Text: code})
		}
	}
	for _, s := range t.Services {
		add(s.Group)
	}
	for _, r := range t.Rules {
		add(r.Group)
	}
	return all
}
