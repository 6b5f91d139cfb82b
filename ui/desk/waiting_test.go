// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"crypto/ed25519"
	"database/sql"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
	"github.com/fotobox-project/fotobox/registry/queue"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
	"github.com/fotobox-project/fotobox/ui/browsertest"
	"github.com/fotobox-project/fotobox/ui/text"
)

// newHall is an office with a waiting list: two offices that receive day and night,
// mitte with three seats every quarter of an hour, ruhrort with one.
func newHall(t testing.TB) *office {
	t.Helper()
	o := newOffice(t)
	now := time.Now()
	rule := calendar.Rule{Office: "mitte", Group: "pass", Days: 127, To: 24 * 60, Minutes: 15, Public: 2, Internal: 1}
	there := rule
	there.Office, there.Public, there.Internal = "ruhrort", 1, 0
	err := errors.Join(
		o.book.PutLocation(t.Context(), "clerk:anna", book.Location{Code: "mitte", Name: "Bürger-Service Mitte", Online: true}, now),
		o.book.PutLocation(t.Context(), "clerk:anna", book.Location{Code: "ruhrort", Name: "Bürger-Service Ruhrort", Online: true}, now),
		o.book.PutService(t.Context(), "clerk:anna", book.Service{Code: 102, Name: "Reisepass beantragen", Group: "pass", Minutes: 15, Seats: 1, PhotoWanted: true}, now))
	if err == nil {
		_, err = o.book.SetPlan(t.Context(), "clerk:anna", calendar.Plan{Rules: []calendar.Rule{rule, there}}, now)
	}
	if err != nil {
		t.Fatal(err)
	}
	check := appointment.Checker{Office: 5112000, Keys: []ed25519.PublicKey{o.key.Public().(ed25519.PublicKey)}}
	o.office.Queue = queue.New(o.store, o.book, check)
	o.server.CloseClientConnections()
	o.server.Close()
	o.server = httptest.NewServer(New(o.office))
	t.Cleanup(func() {
		o.server.CloseClientConnections()
		o.server.Close()
	})
	return o
}

// daytime skips a test on holidays, and in the last hour of a day, of which nothing is left then.
func daytime(t *testing.T) {
	t.Helper()
	state, err := calendar.StateOf(5112000)
	if err != nil {
		t.Fatal(err)
	}
	_, end := book.Day(time.Now())
	if _, holiday := state.Holiday(calendar.DayOf(time.Now(), book.Zone())); holiday || time.Until(end) < time.Hour {
		t.Skip("today is a holiday, or over soon: nothing is free today")
	}
}

// takes gives somebody an appointment at mitte or ruhrort, so many slots from the next one.
func (o *office) takes(t testing.TB, location string, slots int, name string) book.Appointment {
	t.Helper()
	start := time.Now().Truncate(15 * time.Minute).Add(time.Duration(1+slots) * 15 * time.Minute)
	a, err := o.book.Take(t.Context(), book.Request{Location: location, Service: 102, Persons: 1, Inside: true}, start,
		book.Step{Do: book.Enter, At: time.Now(), Actor: "clerk:anna", Name: book.NameOf(name)})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// atCounter is a clerk who said where they receive.
func (o *office) atCounter(t testing.TB, name string) *client {
	t.Helper()
	c := o.clerk(t)
	c.post(t, "/waiting/counter", url.Values{"office": {"mitte"}, "counter": {" " + name}}).leads(t, "/waiting")
	return c
}

func (o *office) waits(t testing.TB, a book.Appointment) queue.Waiting {
	t.Helper()
	w, err := o.office.Queue.(*queue.Queue).Get(t.Context(), a.ID)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// TestHall is a clerk's way with one citizen, by forms alone.
func TestHall(t *testing.T) {
	daytime(t)
	o := newHall(t)
	c := o.clerk(t)
	c.get(t, "/waiting").want(t, http.StatusOK, "Platz wechseln", "Bürger-Service Ruhrort")
	c.post(t, "/waiting/next", nil).want(t, http.StatusConflict, "Bitte wählen Sie zuerst Ihren Platz.")
	c = o.atCounter(t, "Platz 3")
	c.get(t, "/waiting").want(t, http.StatusOK, "Es wartet niemand.", "Bürger-Service Mitte, Platz 3", "Es warten: 0.")
	c.post(t, "/waiting/next", nil).want(t, http.StatusConflict, "Es wartet niemand.")

	a := o.takes(t, "mitte", 0, "Käthe Groß")
	in := c.post(t, "/waiting/check-in", url.Values{"code": {strings.ToLower(a.Terminkennung.String())}})
	number := o.waits(t, a).Number.String()
	in.want(t, http.StatusOK, "ist angemeldet.", number, "Käthe Groß", "Reisepass beantragen", "Es warten: 1.", `action="/waiting/next"`)
	c.post(t, "/waiting/next", nil).leads(t, "/waiting")
	c.get(t, "/waiting").want(t, http.StatusOK, "Aufgerufen, 1-mal", "Noch einmal aufrufen", "Nicht erschienen", "/appointments/"+a.ID.String())
	do := func(step string) answer { return c.post(t, "/waiting/"+a.ID.String()+"/"+step, nil) }
	do("call").leads(t, "/waiting")
	do("park").want(t, http.StatusConflict, "Jemand war schneller")
	do("serve").leads(t, "/waiting")
	c.get(t, "/waiting").want(t, http.StatusOK, "An meinem Platz", "Zurückstellen")
	do("park").leads(t, "/waiting")
	c.get(t, "/waiting").want(t, http.StatusOK, "Nicht im Wartebereich", "zurückgestellt")
	do("call").leads(t, "/waiting")
	do("miss").leads(t, "/waiting")
	c.get(t, "/waiting").want(t, http.StatusOK, "nicht erschienen", "Ist wieder da")
	c.post(t, "/waiting/check-in", url.Values{"code": {a.Terminkennung.String()}}).want(t, http.StatusOK, number, "ist angemeldet.")
	do("call").leads(t, "/waiting")
	do("serve").leads(t, "/waiting")
	do("finish").leads(t, "/waiting")
	c.get(t, "/waiting").without(t, "Käthe")
	do("dance").want(t, http.StatusNotFound)
	c.post(t, "/waiting/x/call", nil).want(t, http.StatusNotFound)
}

// TestCheckInSaysWhy for each kind of refusal, and what the code was of.
func TestCheckInSaysWhy(t *testing.T) {
	daytime(t)
	o := newHall(t)
	c := o.atCounter(t, "Platz 3")
	there, early, cancelled := o.takes(t, "ruhrort", 0, "Anna Dort"), o.takes(t, "mitte", 3, "Ben Früh"), o.takes(t, "mitte", 0, "Cem Weg")
	code, err := o.book.Code(cancelled)
	if err == nil {
		_, err = o.book.Advance(t.Context(), cancelled.ID, book.Step{Do: book.Cancel, At: time.Now(), Actor: "citizen"})
	}
	if err != nil {
		t.Fatal(err)
	}
	show := func(code string) answer {
		return c.post(t, "/waiting/check-in", url.Values{"code": {code}, "nonce": {"n" + code[:3]}})
	}
	show(there.Terminkennung.String()).want(t, http.StatusConflict, "in einem anderen Amt", "Anna Dort", "Bürger-Service Ruhrort")
	show(early.Terminkennung.String()).want(t, http.StatusConflict, "Zu früh", "Ben Früh")
	show(code.String()).want(t, http.StatusConflict, "abgesagt", "Cem Weg")
	show("FB1:HELLO").want(t, http.StatusConflict, "abgesagt") // the nonce is that of the code before
	c.post(t, "/waiting/check-in", url.Values{"code": {"FB1:HELLO"}}).want(t, http.StatusConflict, "Das ist kein Termincode")
	c.post(t, "/waiting/check-in", url.Values{"code": {"x"}, "nonce": {strings.Repeat("n", 65)}}).want(t, http.StatusBadRequest)
	for _, a := range queue.Answers() {
		for _, l := range []string{"de", "en"} {
			if key := "desk.queue.said." + string(a); !text.Language(l).Has(key) {
				t.Errorf("%s has no words for %s", l, key)
			}
		}
	}
}

// TestTicketAtTheDesk: a slip with all that is needed; when nothing is left here, a
// ticket of another office, for which the citizen is not there yet.
func TestTicketAtTheDesk(t *testing.T) {
	daytime(t)
	o := newHall(t)
	c := o.atCounter(t, "Platz 3")
	form := url.Values{"service": {"102"}, "persons": {"1"}, "nonce": {"once"}}
	drawn := c.post(t, "/waiting/tickets", form)
	to := drawn.header.Get("Location")
	c.post(t, "/waiting/tickets", form).leads(t, to)
	slip := c.get(t, to)
	slip.want(t, http.StatusOK, "Terminmarke", "data:image/png;base64,", "Sie sind angemeldet", "Bürger-Service Mitte", "Reisepass beantragen")
	c.get(t, "/waiting").want(t, http.StatusOK, "Terminmarke", "Es warten: 1.")

	c.post(t, "/waiting/tickets", url.Values{"service": {"102"}, "persons": {"4"}}).want(t, http.StatusConflict, "Heute ist hier nichts mehr frei.")
	c.post(t, "/waiting/tickets", url.Values{"service": {"102"}, "persons": {"65"}}).want(t, http.StatusBadRequest)
	c.post(t, "/waiting/tickets", url.Values{"service": {"x"}, "persons": {"1"}}).want(t, http.StatusBadRequest)
	c.post(t, "/waiting/tickets", url.Values{"service": {"9"}, "persons": {"1"}}).want(t, http.StatusBadRequest)
	c.get(t, "/waiting/tickets/x").want(t, http.StatusNotFound)
	c.get(t, "/waiting/tickets/"+o.takes(t, "mitte", 1, "Käthe Groß").ID.String()).want(t, http.StatusNotFound)

	closed := calendar.Plan{}
	p, err := o.book.Plan(t.Context())
	if err == nil {
		closed.Rules = p.Rules[1:] // ruhrort's
		_, err = o.book.SetPlan(t.Context(), "clerk:anna", closed, time.Now())
	}
	if err != nil {
		t.Fatal(err)
	}
	c.post(t, "/waiting/tickets", url.Values{"service": {"102"}, "persons": {"1"}}).want(t, http.StatusConflict, "Heute ist hier nichts mehr frei.", `name="office" value="ruhrort"`, "Bürger-Service Ruhrort, ")
	other := c.post(t, "/waiting/tickets", url.Values{"office": {"ruhrort"}, "service": {"102"}, "persons": {"1"}})
	c.get(t, other.header.Get("Location")).want(t, http.StatusOK, "Bürger-Service Ruhrort", "Bitte melden Sie sich ab")
}

// TestHallFigures are of yesterday: who came and who did not.
func TestHallFigures(t *testing.T) {
	o := newHall(t)
	yesterday := noon(time.Now()).AddDate(0, 0, -1)
	for i, state := range []string{"done", "confirmed", "missed"} {
		a, err := o.book.Add(t.Context(), book.Appointment{Name: book.NameOf("CANARY"), Start: yesterday, Length: 15 * time.Minute, Service: 102, Persons: 1})
		if err != nil {
			t.Fatal(err)
		}
		err = o.store.Write(t.Context(), func(tx *sql.Tx) error {
			_, err := tx.Exec(`UPDATE appointment SET state = $1, location = 'mitte' WHERE id = $2`, state, a.ID.String())
			if err == nil && i != 1 { // the second did not come
				at := yesterday.UnixMilli()
				_, err = tx.Exec(`INSERT INTO arrival (appointment, location, day, n, made_at, at, calls, first_at) VALUES ($1, 'mitte', $2, $3, $4, $4, 1, $5)`,
					a.ID.String(), yesterday.Format(time.DateOnly), i+1, at, at+int64(12*i)*time.Minute.Milliseconds())
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	p := o.clerk(t).get(t, "/waiting/figures")
	p.want(t, http.StatusOK, "Alle Ämter", "Bürger-Service Mitte", "1 (33", "0 Min., 9 von 10 bis 24 Min.")
	p.without(t, "CANARY")
	o.clerk(t).get(t, "/figures").want(t, http.StatusOK, `href="/waiting/figures"`)
}

// TestPlaceOfAStation is chosen on its page.
func TestPlaceOfAStation(t *testing.T) {
	o := newHall(t)
	const id = "foyer"
	o.knows(t, id, time.Now().Add(time.Hour), 0)
	c := o.clerk(t)
	page := c.get(t, "/stations/"+id)
	page.want(t, http.StatusOK, "Standort", "Bürger-Service Ruhrort")
	page.without(t, `value="ruhrort" selected`)
	c.post(t, "/stations/"+id+"/place", url.Values{"office": {"ruhrort"}}).leads(t, "/stations/"+id)
	c.get(t, "/stations/"+id).want(t, http.StatusOK, `value="ruhrort" selected`)
	c.post(t, "/stations/"+id+"/place", url.Values{"office": {"atlantis"}}).want(t, http.StatusBadRequest)
	c.post(t, "/stations/nobody/place", url.Values{"office": {"mitte"}}).want(t, http.StatusNotFound)
}

// TestNoQueue: an office without a waiting list has no page of one.
func TestNoQueue(t *testing.T) {
	o := newOffice(t)
	c := o.clerk(t)
	c.get(t, "/").without(t, `href="/waiting"`)
	for _, path := range []string{"/waiting", "/waiting/events", "/waiting/figures", "/waiting/tickets/" + appointment.ID{}.String()} {
		c.get(t, path).want(t, http.StatusNotFound)
	}
	for _, path := range []string{"/waiting/next", "/waiting/check-in", "/waiting/tickets", "/stations/x/place", "/waiting/" + appointment.ID{}.String() + "/call"} {
		c.post(t, path, nil).want(t, http.StatusNotFound)
	}
}

// TestHallIsLive has a second clerk who does everything; the first sees it without a click.
func TestHallIsLive(t *testing.T) {
	daytime(t)
	ctx, o := browser(t), newHall(t)
	o.enter(t, ctx)
	do(t, ctx, chromedp.Navigate(o.server.URL+"/waiting"), chromedp.SendKeys("#counter", "Platz 3\r"), chromedp.WaitVisible("#code"))
	other := o.atCounter(t, "Platz 4")
	a, b := o.takes(t, "mitte", 0, "Käthe Groß"), o.takes(t, "mitte", 0, "Björn Müller")
	for _, who := range []book.Appointment{a, b} {
		other.post(t, "/waiting/check-in", url.Values{"code": {who.Terminkennung.String()}})
	}
	until(t, ctx, `document.querySelectorAll(".hall tbody tr").length === 2 && document.title.startsWith("(2)")`)
	other.post(t, "/waiting/next", nil)
	until(t, ctx, `document.getElementById("list").textContent.includes("Platz 4")`)

	// A scan from wherever the focus is checks in, and does not search.
	c := o.takes(t, "mitte", 0, "Şükrü Yılmaz")
	code, err := o.book.Code(c)
	if err != nil {
		t.Fatal(err)
	}
	do(t, ctx, chromedp.Evaluate[chromedp.Void](`document.getElementById("next").focus()`), chromedp.KeyEvent(code.String()+"\r"), chromedp.WaitVisible("#said"))
	if said := ask[string](t, ctx, `document.getElementById("said").textContent`); !strings.Contains(said, "Şükrü Yılmaz") || !strings.Contains(said, "ist angemeldet") {
		t.Errorf("said %q", said)
	}
}

// TestHallByKeyboard calls, serves and finishes by Tab and Enter alone.
func TestHallByKeyboard(t *testing.T) {
	daytime(t)
	ctx, o := browser(t), newHall(t)
	o.enter(t, ctx)
	// A window without a screen has the focus only when it is told so.
	if _, err := chromedp.Call(ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}); err != nil {
		t.Fatal(err)
	}
	do(t, ctx, chromedp.Navigate(o.server.URL+"/waiting"))
	reach(t, ctx, "#counter")
	do(t, ctx, chromedp.KeyEvent("Platz 3\r"), chromedp.WaitVisible("#code"))
	a := o.takes(t, "mitte", 0, "Käthe Groß")
	reach(t, ctx, "#code")
	do(t, ctx, chromedp.KeyEvent(a.Terminkennung.String()), chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible("#said"))
	for _, press := range []struct{ button, then string }{{"#next", "#again"}, {"#again", "#miss"}, {"#next", "#park"}, {"#next", ".empty"}} {
		until(t, ctx, `document.readyState === "complete" && document.activeElement !== null`)
		reach(t, ctx, press.button)
		do(t, ctx, chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(press.then))
	}
	until(t, ctx, `document.readyState === "complete" && document.getElementById("next") === null`)
	if w := o.waits(t, a); w.State != book.Done || w.Calls != 2 {
		t.Errorf("%+v", w)
	}
}

// TestAxeHall judges the pages of the waiting list as TestAxe does the others.
func TestAxeHall(t *testing.T) {
	storetest.FileOnly(t)
	daytime(t)
	script := browsertest.Axe(t)
	ctx := browserFor(t, 3*time.Minute)
	o := newHall(t)
	o.enter(t, ctx)
	see := func(name, path string) {
		for _, l := range []string{"de", "en"} {
			o.speaks(t, ctx, text.Language(l))
			do(t, ctx, chromedp.Navigate(o.server.URL+path), chromedp.Evaluate[chromedp.Void](script))
			examine(t, ctx, name+", "+l)
		}
	}
	see("no counter", "/waiting")
	do(t, ctx, chromedp.SendKeys("#counter", "Platz 3\r"), chromedp.WaitVisible("#code"))
	see("empty", "/waiting")
	c := o.atCounter(t, "Platz 3")
	for _, name := range []string{"Käthe Großmann-Weidenfeller", "Şükrü Yılmaz", "Ann-Kathrin O'Neill"} {
		c.post(t, "/waiting/check-in", url.Values{"code": {o.takes(t, "mitte", 0, name).Terminkennung.String()}})
	}
	ticket := c.post(t, "/waiting/tickets", url.Values{"service": {"102"}, "persons": {"1"}}).header.Get("Location")
	see("waiting", "/waiting")
	for _, step := range []string{"/call", "/miss"} {
		next := ask[string](t, ctx, `document.querySelector(".hall tbody tr").id.replace("row-", "")`)
		c.post(t, "/waiting/"+next+"/call", nil)
		if step != "/call" {
			c.post(t, "/waiting/"+next+step, nil)
		}
		see("after "+step, "/waiting")
	}
	see("ticket", ticket)
	see("figures", "/waiting/figures")
	o.knows(t, "foyer", time.Now().Add(time.Hour), 0)
	see("station", "/stations/foyer")
	do(t, ctx, chromedp.Navigate(o.server.URL+"/waiting"), chromedp.SendKeys("#code", "FB1:HELLO\r"), chromedp.WaitVisible("#said"), chromedp.Evaluate[chromedp.Void](script))
	examine(t, ctx, "refused")
}
