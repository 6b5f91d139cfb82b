// SPDX-License-Identifier: EUPL-1.2

package kiosk

import (
	"fmt"
	"maps"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/fotobox-project/fotobox/daemon/session"
	"github.com/fotobox-project/fotobox/ui/browsertest"
	"github.com/fotobox-project/fotobox/ui/text"
)

// A judged page is one that axe was brought to.
type judged struct{ display }

// examine opens a page of one size with axe in it.
func examine(t *testing.T, name string, size [2]int64) judged {
	t.Helper()
	script := browsertest.Axe(t)
	b, g := open(t), newStage()
	server := httptest.NewServer(New(g, newAlbum(), settings()))
	t.Cleanup(server.CloseClientConnections)
	b.size(size[0], size[1])
	b.do(chromedp.Navigate(server.URL), chromedp.Evaluate[chromedp.Void](script))
	return judged{display{visit{b, g, text.Languages()[0]}, name}}
}

// passes fails the test for everything that axe finds.
func (j judged) passes(screen string) {
	j.t.Helper()
	for _, violation := range ask[[]string](j.browser, browsertest.Judge) {
		j.t.Errorf("%s-%s-%s: %s", j.name, j.l, screen, violation)
	}
}

// everything judges all screens in one language, and what lies over them.
func (j judged) everything(l text.Language) {
	j.t.Helper()
	j.l = l
	for _, screen := range slices.Sorted(maps.Keys(screens())) {
		j.put(screens()[screen])
		j.passes(screen)
	}
	j.above(j.passes)
}

// above shows what lies over a screen to look: whatever the page can open, one
// after the other.
func (v display) above(look func(screen string)) {
	v.t.Helper()
	v.put(session.State{Visit: 8})
	sheets := ask[[]string](v.browser, `[...document.querySelectorAll("[popover]")].map((e) => e.id)`)
	if len(sheets) < 2 {
		v.t.Errorf("%q can be opened, want at least help and languages", sheets)
	}
	for _, id := range sheets {
		v.do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`document.getElementById(%q).showPopover()`, id)))
		look(id)
		v.do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`document.getElementById(%q).hidePopover()`, id)))
	}
	v.do(chromedp.Click(`#typed`))
	v.until(`document.querySelector("#keys button").checkVisibility()`)
	look("typing")
	v.put(session.State{Visit: 9, Code: code(), Stage: session.Welcome, Deadline: time.Now().Add(18 * time.Second)})
	v.until(`document.querySelector("dialog[open]")`)
	look("still")
}

// TestAxe: axe-core finds nothing on any screen, in German and Arabic in every layout, in the other languages in one of them.
func TestAxe(t *testing.T) {
	for layout, size := range layouts() {
		t.Run(layout, func(t *testing.T) {
			t.Parallel()
			j := examine(t, layout, size)
			for _, l := range spoken(layout) {
				j.everything(l)
			}
			j.quiet()
		})
	}
}

// spoken lists the languages that axe reads in a layout: the same in each, one
// from left to right and one from right to left, and its share of the others.
func spoken(layout string) []text.Language {
	both := []text.Language{"de", "ar"}
	at := slices.Index(slices.Sorted(maps.Keys(layouts())), layout)
	var share []text.Language
	for i, l := range text.Languages() {
		if !slices.Contains(both, l) && i%len(layouts()) == at {
			share = append(share, l)
		}
	}
	return append(both, share...)
}

// TestAxeSettings: the same for dark screens and for those with colours of their own, and without a station.
func TestAxeSettings(t *testing.T) {
	t.Parallel()
	for name, feature := range map[string]*emulation.MediaFeature{
		"dark":   {Name: "prefers-color-scheme", Value: "dark"},
		"forced": {Name: "forced-colors", Value: "active"},
	} {
		t.Run(name, func(t *testing.T) {
			j := examine(t, name, layouts()["landscape"])
			if _, err := chromedp.Call(j.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{feature}}); err != nil {
				t.Fatal(err)
			}
			j.everything("de")
			j.put(screens()["idle"])
			j.do(chromedp.Evaluate[chromedp.Void](`document.getElementById("lost").hidden = false`))
			j.passes("lost")
		})
	}
}

// TestAxeComplains: what axe is asked here, it finds.
func TestAxeComplains(t *testing.T) {
	t.Parallel()
	j := examine(t, "broken", layouts()["portrait"])
	j.put(screens()["idle"])
	for rule, script := range map[string]string{
		"label":          `document.querySelector("label[for=typed]").remove()`,
		"button-name":    `document.querySelector(".help").replaceChildren()`,
		"color-contrast": `document.querySelector("h1").style.color = "#ccc"`,
		"html-has-lang":  `document.documentElement.removeAttribute("lang")`,
	} {
		j.do(chromedp.Evaluate[chromedp.Void](script + "; undefined"))
		found := ask[[]string](j.browser, browsertest.Judge)
		if !slices.ContainsFunc(found, func(v string) bool { return strings.HasPrefix(v, rule+": ") }) {
			t.Errorf("%s is broken, axe finds %q", rule, found)
		}
	}
}
