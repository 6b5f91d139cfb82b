// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
)

// asks gets an address of the desk without signing in.
func asks(t *testing.T, h http.Handler, path string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
	return w
}

// TestCalendarOfAnOffice: a calendar program with the secret address gets when and
// what for of the office's appointments that stand, and of nobody's name or code.
func TestCalendarOfAnOffice(t *testing.T) {
	o, now := newOffice(t), time.Now()
	err := errors.Join(
		o.book.PutLocation(t.Context(), "clerk:adam", book.Location{Code: "mitte", Name: "Mitte", Online: true}, now),
		o.book.PutLocation(t.Context(), "clerk:adam", book.Location{Code: "ruhrort", Name: "Ruhrort", Online: true}, now),
		o.book.PutService(t.Context(), "clerk:adam", book.Service{Code: 102, Name: "Reisepass", Group: "pass", Minutes: 15, Seats: 1}, now))
	if err == nil {
		_, err = o.book.SetPlan(t.Context(), "clerk:adam", calendar.Plan{Rules: []calendar.Rule{
			{Office: "mitte", Group: "pass", Days: 1<<7 - 1, From: 9 * 60, To: 10 * 60, Minutes: 15, Public: 4},
		}}, now)
	}
	if err != nil {
		t.Fatal(err)
	}
	r := book.Request{Location: "mitte", Service: 102, Persons: 2}
	free, err := o.book.Free(t.Context(), r, now.Add(24*time.Hour), now.Add(20*24*time.Hour), now)
	if err != nil || len(free) < 3 {
		t.Fatal(len(free), err)
	}
	take := func(i int, do book.Verb) book.Appointment {
		a, err := o.book.Take(t.Context(), r, free[i].Start, book.Step{Do: do, At: now, Actor: "clerk:adam", Name: book.NameOf("CANARY")})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	stands, gone := take(0, book.Enter), take(1, book.Enter)
	take(2, book.Hold)
	if _, err := o.book.Advance(t.Context(), gone.ID, book.Step{Do: book.Cancel, At: now, Actor: "clerk:adam"}); err != nil {
		t.Fatal(err)
	}
	h := New(o.office)

	w := asks(t, h, "/calendars/mitte/key-of-mitte.ics")
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "text/calendar; charset=utf-8" {
		t.Fatalf("%d, %s", w.Code, w.Header().Get("Content-Type"))
	}
	file := w.Body.String()
	if strings.Contains(file, "CANARY") || strings.Contains(file, stands.Terminkennung.String()) || strings.Contains(file, string(stands.Terminkennung)) {
		t.Errorf("it says who:\n%s", file)
	}
	c, err := ics.ParseCalendar(strings.NewReader(file))
	if err != nil || len(c.Events()) != 1 {
		t.Fatalf("%v:\n%s", err, file)
	}
	e := c.Events()[0]
	start, err := e.GetStartAt()
	if err != nil || !start.Equal(stands.Start) || e.GetProperty(ics.ComponentPropertySummary).Value != "Reisepass (2)" {
		t.Errorf("%v, %v:\n%s", start, err, file)
	}
	if w := asks(t, h, "/calendars/ruhrort/key-of-ruhrort.ics"); w.Code != http.StatusOK || strings.Contains(w.Body.String(), "VEVENT") {
		t.Errorf("the other office's: %d\n%s", w.Code, w.Body)
	}
	for _, path := range []string{"/calendars/mitte/key-of-ruhrort.ics", "/calendars/mitte/key-of-mitte", "/calendars/mitte/.ics", "/calendars/nowhere/key-of-nowhere.ics"} {
		if w := asks(t, h, path); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", path, w.Code)
		}
	}
	if w := asks(t, New(Office{Name: "Amt", Clerks: &adam{}, Log: o.logger}), "/calendars/mitte/.ics"); w.Code != http.StatusNotFound {
		t.Errorf("without calendars: %d, want 404", w.Code)
	}
}

// TestCalendarsAreListed for clerks, who hand the addresses to their calendar programs.
func TestCalendarsAreListed(t *testing.T) {
	o := newOfficeWithClerks(t)
	if err := o.book.PutLocation(t.Context(), "clerk:adam", book.Location{Code: "mitte", Name: "Bürgeramt <Mitte>"}, time.Now()); err != nil {
		t.Fatal(err)
	}
	adam := o.clerk(t)
	adam.get(t, "/account").want(t, http.StatusOK, `href="/calendars"`)
	adam.get(t, "/calendars").want(t, http.StatusOK, `href="/calendars/mitte/key-of-mitte.ics"`, "Bürgeramt &lt;Mitte&gt;")
	o.office.FeedKey = nil
	without := httptest.NewServer(New(o.office))
	defer without.Close()
	adam.base = without.URL // the same host: the same cookie
	adam.get(t, "/calendars").want(t, http.StatusNotFound)
	adam.get(t, "/account").without(t, "/calendars")
}
