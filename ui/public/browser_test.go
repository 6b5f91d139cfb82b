// SPDX-License-Identifier: EUPL-1.2

package public

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/link"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
	"github.com/fotobox-project/fotobox/ui/browsertest"
)

// A telephone is a screen of 360x800 with a citizen before it.
type telephone struct {
	t   *testing.T
	ctx context.Context
	o   *town
}

func newTelephone(t *testing.T) telephone {
	t.Helper()
	storetest.FileOnly(t)
	return telephone{t, browsertest.Open(t, 360, 800, 3*time.Minute), newTown(t)}
}

func (p telephone) do(steps ...browsertest.Step) {
	p.t.Helper()
	browsertest.Do(p.t, p.ctx, steps...)
}

func (p telephone) open(path string) { p.t.Helper(); p.do(chromedp.Navigate(p.o.server.URL + path)) }

// reads waits until the page's heading says the words.
func (p telephone) reads(heading string) {
	p.t.Helper()
	browsertest.Until(p.t, p.ctx, `document.readyState === "complete" && document.querySelector("h1").textContent === "`+heading+`"`)
}

// path is the page's address on the server.
func (p telephone) path() string { p.t.Helper(); return ask[string](p.t, p.ctx, `location.pathname`) }

// appointment is what the address of a form is about.
func (p telephone) appointment() book.Appointment { p.t.Helper(); return p.o.held(p.t, p.path()) }

// TestBrowserWay is the whole way by touch, with the mail's link in between; back
// and forward show the pages again.
func TestBrowserWay(t *testing.T) {
	p := newTelephone(t)
	p.open("/")
	p.reads("Termin buchen")
	p.do(chromedp.Click(`label[for=service-102]`), chromedp.Click(`main button`))
	p.reads("Amt auswählen")
	p.do(chromedp.Click(`a[href^="/times?office=mitte"]`))
	p.reads("Tag und Uhrzeit auswählen")
	p.do(chromedp.Click(`.days:nth-of-type(2) summary`), chromedp.Click(`.days:nth-of-type(2) .hours button`))
	p.reads("Ihre Angaben")
	p.do(chromedp.SendKeys("#name", "Erika Mustermann"), chromedp.SendKeys("#email", "erika@"), chromedp.Click(`main form button`))
	browsertest.Until(t, p.ctx, `document.activeElement?.id === "summary"`)
	if got := ask[string](t, p.ctx, `document.querySelector("#name").value + "|" + document.querySelector("#email").value`); got != "Erika Mustermann|erika@" {
		t.Errorf("the form has %q", got)
	}
	p.do(chromedp.Click(`#summary a`))
	browsertest.Until(t, p.ctx, `document.activeElement?.id === "email"`)
	p.do(chromedp.Evaluate[chromedp.Void](`document.querySelector("#email").value = ""; undefined`), chromedp.SendKeys("#email", "erika@example.org"), chromedp.Click(`main form button`))
	p.reads("Sehen Sie in Ihr E-Mail-Postfach")
	a := p.appointment()
	p.do(chromedp.Evaluate[chromedp.Void](`history.back(); undefined`))
	p.reads("Sehen Sie in Ihr E-Mail-Postfach") // the form is sent: going back does not ask for it again
	p.open(p.o.link(link.Confirm, a))
	p.reads("Termin bestätigen")
	p.do(chromedp.Click(`main form button`))
	p.reads("Ihr Termin")
	a = p.o.get(t, a.ID)
	if a.State != book.Confirmed || a.Email.Reveal() != "erika@example.org" {
		t.Fatalf("it is %s", a.State)
	}
	p.scans(a)
	p.do(chromedp.Click(`a[href^="/move/"]`))
	p.reads("Termin verschieben")
	p.do(chromedp.SetValue("#office", "ruhrort"), chromedp.Click(`main form button`))
	browsertest.Until(t, p.ctx, `new URL(location).searchParams.get("office") === "ruhrort" && document.querySelector(".hours button") !== null`)
	p.do(chromedp.Click(`.days[open] .hours li:nth-child(3) button`))
	p.reads("Soll der Termin verschoben werden?")
	p.do(chromedp.Click(`main form button`))
	p.reads("Ihr Termin")
	if a = p.o.get(t, a.ID); a.Revision != 1 || a.Location != "ruhrort" {
		t.Errorf("moved: %+v", a)
	}
	p.scans(a)
	p.do(chromedp.Click(`a[href^="/cancel/"]`))
	p.reads("Möchten Sie diesen Termin absagen?")
	p.do(chromedp.Click(`main form button`))
	browsertest.Until(t, p.ctx, `document.body.innerText.includes("Dieser Termin ist abgesagt")`)
	if a = p.o.get(t, a.ID); a.State != book.Cancelled {
		t.Errorf("it is %s", a.State)
	}
}

// scans looks at the page as a station does: at the squares that the browser drew.
func (p telephone) scans(a book.Appointment) {
	p.t.Helper()
	drawn := ask[string](p.t, p.ctx, `document.querySelector(".code__qr path").getAttribute("d")`)
	want, err := (&site{Town: Town{Book: p.o.book}}).qr(a)
	if err != nil {
		p.t.Fatal(err)
	}
	if drawn != want.Path {
		p.t.Error("the page does not draw the appointment's code")
	}
	// A reader needs 4 pixels for each square (office.md); a telephone has 2 and more of the screen's for one of the page's.
	if size := ask[float64](p.t, p.ctx, `document.querySelector(".code__qr").getBoundingClientRect().width`); size*2/float64(want.Side) < 4 {
		p.t.Errorf("%d squares on %v pixels", want.Side, size)
	}
	if typed := ask[string](p.t, p.ctx, `document.querySelector(".code__typed strong").textContent`); typed != a.Terminkennung.String() {
		p.t.Errorf("the page says %q", typed)
	} else if _, err := appointment.ParseTerminkennung(typed); err != nil {
		p.t.Error(err)
	}
}

// TestKeyboard is the way with Tab, arrows, Space and Enter alone; the focus can
// be seen all the way.
func TestKeyboard(t *testing.T) {
	p := newTelephone(t)
	p.open("/")
	p.reads("Termin buchen")
	p.press("\t\r") // the first stop leads past the bar
	if got := ask[string](t, p.ctx, `location.hash + (document.activeElement?.id ?? "")`); got != "#mainmain" {
		t.Errorf("the first stop leads to %q", got)
	}
	p.tab(`document.activeElement?.name === "service"`)
	p.press(" ")
	p.tab(`document.activeElement?.matches("main button")`)
	p.press("\r")
	p.reads("Amt auswählen")
	p.tab(`document.activeElement?.matches("a[href^='/times']")`)
	p.press("\r")
	p.reads("Tag und Uhrzeit auswählen")
	p.tab(`document.activeElement?.matches("summary") && document.activeElement.parentElement.matches(".days:not([open])")`)
	p.press(" ")
	p.tab(`document.activeElement?.matches(".hours button")`)
	p.press("\r")
	p.reads("Ihre Angaben")
	p.tab(`document.activeElement?.id === "email"`)
	p.press("erika@example.org")
	p.tab(`document.activeElement?.matches("main form button")`)
	p.press("\r")
	browsertest.Until(t, p.ctx, `document.activeElement?.id === "summary"`)
	p.tab(`document.activeElement?.hash === "#name"`)
	p.enter()
	browsertest.Until(t, p.ctx, `document.activeElement?.id === "name"`)
	p.press("Erika Mustermann\r")
	p.reads("Sehen Sie in Ihr E-Mail-Postfach")
	p.open(p.o.link(link.Confirm, p.appointment()))
	p.reads("Termin bestätigen")
	p.tab(`document.activeElement?.matches("main form button")`)
	p.press("\r")
	p.reads("Ihr Termin")
	p.tab(`document.activeElement?.matches("a[href^='/cancel/']")`)
	p.press("\r")
	p.reads("Möchten Sie diesen Termin absagen?")
	p.tab(`document.activeElement?.matches("a[href^='/appointment/']")`)
	p.press("\r")
	p.reads("Ihr Termin")
}

func (p telephone) press(keys string) { p.t.Helper(); p.do(chromedp.KeyEvent(keys)) }

// enter presses the key without a character, which would go where the link leads.
func (p telephone) enter() {
	p.t.Helper()
	for _, kind := range []input.DispatchKeyEventType{"rawKeyDown", input.DispatchKeyEventTypeKeyUp} {
		if _, err := chromedp.Call(p.ctx, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: kind, Key: "Enter", Code: "Enter", WindowsVirtualKeyCode: 13}); err != nil {
			p.t.Fatal(err)
		}
	}
}

// tab goes on until the condition holds, and sees on each stop that the focus shows.
func (p telephone) tab(until string) {
	p.t.Helper()
	const shows = `(() => {
		const e = document.activeElement, s = e && getComputedStyle(e), l = e && getComputedStyle(e, "::before");
		const own = s && (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0 || s.boxShadow !== "none");
		return Boolean(own || l && l.boxShadow !== "none" || e?.matches("input[type=radio], input[type=date]"));
	})()`
	for range 80 {
		p.press("\t")
		if !ask[bool](p.t, p.ctx, shows) {
			p.t.Errorf("the focus does not show on %s", ask[string](p.t, p.ctx, `document.activeElement.outerHTML.slice(0, 120)`))
		}
		if ask[bool](p.t, p.ctx, `Boolean(`+until+`)`) {
			return
		}
	}
	p.t.Fatalf("no stop is %s", until)
}

// TestWithoutScript is the way in a browser that runs none.
func TestWithoutScript(t *testing.T) {
	p := newTelephone(t)
	if _, err := chromedp.Call(p.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	p.open("/")
	p.do(chromedp.Click(`label[for=service-103]`), chromedp.Click(`main button`), chromedp.WaitVisible(`.offices`),
		chromedp.Click(`a[href^="/times?office=ruhrort"]`), chromedp.WaitVisible(`.days`),
		chromedp.Click(`.days .hours button`), chromedp.WaitVisible(`#email`),
		chromedp.Click(`main form button`), chromedp.WaitVisible(`#summary`),
		chromedp.SendKeys("#name", "Erika"), chromedp.SendKeys("#email", "erika@example.org"), chromedp.Click(`main form button`), chromedp.WaitVisible(`.mailbox`))
	a := p.appointment()
	if a.State != book.Preconfirmed || a.Service != naturalise || a.Length != 30*time.Minute {
		t.Fatalf("%+v", a)
	}
	p.open(p.o.link(link.Confirm, a))
	p.do(chromedp.Click(`main form button`), chromedp.WaitVisible(`.code__qr`))
	if ask[bool](t, p.ctx, `document.getElementById("print").checkVisibility()`) {
		t.Error("a button is shown that does nothing without script")
	}
	p.do(chromedp.Click(`a[href^="/move/"]`), chromedp.WaitVisible(`.days`), chromedp.Click(`.days .hours li:nth-child(2) button`), chromedp.WaitVisible(`dl`),
		chromedp.Click(`main form button`), chromedp.WaitVisible(`.code__qr`))
	p.do(chromedp.Click(`a[href^="/cancel/"]`), chromedp.WaitVisible(`a[href^="/appointment/"]`), chromedp.Click(`main form button`), chromedp.WaitVisible(`.kern-alert--warning`))
	if a = p.o.get(t, a.ID); a.State != book.Cancelled || a.Revision != 1 {
		t.Errorf("%s at revision %d", a.State, a.Revision)
	}
}

// TestPaper: printed, the page of an appointment is one or two sheets with code and
// date, and nothing that is only of use on a screen.
func TestPaper(t *testing.T) {
	p := newTelephone(t)
	a := p.o.booked(t, p.o.free(t, "mitte", 50), "Erika Mustermann")
	p.open(p.o.link(link.View, a))
	p.reads("Ihr Termin")
	pdf, err := chromedp.Call(p.ctx, page.PrintToPDF, page.PrintToPDFParams{})
	if err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv(shots); dir != "" {
		if err := os.WriteFile(dir+"/public-paper.pdf", []byte(pdf.Data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if n := strings.Count(string(pdf.Data), "/Type /Page\n"); n > 2 {
		t.Errorf("%d sheets", n)
	}
	if _, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"}); err != nil {
		t.Fatal(err)
	}
	for selector, want := range map[string]bool{".code__qr": true, ".code__typed": true, ".facts": true, ".before": true, ".bar__language": false, ".screen-only": false, ".foot": false} {
		if got := ask[bool](t, p.ctx, `document.querySelector("`+selector+`").checkVisibility()`); got != want {
			t.Errorf("%s is on paper: %v, want %v", selector, got, want)
		}
	}
}

// TestCountDown: the page says how long the time is still held, and at the end
// that the form can be sent all the same.
func TestCountDown(t *testing.T) {
	p := newTelephone(t)
	form := p.o.citizen().post(t, "/hold", chosen("mitte", passport, 1, p.o.free(t, "mitte", 0), "ONE")).leads(t, "/held/")
	p.open(form)
	p.reads("Ihre Angaben")
	if got := ask[string](t, p.ctx, `document.querySelector(".held__left").textContent`); got != "Noch 10 Minuten." {
		t.Errorf("it says %q", got)
	}
	// The same script, on a page that came when a second was left.
	p.do(chromedp.Evaluate[chromedp.Void](`document.querySelector(".held").dataset.seconds = "1"; import("/static/citizen.js?again"); undefined`))
	browsertest.Until(t, p.ctx, `document.querySelector(".held__left").textContent.startsWith("Die Zeit ist um.")`)
	if heard := ask[string](t, p.ctx, `document.querySelector(".held [role=status]").textContent`); !strings.HasPrefix(heard, "Die Zeit ist um.") {
		t.Errorf("a screen reader hears %q", heard)
	}
}
