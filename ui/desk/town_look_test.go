// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
	"github.com/fotobox-project/fotobox/ui/browsertest"
	"github.com/fotobox-project/fotobox/ui/text"
)

// pictures is the environment variable that names a directory for pictures of the pages.
const pictures = "DESK_SHOTS"

// keepShot stores a picture of the whole page when a directory for it is named.
func keepShot(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	dir := os.Getenv(pictures)
	if dir == "" {
		return
	}
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), picture, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestAxeOfTheCalendar: axe-core finds nothing on any page of the town's
// calendar, on a form with faults and on a preview that hits somebody.
func TestAxeOfTheCalendar(t *testing.T) {
	storetest.FileOnly(t)
	script := browsertest.Axe(t)
	ctx := browserFor(t, 8*time.Minute)
	o := newOffice(t)
	o.furnish(t)
	a := o.takesLater(t, 0, "Käthe Großmann-Weidenfeller")
	o.takesLater(t, 1, "Björn Müller")
	o.enter(t, ctx)
	rule := "/town/rules/" + mark(o.plan(t).Rules[0])
	for _, l := range text.Staff() {
		o.speaks(t, ctx, l)
		look := func(name string) {
			t.Helper()
			keepShot(t, ctx, name+"-"+string(l))
			do(t, ctx, chromedp.Evaluate[chromedp.Void](script))
			examine(t, ctx, name+", "+string(l))
			do(t, ctx, chromedp.EmulateViewport(1280, 800))
		}
		for name, path := range map[string]string{
			"town": "/town", "office": "/town/offices/mitte", "office-form": "/town/offices/sued/form", "services": "/town/services",
			"closures": "/town/closures", "week": "/town/week", "rule": rule, "affected": "/affected", "move": "/appointments/" + a.ID.String() + "/move",
		} {
			do(t, ctx, chromedp.Navigate(o.server.URL+path), chromedp.WaitVisible("main h1"))
			look(name)
		}
		do(t, ctx, chromedp.Navigate(o.server.URL+"/town/closures/new"), chromedp.Click("#try"), chromedp.WaitVisible("#wrong"))
		look("wrong")
		day := calendar.DayOf(a.Start, book.Zone()).String()
		do(t, ctx,
			chromedp.Evaluate[chromedp.Void](`document.getElementById("first").value = "`+day+`"; undefined`),
			chromedp.SendKeys("#reason", "Wasserschaden"), chromedp.Click("#try"), chromedp.WaitVisible("#save"))
		look("preview")
	}
	closed := o.plan(t)
	day := calendar.DayOf(a.Start, book.Zone())
	closed.Closures = []calendar.Closure{{Office: "mitte", First: day, Last: day, Reason: "Wasserschaden"}}
	if _, err := o.book.SetPlan(t.Context(), "clerk:eva", closed, time.Now()); err != nil {
		t.Fatal(err)
	}
	do(t, ctx, chromedp.Navigate(o.server.URL+"/affected?saved"), chromedp.WaitVisible("#done"))
	keepShot(t, ctx, "affected-two")
	do(t, ctx, chromedp.Evaluate[chromedp.Void](script))
	examine(t, ctx, "affected by a closure")
}

// TestCalendarByKeyboard makes a rule by Tab, Enter, arrows and letters alone.
func TestCalendarByKeyboard(t *testing.T) {
	ctx, o := browser(t), newOffice(t)
	o.furnish(t)
	before := len(o.plan(t).Rules)
	o.enter(t, ctx)
	do(t, ctx, chromedp.Navigate(o.server.URL+"/town/rules/new?office=walsum"))
	reach(t, ctx, "#group")
	do(t, ctx, chromedp.KeyEvent(kb.ArrowDown)) // the second group
	for _, day := range []string{"mon", "tue", "wed", "thu", "fri"} {
		reach(t, ctx, "#days-"+day)
		do(t, ctx, chromedp.KeyEvent(" "))
	}
	reach(t, ctx, "#days-sun")
	do(t, ctx, chromedp.KeyEvent(" "))
	reach(t, ctx, "#try")
	do(t, ctx, chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible("#nobody"))
	reach(t, ctx, "#save")
	do(t, ctx, chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible("#saved"))
	plan := o.plan(t)
	if last := plan.Rules[len(plan.Rules)-1]; len(plan.Rules) != before+1 || last.Office != "walsum" || last.Group != "meldung" || last.Days.String() != "sun" {
		t.Errorf("%d rules, the last is %+v", len(plan.Rules), last)
	}
}
