// SPDX-License-Identifier: EUPL-1.2

package public

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	ical "github.com/arran4/golang-ical"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/link"
)

// TestLinks: each way in which a link does not hold has a page that says what to do.
func TestLinks(t *testing.T) {
	o := newTown(t)
	c := o.citizen()
	a := o.booked(t, o.free(t, "mitte", 20), "Erika Mustermann")
	ended := func(p link.Purpose) string {
		return o.links.Address("", link.Link{Purpose: p, ID: a.ID, End: time.Now().Add(-time.Second)})
	}
	none := o.links.Address("", link.Link{Purpose: link.View, ID: [8]byte{1}, End: time.Now().Add(time.Hour)})
	good := o.link(link.View, a)
	swapped := "/cancel/" + strings.TrimPrefix(good, "/appointment/")
	for name, test := range map[string]struct {
		path, post string
		status     int
		says       string
	}{
		"cut off":                     {path: good[:len(good)-1], status: 404, says: "Dieser Link führt zu keinem Termin"},
		"tampered":                    {path: good[:20] + flip(good[20]) + good[21:], status: 404, says: "Dieser Link führt zu keinem Termin"},
		"of another purpose":          {path: swapped, status: 404, says: "Dieser Link führt zu keinem Termin"},
		"of another purpose, pressed": {post: swapped, status: 404, says: "Dieser Link führt zu keinem Termin"},
		"of what was erased":          {path: none, status: 404, says: "Dieser Link führt zu keinem Termin"},
		"ended":                       {path: ended(link.View), status: 410, says: "Dieser Link gilt nicht mehr"},
		"ended, move":                 {path: ended(link.Move), status: 410, says: "Dieser Link gilt nicht mehr"},
		"ended, move, pressed":        {post: ended(link.Move), status: 400, says: "Das Formular kam nicht richtig an"},
		"ended, cancel":               {path: ended(link.Cancel), status: 410, says: "Dieser Link gilt nicht mehr"},
		"ended, cancel, pressed":      {post: ended(link.Cancel), status: 410, says: "Dieser Link gilt nicht mehr"},
		"ended, form":                 {path: ended(link.Fill), status: 410, says: "Dieser Link gilt nicht mehr"},
		"ended, file":                 {path: ended(link.View) + "/appointment.ics", status: 410, says: "Dieser Link gilt nicht mehr"},
		"answered before, and ended":  {path: ended(link.Confirm), status: 200, says: "Ihr Termin ist gebucht"},
		"form of what stands":         {path: o.link(link.Fill, a), status: 200, says: "Wir haben Ihnen eine zweite E-Mail geschickt"},
		"nothing":                     {path: "/appointment/", status: 404, says: "Diese Seite gibt es nicht"},
		"other method":                {post: good, status: 404, says: "Diese Seite gibt es nicht"},
	} {
		var w answer
		if test.post != "" {
			w = c.post(t, test.post, nil)
		} else {
			w = c.get(t, test.path)
		}
		if w.status != test.status || !strings.Contains(w.body, test.says) {
			t.Errorf("%s: %d, want %d and %q:\n%s", name, w.status, test.status, test.says, w.body)
		}
		w.without(t, "Erika", "erika@", a.Terminkennung.String())
	}
	if now := o.get(t, a.ID); now.State != book.Confirmed || now.Revision != 0 {
		t.Errorf("after all that it is %s at revision %d", now.State, now.Revision)
	}
}

// flip is another character that a link may have.
func flip(c byte) string {
	if c == 'A' {
		return "B"
	}
	return "A"
}

// TestAnsweredAgain: the link of the first mail leads to the appointment when it is
// pressed again, and does nothing.
func TestAnsweredAgain(t *testing.T) {
	o := newTown(t)
	a := o.booked(t, o.free(t, "mitte", 20), "Erika")
	c := o.citizen()
	path := o.link(link.Confirm, a)
	c.get(t, path).leads(t, "/appointment/")
	view := c.post(t, path, nil).leads(t, "/appointment/")
	c.get(t, view).want(t, http.StatusOK, "Ihr Termin ist gebucht")
}

// TestTwoTabs: what was moved or cancelled in one tab is not moved or cancelled in
// the other, which says why.
func TestTwoTabs(t *testing.T) {
	o := newTown(t)
	c := o.citizen()
	a := o.booked(t, o.free(t, "mitte", 20), "Erika")
	move, cancel := o.link(link.Move, a), o.link(link.Cancel, a)
	c.post(t, move, chosen("mitte", 0, 0, o.free(t, "mitte", 30), "")).leads(t, "/appointment/")
	c.get(t, move).want(t, http.StatusConflict, "Der Termin wurde inzwischen geändert")
	c.post(t, move, chosen("mitte", 0, 0, o.free(t, "mitte", 31), "")).want(t, http.StatusConflict, "Der Termin wurde inzwischen geändert")
	c.post(t, cancel, nil).want(t, http.StatusConflict, "Der Termin wurde inzwischen geändert")
	moved := o.get(t, a.ID)
	move, cancel = o.link(link.Move, moved), o.link(link.Cancel, moved)
	c.post(t, cancel, nil).leads(t, "/appointment/")
	c.get(t, cancel).leads(t, "/appointment/")
	c.get(t, move).want(t, http.StatusConflict, "Das geht mit diesem Termin nicht mehr")
	c.post(t, move, chosen("mitte", 0, 0, o.free(t, "mitte", 31), "")).want(t, http.StatusConflict, "Das geht mit diesem Termin nicht mehr")
}

// TestMoveToWhatIsGone: a new time that somebody was faster to get leaves the
// appointment as it is, and others are shown.
func TestMoveToWhatIsGone(t *testing.T) {
	o := newTown(t)
	c := o.citizen()
	a := o.booked(t, o.free(t, "mitte", 20), "Erika")
	start := o.free(t, "ruhrort", 3)
	c.post(t, "/hold", chosen("ruhrort", passport, 1, start, "ONE")).leads(t, "/held/")
	c.post(t, o.link(link.Move, a), chosen("ruhrort", 0, 0, start, "")).want(t, http.StatusConflict, "Dieser Termin wurde gerade vergeben", "Ihr bisheriger Termin gilt weiter", "Vormittag")
	c.post(t, o.link(link.Move, a), chosen("mitte", 0, 0, a.Start, "")).leads(t, "/appointment/") // where it is
	if now := o.get(t, a.ID); now.Revision != 0 || !now.Start.Equal(a.Start) {
		t.Errorf("it was moved: %+v", now)
	}
	for range 15 {
		now := o.get(t, a.ID)
		c.post(t, o.link(link.Move, now), chosen("mitte", 0, 0, o.free(t, "mitte", 40+now.Revision), "")).leads(t, "/appointment/")
	}
	c.post(t, o.link(link.Move, o.get(t, a.ID)), chosen("mitte", 0, 0, o.free(t, "mitte", 60), "")).want(t, http.StatusConflict, "Dieser Termin wurde zu oft verschoben")
}

// TestCalendarFile: the file holds one event at the right time, and one after a
// move takes its place.
func TestCalendarFile(t *testing.T) {
	o := newTown(t)
	c := o.citizen()
	a := o.booked(t, o.free(t, "mitte", 20), "Erika Mustermann")
	event := func(a book.Appointment) *ical.VEvent {
		w := c.get(t, o.link(link.View, a)+"/appointment.ics").want(t, http.StatusOK, "BEGIN:VCALENDAR\r\n", "METHOD:PUBLISH").without(t, "Erika")
		if got := w.header.Get("Content-Type"); !strings.HasPrefix(got, "text/calendar") {
			t.Errorf("it is %s", got)
		}
		read, err := ical.ParseCalendar(strings.NewReader(w.body))
		if err != nil || len(read.Events()) != 1 {
			t.Fatalf("%v:\n%s", err, w.body)
		}
		return read.Events()[0]
	}
	e := event(a)
	start, err := e.GetStartAt()
	end, err2 := e.GetEndAt()
	if err != nil || err2 != nil || !start.Equal(a.Start) || !end.Equal(a.End()) {
		t.Errorf("from %v (%v) to %v (%v), want %v to %v", start, err, end, err2, a.Start, a.End())
	}
	for property, want := range map[ical.ComponentProperty]string{
		ical.ComponentPropertySummary: "Reisepass beantragen", ical.ComponentPropertyLocation: "Bürger-Service Mitte", ical.ComponentPropertyDescription: a.Terminkennung.String(), ical.ComponentPropertySequence: "0",
	} {
		if got := e.GetProperty(property); got == nil || !strings.Contains(got.Value, want) {
			t.Errorf("%s is %v, want %q", property, got, want)
		}
	}
	c.post(t, o.link(link.Move, a), chosen("mitte", 0, 0, o.free(t, "mitte", 30), "")).leads(t, "/appointment/")
	moved := event(o.get(t, a.ID))
	if moved.Id() != e.Id() || moved.GetProperty(ical.ComponentPropertySequence).Value != strconv.Itoa(1) {
		t.Errorf("after the move it is %s, %s", moved.Id(), moved.GetProperty(ical.ComponentPropertySequence).Value)
	}
}

// TestNobodyInTheLog: a whole way leaves no name, address, code or link in the log.
func TestNobodyInTheLog(t *testing.T) {
	o := newTown(t)
	c := o.citizen()
	form := c.post(t, "/hold", chosen("mitte", passport, 1, o.free(t, "mitte", 0), "ONE")).leads(t, "/held/")
	canary := erika()
	canary.Set("name", "CANARY")
	canary.Set("email", "CANARY@example.org")
	c.post(t, form, canary).leads(t, "/held/")
	a := o.held(t, form)
	c.post(t, o.link(link.Confirm, a), nil).leads(t, "/appointment/")
	c.get(t, o.link(link.View, a)+"CANARY")
	c.post(t, "/hold", chosen("CANARY", passport, 1, a.Start, "CANARY"))
	for _, secret := range []string{"CANARY", a.Terminkennung.String(), string(a.Terminkennung), form} {
		if said := o.log.String(); strings.Contains(said, secret) {
			t.Errorf("the log has %q:\n%s", secret, said)
		}
	}
}
