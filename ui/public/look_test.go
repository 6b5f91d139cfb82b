// SPDX-License-Identifier: EUPL-1.2

package public

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
	"github.com/fotobox-project/fotobox/registry/link"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
	"github.com/fotobox-project/fotobox/registry/wishes"
	"github.com/fotobox-project/fotobox/ui/browsertest"
	"github.com/fotobox-project/fotobox/ui/text"
)

// shots is the environment variable that names a directory for pictures of every page.
const shots = "KIOSK_SHOTS"

// sizes are a telephone, a small one or a page that is enlarged, and a desktop.
func sizes() map[string][2]int64 {
	return map[string][2]int64{"phone": {360, 800}, "narrow": {320, 640}, "desktop": {1280, 800}}
}

// sights are the pages in every state that a citizen meets, by name.
func sights(t *testing.T, o *town) map[string]string {
	t.Helper()
	c := o.citizen()
	hold := func(n int) (string, book.Appointment) {
		form := c.post(t, "/hold", chosen("mitte", passport, 2, o.free(t, "mitte", n), strconv.Itoa(n))).leads(t, "/held/")
		return form, o.held(t, form)
	}
	form, _ := hold(8)
	mail, _ := hold(9)
	mail = c.post(t, mail, erika()).leads(t, "/held/")
	booked := o.booked(t, o.free(t, "mitte", 60), "Erika Mustermann")
	cancelled := o.booked(t, o.free(t, "mitte", 12), "Erika Mustermann")
	view := o.link(link.View, cancelled)
	wish, err := o.wishes.Enter(t.Context(), "clerk:anna", wishes.Wish{Service: passport, Persons: 1, Email: booked.Email, Language: "de", First: calendar.DayOf(time.Now(), book.Zone()), Last: calendar.DayOf(time.Now(), book.Zone()) + 30}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.book.Advance(t.Context(), cancelled.ID, book.Step{Do: book.Cancel, At: time.Now(), Actor: "citizen"}); err != nil {
		t.Fatal(err)
	}
	waiting, w := hold(14)
	c.post(t, waiting, erika()).leads(t, "/held/")
	over, gone := hold(16)
	if _, err := o.book.Advance(t.Context(), gone.ID, book.Step{Do: book.Cancel, At: time.Now(), Actor: "citizen"}); err != nil {
		t.Fatal(err)
	}
	return map[string]string{
		"01-start": "/", "02-start-error": "/offices?persons=1", "03-offices": "/offices?service=102&persons=2", "04-times": "/times?service=102&persons=2&office=mitte",
		"05-form": form, "07-mail": mail, "08-confirm": o.link(link.Confirm, w), "09-appointment": o.link(link.View, booked) + "?done=confirmed",
		"10-move": o.link(link.Move, booked), "11-moving": o.link(link.Move, booked) + "?office=ruhrort&start=" + strconv.FormatInt(o.free(t, "ruhrort", 4).Unix(), 10),
		"12-cancel": o.link(link.Cancel, booked), "13-cancelled": view, "14-over": over, "15-forged": "/appointment/x", "16-nothing": "/nothing",
		"17-wish": "/wish?service=102&persons=1", "18-wished": "/wished", "19-accept": o.wishLink(link.Accept, o.told.last(t, wishes.ToAnswer).Offer), "20-withdraw": o.wishLink(link.Withdraw, wish.ID),
	}
}

// TestLooks: axe-core finds nothing on any page, in German, Arabic and easy German,
// light, dark and in forced colours; no page scrolls sideways on any screen; and
// each is kept as a picture when a directory is named.
func TestLooks(t *testing.T) {
	storetest.FileOnly(t)
	script := browsertest.Axe(t)
	ctx := browsertest.Open(t, 360, 800, 8*time.Minute)
	o := newTown(t)
	pages := sights(t, o)
	languages := []text.Language{"de", "ar", text.Easy}
	if os.Getenv(shots) != "" {
		languages = text.Languages()
	}
	for _, l := range languages {
		o.speak(t, ctx, l)
		for _, name := range slices.Sorted(maps.Keys(pages)) {
			browsertest.Do(t, ctx, chromedp.Navigate(o.server.URL+pages[name]))
			examine(t, ctx, script, l, name)
		}
		browsertest.Do(t, ctx, chromedp.Navigate(o.server.URL+pages["05-form"]), chromedp.SetValue("#email", "erika"), chromedp.Click("main form .kern-btn--primary"), chromedp.WaitVisible("#summary"))
		examine(t, ctx, script, l, "06-form-error")
	}
	said := ask[[]string](t, ctx, `[...document.querySelectorAll("main .kern-error")].map((e) => e.id)`)
	if !slices.Equal(said, []string{"name-error", "email-error"}) {
		t.Errorf("errors stand at %q", said)
	}
}

// speak switches the language as the citizen does.
func (o *town) speak(t *testing.T, ctx context.Context, l text.Language) {
	t.Helper()
	browsertest.Do(t, ctx, chromedp.Navigate(o.server.URL+"/nothing"), chromedp.Evaluate[chromedp.Void](`window.before = true; undefined`),
		chromedp.Click(".bar__language summary"), chromedp.Click(`button[name=language][value=`+string(l)+`]`))
	browsertest.Until(t, ctx, `!window.before && document.readyState === "complete" && document.documentElement.lang === "`+l.Tag()+`"`)
}

// examine judges the page as it stands in every size and setting.
func examine(t *testing.T, ctx context.Context, script string, l text.Language, name string) {
	t.Helper()
	for size, s := range sizes() {
		browsertest.Do(t, ctx, chromedp.EmulateViewport(s[0], s[1]))
		if wide := ask[int](t, ctx, `document.documentElement.scrollWidth - innerWidth`); wide > 0 {
			t.Errorf("%s, %s: %d pixels hang out of a screen of %d", name, l, wide, s[0])
		}
		if size != "narrow" {
			keep(t, ctx, size+"-"+string(l)+"-"+name)
		}
	}
	browsertest.Do(t, ctx, chromedp.EmulateViewport(360, 800), chromedp.Evaluate[chromedp.Void](script))
	for look, feature := range map[string]emulation.MediaFeature{
		"light": {Name: "prefers-color-scheme", Value: "light"}, "dark": {Name: "prefers-color-scheme", Value: "dark"}, "forced": {Name: "forced-colors", Value: "active"},
	} {
		if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{&feature}}); err != nil {
			t.Fatal(err)
		}
		for _, violation := range ask[[]string](t, ctx, browsertest.Judge) {
			t.Errorf("%s, %s, %s: %s", name, l, look, violation)
		}
		if l != "de" {
			break
		}
	}
	if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{}); err != nil {
		t.Fatal(err)
	}
}

func ask[T any](t *testing.T, ctx context.Context, expression string) T {
	t.Helper()
	return browsertest.Ask[T](t, ctx, expression)
}

// keep stores a picture of the whole page when a directory for it is named.
func keep(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	dir := os.Getenv(shots)
	if dir == "" {
		return
	}
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "public"+name+".png"), picture, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestAxeComplains: what axe is asked here, it finds.
func TestAxeComplains(t *testing.T) {
	storetest.FileOnly(t)
	script := browsertest.Axe(t)
	ctx := browsertest.Open(t, 360, 800, time.Minute)
	o := newTown(t)
	browsertest.Do(t, ctx, chromedp.Navigate(o.server.URL), chromedp.Evaluate[chromedp.Void](script))
	for rule, damage := range map[string]string{
		"label":         `document.querySelector("label[for=service-102]").remove()`,
		"select-name":   `document.querySelector("label[for=persons]").remove()`,
		"html-has-lang": `document.documentElement.removeAttribute("lang")`,
	} {
		browsertest.Do(t, ctx, chromedp.Evaluate[chromedp.Void](damage+"; undefined"))
		found := ask[[]string](t, ctx, browsertest.Judge)
		if !slices.ContainsFunc(found, func(v string) bool { return strings.HasPrefix(v, rule+": ") }) {
			t.Errorf("%s is broken, axe finds %q", rule, found)
		}
	}
}
