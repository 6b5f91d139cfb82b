// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/clerks"
	"github.com/fotobox-project/fotobox/registry/inbox"
)

// A story is what the record says about one case: no picture, no finding.
type story struct {
	Capture     uuid.UUID         // the one that was asked for
	Appointment *book.Appointment // nil when the book does not have it
	Chapters    []chapter         // the oldest first
}

// A chapter is one capture of the case.
type chapter struct {
	ID     uuid.UUID
	Events []event
}

// An event is an entry of the record with what a person reads of it.
type event struct {
	audit.Entry
	Who string // a clerk's or a station's name, or "" for the office and its software
}

// history tells who did what with the captures of an appointment, and when: from
// the record, so also after everything else about them is erased.
func (d *desk) history(w http.ResponseWriter, r *http.Request, _ string) error {
	id, err := uuid.Parse(r.PathValue("id"))
	if err != nil {
		return errCapture
	}
	s := story{Capture: id}
	ids, err := d.siblings(r.Context(), &s)
	if err != nil {
		return err
	}
	for _, id := range ids {
		events, err := d.events(r.Context(), id)
		if err != nil {
			return err
		}
		if len(events) > 0 {
			s.Chapters = append(s.Chapters, chapter{id, events})
		}
	}
	if len(s.Chapters) == 0 {
		return errCapture
	}
	return d.show(w, r, "history", http.StatusOK, s)
}

// siblings finds the appointment of a story and all its captures, as long as
// the office knows which belong together; later the capture stands alone.
func (d *desk) siblings(ctx context.Context, s *story) (ids []uuid.UUID, err error) {
	i, err := d.Inbox.Get(ctx, s.Capture)
	if errors.Is(err, inbox.ErrUnknown) || err == nil && i.Appointment == (appointment.ID{}) {
		return []uuid.UUID{s.Capture}, nil
	}
	if err != nil {
		return nil, err
	}
	a, err := d.Book.Get(ctx, i.Appointment)
	if err == nil {
		s.Appointment = &a
	} else if !errors.Is(err, book.ErrNotFound) {
		return nil, err
	}
	all, err := d.Inbox.Of(ctx, i.Appointment)
	for _, i := range slices.Backward(all) {
		ids = append(ids, i.ID)
	}
	return ids, err
}

func (d *desk) events(ctx context.Context, id uuid.UUID) (events []event, err error) {
	entries, err := d.Inbox.History(ctx, id)
	for _, e := range entries {
		who := ""
		switch kind, name, _ := strings.Cut(e.Actor, ":"); kind {
		case "clerk":
			who = name
		case "device":
			who = d.station(ctx, name)
		}
		events = append(events, event{e, who})
	}
	return events, err
}

// A holder is another clerk who has the capture open.
type holder struct {
	Clerk string
	Since time.Time
}

// holders are the clerks other than this one who opened the capture since it was
// decided last, as long as their session can still live: nothing says when a
// page is left.
func holders(entries []audit.Entry, clerk string, now time.Time) (open []holder) {
	for _, e := range entries {
		name, byClerk := strings.CutPrefix(e.Actor, "clerk:")
		switch e.Action {
		case "taken", "refused":
			open = nil
		case "opened", "reopened":
			if !byClerk || name == clerk || now.Sub(e.At) >= clerks.Idle {
				continue
			}
			open = slices.DeleteFunc(open, func(h holder) bool { return h.Clerk == name })
			open = append(open, holder{name, e.At})
		}
	}
	return open
}

// Who is who did it, in words.
func (v view) Who(e event) string {
	kind, _, _ := strings.Cut(e.Actor, ":")
	switch key := "desk.history.by." + kind; {
	case e.Who != "":
		return e.Who
	case v.Language.Has(key):
		return v.T(key)
	}
	return e.Actor
}

// Did is what was done, in words; an action of a newer program is itself.
func (v view) Did(e event) string {
	if key := "desk.history." + e.Action; v.Language.Has(key) {
		return v.T(key)
	}
	return e.Action
}

// Detail is what the record says besides, in words where there are some.
func (v view) Detail(e event) string {
	_, last, more := strings.Cut(e.Detail, ", ")
	if !more {
		last = e.Detail
	}
	for _, key := range []string{"desk.veto." + last, "desk.why." + last, "desk.history.why." + strings.ReplaceAll(last, " ", "-")} {
		if last != "" && v.Language.Has(key) {
			return v.T(key)
		}
	}
	return e.Detail
}
