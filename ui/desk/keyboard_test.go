// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/fotobox-project/fotobox/registry/inbox"
)

// reach goes by Tab until the focus is on an element that matches, and can be seen there.
func reach(t *testing.T, ctx context.Context, selector string) {
	t.Helper()
	for range 60 {
		if ask[bool](t, ctx, fmt.Sprintf("document.activeElement.matches(%q)", selector)) {
			if !ask[bool](t, ctx, `(() => {
				const s = getComputedStyle(document.activeElement), l = getComputedStyle(document.activeElement.closest("label, summary") ?? document.activeElement);
				return s.outlineStyle !== "none" || s.boxShadow !== "none" || l.outlineStyle !== "none";
			})()`) {
				t.Errorf("nobody sees that the focus is on %s", selector)
			}
			return
		}
		do(t, ctx, chromedp.KeyEvent(kb.Tab))
	}
	t.Fatalf("Tab never comes to %s", selector)
}

// TestByKeyboard goes the whole way by Tab, Enter, arrows and the space bar: a
// new photo is asked for, that is taken back, looked at large and overruled.
func TestByKeyboard(t *testing.T) {
	ctx, o := browser(t), newOffice(t)
	a := o.books(t, 0, "Käthe Groß")
	id := o.delivers(t, a.ID, waitingReports())
	o.enter(t, ctx)
	reach(t, ctx, "#next")
	do(t, ctx, chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible("#take-over"))

	reach(t, ctx, "#refuse")
	do(t, ctx, chromedp.KeyEvent(kb.Enter))
	reach(t, ctx, "#why-photo")
	do(t, ctx, chromedp.KeyEvent(kb.ArrowDown)) // from the first reason to the next
	reach(t, ctx, ".refuse button")
	do(t, ctx, chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible("#reopen"))
	reach(t, ctx, "#reopen")
	do(t, ctx, chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible("#take-over"))

	reach(t, ctx, "#large-1")
	do(t, ctx, chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(".large #following"))
	reach(t, ctx, "#following")
	do(t, ctx, chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(".large #previous"))
	reach(t, ctx, ".back a")
	do(t, ctx, chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible("#take-over"))

	reach(t, ctx, "input[name=photo]")
	do(t, ctx, chromedp.KeyEvent(kb.ArrowLeft), chromedp.WaitVisible("#reason"))
	reach(t, ctx, "#ok-obvious")
	do(t, ctx, chromedp.KeyEvent(" "))
	reach(t, ctx, "#take-over")
	do(t, ctx, chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible("#done"))
	if i := o.item(t, id); i.State != inbox.Taken || i.Photo != 0 || i.Veto != inbox.OKObvious {
		t.Errorf("item %+v", i)
	}
}

// TestScanAnywhere scans codes while the focus is on a button, on a photo, in
// the field of the date and nowhere.
func TestScanAnywhere(t *testing.T) {
	ctx, o := browser(t), newOffice(t)
	a, b := o.books(t, 0, "Käthe Groß"), o.books(t, 15, "Björn Müller")
	id := o.delivers(t, a.ID, waitingReports())
	o.delivers(t, b.ID, waitingReports())
	code, err := o.book.Code(a)
	if err != nil {
		t.Fatal(err)
	}
	o.enter(t, ctx)
	scan := func(focus, text, name string) {
		t.Helper()
		do(t, ctx, chromedp.Evaluate[chromedp.Void](focus), chromedp.KeyEvent(text+"\r"))
		until(t, ctx, fmt.Sprintf(`document.readyState === "complete" && document.querySelector("h1").textContent.includes(%q)`, name))
	}
	scan(`document.getElementById("next").focus()`, code.String(), "Groß")
	scan(`document.querySelector("input[name=photo]").focus()`, b.Terminkennung.String(), "Müller")
	scan(`document.activeElement.blur()`, code.String(), "Groß")
	do(t, ctx, chromedp.Click(".bar__home"), chromedp.WaitVisible("#next"))
	scan(`document.getElementById("day").focus()`, code.String(), "Groß")

	// A code that was not read well presses nothing, whatever the focus is on.
	do(t, ctx, chromedp.Evaluate[chromedp.Void](`document.querySelector("input[name=photo]").focus()`), chromedp.KeyEvent("FB1:P90\r"))
	do(t, ctx, chromedp.Evaluate[chromedp.Void](`document.getElementById("take-over").focus()`), chromedp.KeyEvent("WRJ\r"))
	if i := o.item(t, id); i.State != inbox.Opened {
		t.Errorf("item %+v", i)
	}
	time.Sleep(1100 * time.Millisecond) // after a pause Enter is a person's
	do(t, ctx, chromedp.KeyEvent("\r"), chromedp.WaitVisible("#done"))
}

// TestArrows goes through the list, and through what a search found.
func TestArrows(t *testing.T) {
	ctx, o := browser(t), newOffice(t)
	a, b := o.books(t, 0, "Käthe Groß"), o.books(t, 15, "Björn Müller")
	o.enter(t, ctx)
	until(t, ctx, `document.readyState === "complete"`) // the script runs before that
	for i, step := range []struct{ key, want string }{
		{kb.ArrowDown, "next"}, {kb.ArrowDown, "open-" + a.ID.String()}, {kb.ArrowDown, "open-" + b.ID.String()}, {kb.ArrowDown, "open-" + b.ID.String()},
		{kb.ArrowUp, "open-" + a.ID.String()}, {kb.ArrowUp, "next"}, {kb.ArrowUp, "q"}, {kb.ArrowUp, "q"}, {kb.ArrowDown, "next"}, {kb.ArrowDown, "open-" + a.ID.String()},
	} {
		do(t, ctx, chromedp.KeyEvent(step.key))
		if got := ask[string](t, ctx, `document.activeElement.id`); got != step.want {
			t.Errorf("step %d: focus is on %q, want %q", i, got, step.want)
		}
	}
	do(t, ctx, chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible("#follow"))
	do(t, ctx, chromedp.SendKeys("#q", "r\r"), chromedp.WaitVisible(".searched"))
	until(t, ctx, `document.readyState === "complete"`)
	do(t, ctx, chromedp.KeyEvent(kb.ArrowDown))
	if got := ask[string](t, ctx, `document.activeElement.id`); got != "open-"+a.ID.String() {
		t.Errorf("of what was found the focus is on %q", got)
	}
}

// TestCountdownByTheOfficesClock has a counter whose clock is two hours behind.
func TestCountdownByTheOfficesClock(t *testing.T) {
	ctx, o := browser(t), newOffice(t)
	a := o.books(t, 0, "Käthe Groß")
	d := waitingReports()
	d.taken = time.Now().Add(-91*time.Hour + 30*time.Second)
	id := o.delivers(t, a.ID, d)
	o.enter(t, ctx)
	do(t, ctx, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		return target.Call(ctx, "Page.addScriptToEvaluateOnNewDocument", map[string]string{"source": `{ const now = Date.now; Date.now = () => now() - 7200000; }`}, nil)
	}), chromedp.Navigate(o.server.URL+"/captures/"+id.String()), chromedp.WaitVisible("#take-over"))
	if got := ask[string](t, ctx, `document.querySelector("time[data-left]").textContent`); got != "noch 5 Std. 0 Min." {
		t.Errorf("the page says %q", got)
	}
}
