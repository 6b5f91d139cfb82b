// SPDX-License-Identifier: EUPL-1.2

package book

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

// calendar puts lines into a file with one event.
func icalendar(lines ...string) string {
	return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
}

const (
	startLine = "DTSTART:20261201T083000Z"
	endLine   = "DTEND:20261201T084500Z"
)

func TestImportCalendar(t *testing.T) {
	for name, file := range map[string]string{
		"UTC":              icalendar(startLine, endLine, "SUMMARY:Käthe Groß"),
		"duration":         icalendar(startLine, "DURATION:PT15M", "SUMMARY:Käthe Groß"),
		"office's zone":    icalendar("DTSTART:20261201T093000", "DTEND:20261201T094500", "SUMMARY:Käthe Groß"),
		"zone":             icalendar("DTSTART;TZID=Europe/Berlin:20261201T093000", "DTEND;TZID=Europe/Berlin:20261201T094500", "SUMMARY:Käthe Groß"),
		"another zone":     icalendar("DTSTART;TZID=Europe/Athens:20261201T103000", endLine, "SUMMARY:Käthe Groß"),
		"zone with a path": icalendar("DTSTART;TZID=/example.org/20261109_1/Europe/Berlin:20261201T093000", endLine, "SUMMARY:Käthe Groß"),
		"Windows' zone":    icalendar(`DTSTART;TZID="W. Europe Standard Time":20261201T093000`, endLine, "SUMMARY:Käthe Groß"),
		"attendee":         icalendar(startLine, endLine, "SUMMARY:Personalausweis", "ATTENDEE:mailto:amt@example.org", `ATTENDEE;ROLE=REQ-PARTICIPANT;CN="Käthe Groß":mailto:k@example.org`),
		"lower case":       strings.ToLower(icalendar(startLine, endLine)[:60]) + strings.TrimPrefix(icalendar(startLine, endLine, "summary:Käthe Groß"), icalendar(startLine, endLine)[:60]),
		"folded":           icalendar("DTSTART:20261201\r\n T083000Z", endLine, "SUMMARY:K\xc3\r\n\t\xa4the Gr\r\n oß"),
		"line feeds":       strings.ReplaceAll(icalendar(startLine, endLine, "SUMMARY:Käthe\\nGroß", ""), "\r", ""),
		"byte order":       "\ufeff" + icalendar(startLine, endLine, "SUMMARY:Käthe Groß"),
		"Windows-1252":     icalendar(startLine, endLine, "SUMMARY:K\xe4the Gro\xdf"),
		"an alarm in it": icalendar(startLine, endLine, "BEGIN:VALARM", "TRIGGER:-PT10M", "DURATION:PT5M", "SUMMARY:Wecker", "ATTENDEE;CN=Amt:mailto:a@example.org", "END:VALARM",
			"SUMMARY:Käthe Groß", "X-UNKNOWN;A_B;=:C", "ATTACH;ENCODING=BASE64:"+strings.Repeat("A", 1<<20)),
		"a zone in it": strings.Replace(icalendar(startLine, endLine, "SUMMARY:Käthe Groß"), "BEGIN:VEVENT",
			"BEGIN:VTIMEZONE\r\nTZID:X\r\nBEGIN:STANDARD\r\nDTSTART:19701025T030000\r\nRRULE:FREQ=YEARLY\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT", 1),
		"a cancelled one": strings.Replace(icalendar(startLine, endLine, "SUMMARY:Käthe Groß"), "BEGIN:VEVENT",
			"BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261201\r\nSTATUS:CANCELLED\r\nRRULE:FREQ=DAILY\r\nEND:VEVENT\r\nBEGIN:VEVENT", 1),
	} {
		b, _ := open(t)
		n, err := b.ImportCalendar(t.Context(), strings.NewReader(file))
		if n != 1 || err != nil {
			t.Errorf("%s: got %d, %v", name, n, err)
			continue
		}
		list, err := b.List(t.Context(), at(t, "2026-12-01 12:00"))
		if err != nil || len(list) != 1 {
			t.Errorf("%s: list has %d, %v", name, len(list), err)
			continue
		}
		a := list[0]
		if !a.Start.Equal(at(t, "2026-12-01 09:30")) || a.Name.Reveal() != "Käthe Groß" || a.Length != 15*time.Minute || a.Service != 1 || a.Persons != 1 || !a.PhotoWanted {
			t.Errorf("%s: got %+v, name %q", name, a, a.Name.Reveal())
		}
	}
}

func TestImportCalendarNumbers(t *testing.T) {
	drafts, err := readCalendar(strings.NewReader(icalendar(startLine, "DURATION:P0DT1H15M0S", "SUMMARY:x", "X-FOTOBOX-SERVICE:102", "x-fotobox-persons: 3")))
	if err != nil || len(drafts) != 1 || drafts[0].Service != 102 || drafts[0].Persons != 3 || drafts[0].Length != 75*time.Minute {
		t.Errorf("got %+v, %v", drafts, err)
	}
}

// TestImportCalendarRefuses names the line of the fault and repeats nothing of it.
func TestImportCalendarRefuses(t *testing.T) {
	good := []string{startLine, endLine, "SUMMARY:CANARY"}
	with := func(line string) string { return icalendar(append([]string{line}, good...)...) }
	for file, want := range map[string]string{
		"":                                     "line 1: the file is no iCalendar",
		"start,name\nx,CANARY":                 "line 1: the file is no iCalendar",
		"BEGIN:VCALENDAR\nEND:VCALENDAR\n":     "no appointment in the file",
		icalendar("STATUS:CANCELLED"):          "no appointment in the file",
		icalendar(endLine, "SUMMARY:CANARY"):   "line 3: the event has no DTSTART",
		icalendar(startLine, "SUMMARY:CANARY"): "line 3: the event has neither DTEND nor DURATION",
		icalendar(startLine, "DTEND:20261201T083000Z", "SUMMARY:CANARY"):           "line 3: length needs",
		icalendar(startLine, "DTEND:20261201T073000Z", "SUMMARY:CANARY"):           "line 3: length needs",
		icalendar(startLine, endLine):                                              "line 3: name needs",
		icalendar("DTSTART:20261201T083001Z", endLine, "SUMMARY:CANARY"):           "line 3: start needs",
		icalendar("DTSTART;VALUE=DATE:20261201", "SUMMARY:CANARY"):                 "line 4: the event has no time of day",
		icalendar("SUMMARY:CANARY", "DTSTART:20261201"):                            "line 5: the event has no time of day",
		icalendar("SUMMARY:CANARY", "DTSTART:CANARY"):                              "line 5: write a time as",
		icalendar("DTSTART;TZID=CANARY/Nowhere:20261201T093000", "SUMMARY:CANARY"): "line 4: the TZID is not known",
		icalendar("DTSTART;TZID=../../etc/CANARY:20261201T093000"):                 "line 4: the TZID is not known",
		icalendar("DTSTART;TZID=Local:20261201T093000"):                            "line 4: the TZID is not known",
		icalendar("DTSTART:20260329T023000", "DURATION:PT15M", "SUMMARY:CANARY"):   "line 4: start: the clocks change",
		with("DURATION:CANARY"):                                                    "line 4: write the duration as",
		with("DURATION:-PT15M"):                                                    "line 4: write the duration as",
		with("DURATION:PT0S"):                                                      "line 4: write the duration as",
		with("RRULE:FREQ=DAILY"):                                                   "line 4: the event is a series",
		with("X-FOTOBOX-SERVICE:CANARY"):                                           "line 4: X-FOTOBOX-SERVICE: write a whole number up to 65535",
		with("X-FOTOBOX-PERSONS:256"):                                              "line 4: X-FOTOBOX-PERSONS: write a whole number up to 255",
		with("X-FOTOBOX-PERSONS:0"):                                                "line 3: persons need",
		with("CANARY is no property:"):                                             "line 4: this is no property",
		with("DESCRIPTION:a\r\n b\r\nCANARY X"):                                    "line 6: this is no property",
		with("ATTENDEE;CN=CANARY"):                                                 "line 4: the property's parameters are damaged",
		with("SUMMARY:CANARY" + strings.Repeat("X", longestLine)):                  "line 4: the property is longer",
		with("END:VALARM"):                                                         "line 4: this END has no BEGIN",
		"BEGIN:VCALENDAR\nMETHOD:CANCEL\n" + icalendar(good...)[17:]:               "line 2: the file cancels",
		strings.TrimSuffix(icalendar(good...), "END:VEVENT\r\nEND:VCALENDAR\r\n"):  "line 3: this BEGIN has no END",
		icalendar(good...) + strings.Repeat(" \n", maxCSV/2):                       "larger than 32 MiB",
	} {
		b, _ := open(t)
		n, err := b.ImportCalendar(t.Context(), strings.NewReader(file))
		if n != 0 || err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "CANARY") {
			t.Errorf("%.120q: %d, %v, want %q", file, n, err, want)
		}
	}
}

// TestImportCalendarAllOrNone has a fault behind a good event.
func TestImportCalendarAllOrNone(t *testing.T) {
	b, _ := open(t)
	file := strings.Replace(icalendar(startLine, endLine, "SUMMARY:one"), "END:VCALENDAR\r\n", "BEGIN:VEVENT\r\nSUMMARY:two\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n", 1)
	if n, err := b.ImportCalendar(t.Context(), strings.NewReader(file)); n != 0 || err == nil || !strings.Contains(err.Error(), "line 8: the event has no DTSTART") {
		t.Errorf("got %d, %v", n, err)
	}
	if list, err := b.List(t.Context(), at(t, "2026-12-01 12:00")); err != nil || len(list) != 0 {
		t.Errorf("%d are in the book, %v", len(list), err)
	}
}

func FuzzReadCalendar(f *testing.F) {
	f.Add([]byte(icalendar(startLine, endLine, "SUMMARY:Käthe Groß", `ATTENDEE;CN="K":mailto:k@example.org`)))
	f.Add([]byte(icalendar("DTSTART;TZID=Europe/Berlin:20261201T093000", "DURATION:P1W", "STATUS:CANCELLED")))
	f.Add([]byte("BEGIN:VCALENDAR\nBEGIN:VEVENT\n \nX;=\n;:\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		drafts, err := readCalendar(bytes.NewReader(data))
		if (err == nil) != (len(drafts) > 0) {
			t.Fatalf("%d drafts, %v", len(drafts), err)
		}
		for _, a := range drafts {
			if err := a.checkNamed(); err != nil {
				t.Error(err)
			}
		}
	})
}
