// SPDX-License-Identifier: EUPL-1.2

package kiosk

import (
	"fmt"
	"strings"
	"testing"
	"unicode"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/css"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/chromedp"

	"github.com/fotobox-project/fotobox/ui/style"
	"github.com/fotobox-project/fotobox/ui/text"
)

// TestFonts: the letters of every language come with the station, in every weight of the
// screens. A display need not have any font.
func TestFonts(t *testing.T) {
	t.Parallel()
	if !style.Built() {
		t.Skip("make assets has not been run")
	}
	b := open(t)
	b.do(chromedp.Navigate(serve(t, newStage(), newAlbum())))
	for _, l := range text.Languages() {
		for _, weight := range []int{400, 500, 600} {
			script := fmt.Sprintf(`(async () => {
				const p = document.getElementById("letters") ?? document.querySelector("main").appendChild(document.createElement("p"));
				Object.assign(p, { id: "letters", lang: %q, textContent: %q });
				p.style.fontWeight = %d;
				await document.fonts.load(getComputedStyle(p).font, p.textContent);
				await document.fonts.ready;
				return true;
			})()`, l.Tag(), letters(l), weight)
			ask[bool](b, script)
			for _, f := range b.fonts("#letters") {
				if !f.IsCustomFont {
					t.Errorf("%s in weight %d: %v letters come from the display's own font %s", l, weight, f.GlyphCount, f.FamilyName)
				}
			}
		}
	}
	b.leave()
}

// letters are words with every letter that a language is written with, because a vowel
// mark is drawn with the letter before it. Marks that only turn the direction are left out.
func letters(l text.Language) string {
	var words []string
	seen := map[rune]bool{}
	for key := range l.Keys() {
		for word := range strings.FieldsSeq(l.Text(key)) {
			fresh := false
			for _, r := range word {
				fresh = fresh || !seen[r]
				seen[r] = true
			}
			if fresh {
				words = append(words, strings.Map(visible, word))
			}
		}
	}
	return strings.Join(words, " ")
}

func visible(r rune) rune {
	if unicode.Is(unicode.Bidi_Control, r) {
		return -1
	}
	return r
}

// fonts are those that an element's text is drawn with.
func (b *browser) fonts(selector string) []*css.PlatformFontUsage {
	b.t.Helper()
	for _, enable := range []func() error{
		func() error { _, err := chromedp.Call(b.ctx, dom.Enable, dom.EnableParams{}); return err },
		func() error { _, err := chromedp.Call(b.ctx, css.Enable, cdp.Empty{}); return err },
	} {
		if err := enable(); err != nil {
			b.t.Fatal(err)
		}
	}
	page, err := chromedp.Call(b.ctx, dom.GetDocument, dom.GetDocumentParams{})
	if err != nil {
		b.t.Fatal(err)
	}
	node, err := chromedp.Call(b.ctx, dom.QuerySelector, dom.QuerySelectorParams{NodeID: page.Root.NodeID, Selector: selector})
	if err != nil {
		b.t.Fatal(err)
	}
	used, err := chromedp.Call(b.ctx, css.GetPlatformFontsForNode, css.GetPlatformFontsForNodeParams{NodeID: node.NodeID})
	if err != nil {
		b.t.Fatal(err)
	}
	return used.Fonts
}
