// SPDX-License-Identifier: EUPL-1.2

package book

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"
)

// ImportCalendar puts the appointments of an iCalendar file (RFC 5545) into the
// book, all or none, and returns how many. Photos are wanted for all.
//
// Each VEVENT is an appointment: DTSTART in UTC, with a TZID or in the office's
// time zone; its length by DTEND or DURATION; the name is the CN of the first
// ATTENDEE that has one, otherwise the SUMMARY. X-FOTOBOX-SERVICE and
// X-FOTOBOX-PERSONS are numbers, both 1 where they are missing. Cancelled events
// are left out; a series and an event without a time of day are refused. Everything
// else in the file is ignored. Lines may end and be folded in any way, and what is no UTF-8
// is read as Windows-1252.
//
// The error names the line and what to do; it repeats nothing of the line.
func (b *Book) ImportCalendar(ctx context.Context, r io.Reader) (n int, err error) {
	drafts, err := readCalendar(r)
	if err != nil {
		return 0, fmt.Errorf("import appointments: %w", err)
	}
	added, err := b.insert(ctx, drafts, "appointment-imported")
	if err != nil {
		return 0, fmt.Errorf("import appointments: %w", err)
	}
	return len(added), nil
}

// contentLine is a line of the calendar after folding, with the number of its first line in the file.
type contentLine struct {
	number int
	text   string
}

// property is a content line that was read.
type property struct {
	number int
	*ics.BaseProperty
}

func (p property) is(name string) bool { return strings.EqualFold(p.IANAToken, name) }

func (p property) cancels() bool {
	return p.is("STATUS") && strings.EqualFold(strings.TrimSpace(p.Value), "CANCELLED")
}

// param is the first value of a parameter.
func (p property) param(name string) string {
	for key, values := range p.ICalParameters {
		if strings.EqualFold(key, name) && len(values) > 0 {
			return values[0]
		}
	}
	return ""
}

func readCalendar(r io.Reader) ([]Appointment, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxCSV+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxCSV {
		return nil, errors.New("the file is larger than 32 MiB: split it")
	}
	lines := unfold(bytes.TrimPrefix(data, []byte("\ufeff")))
	if len(lines) == 0 || !strings.EqualFold(strings.TrimSpace(lines[0].text), "BEGIN:VCALENDAR") {
		return nil, errors.New("line 1: the file is no iCalendar: it must begin with BEGIN:VCALENDAR")
	}
	events, err := readEvents(lines)
	if err != nil {
		return nil, err
	}
	return draftEvents(events)
}

// unfold joins the lines that begin with a blank to the one before. It works on
// bytes, because a fold may cut a character in two.
func unfold(data []byte) (lines []contentLine) {
	number := 0
	var joined [][]byte
	for raw := range bytes.Lines(data) {
		number++
		raw = bytes.TrimRight(raw, "\r\n")
		switch {
		case len(raw) > 0 && (raw[0] == ' ' || raw[0] == '\t') && len(joined) > 0:
			joined[len(joined)-1] = append(joined[len(joined)-1], raw[1:]...)
		case len(raw) > 0:
			joined = append(joined, bytes.Clone(raw))
			lines = append(lines, contentLine{number: number})
		}
	}
	for i := range lines {
		lines[i].text = decodeText(joined[i])
	}
	return lines
}

// readEvents gives the properties of each VEVENT, without those of the components in it.
func readEvents(lines []contentLine) (events [][]property, err error) {
	var open []string // the components that the line stands in
	var began []int
	for _, line := range lines {
		p, err := readProperty(line)
		if err != nil {
			return nil, err
		}
		name := strings.ToUpper(strings.TrimSpace(p.Value))
		switch inside := len(open); {
		case p.is("BEGIN"):
			open, began = append(open, name), append(began, line.number)
			if name == "VEVENT" {
				events = append(events, []property{{number: line.number}})
			}
		case p.is("END") && (inside == 0 || open[inside-1] != name):
			return nil, fmt.Errorf("line %d: this END has no BEGIN: the file is damaged, export it again", line.number)
		case p.is("END"):
			open, began = open[:inside-1], began[:inside-1]
		case inside > 0 && open[inside-1] == "VEVENT":
			events[len(events)-1] = append(events[len(events)-1], p)
		case p.is("METHOD") && name == "CANCEL":
			return nil, fmt.Errorf("line %d: the file cancels appointments: only new ones can be imported", line.number)
		}
	}
	if len(open) > 0 {
		return nil, fmt.Errorf("line %d: this BEGIN has no END: the file is cut off, export it again", began[len(began)-1])
	}
	return events, nil
}

// begins matches the name of a property, and what must come behind it.
var begins = regexp.MustCompile(`^([A-Za-z0-9-]{1,64})[;:]`)

// longestLine is far above any name; attachments, which may be longer, are not read.
const longestLine = 64 << 10

// readProperty keeps the library's words to itself: they repeat the line. Of a
// property that nobody needs only the name is read.
func readProperty(line contentLine) (property, error) {
	name := begins.FindStringSubmatch(line.text)
	if name == nil {
		return property{}, fmt.Errorf("line %d: this is no property: write NAME:VALUE, and blanks before what continues a line", line.number)
	}
	if !needed(strings.ToUpper(name[1])) {
		return property{line.number, &ics.BaseProperty{IANAToken: name[1]}}, nil
	}
	if len(line.text) > longestLine {
		return property{}, fmt.Errorf("line %d: the property is longer than 64 KiB", line.number)
	}
	p, err := ics.ParseProperty(ics.ContentLine(line.text))
	if err != nil || p == nil {
		return property{}, fmt.Errorf("line %d: the property's parameters are damaged: write NAME;PARAMETER=VALUE:VALUE", line.number)
	}
	return property{line.number, p}, nil
}

func needed(name string) bool {
	switch name {
	case "BEGIN", "END", "METHOD", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "STATUS", "SUMMARY", "ATTENDEE", "X-FOTOBOX-SERVICE", "X-FOTOBOX-PERSONS":
		return true
	}
	return false
}

func draftEvents(events [][]property) (drafts []Appointment, err error) {
	for _, event := range events {
		a, cancelled, err := draftEvent(event)
		if err != nil {
			return nil, err
		}
		if !cancelled {
			drafts = append(drafts, a)
		}
	}
	if len(drafts) == 0 {
		return nil, errors.New("there is no appointment in the file: it needs a VEVENT that is not cancelled")
	}
	return drafts, nil
}

// event is what a VEVENT says of an appointment.
type event struct {
	Appointment
	end     time.Time
	summary Name
}

// draftEvent reads the properties; the first one has the number of BEGIN alone.
func draftEvent(properties []property) (a Appointment, cancelled bool, err error) {
	if slices.ContainsFunc(properties[1:], property.cancels) {
		return Appointment{}, true, nil
	}
	e := event{Appointment: Appointment{Service: 1, Persons: 1, PhotoWanted: true}}
	for _, p := range properties[1:] {
		if err := e.take(p); err != nil {
			return Appointment{}, false, fmt.Errorf("line %d: %w", p.number, err)
		}
	}
	begin := properties[0].number
	switch {
	case e.Start.IsZero():
		return Appointment{}, false, fmt.Errorf("line %d: the event has no DTSTART", begin)
	case !e.end.IsZero():
		e.Length = e.end.Sub(e.Start)
	case e.Length == 0:
		return Appointment{}, false, fmt.Errorf("line %d: the event has neither DTEND nor DURATION", begin)
	}
	if e.Name.Reveal() == "" {
		e.Name = e.summary
	}
	if err := e.checkNamed(); err != nil {
		return Appointment{}, false, fmt.Errorf("line %d: %w", begin, err)
	}
	return e.Appointment, false, nil
}

// take reads one property into the event. What it does not know it leaves alone.
func (e *event) take(p property) (err error) {
	switch strings.ToUpper(p.IANAToken) {
	case "DTSTART":
		e.Start, err = p.moment()
	case "DTEND":
		e.end, err = p.moment()
	case "DURATION":
		e.Length, err = parseDuration(p.Value)
	case "RRULE", "RDATE":
		return errors.New("the event is a series: export each appointment as an event of its own")
	case "SUMMARY":
		e.summary = NameOf(plainText(p.Value))
	case "ATTENDEE":
		if cn := plainText(p.param("CN")); cn != "" && e.Name.Reveal() == "" {
			e.Name = NameOf(cn)
		}
	case "X-FOTOBOX-SERVICE":
		var n int
		n, err = parseNumber("X-FOTOBOX-SERVICE", strings.TrimSpace(p.Value), 65535)
		e.Service = uint16(n)
	case "X-FOTOBOX-PERSONS":
		e.Persons, err = parseNumber("X-FOTOBOX-PERSONS", strings.TrimSpace(p.Value), 255)
	}
	return err
}

// plainText makes one line of a text.
func plainText(text string) string { return strings.Join(strings.Fields(text), " ") }
