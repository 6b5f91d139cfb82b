// SPDX-License-Identifier: EUPL-1.2

package simulate

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"

	"github.com/fotobox-project/fotobox/registry/store/storetest"
	"github.com/fotobox-project/fotobox/registry/wishes"
	"github.com/fotobox-project/fotobox/ui/browsertest"
)

var update = flag.Bool("update", false, "write testdata/sheets.txt again")

// sheets are a year, months of wishes and a rush, as if they had been played.
func sheets(t *testing.T) map[string]Sheet {
	t.Helper()
	o := Options{Seed: 7, First: first(t), Days: 90, Scale: 0.5, People: 4000, Counters: 25}
	y := newYear(o)
	y.Asked, y.Booked, y.Nothing, y.Took = 2000, 1980, 20, time.Minute
	for i := range o.Days {
		y.Daily[i], y.Free[i], y.Visits[i], y.NoShow[i] = 20+i%7, 1000-5*i, 18+i%5, i%3
	}
	y.Lead = [reach + 1]int{0: 40, 7: 20, 21: 60}
	y.Use = []Use{{"mitte", "Bürger-Service Mitte", 1000, 750, 700}, {"sued", "Bürger-Service Süd", 200, 20, 18}}
	y.Size, y.Hall = []int64{9 << 20, 20 << 20, 31 << 20}, Hall{CheckedIn: 40, Tickets: 4, Full: 1, Waits: []int{0, 0, 3, 12, 99}}
	y.Check = Check{Entries: 12345, Seats: 1980, Took: 1200 * time.Millisecond}
	report := wishes.Report{Offered: 100, Placed: 70, Declined: 15, Lapsed: 15, Over: 9, Waited: []int{20, 30, 0, 20}}
	a := &Agent{Options: o, Left: 120, Report: report, Weeks: []wishes.Report{report, {}, report}, Queue: []int{3, 9, 40, 20}, Offers: 100, Refused: 0.3}
	a.Faults = []string{"2026-11-02T08:00:00Z wish 3 is overtaken by 4"}
	r := &Rush{Options: o, Seats: 3, Sold: 4, Gone: 3996, Releases: 2, P50: 20 * time.Millisecond, P99: 180 * time.Millisecond, Took: time.Second}
	r.answered = []time.Duration{time.Millisecond, 20 * time.Millisecond, 180 * time.Millisecond}
	r.soldAt = r.answered
	r.Check.Faults, r.Check.More = []string{"0123456789abcdef is cancelled and has a seat"}, 1234
	return map[string]Sheet{"year": y.Sheet(), "agent": a.Sheet(), "rush": r.Sheet()}
}

func TestSheetText(t *testing.T) {
	all := sheets(t)
	var text strings.Builder
	for _, name := range []string{"year", "agent", "rush"} {
		if err := all[name].WriteText(&text); err != nil {
			t.Fatal(err)
		}
	}
	if *update {
		if err := os.WriteFile("testdata/sheets.txt", []byte(text.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/sheets.txt")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), text.String()); diff != "" {
		t.Error(diff)
	}
}

// TestSheetLook: each page is one file that asks for no other, fits on a phone and on
// a desktop, light and dark, has the numbers of each plot as a table, and axe finds
// nothing in it.
func TestSheetLook(t *testing.T) {
	if storetest.Postgres() {
		t.Skip("the page does not depend on the database")
	}
	axe := browsertest.Axe(t)
	ctx := browsertest.Open(t, 1280, 900, 2*time.Minute)
	for name, s := range sheets(t) {
		path := filepath.Join(t.TempDir(), name+".html")
		file, err := os.Create(path)
		if err == nil {
			err = s.WriteHTML(file)
		}
		if err != nil {
			t.Fatal(err)
		}
		file.Close()
		browsertest.Do(t, ctx, chromedp.Navigate("file://"+path))
		if n := browsertest.Ask[int](t, ctx, `performance.getEntriesByType("resource").length`); n != 0 {
			t.Errorf("%s: asks for %d more files", name, n)
		}
		browsertest.Do(t, ctx, chromedp.Evaluate[chromedp.Void](axe), chromedp.Evaluate[chromedp.Void](`document.querySelectorAll("details").forEach(d => d.open = true)`))
		if n := browsertest.Ask[int](t, ctx, `document.querySelectorAll("figure:has(h2):has(svg[aria-label]):has(tbody tr)").length`); n != len(s.Plots) || n < 2 {
			t.Errorf("%s: %d figures have title, plot and table, of %d", name, n, len(s.Plots))
		}
		for _, width := range []int64{800, 1280, 375} {
			fits(t, ctx, name, width)
		}
		for _, scheme := range []string{"light", "dark"} {
			feature := emulation.MediaFeature{Name: "prefers-color-scheme", Value: scheme}
			if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{&feature}}); err != nil {
				t.Fatal(err)
			}
			for _, violation := range browsertest.Ask[[]string](t, ctx, browsertest.Judge) {
				t.Errorf("%s, %s: %s", name, scheme, violation)
			}
		}
	}
}

// fits: nothing of the page hangs out, each plot is there once and can be read.
func fits(t *testing.T, ctx context.Context, name string, width int64) {
	t.Helper()
	browsertest.Do(t, ctx, chromedp.EmulateViewport(width, 900))
	if wide := browsertest.Ask[int](t, ctx, `document.documentElement.scrollWidth - innerWidth`); wide > 0 {
		t.Errorf("%s: %d pixels hang out of a screen of %d", name, wide, width)
	}
	shown := `[...document.querySelectorAll("svg")].filter(s => s.clientWidth)`
	if n := browsertest.Ask[int](t, ctx, shown+`.length - document.querySelectorAll("figure").length`); n != 0 {
		t.Errorf("%s, %d: %+d plots too many", name, width, n)
	}
	if least := browsertest.Ask[float64](t, ctx, `Math.min(...`+shown+`.map(s => 12 * s.clientWidth / s.viewBox.baseVal.width))`); least < 9 {
		t.Errorf("%s, %d: letters of %.1f pixels", name, width, least)
	}
}
