// SPDX-License-Identifier: EUPL-1.2

package book

import (
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/google/go-cmp/cmp"

	"github.com/fotobox-project/fotobox/appointment"
)

func entry(t *testing.T, start string, revision int, state State) CalendarEntry {
	t.Helper()
	return CalendarEntry{
		Appointment: Appointment{ID: appointment.ID{1, 2}, Start: at(t, start), Length: 30 * time.Minute, Revision: revision, State: state},
		Summary:     "Reisepass; 2 Personen, Käthe", Place: "Bürger-Service Mitte", Text: "Terminkennung: WRJ-D8T-6V3\nBitte mitbringen: Ausweis",
	}
}

func written(t *testing.T, f CalendarFile) string {
	t.Helper()
	f.Made = at(t, "2026-11-01 12:00")
	var file strings.Builder
	if err := WriteCalendar(&file, f); err != nil {
		t.Fatal(err)
	}
	return file.String()
}

func TestWriteCalendar(t *testing.T) {
	got := written(t, CalendarFile{Method: "PUBLISH", Organizer: "amt@example.org", Entries: []CalendarEntry{entry(t, "2026-12-01 09:30", 2, Confirmed)}})
	want := strings.Join([]string{
		"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Fotobox//Appointments//DE", "METHOD:PUBLISH", "BEGIN:VEVENT", "UID:0102000000000000@fotobox",
		"DTSTAMP:20261101T110000Z", "DTSTART:20261201T083000Z", "DTEND:20261201T090000Z", "SEQUENCE:2", "STATUS:CONFIRMED",
		`SUMMARY:Reisepass\; 2 Personen\, Käthe`, "LOCATION:Bürger-Service Mitte", `DESCRIPTION:Terminkennung: WRJ-D8T-6V3\nBitte mitbringen: Ausweis`,
		"ORGANIZER:mailto:amt@example.org", "END:VEVENT", "END:VCALENDAR", "",
	}, "\r\n")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("file (-want +got):\n%s", diff)
	}
}

// TestNewestRevisionWins: moved and cancelled entries have the UID of the first and a higher SEQUENCE.
func TestNewestRevisionWins(t *testing.T) {
	last := -1
	for _, e := range []CalendarEntry{entry(t, "2026-12-01 09:30", 0, Confirmed), entry(t, "2026-12-02 10:00", 1, Confirmed), entry(t, "2026-12-02 10:00", 1, Cancelled)} {
		c, err := ics.ParseCalendar(strings.NewReader(written(t, CalendarFile{Entries: []CalendarEntry{e}})))
		if err != nil || len(c.Events()) != 1 {
			t.Fatal(err)
		}
		v := c.Events()[0]
		if v.Id() != "0102000000000000@fotobox" {
			t.Errorf("UID %s", v.Id())
		}
		var n int
		if n = int(v.GetProperty(ics.ComponentPropertySequence).Value[0] - '0'); n <= last {
			t.Errorf("SEQUENCE %d behind %d", n, last)
		}
		last = n
		if cancelled := v.GetProperty(ics.ComponentPropertyStatus).Value == "CANCELLED"; cancelled != (e.State == Cancelled) {
			t.Errorf("status of %s: cancelled %t", e.State, cancelled)
		}
	}
}

// FuzzWriteCalendar: whatever the words are, no line begins that is not ours, none is
// longer than it may be, and they come back.
func FuzzWriteCalendar(f *testing.F) {
	f.Add("Reisepass\r\nEND:VEVENT", "a\\n,;", "ü\x00\x7f\xff\nX:1")
	f.Add(strings.Repeat("ä", 300), "", "\n\n")
	f.Fuzz(func(t *testing.T, summary, place, text string) {
		var file strings.Builder
		e := CalendarEntry{Appointment: Appointment{Start: time.Unix(60, 0), Length: time.Minute}, Summary: summary, Place: place, Text: text}
		if err := WriteCalendar(&file, CalendarFile{Name: summary, Entries: []CalendarEntry{e}}); err != nil {
			t.Fatal(err)
		}
		for line := range strings.SplitSeq(file.String(), "\r\n") {
			name, _, _ := strings.Cut(line, ":")
			if len(line) > maxLine || strings.ContainsAny(line, "\r\n\x00") {
				t.Errorf("line %q", line)
			}
			if line != "" && line[0] != ' ' && !strings.Contains(" BEGIN END VERSION PRODID X-WR-CALNAME UID DTSTAMP DTSTART DTEND SEQUENCE STATUS SUMMARY LOCATION DESCRIPTION ", " "+name+" ") {
				t.Errorf("a line that is not ours: %q", line)
			}
		}
		c, err := ics.ParseCalendar(strings.NewReader(file.String()))
		if err != nil || len(c.Events()) != 1 {
			t.Fatalf("%v\n%s", err, &file)
		}
		if got := c.Events()[0].GetProperty(ics.ComponentPropertySummary).Value; got != calendarText(summary) {
			t.Errorf("summary %q came back as %q", summary, got)
		}
	})
}
