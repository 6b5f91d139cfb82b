// SPDX-License-Identifier: EUPL-1.2

package public

import (
	"net/http"
	"strings"
	"time"

	ical "github.com/arran4/golang-ical"

	"github.com/fotobox-project/fotobox/registry/link"
	"github.com/fotobox-project/fotobox/ui/text"
)

// calendarFile is the appointment for the citizen's calendar (RFC 5545). A later
// one of the same appointment takes its place there.
func (s *site) calendarFile(w http.ResponseWriter, r *http.Request) error {
	_, a, err := s.open(r, link.View)
	if err != nil {
		return err
	}
	if !a.State.Stands() {
		return errState
	}
	shown, err := s.shown(r.Context(), a)
	if err != nil {
		return err
	}
	v := s.about(r, "public.appointment", a)
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8; method=PUBLISH")
	w.Header().Set("Content-Disposition", `attachment; filename="appointment.ics"`)
	_, err = w.Write([]byte(event(shown, s.Name, v.Language, v.Now)))
	return err
}

// event writes the calendar's only event.
func event(a appointmentView, town string, l text.Language, now time.Time) string {
	c := ical.NewCalendarFor("fotobox")
	c.SetMethod(ical.MethodPublish)
	e := c.AddEvent(a.ID.String() + "@fotobox")
	e.SetDtStampTime(now)
	e.SetStartAt(a.Start)
	e.SetEndAt(a.End())
	e.SetSequence(a.Revision)
	e.SetStatus(ical.ObjectStatusConfirmed)
	e.SetSummary(inOneLine(town + ": " + a.Service.Name))
	e.SetLocation(inOneLine(a.Office.Name))
	e.SetDescription(l.Text("public.fact.code") + ": " + a.Terminkennung.String() + "\n" + l.Text("public.appointment.early"))
	return c.Serialize(ical.WithNewLineWindows)
}

// inOneLine keeps what the office wrote from becoming lines of the file's own.
func inOneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
