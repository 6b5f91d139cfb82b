// SPDX-License-Identifier: EUPL-1.2

package waiting

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/fotobox-project/fotobox/registry/queue"
	"github.com/fotobox-project/fotobox/ui/browsertest"
	"github.com/fotobox-project/fotobox/ui/text"
)

// gongs counts the tones of a page in window.tones.
const gongs = `window.tones = 0;
	window.AudioContext = class { state = "suspended"; currentTime = 0; destination = {};
		async resume() { this.state = "running"; } async suspend() { this.state = "suspended"; }
		createGain() { return { gain: { setValueAtTime() {}, exponentialRampToValueAtTime() {} }, connect: (to) => to }; }
		createOscillator() { return { frequency: {}, connect: (to) => to, start() { window.tones++; }, stop() {} }; } };`

// TestCallsAreSeenAndHeard: a call comes without a click, and with a sound where it
// was switched on; a second call of the same number sounds again, an arrival does not.
func TestCallsAreSeenAndHeard(t *testing.T) {
	h := newHall()
	url := serve(t, h)
	ctx := browsertest.Open(t, 1920, 1080, 2*time.Minute)
	browsertest.Do(t, ctx, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		return target.Call(ctx, "Page.addScriptToEvaluateOnNewDocument", map[string]string{"source": gongs}, nil)
	}), chromedp.Navigate(url+"/display/office/mitte"), chromedp.WaitVisible("#sound"))
	tones := func() int { return browsertest.Ask[int](t, ctx, "tones") }
	newest := func(number string) {
		t.Helper()
		browsertest.Until(t, ctx, `(document.querySelector(".newest__number b")?.textContent ?? "") === "`+number+`"`)
	}
	h.shows("mitte", 0, called(417, "Platz 3", 1))
	newest("417")
	if n := tones(); n != 0 {
		t.Errorf("%d tones before anybody switched it on", n)
	}
	browsertest.Do(t, ctx, chromedp.Click("#sound"), chromedp.WaitVisible("#sound[aria-pressed=true]"))
	browsertest.Until(t, ctx, `tones === 2`) // how it sounds
	h.shows("mitte", 0, called(892, "Platz 1", 1), called(417, "Platz 3", 1))
	newest("892")
	if n := tones(); n != 4 {
		t.Errorf("%d tones after a call, want 4", n)
	}
	h.shows("mitte", 0, called(417, "Platz 3", 2), called(892, "Platz 1", 1))
	newest("417")
	said := browsertest.Ask[string](t, ctx, `document.getElementById("said").textContent.replace(/\s+/g, " ").trim()`)
	if n := tones(); n != 6 || said != "Nummer 417 Platz 3" {
		t.Errorf("%d tones after a second call, want 6; said %q", n, said)
	}
	h.shows("mitte", 0, queue.Call{Number: 417, Counter: "Platz 3", Calls: 2, Serving: true}, called(892, "Platz 1", 1))
	newest("892")
	if n := tones(); n != 6 {
		t.Errorf("%d tones when somebody came, want 6", n)
	}
	browsertest.Do(t, ctx, chromedp.Click("#sound"), chromedp.WaitVisible("#sound[aria-pressed=false]"))
	h.shows("mitte", 0, called(155, "Platz 2", 1))
	newest("155")
	if n := tones(); n != 6 {
		t.Errorf("%d tones after it was switched off, want 6", n)
	}
	browsertest.Do(t, ctx, chromedp.Navigate(url+"/display/office/mitte?sound=on"), chromedp.WaitVisible("#sound[aria-pressed=true]"))
}

// TestWithoutScript the page comes anew by itself.
func TestWithoutScript(t *testing.T) {
	h := newHall()
	url := serve(t, h)
	ctx := browsertest.Open(t, 1280, 800, time.Minute)
	if _, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	browsertest.Do(t, ctx, chromedp.Navigate(url+"/display/office/mitte"), chromedp.WaitVisible(".newest__none"))
	h.shows("mitte", 0, called(417, "Platz 3", 1))
	browsertest.Do(t, ctx, chromedp.WaitVisible(".newest__number"))
}

// TestAxe: axe-core finds nothing in any language, light, dark and in forced
// colours, on the hall's screen and on a telephone, and nothing scrolls sideways.
func TestAxe(t *testing.T) {
	script := browsertest.Axe(t)
	h := newHall()
	h.shows("mitte", 12, called(417, "Platz 3", 1), called(1892, "Schalter Nord 12 links", 2), queue.Call{Number: 155, Counter: "Platz 2", Serving: true})
	url := serve(t, h)
	ctx := browsertest.Open(t, 1920, 1080, 5*time.Minute)
	addresses := []string{"/display/", "/display/office/ruhrort"}
	for _, l := range text.Languages() {
		addresses = append(addresses, "/display/office/mitte?lang="+string(l))
	}
	addresses = append(addresses, "/display/office/mitte?theme=dark", "/display/office/mitte?theme=light")
	for _, address := range addresses {
		browsertest.Do(t, ctx, chromedp.Navigate(url+address), chromedp.Evaluate[chromedp.Void](script))
		for value, name := range map[string]string{"light": "prefers-color-scheme", "dark": "prefers-color-scheme", "active": "forced-colors"} {
			media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: name, Value: value}}}
			if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, media); err != nil {
				t.Fatal(err)
			}
			for _, size := range [][2]int64{{1920, 1080}, {1080, 1920}, {400, 800}} {
				browsertest.Do(t, ctx, chromedp.EmulateViewport(size[0], size[1]))
				if browsertest.Ask[bool](t, ctx, `document.documentElement.scrollWidth > innerWidth`) {
					t.Errorf("%s, %s: scrolls sideways at %d pixels", address, value, size[0])
				}
			}
			for _, violation := range browsertest.Ask[[]string](t, ctx, browsertest.Judge) {
				t.Errorf("%s, %s: %s", address, value, violation)
			}
		}
	}
}
