// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
)

// closuresPage is what closures there are, and the holidays of a year.
type closuresPage struct {
	Town     book.Town
	Ahead    []calendar.Closure // that are not over
	Holidays []namedDay
}

// A namedDay is a public holiday.
type namedDay struct {
	Day  calendar.Day
	Name string
}

func (d *desk) closures(w http.ResponseWriter, r *http.Request, _ string) error {
	t, err := d.Town.Town(r.Context())
	if err != nil {
		return err
	}
	p, today := closuresPage{Town: t}, calendar.DayOf(time.Now(), t.Zone)
	for _, c := range t.Closures {
		if c.Last >= today {
			p.Ahead = append(p.Ahead, c)
		}
	}
	slices.SortStableFunc(p.Ahead, func(a, b calendar.Closure) int { return int(a.First - b.First) })
	for day := today; day < today+365; day++ {
		if name, is := t.State.Holiday(day); is {
			p.Holidays = append(p.Holidays, namedDay{day, name})
		}
	}
	return d.show(w, r, "closures", http.StatusOK, p)
}

func (d *desk) closureShown(w http.ResponseWriter, r *http.Request, _ string) error {
	t, err := d.Town.Town(r.Context())
	if err != nil {
		return err
	}
	c, _, err := closureOf(t.Plan, r.PathValue("id"))
	if err != nil {
		return err
	}
	return d.show(w, r, "form", http.StatusOK, closureForm(t, c, r.PathValue("id")))
}

// closureSent tries or saves a closure, a new one, or its removal.
func (d *desk) closureSent(w http.ResponseWriter, r *http.Request, clerk string) error {
	if err := parseForm(r); err != nil {
		return err
	}
	t, err := d.Town.Town(r.Context())
	if err != nil {
		return err
	}
	closure, i, err := closureOf(t.Plan, r.PathValue("id"))
	if err != nil {
		return err
	}
	c := change{form: closureForm(t, closure, r.PathValue("id")), old: t.Plan}
	plan := t.Plan
	plan.Closures = slices.Clone(plan.Closures)
	if i >= 0 {
		plan.Closures = slices.Delete(plan.Closures, i, i+1)
	}
	if !removes(r) {
		c.form.read(r.PostForm)
		closure = readClosure(&c.form)
		plan.Closures = slices.Insert(plan.Closures, max(i, 0), closure)
	}
	c.plan, c.office, c.first = &plan, closure.Office, closure.First
	c.concerns = func(s calendar.Slot) bool { return closure.Office == "" || s.Office == closure.Office }
	return d.propose(w, r, clerk, c)
}

func closureOf(p calendar.Plan, id string) (calendar.Closure, int, error) {
	if id == "new" {
		return calendar.Closure{}, -1, nil
	}
	i := slices.IndexFunc(p.Closures, func(c calendar.Closure) bool { return mark(c) == id })
	if i < 0 {
		return calendar.Closure{}, 0, errRule
	}
	return p.Closures[i], i, nil
}

func closureForm(t book.Town, c calendar.Closure, id string) form {
	f := form{Area: "desk.closure.", Action: "/town/closures/" + id, Back: "/town/closures", New: id == "new", Fields: []field{
		{Name: "office", Kind: "choice", Values: []string{c.Office}, Options: append([]option{{Key: "desk.closure.all"}}, offices(t)...)},
		{Name: "first", Kind: "date", Values: []string{c.First.String()}, Needed: true},
		{Name: "last", Kind: "date", Values: []string{c.Last.String()}},
		{Name: "from", Kind: "time"},
		{Name: "to", Kind: "time"},
		{Name: "reason", Kind: "text", Values: []string{c.Reason}, Most: 200, Needed: true},
	}}
	if c.To != 0 {
		f.field("from").Values, f.field("to").Values = []string{c.From.String()}, []string{c.To.String()}
	}
	return f
}

// readClosure reads what was typed. Without a last day it is one day.
func readClosure(f *form) calendar.Closure {
	c := calendar.Closure{Office: f.choice("office"), First: f.day("first"), Last: f.day("last"), From: f.clock("from"), To: f.clock("to"), Reason: f.value("reason")}
	if c.Last == 0 && len(f.Faults()) == 0 {
		c.Last = c.First
	}
	if f.value("to") == "00:00" { // the browser's clock has no 24:00
		c.To = calendar.Midnight
	}
	if fault, is := errors.AsType[*calendar.Fault](c.Check()); is && len(f.Faults()) == 0 {
		f.wrong(fault.Field, fault.Field)
	}
	return c
}
