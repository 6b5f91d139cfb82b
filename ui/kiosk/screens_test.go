// SPDX-License-Identifier: EUPL-1.2

package kiosk

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/daemon/session"
	"github.com/fotobox-project/fotobox/ui/text"
)

// layouts are the displays that the station may have: an upright one, a panel
// computer, a tablet of 10 inches.
func layouts() map[string][2]int64 {
	return map[string][2]int64{"portrait": {1080, 1920}, "landscape": {1280, 800}, "tablet": {800, 1280}}
}

// TestScreens measures every screen in every layout and language.
func TestScreens(t *testing.T) {
	t.Parallel()
	b := open(t)
	g := newStage()
	address := serve(t, g, newAlbum())
	b.do(chromedp.Navigate(address))
	for name, size := range layouts() {
		b.size(size[0], size[1])
		for _, l := range text.Languages() {
			t.Run(fmt.Sprint(name, "-", l), func(t *testing.T) {
				b.t = t
				v := display{visit{b, g, l}, name}
				for _, screen := range slices.Sorted(maps.Keys(screens())) {
					v.put(screens()[screen])
					v.see(screen)
				}
				v.overlays()
			})
		}
	}
	b.t = t
	b.leave()
}

// TestSettings measures the screens as people set their browser: dark, without
// motion, with colours of their own.
func TestSettings(t *testing.T) {
	t.Parallel()
	b := open(t)
	b.size(1280, 800)
	g := newStage()
	b.do(chromedp.Navigate(serve(t, g, newAlbum())))
	for name, feature := range map[string]*emulation.MediaFeature{
		"dark":   {Name: "prefers-color-scheme", Value: "dark"},
		"still":  {Name: "prefers-reduced-motion", Value: "reduce"},
		"forced": {Name: "forced-colors", Value: "active"},
	} {
		t.Run(name, func(t *testing.T) {
			b.t = t
			if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{feature}}); err != nil {
				t.Fatal(err)
			}
			v := display{visit{b, g, "de"}, name}
			for _, screen := range slices.Sorted(maps.Keys(screens())) {
				v.put(screens()[screen])
				v.see(screen)
			}
			if moving := ask[int](b, "document.getAnimations().length"); name == "still" && moving > 0 {
				t.Errorf("%d animations run, want none", moving)
			}
		})
	}
	b.t = t
	b.leave()
}

// A display is a page of one size.
type display struct {
	visit
	name string
}

// see checks a screen and keeps its picture.
func (v display) see(screen string) {
	v.t.Helper()
	for _, fault := range ask[[]string](v.browser, fits) {
		v.t.Errorf("%s: %s", screen, fault)
	}
	v.keep(fmt.Sprintf("%s-%s-%s", v.name, v.l, screen))
}

// fits measures a screen: nothing lies outside it, is cut off or covered, text
// is at least 24 px with a contrast of 7:1, and what can be pressed at least 96 px.
const fits = `(() => {
	const faults = [], root = document.documentElement, main = document.querySelector("main");
	const top = document.querySelector(":modal, :popover-open, #offer:not([hidden])") ?? document.body;
	const paint = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
	const rgba = (colour) => {
		paint.clearRect(0, 0, 1, 1);
		paint.fillStyle = colour;
		paint.fillRect(0, 0, 1, 1);
		return paint.getImageData(0, 0, 1, 1).data;
	};
	const light = (c) => [0.2126, 0.7152, 0.0722].reduce((sum, k, i) => {
		const v = c[i] / 255;
		return sum + k * (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
	}, 0);
	const behind = (e) => {
		for (; e; e = e.parentElement) {
			const c = rgba(getComputedStyle(e).backgroundColor);
			if (c[3] === 255) return c;
		}
		return [255, 255, 255];
	};
	const contrast = (e) => {
		const [a, b] = [light(rgba(getComputedStyle(e).color)), light(behind(e))].sort((a, b) => b - a);
		return (a + 0.05) / (b + 0.05);
	};
	const seen = (e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest(".unseen, .sprite") && getComputedStyle(e).clipPath === "none" && e.getClientRects().length;
	if (root.scrollWidth > innerWidth) faults.push("wider than the screen: " + root.scrollWidth);
	if (root.scrollHeight > innerHeight) faults.push("higher than the screen: " + root.scrollHeight);
	if (main.scrollHeight > main.clientHeight + 1) faults.push("main overflows by " + (main.scrollHeight - main.clientHeight));
	const words = [];
	for (const e of top.querySelectorAll("*")) {
		if (!seen(e)) continue;
		const r = e.getBoundingClientRect(), name = e.tagName + "." + e.className + " " + e.textContent.trim().slice(0, 30);
		if ([...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())) {
			if (parseFloat(getComputedStyle(e).fontSize) < 24) faults.push("small text: " + name);
			if (e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== "inline") faults.push("cut off: " + name);
			if (r.left < 0 || r.right > innerWidth + 1 || r.top < 0 || r.bottom > innerHeight + 1) faults.push("outside: " + name);
			if (contrast(e) < 7 && !e.closest(".mirror")) faults.push("contrast " + contrast(e).toFixed(1) + ": " + name);
			for (const [other, o] of words) {
				if (!other.contains(e) && Math.min(r.right, o.right) - Math.max(r.left, o.left) > 2 && Math.min(r.bottom, o.bottom) - Math.max(r.top, o.top) > 2) faults.push("covers: " + name + " and " + other.textContent.slice(0, 30));
			}
			words.push([e, r]);
		}
		if (e.matches("button, input:not([type=radio]):not([type=hidden]), .photo") && Math.min(r.width, r.height) < 95) faults.push("small target: " + name + " " + r.width + "x" + r.height);
	}
	return faults;
})()`

// put shows a state in the display's language.
func (v display) put(s session.State) {
	v.t.Helper()
	s.Language = string(v.l)
	if s.Deadline.IsZero() {
		s.Deadline = time.Now().Add(time.Minute)
	}
	if s.Stage == session.Position && s.Hint == "" {
		s.HintSince = time.Now()
	}
	v.g.set(s)
	d := newScreen(settings(), boot{}).document(s, time.Now())
	hint := ""
	if d.Hint != nil {
		hint = d.Hint.Key
	}
	for id, words := range map[string]string{"title": d.Title, "text": d.Text, "problem": d.Problem} {
		v.until(fmt.Sprintf("document.getElementById(%q).textContent.trim() === %q", id, words))
	}
	v.until(fmt.Sprintf("document.getElementById('hint').dataset.key === %q", hint))
	v.pictures(len(d.Photos))
	if d.Preview {
		v.until(`document.getElementById("mirror").classList.contains("live")`)
	}
}

// screens lists one state for every screen, with the longest words.
func screens() map[string]session.State {
	at := func(g session.Stage, with func(*session.State)) session.State {
		s := session.State{Visit: 7, Code: code(), Stage: g}
		with(&s)
		return s
	}
	worst := session.Photo{Advice: []string{"roll.high", "mouth-closed.high", "head-height.low", "focus.low"}}
	good := session.Photo{Accepted: true}
	expires := time.Date(2028, 11, 20, 13, 30, 0, 0, time.UTC)
	told := session.Arrival{At: expires, Answer: appointment.OK, Number: 471}
	all := map[string]session.State{
		"idle":           {},
		"check-in":       at(session.CheckIn, func(*session.State) {}),
		"checked":        at(session.Checked, func(s *session.State) { s.Arrival = told }),
		"checked-before": at(session.Checked, func(s *session.State) { s.Arrival = told; s.Arrival.Answer = appointment.AlreadyCheckedIn }),
		"checked-noted":  at(session.Checked, func(s *session.State) { s.Arrival.At = expires }),
		"checked-failed": at(session.Checked, func(*session.State) {}),
		"present":        {Stage: session.Done, Outcome: session.Present, Arrival: told},
		"present-noted":  {Stage: session.Done, Outcome: session.Present, Arrival: session.Arrival{At: expires}},
		"kept-number":    {Stage: session.Done, Outcome: session.Kept, Expires: expires, Arrival: told},
		"kept-refused":   {Stage: session.Done, Outcome: session.Kept, Expires: expires, Arrival: session.Arrival{At: expires, Answer: appointment.WrongOffice}},
		"welcome":        at(session.Welcome, func(*session.State) {}),
		"welcome-late":   at(session.Welcome, func(s *session.State) { s.Late = true }),
		"welcome-child":  at(session.Welcome, func(s *session.State) { s.Subject = session.Subject{Group: session.Infant, Covered: true} }),
		"slow":           at(session.Position, func(s *session.State) { s.Hint, s.Slow = "no-face", true }),
		"slow-place":     at(session.Position, func(s *session.State) { s.Hint, s.Slow, s.Group = "up", true, session.Infant }),
		"guardian":       at(session.Position, func(s *session.State) { s.Hint, s.Group = "several-faces", session.Infant }),
		"offer":          at(session.Welcome, func(s *session.State) { s.Aloud, s.Menu = true, 4 }),
		"problem":        at(session.Position, func(s *session.State) { s.Problem, s.Hint = "no-photo", "several-faces" }),
		"capture":        at(session.Capture, func(*session.State) {}),
		"review-last":    at(session.Review, func(s *session.State) { s.Failures, s.Photos = 3, []session.Photo{worst, worst, worst} }),
		"review-open":    at(session.Review, func(s *session.State) { s.Attempts, s.Photos = 1, []session.Photo{worst} }),
		"review-one":     at(session.Review, func(s *session.State) { s.Attempts, s.Photos = 2, []session.Photo{good} }),
		"review-choose":  at(session.Review, func(s *session.State) { s.Attempts, s.Photos = 3, []session.Photo{good, good, worst} }),
		"consent":        at(session.Consent, func(s *session.State) { s.Attempts, s.Photos = 4, []session.Photo{good} }),
		"consent-failed": at(session.Consent, func(s *session.State) { s.Attempts, s.Problem, s.Photos = 5, "full", []session.Photo{good} }),
		"store":          at(session.Store, func(*session.State) {}),
		"kept":           {Stage: session.Done, Outcome: session.Kept, Expires: expires},
		"delivered":      {Stage: session.Done, Outcome: session.Delivered, Expires: expires},
		"staff":          {Stage: session.Done, Outcome: session.Staff},
		"not-stored":     {Stage: session.Done, Outcome: session.NotStored},
		"camera-known":   at(session.OutOfOrder, func(s *session.State) { s.Missing = session.Camera }),
		"camera":         {Stage: session.OutOfOrder, Missing: session.Camera},
		"closed":         {Stage: session.OutOfOrder, Missing: session.Hours, Opens: expires},
		"clock":          {Stage: session.OutOfOrder, Missing: session.Clock},
	}
	for _, hint := range []string{"no-face", "left", "nearer", "straighten", "mouth-closed", "exposure", "glare", ""} {
		all["hint-"+hint] = at(session.Position, func(s *session.State) { s.Hint = hint })
	}
	for _, a := range []appointment.Answer{appointment.WrongOffice, appointment.BadSignature, appointment.Cancelled, "unknown"} {
		all["refused-"+string(a)] = session.State{Stage: session.Done, Outcome: session.Refused, Answer: a}
	}
	return all
}

// overlays looks at what lies over a screen: help, typing, the question whether
// anybody is there, a refusal, a lost connection.
func (v display) overlays() {
	v.put(session.State{Visit: 8})
	v.do(chromedp.Click(".help"))
	v.reads(v.l, "kiosk.help.idle")
	v.see("help")
	v.do(chromedp.Click("#help > button"))
	v.do(chromedp.Click(".tongue"))
	v.see("languages")
	v.do(chromedp.KeyEvent(kb.Escape))
	v.until(`!document.querySelector(":popover-open")`)
	v.speak()
	v.do(chromedp.Click("#typed"))
	for _, key := range []int{29, 25, 19} { // W, R, J
		v.do(chromedp.Click(fmt.Sprintf("#keys button:nth-child(%d)", key)))
	}
	v.until(`document.getElementById("typed").value === "WRJ"`)
	v.see("typing")
	v.put(session.State{Visit: 8, Code: code(), Stage: session.Welcome, Subject: session.Subject{Group: session.Infant}})
	v.do(chromedp.Click("#people-open"))
	v.see("people")
	v.do(chromedp.Click("#people > button"))
	v.put(session.State{Visit: 9, Code: code(), Stage: session.Review, Photos: make([]session.Photo, 2), Deadline: time.Now().Add(38 * time.Second)})
	v.until(`!document.getElementById("veil").hidden`)
	v.see("veil")
	v.put(session.State{Visit: 9, Code: code(), Stage: session.Review, Photos: []session.Photo{{Accepted: true}}, Deadline: time.Now().Add(18 * time.Second)})
	v.until(`document.getElementById("still").open`)
	v.reads(v.l, "kiosk.word.still")
	v.see("still")
	v.do(chromedp.Click("#more"))
	v.until(`!document.getElementById("still").open`)
	if s, _ := v.g.look(); s.Extended != 1 {
		v.t.Errorf("extended %d times, want 1", s.Extended)
	}
}
