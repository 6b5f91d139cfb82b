// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"context"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/fotobox-project/fotobox/image/rule"
	"github.com/fotobox-project/fotobox/registry/inbox"
)

// TestClerkAtWork is a clerk's way in a real browser: sign in, see a photo
// arrive, scan the citizen's code, overrule the check and take the photo over.
func TestClerkAtWork(t *testing.T) {
	ctx, o := browser(t), newOffice(t)
	a, b := o.books(t, 0, "Käthe Groß"), o.books(t, 15, "Björn Müller")
	o.enter(t, ctx)
	if id := ask[string](t, ctx, `document.activeElement.id`); id != "q" {
		t.Errorf("focus is on %q, want the field for the scanner", id)
	}

	// A photo arrives: the list changes in place, and the focus stays where it is.
	do(t, ctx, chromedp.Evaluate[chromedp.Void](`window.samePage = true; document.getElementById("open-`+b.ID.String()+`").focus()`))
	id := o.delivers(t, a.ID, delivery{reports: []rule.Report{report(nil), report(map[rule.ID]rule.Side{"7.2": rule.Low})}})
	do(t, ctx, chromedp.WaitVisible(`.list__waits a.kern-btn--primary`))
	if same := ask[bool](t, ctx, `window.samePage === true && document.activeElement.id === "open-`+b.ID.String()+`"`); !same {
		t.Error("the page was loaded anew or the focus is lost")
	}
	if title := ask[string](t, ctx, `document.title + "|" + document.getElementById("status").textContent`); title != "(1) Termine – Bürgeramt Duisburg-Mitte|1 Foto wartet. Neue Fotos erscheinen von selbst." {
		t.Errorf("title and status are %q", title)
	}

	// A USB scanner types the code and Enter.
	code, err := o.book.Code(a)
	if err != nil {
		t.Fatal(err)
	}
	do(t, ctx, chromedp.Focus("#q"), chromedp.KeyEvent(code.String()+"\r"), chromedp.WaitVisible("#take-over"))
	o.overrule(t, ctx)
	if i := o.item(t, id); i.State != inbox.Taken || i.Photo != 1 || i.Veto != inbox.OKObvious {
		t.Errorf("item %+v", i)
	}
}

// overrule selects the rejected photo 2: only then a reason is asked for.
func (o *office) overrule(t *testing.T, ctx context.Context) {
	t.Helper()
	do(t, ctx, chromedp.WaitNotVisible("#reason"), chromedp.Click(`input[name="photo"][value="2"]`), chromedp.WaitVisible("#reason"))
	do(t, ctx, chromedp.Click("#take-over"), chromedp.WaitVisible("#missing"))
	do(t, ctx, chromedp.Click("#ok-obvious"), chromedp.Click("#take-over"), chromedp.WaitVisible("#done"), chromedp.WaitVisible("#download"))
}

// TestPhotoOpensByItself waits on the page of an appointment for its photo,
// and refuses it.
func TestPhotoOpensByItself(t *testing.T) {
	ctx, o := browser(t), newOffice(t)
	a := o.books(t, 0, "Käthe Groß")
	o.enter(t, ctx)
	do(t, ctx, chromedp.KeyEvent("groß\r"), chromedp.WaitVisible("#follow"))
	id := o.delivers(t, a.ID, delivery{reports: []rule.Report{report(nil)}})
	do(t, ctx, chromedp.WaitVisible("#refuse"), chromedp.Click("#refuse"), chromedp.Click("#why-photo"), chromedp.Click(`.refuse button`), chromedp.WaitVisible("#done"))
	if i := o.item(t, id); i.State != inbox.Refused {
		t.Errorf("state %q", i.State)
	}
}

// TestWithoutScript goes the basic way in a browser that runs no scripts.
func TestWithoutScript(t *testing.T) {
	ctx, o := browser(t), newOffice(t)
	a := o.books(t, 0, "Käthe Groß")
	do(t, ctx, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		return target.Call(ctx, "Emulation.setScriptExecutionDisabled", map[string]bool{"value": true}, nil)
	}))
	o.enter(t, ctx)
	id := o.delivers(t, a.ID, delivery{reports: []rule.Report{report(nil), report(map[rule.ID]rule.Side{"7.2": rule.Low})}})
	do(t, ctx, chromedp.Click("noscript a"), chromedp.Click(`.list__waits a.kern-btn--primary`), chromedp.WaitVisible("#take-over"))
	o.overrule(t, ctx)
	if i := o.item(t, id); i.State != inbox.Taken || i.Veto != inbox.OKObvious {
		t.Errorf("item %+v", i)
	}
}

// TestFieldsHaveLabels looks at every field, picture and heading of the pages.
func TestFieldsHaveLabels(t *testing.T) {
	ctx, o := browser(t), newOffice(t)
	a := o.books(t, 0, "Käthe Groß")
	id := o.delivers(t, a.ID, delivery{reports: []rule.Report{report(map[rule.ID]rule.Side{"7.2": rule.Low})}})
	o.enter(t, ctx)
	for _, path := range []string{"/", "/captures/" + id.String(), "/appointments/x"} {
		do(t, ctx, chromedp.Navigate(o.server.URL+path))
		nameless := ask[[]string](t, ctx, `[...document.querySelectorAll("input:not([type=hidden])")].filter(e => !e.labels.length)
			.concat([...document.images].filter(e => !e.alt), [...document.querySelectorAll("a,button,summary")].filter(e => !(e.ariaLabel || e.textContent.trim())))
			.map(e => e.outerHTML.slice(0, 200))`)
		if len(nameless) > 0 {
			t.Errorf("%s: without a name: %q", path, nameless)
		}
		if n := ask[int](t, ctx, `document.querySelectorAll("h1").length`); n != 1 {
			t.Errorf("%s: %d main headings", path, n)
		}
		if wide := ask[bool](t, ctx, `document.documentElement.scrollWidth > innerWidth`); wide {
			t.Errorf("%s: scrolls sideways at 1440 pixels", path)
		}
	}
}
