// SPDX-License-Identifier: EUPL-1.2

package public

import (
	"bytes"
	"net/http"
	"strings"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/link"
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
	var file bytes.Buffer
	err = book.WriteCalendar(&file, book.CalendarFile{Method: "PUBLISH", Made: v.Now, Entries: []book.CalendarEntry{{
		Appointment: a, Summary: inOneLine(s.Name + ": " + shown.Service.Name), Place: inOneLine(shown.Office.Name),
		Text: v.Language.Text("public.fact.code") + ": " + a.Terminkennung.String() + "\n" + v.Language.Text("public.appointment.early"),
	}}})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8; method=PUBLISH")
	w.Header().Set("Content-Disposition", `attachment; filename="appointment.ics"`)
	_, err = w.Write(file.Bytes())
	return err
}

// inOneLine makes one line of what the office wrote.
func inOneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
