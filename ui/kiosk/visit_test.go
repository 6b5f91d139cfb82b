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

// TestVisit goes the whole way in a browser, in every language.
func TestVisit(t *testing.T) {
	t.Parallel()
	b := open(t)
	b.size(1080, 1920)
	for _, l := range text.Languages() {
		t.Run(string(l), func(t *testing.T) {
			b.t = t
			g := newStage()
			g.code.Start = time.Now().Add(time.Hour)
			b.do(chromedp.Navigate(serve(t, g, newAlbum())))
			v := visit{b, g, l}
			v.begin()
			v.stand()
			v.choose()
			v.end()
			b.clean()
			b.leave()
		})
	}
}

// A visit is one citizen in the browser.
type visit struct {
	*browser
	g *stage
	l text.Language
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
	v.speak()
	v.until(fmt.Sprintf("document.documentElement.lang === %q", v.l.Tag()))
	v.reads(v.l, "kiosk.idle.title")
	v.scan("FB1:$%*+-./: 0123456789ABCDEF")
	v.stands("welcome")
	if got, want := v.g.scanned, "FB1:$%*+-./: 0123456789ABCDEF"; len(got) != 1 || got[0] != want {
		v.t.Errorf("scanned %q, want %q", got, want)
	}
	v.reads(v.l, "kiosk.tip.glasses")
}

// speak chooses the visit's language.
func (v visit) speak() {
	v.do(chromedp.Click(".tongue"))
	v.do(chromedp.Click(fmt.Sprintf("#languages button[value=%s]", v.l)))
	v.until(`!document.querySelector(":popover-open")`)
	for end := time.Now().Add(8 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if said, told := v.g.last().(session.Spoke); told && said.Language == string(v.l) { // else what comes next meets another state
			return
		}
	}
	v.t.Fatalf("nobody told the station to speak %s", v.l)
}

// stand follows the guidance until the picture is taken.
func (v visit) stand() {
	v.press("start")
	v.stands("position")
	v.reads(v.l, "hint.no-face")
	v.until(`document.getElementById("mirror").classList.contains("live")`)
	s, _ := v.g.look()
	time.Sleep(session.HintRest)
	v.tell(session.Seen{Visit: s.Visit})
	v.reads(v.l, "kiosk.hold")
	v.until(`document.getElementById("mirror").classList.contains("holding")`)
	time.Sleep(session.HoldStill)
	v.tell(session.Seen{Visit: s.Visit})
	v.stands("capture")
	v.tell(session.Shot{Visit: s.Visit, Attempt: 1, Photos: []session.Photo{
		{Advice: []string{"roll.low"}}, {Advice: []string{"eyes-open.low"}}, {},
	}})
}

// choose retakes once and keeps the second of two good photos.
func (v visit) choose() {
	v.stands("review")
	v.pictures(3)
	v.reads(v.l, "advice.roll.low")
	v.press("retake")
	v.stands("position")
	s, _ := v.g.look()
	v.press("release")
	v.stands("capture")
	v.tell(session.Shot{Visit: s.Visit, Attempt: 2, Photos: []session.Photo{{Accepted: true}, {Accepted: true, Advice: []string{"even-light.low"}}}})
	v.stands("review")
	v.pictures(2)
	v.do(chromedp.Click("#photos li:nth-child(2) .photo"))
	v.reads(v.l, "advice.even-light.low")
	v.press("keep")
	v.stands("consent")
	v.pictures(1)
	v.reads(v.l, "kiosk.consent.erased")
	if s, _ := v.g.look(); s.Chosen != 1 {
		v.t.Errorf("kept photo %d, want 1", s.Chosen)
	}
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
	s, _ := v.g.look()
	v.tell(session.Stored{Visit: s.Visit, Expires: time.Now().Add(session.Lifetime)})
	v.stands("done")
	v.reads(v.l, "kiosk.done.kept.title")
	v.tell(session.Arrived{Visit: s.Visit})
	v.reads(v.l, "kiosk.done.delivered.title")
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
		if (document.querySelector("#facts [href='#icon-calendar'], #facts [href='#icon-erased'], #mirror.live")) left.push("person");
		if (document.querySelector("#typed").value) left.push("code");
		return left.join(" ");
	})()`)
	if left != "" {
		b.t.Errorf("the browser keeps %s", left)
	}
}
