// SPDX-License-Identifier: EUPL-1.2

package kiosk

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/fotobox-project/fotobox/daemon/session"
)

// reach goes by Tab until the focus is on an element that matches, and can be seen there.
func (v visit) reach(selector string) {
	v.t.Helper()
	for range 60 {
		if ask[bool](v.browser, fmt.Sprintf("document.activeElement.matches(%q)", selector)) {
			if !ask[bool](v.browser, `(() => {
				const e = document.activeElement.closest(".photo") ?? document.activeElement, s = getComputedStyle(e);
				return s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 3;
			})()`) {
				v.t.Errorf("nobody sees that the focus is on %s", selector)
			}
			return
		}
		v.do(chromedp.KeyEvent(kb.Tab))
	}
	v.t.Fatalf("Tab never comes to %s", selector)
}

// enter presses Enter on a button.
func (v visit) enter(button string) {
	v.t.Helper()
	v.reach(fmt.Sprintf("#buttons button[value=%s]", button))
	v.do(chromedp.KeyEvent(kb.Enter))
}

// TestVisitByKeyboard goes the whole way by Tab, Enter and arrows.
func TestVisitByKeyboard(t *testing.T) {
	t.Parallel()
	b := open(t)
	g := newStage()
	g.code.Start = time.Now().Add(time.Hour)
	b.do(chromedp.Navigate(serve(t, g, newAlbum())))
	v := visit{b, g, "de"}
	v.stands("idle")
	v.reach(".help")
	v.do(chromedp.KeyEvent(kb.Enter))
	v.until(`document.querySelector("#help:popover-open")`)
	v.do(chromedp.KeyEvent(kb.Escape))
	v.until(`!document.querySelector(":popover-open")`)
	v.reach("#typed")
	v.do(chromedp.KeyEvent("WRJD8T6V3\r"))
	v.stands("welcome")
	v.reach("#people-open")
	v.do(chromedp.KeyEvent(kb.Enter))
	v.reach("#bands button[value=child]")
	v.do(chromedp.KeyEvent(kb.Enter))
	v.until(`document.querySelector("#bands button[value=child]").ariaPressed === "true"`)
	v.do(chromedp.KeyEvent(kb.Escape))
	v.enter("start")
	v.stands("position")
	v.enter("release")
	v.stands("capture")
	s, _ := g.look()
	v.tell(session.Shot{Visit: s.Visit, Attempt: 1, Photos: []session.Photo{{Accepted: true}, {Accepted: true}}})
	v.stands("review")
	v.pictures(2)
	v.reach(".photo input")
	v.do(chromedp.KeyEvent(kb.ArrowRight))
	v.enter("keep")
	v.stands("consent")
	if s, _ := g.look(); s.Chosen != 1 || s.Group != session.Child {
		t.Errorf("kept photo %d of a %q, want 1 of a child", s.Chosen, s.Group)
	}
	v.enter("agree")
	v.stands("store")
	v.tell(session.Stored{Visit: s.Visit, Expires: time.Now().Add(session.Lifetime)})
	v.stands("done")
	v.enter("cancel")
	v.stands("idle")
	b.clean()
	b.leave()
}
