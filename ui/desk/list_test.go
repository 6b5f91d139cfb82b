// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/image/rule"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/inbox"
)

func TestList(t *testing.T) {
	o := newOffice(t)
	c := o.clerk(t)
	c.get(t, "/").want(t, http.StatusOK, "An diesem Tag gibt es keine Termine.", "Kein Foto wartet.")

	later, earlier := o.books(t, 15, "Björn Müller"), o.books(t, 0, "Käthe Groß")
	p := c.get(t, "/")
	p.want(t, http.StatusOK, "noch kein Foto", later.Terminkennung.String(), "Heute", `data-stream="/events?day=`)
	if strings.Index(p.body, "Käthe") > strings.Index(p.body, "Björn") {
		t.Error("the list is not in the order of the slots")
	}

	id := o.delivers(t, earlier.ID, delivery{reports: []rule.Report{report(nil)}})
	c.get(t, "/").want(t, http.StatusOK, "Foto ist da", "1 Foto wartet.", "/captures/"+id.String())
	c.get(t, "/appointments/"+earlier.ID.String()).leads(t, "/captures/"+id.String())
	c.get(t, "/appointments/"+later.ID.String()).want(t, http.StatusOK, "noch kein Foto", "Björn Müller")
}

// TestListOtherDays has a photo that came two days before its appointment.
func TestListOtherDays(t *testing.T) {
	o := newOffice(t)
	day := noon(time.Now()).AddDate(0, 0, 2)
	a, err := o.book.Add(t.Context(), book.Appointment{Name: book.NameOf("Käthe Groß"), Start: day, Length: 15 * time.Minute, Persons: 1, PhotoWanted: true})
	if err != nil {
		t.Fatal(err)
	}
	o.delivers(t, a.ID, delivery{reports: []rule.Report{report(nil)}})
	c := o.clerk(t)
	address := day.In(book.Zone()).Format(dayForm)
	p := c.get(t, "/?day="+address)
	p.want(t, http.StatusOK, "Käthe Groß", "Foto ist da", `value="`+address+`"`)
	p.without(t, ">Heute</span> ")
	c.get(t, "/").without(t, "Käthe", "Fotos ohne Termin")
}

func TestStray(t *testing.T) {
	o := newOffice(t)
	id := o.delivers(t, appointment.ID{1}, delivery{reports: []rule.Report{report(nil)}})
	c := o.clerk(t)
	c.get(t, "/").want(t, http.StatusOK, "Fotos ohne Termin", "/captures/"+id.String())
	c.get(t, "/captures/"+id.String()).want(t, http.StatusOK, "Foto ohne Termin", "Gewähltes Foto übernehmen")
}

func TestFind(t *testing.T) {
	o := newOffice(t)
	a, b := o.books(t, 0, "Käthe Groß"), o.books(t, 15, "Käthe Müller")
	code, err := o.book.Code(b)
	if err != nil {
		t.Fatal(err)
	}
	c := o.clerk(t)
	find := func(q string) answer { return c.post(t, "/find", url.Values{"q": {q}}) }
	find(code.String()+" ").leads(t, "/appointments/"+b.ID.String())
	find(strings.ToLower(a.Terminkennung.String())).leads(t, "/appointments/"+a.ID.String())
	find("mueller").leads(t, "/appointments/"+b.ID.String())
	find("  ").leads(t, "/?day="+noon(time.Now()).Format(dayForm))

	several := find("käthe")
	several.want(t, http.StatusOK, "Treffer an diesem Tag: 2.", "Groß", "Müller", "Alle Termine zeigen")
	find("nobody").want(t, http.StatusOK, "An diesem Tag heißt niemand so.")
	c.post(t, "/find", url.Values{"q": {"groß"}, "day": {"2020-01-01"}}).want(t, http.StatusOK, "An diesem Tag heißt niemand so.")
	find("FB1:R70").want(t, http.StatusUnprocessableEntity, "Der Code ist nicht lesbar")

	other, err := appointment.NewTerminkennung(strings.NewReader("hello"))
	if err != nil {
		t.Fatal(err)
	}
	find(other.String()).want(t, http.StatusNotFound, "Kein solcher Termin")
}

// TestJoin has captures that compete for the same row.
func TestJoin(t *testing.T) {
	now := time.Date(2026, 12, 1, 9, 40, 0, 0, time.UTC)
	a := book.Appointment{ID: appointment.ID{1}, Start: now.Add(-time.Hour), Length: 15 * time.Minute}
	b := book.Appointment{ID: appointment.ID{2}, Start: now.Add(-10 * time.Minute), Length: 15 * time.Minute, PhotoWanted: true}
	item := func(id appointment.ID, s inbox.State, minutes int) inbox.Item {
		return inbox.Item{Appointment: id, State: s, ReceivedAt: now.Add(time.Duration(minutes) * time.Minute)}
	}
	for name, tc := range map[string]struct {
		captures []inbox.Item
		want     inbox.State
	}{
		"none":                     {nil, "none"},
		"of another appointment":   {[]inbox.Item{item(a.ID, inbox.Arrived, 0)}, "none"},
		"the newest":               {[]inbox.Item{item(b.ID, inbox.Arrived, -1), item(b.ID, inbox.Refused, -9)}, inbox.Arrived},
		"not a forgotten one":      {[]inbox.Item{item(b.ID, inbox.Forgotten, -1), item(b.ID, inbox.Opened, -9)}, inbox.Opened},
		"a forgotten one if alone": {[]inbox.Item{item(b.ID, inbox.Forgotten, -1)}, inbox.Forgotten},
	} {
		rows := join([]book.Appointment{a, b}, tc.captures, now)
		if got := rows[1].State(); got != tc.want || rows[0].Next || !rows[1].Next {
			t.Errorf("%s: state %q, next %v %v; want %q, second next", name, got, rows[0].Next, rows[1].Next, tc.want)
		}
	}
	if got := join([]book.Appointment{a}, nil, now)[0].State(); got != "unwanted" {
		t.Errorf("no photo wanted: %q", got)
	}
}

func TestNeighbouringDays(t *testing.T) {
	for _, day := range []string{"2026-03-29", "2026-10-25", "2026-12-31"} { // 23 h, 25 h, end of the year
		d, err := dayOf(day, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		l := dayList{Day: d}
		back, err1 := dayOf(l.Following(), time.Now())
		forth, err2 := dayOf(l.Previous(), time.Now())
		if err1 != nil || err2 != nil || (dayList{Day: back}).Previous() != day || (dayList{Day: forth}).Following() != day {
			t.Errorf("%s: following %s, previous %s", day, l.Following(), l.Previous())
		}
	}
}
