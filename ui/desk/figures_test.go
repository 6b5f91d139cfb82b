// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/visits"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// measures adds records of one station, made so many days ago.
func (o *office) measures(t testing.TB, device string, days int, list ...enrolment.Visit) {
	t.Helper()
	now := time.Now()
	for i := range list {
		list[i].ID, list[i].Day = uuid.New(), now.In(book.Zone()).AddDate(0, 0, -days).Format(time.DateOnly)
	}
	if err := o.visits.Add(t.Context(), device, list, now); err != nil {
		t.Fatal(err)
	}
}

// wentWell is a visit of 72 s whose first photo was accepted.
func wentWell() enrolment.Visit {
	return enrolment.Visit{
		Outcome: "delivered", FirstTry: true, Attempts: 1,
		Seconds: map[string]float64{"welcome": 9.5, "position": 40.5, "capture": 2, "review": 12, "consent": 6, "store": 2, "done": 11},
		Hints:   map[string]enrolment.Shown{"nearer": {Times: 2, Seconds: 5}},
	}
}

// aYear has a month at one station and a day half a year ago at another.
func (o *office) aYear(t testing.TB) {
	t.Helper()
	again := wentWell()
	again.Outcome, again.FirstTry, again.Attempts, again.Failures, again.Retakes = "kept", false, 2, 1, 1
	again.Hints = map[string]enrolment.Shown{"left": {Times: 1, Seconds: 2}, "nearer": {Times: 1, Seconds: 3}}
	o.measures(t, "0123456789abcdef", 3, wentWell(), wentWell(), wentWell(), wentWell(), wentWell(), wentWell(), again,
		enrolment.Visit{Outcome: "staff", Attempts: 3, Failures: 3, Retakes: 2, Hints: map[string]enrolment.Shown{"straighten": {Times: 4, Seconds: 20}}},
		enrolment.Visit{Outcome: "cancelled", Seconds: map[string]float64{"welcome": 4}},
		enrolment.Visit{Outcome: "refused", Answer: "too_late"})
	o.measures(t, "fedcba9876543210", 180, again, again, wentWell(),
		enrolment.Visit{Outcome: "walked-away", Hints: map[string]enrolment.Shown{"levitating": {Times: 1}}})
}

func TestFiguresPage(t *testing.T) {
	o := newOffice(t)
	o.client(t).get(t, "/figures").leads(t, "/sign-in?to=%2Ffigures")
	c := o.clerk(t)
	empty := c.get(t, "/figures")
	empty.want(t, http.StatusOK, "Noch war niemand an einer Station.", "meist innerhalb einer Minute nach dem Besuch", `aria-current="page"`)
	empty.without(t, "<table", "%!")

	o.aYear(t)
	p := c.get(t, "/figures")
	p.want(t, http.StatusOK,
		"<b>75 %</b>", "6 von 8 Besuchen mit Foto", // 30 days
		"<b>64 %</b>", "7 von 11 Besuchen mit Foto", // 12 months
		"1 Min. 12 Sek. im Median", "9,5 Sek.", "0,38",
		"Bitte kommen Sie etwas näher.", "levitating", "Weiter am Schalter", "Dazu abgelehnte Codes", "Vor die Kamera stellen", "Station Foyer links",
	)
	p.without(t, "%!", "hint.", "desk.figures", " style=", "ZgotmplZ", "<script>")
	if strings.Index(p.body, "etwas näher") > strings.Index(p.body, "levitating") {
		t.Error("the most frequent hint is not the first")
	}
	c.lang = "en"
	english := c.get(t, "/figures")
	english.want(t, http.StatusOK, "<b>75%</b>", "6 of 8 visits with a photo", "Please come a little closer.", "On at the counter", "9.5 s")
	english.without(t, "%!", "desk.figures")
	c.get(t, "/").want(t, http.StatusOK, `href="/figures"`)
	o.client(t).get(t, "/sign-in").without(t, "/figures")
}

// TestFiguresOfRefusedCodes: somebody tried, and no visit came of it.
func TestFiguresOfRefusedCodes(t *testing.T) {
	o := newOffice(t)
	o.measures(t, "0123456789abcdef", 0, enrolment.Visit{Outcome: "refused", Answer: "too_late", Seconds: map[string]float64{"done": 20}})
	p := o.clerk(t).get(t, "/figures")
	p.want(t, http.StatusOK, "Noch kein Besuch mit Foto", "Dazu abgelehnte Codes", "Kein Hinweis war nötig.")
	p.without(t, "%!", "<b>0 %</b>", "Noch war niemand")
}

func TestFiguresJSON(t *testing.T) {
	o := newOffice(t)
	o.client(t).get(t, "/figures.json").leads(t, "/sign-in?to=%2Ffigures.json")
	o.aYear(t)
	a := o.clerk(t).get(t, "/figures.json")
	a.want(t, http.StatusOK, `"first_try_means": "of the visits`, `"rate": 0.75`, `"station": "Station Foyer links"`, `"office": "Bürgeramt Duisburg-Mitte"`)
	var got struct {
		Month struct {
			Since string
			All   struct {
				FirstTry struct{ Count, Of int } `json:"first_try"`
				Way      visits.Spread           `json:"code_to_stored_seconds"`
			}
		} `json:"last_30_days"`
		Year struct{ Stations []visits.Sum } `json:"last_12_months"`
	}
	if err := json.Unmarshal([]byte(a.body), &got); err != nil {
		t.Fatal(err)
	}
	if all := got.Month.All; all.FirstTry.Count != 6 || all.FirstTry.Of != 8 || all.Way != (visits.Spread{Visits: 7, Median: 72, P90: 72}) || len(got.Year.Stations) != 2 {
		t.Errorf("got %+v", got)
	}
	if kind := a.header.Get("Content-Type"); kind != "application/json" {
		t.Errorf("Content-Type %q", kind)
	}
}

func TestDuration(t *testing.T) {
	for seconds, want := range map[float64]string{0: "0,0 Sek.", 9.9: "9,9 Sek.", 10: "10 Sek.", 59.4: "59 Sek.", 59.6: "1 Min. 0 Sek.", 125: "2 Min. 5 Sek."} {
		if got := (view{Language: "de"}).Duration(seconds); got != want {
			t.Errorf("%v s: %q, want %q", seconds, got, want)
		}
	}
}

// TestFiguresFit: nothing hangs out of the page, on a desk's screen and on a small one.
func TestFiguresFit(t *testing.T) {
	ctx := browser(t)
	o := newOffice(t)
	o.aYear(t)
	o.enter(t, ctx)
	for _, width := range []int64{1440, 1024, 640} {
		do(t, ctx, chromedp.EmulateViewport(width, 900), chromedp.Navigate(o.server.URL+"/figures"), chromedp.WaitVisible(".period__rate"))
		if wide := ask[float64](t, ctx, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); wide > 0 {
			t.Errorf("at %d pixels the page is %v too wide", width, wide)
		}
		if lines := ask[float64](t, ctx, `document.querySelector(".bar").getBoundingClientRect().height`); width >= 1440 && lines > 90 {
			t.Errorf("the bar is %v pixels high", lines)
		}
	}
}
