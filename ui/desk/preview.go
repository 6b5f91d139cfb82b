// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
)

// A change is what a form asks for, before it is saved.
type change struct {
	form     form
	old      calendar.Plan
	plan     *calendar.Plan           // that is to be in force; nil: the plan stays
	first    calendar.Day             // of what changes, or 0
	office   string                   // that it is about, or ""
	concerns func(calendar.Slot) bool // which slots the preview counts
	notes    []string                 // keys of what else it means
	// save writes what is no plan.
	save func(ctx context.Context, actor string, now time.Time) error
}

// preview is what a change would do.
type preview struct {
	Form      form
	Removes   bool
	Meanwhile bool // somebody else changed the plan, so that this is another preview
	Notes     []string
	Plan      bool // rules or closures change
	Was       string
	book.Change
	Monday calendar.Day
	Days   [7]weekDay
	Total  weekDay
	Rows   []affectedRow
	More   int // that are affected and not listed
	// Tell says that those who lose their seat by this are told: With of them have
	// left an address for mail, Without have not.
	Tell, Letters bool
	With, Without int
}

// Before and After are the neighbouring weeks.
func (p preview) Before() calendar.Day { return p.Monday - 7 }

// After is the week that follows.
func (p preview) After() calendar.Day { return p.Monday + 7 }

// removes says whether the form asks for its subject's end.
func removes(r *http.Request) bool {
	do := r.PostForm.Get("do")
	return r.PathValue("id") != "new" && (do == "remove" || do != "edit" && r.PostForm.Has("remove"))
}

// propose shows the form again, or what it would do, or saves it: by the button
// that was pressed.
func (d *desk) propose(w http.ResponseWriter, r *http.Request, clerk string, c change) error {
	do := r.PostForm.Get("do")
	switch {
	case len(c.form.Faults()) > 0:
		return d.show(w, r, "form", http.StatusUnprocessableEntity, c.form)
	case do == "edit":
		return d.show(w, r, "form", http.StatusOK, c.form)
	case do != "save":
		return d.preview(w, r, c, false)
	case r.PostForm.Get("was") != mark(c.old):
		return d.preview(w, r, c, true)
	}
	err := d.keep(r, "clerk:"+clerk, c)
	if errors.Is(err, book.ErrPlan) {
		return d.preview(w, r, c, true)
	}
	if err != nil {
		return err
	}
	to := c.form.Back + "?saved"
	if affected, err := d.Town.Affected(r.Context(), time.Now()); c.plan != nil && err == nil && len(affected) > 0 {
		to = "/affected?saved"
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// keep saves the change.
func (d *desk) keep(r *http.Request, actor string, c change) error {
	if c.plan == nil {
		return c.save(r.Context(), actor, time.Now())
	}
	_, err := d.Town.ReplacePlan(r.Context(), actor, c.old, *c.plan, d.Letters && tells(r), time.Now())
	return err
}

// tells says whether those who lose their seat are to be told: unless the page asked
// and somebody said no.
func tells(r *http.Request) bool { return !r.PostForm.Has("asked") || r.PostForm.Has("tell") }

// preview shows what the change would do.
func (d *desk) preview(w http.ResponseWriter, r *http.Request, c change, meanwhile bool) error {
	p := preview{Form: c.form, Removes: removes(r), Meanwhile: meanwhile, Notes: c.notes, Plan: c.plan != nil, Was: mark(c.old), Tell: tells(r), Letters: d.Letters}
	now, is := time.Now(), c.old
	if c.plan != nil {
		is = *c.plan
		tried, err := d.Town.TryPlan(r.Context(), is, now)
		if err != nil {
			return err
		}
		p.Change = tried
		for _, a := range tried.Displaced {
			if a.Email.Reveal() != "" {
				p.With++
			}
		}
		p.Without = len(tried.Displaced) - p.With
		if p.Rows, p.More, err = d.affectedRows(r.Context(), tried.Affected, func(a book.Appointment) ([]book.Free, error) { return tried.Other[a.ID], nil }); err != nil {
			return err
		}
	}
	p.Monday = mondayOf(max(calendar.DayOf(now, is.Zone)+7, c.first))
	if day, err := calendar.ParseDay(r.PostForm.Get("week")); err == nil && day > 0 {
		p.Monday = mondayOf(day)
	}
	p.Days = weekOf(is, c.office, c.old.Slots(p.Monday, p.Monday+6), is.Slots(p.Monday, p.Monday+6), p.Monday, c.concerns)
	for _, day := range p.Days {
		p.Total.Was.Slots += day.Was.Slots
		p.Total.Was.Seats += day.Was.Seats
		p.Total.Is.Slots += day.Is.Slots
		p.Total.Is.Seats += day.Is.Seats
	}
	status := http.StatusOK
	if meanwhile {
		status = http.StatusConflict
	}
	return d.show(w, r, "preview", status, p)
}
