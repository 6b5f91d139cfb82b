// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"database/sql"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/fotobox-project/fotobox/registry/devices"
)

// knows puts a station on the office's list.
func (o *office) knows(t *testing.T, name string, until time.Time, revoked int64) {
	t.Helper()
	err := o.store.Write(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.Exec(`INSERT INTO devices (id, name, enrolled_at, valid_until, seen_at, revoked_at) VALUES ($1, $1, 0, $2, $3, $4)`,
			name, until.UnixMilli(), until.Add(-devices.StationLife).UnixMilli(), revoked)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestStationsPage(t *testing.T) {
	o := newOffice(t)
	o.client(t).get(t, "/stations").leads(t, "/sign-in?to=%2Fstations")
	c := o.clerk(t)
	empty := c.get(t, "/stations")
	empty.want(t, http.StatusOK, "Noch ist keine Station angemeldet.")
	empty.without(t, "<table", "%!")

	now := time.Now()
	o.knows(t, "Foyer <1>", now.Add(devices.StationLife), 0)
	o.knows(t, "Keller", now.Add(devices.Warning/2), 0)
	o.knows(t, "Lager", now.Add(-time.Hour), 0)
	o.knows(t, "Archiv", now.Add(time.Hour), 1)
	p := c.get(t, "/stations")
	p.want(t, http.StatusOK, "Foyer &lt;1&gt;", "Keller", "Lager", "Archiv")
	p.without(t, "%!", "desk.stations", " style=", "ZgotmplZ", "<script>")
	for row, want := range map[string]string{"Foyer": "gültig", "Keller": "läuft bald ab", "Lager": "abgelaufen", "Archiv": "gesperrt"} {
		_, rest, _ := strings.Cut(p.body, ">"+row)
		if line, _, _ := strings.Cut(rest, "</tr>"); !strings.Contains(line, want) {
			t.Errorf("%s: %q, want %q", row, line, want)
		}
	}
	c.lang = "en"
	c.get(t, "/stations").want(t, http.StatusOK, "ends soon", "has ended", "revoked")
	c.get(t, "/figures").want(t, http.StatusOK, `href="/stations"`)
}

// TestStationsFit: nothing hangs out of the page, on a desk's screen and on a small one.
func TestStationsFit(t *testing.T) {
	ctx := browser(t)
	o := newOffice(t)
	for i, name := range []string{"Bürgeramt Süd, Foyer links neben dem Eingang", "Keller", "Lager"} {
		o.knows(t, name, time.Now().Add(time.Duration(1-i)*48*time.Hour), 0)
	}
	o.enter(t, ctx)
	for _, width := range []int64{1440, 1024, 640} {
		do(t, ctx, chromedp.EmulateViewport(width, 900), chromedp.Navigate(o.server.URL+"/stations"), chromedp.WaitVisible("table"))
		if wide := ask[float64](t, ctx, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); wide > 0 {
			t.Errorf("at %d pixels the page is %v too wide", width, wide)
		}
	}
}
