// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/fotobox-project/fotobox/image/rule"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/fleet"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
	"github.com/fotobox-project/fotobox/ui/browsertest"
	"github.com/fotobox-project/fotobox/ui/text"
	"github.com/fotobox-project/fotobox/upload/enrolment"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

// busy is an office on a busy day, and the desk's pages on it by name.
func busy(t *testing.T) (o *office, pages map[string]string) {
	t.Helper()
	o = withPasskeys(t)
	bad := map[rule.ID]rule.Side{"7.2": rule.Low, "3.1": rule.Unclear}
	alarm := 0.8
	a := o.books(t, 0, "Käthe Großmann-Weidenfeller")
	open := o.delivers(t, a.ID, delivery{
		reports: []rule.Report{report(bad), report(nil), report(map[rule.ID]rule.Side{"1.2": rule.High, "7.6": rule.Low})},
		mode:    envelope.ModeExtended, attack: &alarm, subject: "child", taken: time.Now().Add(-90 * time.Hour),
	})
	taken := o.delivers(t, o.books(t, -15, "Björn Müller").ID, waitingReports())
	refused := o.delivers(t, o.books(t, -30, "Ann-Kathrin O'Neill").ID, waitingReports())
	o.books(t, 15, "Şükrü Yılmaz")
	o.aYear(t)
	o.knows(t, "Foyer links neben dem Eingang", time.Now().Add(time.Hour), 0)
	o.knows(t, "Keller", time.Now().Add(time.Hour), 0)
	o.reports(t, "Keller", time.Now(), nil)
	if err := o.fleet.Decide(t.Context(), "Keller", fleet.Decision{At: time.Now(), Clerk: "adam", Operation: enrolment.Operation{Mode: enrolment.Extended}, Reason: "Beschluss 7/26"}); err != nil {
		t.Fatal(err)
	}
	stray := o.delivers(t, [8]byte{1}, waitingReports())
	if err := o.book.PutLocation(t.Context(), "clerk:adam", book.Location{Code: "mitte", Name: "Bürger-Service Duisburg-Mitte"}, time.Now()); err != nil {
		t.Fatal(err)
	}
	c := o.clerk(t)
	for id, form := range map[string]url.Values{"/captures/" + taken.String() + "/take-over": {"photo": {"2"}}, "/captures/" + refused.String() + "/refuse": {"why": {"person"}}} {
		c.get(t, id[:strings.LastIndex(id, "/")])
		c.post(t, id, form)
	}
	return o, map[string]string{
		"sign-in": "/sign-in", "list": "/", "empty": "/?day=2020-01-01", "appointment": "/appointments/" + o.books(t, 30, "Zoë").ID.String(),
		"capture": "/captures/" + open.String(), "taken": "/captures/" + taken.String(), "refused": "/captures/" + refused.String(), "stray": "/captures/" + stray.String(),
		"large": "/captures/" + open.String() + "/large/1", "history": "/captures/" + refused.String() + "/history",
		"figures": "/figures", "stations": "/stations", "station": "/stations/Keller",
		"account": "/account", "clerks": "/clerks", "calendars": "/calendars", "fault": "/nothing",
	}
}

// looks are the sizes and settings in which the pages are looked at.
func looks() map[string]emulation.SetEmulatedMediaParams {
	media := func(name, value string) emulation.SetEmulatedMediaParams {
		return emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: name, Value: value}}}
	}
	return map[string]emulation.SetEmulatedMediaParams{
		"light": media("prefers-color-scheme", "light"), "dark": media("prefers-color-scheme", "dark"), "forced": media("forced-colors", "active"),
	}
}

// sizes are the screens of counters, and a telephone or a page enlarged fourfold.
func sizes() [][2]int64 { return [][2]int64{{1280, 800}, {1024, 768}, {400, 800}} }

// TestAxe: axe-core finds nothing on any page, in both languages, light, dark
// and in forced colours, and no page scrolls sideways.
func TestAxe(t *testing.T) {
	storetest.FileOnly(t)
	script := browsertest.Axe(t)
	ctx := browserFor(t, 5*time.Minute)
	o, pages := busy(t)
	o.enter(t, ctx)
	for _, name := range slices.Sorted(maps.Keys(pages)) {
		for _, l := range text.Staff() {
			o.speaks(t, ctx, l)
			do(t, ctx, chromedp.Navigate(o.server.URL+pages[name]), chromedp.Evaluate[chromedp.Void](script))
			examine(t, ctx, name+", "+string(l))
		}
	}
}

// speaks switches the language as the clerk does.
func (o *office) speaks(t *testing.T, ctx context.Context, l text.Language) {
	t.Helper()
	do(t, ctx, chromedp.Navigate(o.server.URL+"/nothing"))
	if ask[string](t, ctx, `document.documentElement.lang`) != string(l) {
		do(t, ctx, chromedp.Click(`button[name=language][value=`+string(l)+`]`), chromedp.WaitVisible(`html[lang=`+string(l)+`] main`))
	}
}

// examine judges the page as it stands in every size and setting.
func examine(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	for look, media := range looks() {
		if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, media); err != nil {
			t.Fatal(err)
		}
		for _, size := range sizes() {
			do(t, ctx, chromedp.EmulateViewport(size[0], size[1]))
			if wide := ask[bool](t, ctx, `document.documentElement.scrollWidth > innerWidth`); wide {
				t.Errorf("%s, %s: scrolls sideways at %d pixels", name, look, size[0])
			}
		}
		for _, violation := range ask[[]string](t, ctx, browsertest.Judge) {
			t.Errorf("%s, %s: %s", name, look, violation)
		}
	}
}

// TestListFits: no column of the list hangs out of its table on any screen.
func TestListFits(t *testing.T) {
	storetest.FileOnly(t)
	ctx := browser(t)
	o, _ := busy(t)
	o.enter(t, ctx)
	for _, l := range text.Staff() {
		o.speaks(t, ctx, l)
		do(t, ctx, chromedp.Navigate(o.server.URL+"/"), chromedp.WaitVisible(".list"))
		for _, size := range sizes() {
			do(t, ctx, chromedp.EmulateViewport(size[0], size[1]))
			if over := ask[float64](t, ctx, `(() => { const e = document.querySelector(".list").parentElement; return e.scrollWidth - e.clientWidth; })()`); over > 0 {
				t.Errorf("%s: %v pixels of the list hang out at %d", l, over, size[0])
			}
		}
	}
}

// TestAxeComplains: what axe is asked here, it finds.
func TestAxeComplains(t *testing.T) {
	script := browsertest.Axe(t)
	ctx, o := browser(t), newOffice(t)
	o.enter(t, ctx)
	do(t, ctx, chromedp.Evaluate[chromedp.Void](script))
	for rule, damage := range map[string]string{
		"label":          `document.querySelector("label[for=day]").remove()`,
		"color-contrast": `document.querySelector("h1").style.color = "#ccc"`,
		"html-has-lang":  `document.documentElement.removeAttribute("lang")`,
	} {
		do(t, ctx, chromedp.Evaluate[chromedp.Void](damage+"; undefined"))
		found := ask[[]string](t, ctx, browsertest.Judge)
		if !slices.ContainsFunc(found, func(v string) bool { return strings.HasPrefix(v, rule+": ") }) {
			t.Errorf("%s is broken, axe finds %q", rule, found)
		}
	}
}
