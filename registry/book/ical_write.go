// SPDX-License-Identifier: EUPL-1.2

package book

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	ics "github.com/arran4/golang-ical"
)

// A CalendarFile is appointments as calendars read them (RFC 5545).
type CalendarFile struct {
	Method    string    // "PUBLISH" or "CANCEL" (RFC 5546), "" for a feed
	Name      string    // of a feed
	Organizer string    // the office's address for mail, or ""
	Made      time.Time // of the file
	Entries   []CalendarEntry
}

// A CalendarEntry is one appointment in words for whom the file is.
type CalendarEntry struct {
	Appointment
	Summary, Place string
	Text           string // lines of it, or ""
}

// maxLine is how long a line of a calendar file is, in bytes (RFC 5545, 3.1).
const maxLine = 75

// WriteCalendar writes the file. An appointment has the same UID for ever, and each
// of its revisions a higher SEQUENCE, so that a calendar shows the newest one.
func WriteCalendar(w io.Writer, f CalendarFile) error {
	c := &ics.Calendar{}
	c.SetVersion("2.0")
	c.SetProductId("-//Fotobox//Appointments//DE")
	if f.Method != "" {
		c.SetMethod(ics.Method(f.Method))
	}
	if f.Name != "" {
		c.SetXWRCalName(calendarText(f.Name))
	}
	for _, e := range f.Entries {
		addEvent(c, f, e)
	}
	if err := c.SerializeTo(w, ics.WithNewLineWindows, ics.WithLineLength(maxLine)); err != nil {
		return fmt.Errorf("write calendar: %w", err)
	}
	return nil
}

func addEvent(c *ics.Calendar, f CalendarFile, e CalendarEntry) {
	v := c.AddEvent(e.ID.String() + "@fotobox")
	v.SetDtStampTime(f.Made)
	v.SetStartAt(e.Start)
	v.SetEndAt(e.End())
	v.SetSequence(e.Revision)
	status := ics.ObjectStatusConfirmed
	if e.State == Cancelled {
		v.SetSequence(e.Revision + 1) // cancelling is a change too, and the last one
		status = ics.ObjectStatusCancelled
	}
	v.SetStatus(status)
	v.SetSummary(calendarText(e.Summary))
	if e.Place != "" {
		v.SetLocation(calendarText(e.Place))
	}
	if e.Text != "" {
		v.SetDescription(calendarText(e.Text))
	}
	if f.Organizer != "" {
		v.SetOrganizer(f.Organizer)
	}
}

// calendarText leaves out what no line of the file may have; line ends are written as such.
func calendarText(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
}
