// SPDX-License-Identifier: EUPL-1.2

package kiosk

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/fotobox-project/fotobox/daemon/session"
	"github.com/fotobox-project/fotobox/ui/text"
)

// layouts are the screens that the station may have.
func layouts() map[string][2]int64 {
	return map[string][2]int64{"portrait": {1080, 1920}, "landscape": {1280, 800}, "tablet": {800, 1280}}
}

// TestVisit goes the whole way in a browser, in every language and layout.
func TestVisit(t *testing.T) {
	b := open(t)
	for name, size := range layouts() {
		for _, l := range text.Languages() {
			t.Run(fmt.Sprint(name, "-", l), func(t *testing.T) {
				b.t = t
				b.size(size[0], size[1])
				g := newStage()
				g.code.Start = time.Now().Add(time.Hour)
				b.do(chromedp.Navigate(serve(t, g, newAlbum())))
				v := visit{b, g, l, name}
				v.begin()
				v.stand()
				v.choose()
				v.end()
				b.clean()
				b.quiet()
			})
		}
	}
}

// A visit is one citizen in the browser.
type visit struct {
	*browser
	g    *stage
	l    text.Language
	name string
}

// see checks a screen and keeps its picture.
func (v visit) see(screen string) {
	v.t.Helper()
	v.fits(screen)
	v.keep(fmt.Sprintf("%s-%s-%s", v.name, v.l, screen))
}

func (v visit) tell(ev session.Event) {
	v.t.Helper()
	if err := v.g.Tell(v.t.Context(), ev); err != nil {
		v.t.Fatal(err)
	}
}

// begin chooses the language and scans a code as a wedge scanner does.
func (v visit) begin() {
	v.stands("idle")
	v.until(`document.querySelector("#keys button")`)
	v.do(chromedp.Click(fmt.Sprintf("button[name=language][value=%s]", v.l)))
	v.until(fmt.Sprintf("document.documentElement.lang === %q", v.l))
	v.reads(v.l, "kiosk.idle.title")
	v.see("idle")
	v.do(chromedp.KeyEvent("FB1:$%*+-./: 0123456789ABCDEF\r"))
	v.stands("welcome")
	if got, want := v.g.scanned, "FB1:$%*+-./: 0123456789ABCDEF"; len(got) != 1 || got[0] != want {
		v.t.Errorf("scanned %q, want %q", got, want)
	}
	v.reads(v.l, "kiosk.tip.glasses")
	v.see("welcome")
}

// stand follows the guidance until the picture is taken.
func (v visit) stand() {
	v.press("start")
	v.stands("position")
	v.until(`document.getElementById("mirror").classList.contains("live")`)
	v.see("no-face")
	s, _ := v.g.look()
	for _, hint := range []string{"left", "nearer", "straighten", ""} {
		time.Sleep(session.HintRest)
		v.tell(session.Seen{Visit: s.Visit, Hint: hint})
		v.until(fmt.Sprintf(`document.getElementById("hint").dataset.key === %q`, map[bool]string{true: "hold", false: hint}[hint == ""]))
		v.see("hint-" + hint)
	}
	time.Sleep(session.HoldStill)
	v.tell(session.Seen{Visit: s.Visit})
	v.stands("capture")
	v.see("capture")
	v.tell(session.Shot{Visit: s.Visit, Attempt: 1, Photos: []session.Photo{
		{Accepted: false, Advice: []string{"roll.low", "even-light.high"}},
		{Accepted: false, Advice: []string{"eyes-open.low"}},
		{Accepted: false, Advice: []string{"mouth-closed.low", "focus.low", "centring.high"}},
	}})
}

// choose retakes once and keeps the second of two good photos.
func (v visit) choose() {
	v.stands("review")
	v.pictures(3)
	v.see("review-open")
	v.press("retake")
	v.stands("position")
	s, _ := v.g.look()
	v.press("release")
	v.stands("capture")
	v.tell(session.Shot{Visit: s.Visit, Attempt: 2, Photos: []session.Photo{{Accepted: true}, {Accepted: true, Advice: []string{"even-light.low"}}}})
	v.stands("review")
	v.pictures(2)
	v.do(chromedp.Click(".photo:nth-child(2) label"))
	v.see("review")
	v.press("keep")
	v.stands("consent")
	v.pictures(1)
	v.reads(v.l, "kiosk.consent.erased")
	if s, _ := v.g.look(); s.Chosen != 1 {
		v.t.Errorf("kept photo %d, want 1", s.Chosen)
	}
	v.see("consent")
	v.press("agree")
}

// pictures waits until n photos can be seen.
func (v visit) pictures(n int) {
	v.t.Helper()
	v.until(fmt.Sprintf(`document.querySelectorAll(".photo img").length === %d &&
		[...document.querySelectorAll(".photo img")].every(i => i.complete && i.naturalWidth > 0)`, n))
}

// end stores, delivers and finishes.
func (v visit) end() {
	v.stands("store")
	v.see("store")
	s, _ := v.g.look()
	v.tell(session.Stored{Visit: s.Visit, Expires: time.Now().Add(session.Lifetime)})
	v.stands("done")
	v.reads(v.l, "kiosk.done.kept.title")
	v.see("kept")
	v.tell(session.Arrived{Visit: s.Visit})
	v.reads(v.l, "kiosk.done.delivered.title")
	v.see("delivered")
	v.press("cancel")
	v.stands("idle")
	v.reads("de", "kiosk.idle.title")
}

// clean proves that the browser keeps nothing of the visit.
func (b *browser) clean() {
	b.t.Helper()
	left := ask[string](b, `(async () => {
		const left = [];
		if (localStorage.length || sessionStorage.length || document.cookie) left.push("storage");
		if ((await caches.keys()).length) left.push("caches");
		if ((await indexedDB.databases()).length) left.push("databases");
		if ((await navigator.serviceWorker?.getRegistrations())?.length) left.push("service worker");
		if (document.querySelector("[src*=photo]")) left.push("photo");
		if (document.querySelector("#facts *, #mirror.live")) left.push("person");
		if (document.querySelector("#typed").value) left.push("code");
		return left.join(" ");
	})()`)
	if left != "" {
		b.t.Errorf("the browser keeps %s", left)
	}
}

// fits measures a screen: nothing lies outside it or is cut off, text is at
// least 24 px, and what can be pressed at least 96 px.
func (v visit) fits(screen string) {
	v.t.Helper()
	faults := ask[[]string](v.browser, `(() => {
		const faults = [], root = document.documentElement;
		const seen = (e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest(".unseen, .sprite");
		if (root.scrollWidth > innerWidth) faults.push("wider than the screen: " + root.scrollWidth);
		if (root.scrollHeight > innerHeight) faults.push("higher than the screen: " + root.scrollHeight);
		for (const e of document.querySelectorAll("body *")) {
			if (!seen(e)) continue;
			const r = e.getBoundingClientRect(), name = e.tagName + "." + e.className + " " + e.textContent.slice(0, 30);
			const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
			if (own && parseFloat(getComputedStyle(e).fontSize) < 24) faults.push("small text: " + name);
			if (own && (e.scrollWidth > e.clientWidth + 1) && getComputedStyle(e).display !== "inline") faults.push("cut off: " + name);
			if (own && (r.left < 0 || r.right > innerWidth + 1 || r.bottom > innerHeight + 1)) faults.push("outside: " + name);
			if (e.matches("button, input:not([type=radio]):not([type=hidden]), .photo") && (r.width < 95 || r.height < 95) && !e.closest(".keys")) faults.push("small target: " + name + r.width + "x" + r.height);
		}
		return faults;
	})()`)
	for _, f := range faults {
		v.t.Errorf("%s: %s", screen, f)
	}
}
