// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"database/sql"
	"html"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/devices"
	"github.com/fotobox-project/fotobox/registry/fleet"
	"github.com/fotobox-project/fotobox/upload/enrolment"
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

// reports has the station tell that all is well, but for the change.
func (o *office) reports(t *testing.T, id string, at time.Time, change func(*enrolment.Report)) {
	t.Helper()
	r := enrolment.Report{
		Version: enrolment.ReportVersion, Software: "stationd v1.2.3", At: at, Started: at.Add(-50 * time.Hour), Mode: enrolment.Lobby, Open: true,
		Camera: enrolment.Works, Lamps: enrolment.Works, Scene: enrolment.Works, Display: 1, DiskFree: 23 << 30 / 10, DiskSize: 4 << 30, Clock: true, Certificate: at,
	}
	if change != nil {
		change(&r)
	}
	if err := o.fleet.Note(t.Context(), id, r, at); err != nil {
		t.Fatal(err)
	}
	err := o.store.Write(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.Exec(`UPDATE devices SET seen_at = $1 WHERE id = $2`, at.UnixMilli(), id)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// line is the row of the station in the list.
func line(t *testing.T, page, name string) string {
	t.Helper()
	_, rest, found := strings.Cut(page, ">"+name)
	row, _, _ := strings.Cut(rest, "</tr>")
	if !found {
		t.Fatalf("the list lacks %s", name)
	}
	return html.UnescapeString(row)
}

func TestFleetPageSaysWhatIsWrongAndWhatToDo(t *testing.T) {
	o := newOffice(t)
	c := o.clerk(t)
	now := time.Now()
	for _, name := range []string{"Well", "Camera", "Outbox", "Old", "Mute"} {
		o.knows(t, name, now.Add(devices.StationLife), 0)
	}
	o.reports(t, "Well", now, func(r *enrolment.Report) { r.At = now.Add(3 * time.Second) })
	o.reports(t, "Camera", now, func(r *enrolment.Report) { r.Camera, r.ReadOnly, r.Clock = enrolment.Away, true, false })
	o.reports(t, "Outbox", now, func(r *enrolment.Report) { r.Waiting, r.Oldest, r.At = 7, 190, now.Add(-3*time.Hour) })
	o.reports(t, "Old", now.Add(-10*time.Minute), nil)
	page := c.get(t, "/stations")
	page.want(t, http.StatusOK)
	page.without(t, "%!", "desk.stations", "desk.wrong", " style=", "ZgotmplZ")
	for name, want := range map[string][]string{
		"Well":   {"alles in Ordnung", "+3 s", "2,3 GB", "stationd v1.2.3", "einsehbar"},
		"Camera": {"Kamera fehlt", "Kabel der Kamera prüfen", "nicht beschreibbar", "tauschen", "Kamera: gestört", "nicht gestellt"},
		"Outbox": {"Fotos warten", "Netz zwischen Station", "seit 3 Std.", "Uhr falsch", "−3 Std."},
		"Old":    {"veraltet", "Stand: ", "vor 10 Min.", "stationd v1.2.3"},
		"Mute":   {"hat noch nichts gemeldet", "noch nicht bekannt"},
	} {
		row := line(t, page.body, name)
		for _, w := range want {
			if !strings.Contains(row, w) {
				t.Errorf("%s: the row does not say %q", name, w)
			}
		}
	}
	if strings.Contains(line(t, page.body, "Old"), "alles in Ordnung") {
		t.Error("an old report is taken for the present")
	}
	if strings.Index(page.body, ">Camera") > strings.Index(page.body, ">Well") {
		t.Error("the station that needs a hand does not come first")
	}
	c.get(t, "/stations/Well").want(t, http.StatusOK, "&#43;3 s", "2,3 GB von 4,0 GB")
	one := c.get(t, "/stations/Camera")
	one.want(t, http.StatusOK, "nicht beschreibbar", "nicht gestellt")
	one.without(t, "GB")
	c.lang = "en"
	c.get(t, "/stations").want(t, http.StatusOK, "no camera", "Check the camera", "all is well", "2.3 GB")
}

// TestOperationIsSetAtTheDesk: who is not signed in sets nothing; what cannot be is
// refused with what was written; what is set is shown with who and why.
func TestOperationIsSetAtTheDesk(t *testing.T) {
	o := newOffice(t)
	o.knows(t, "Foyer", time.Now().Add(devices.StationLife), 0)
	form := url.Values{"mode": {"lobby"}, "hours-1": {"8:00–12:00, 14:00-18:00"}, "hours-5": {"08:00-12:00"}}
	o.client(t).post(t, "/stations/Foyer/operation", form).leads(t, "/sign-in")
	o.client(t).get(t, "/stations/Foyer").leads(t, "/sign-in?to=%2Fstations%2FFoyer")
	c := o.clerk(t)
	c.get(t, "/stations/Keller").want(t, http.StatusNotFound, "Diese Station gibt es nicht")
	c.post(t, "/stations/Keller/operation", form).want(t, http.StatusNotFound)
	c.get(t, "/stations/Foyer").without(t, "Bisherige Festlegungen", " checked", "desk.stations", "desk.operation", "%!", " style=", "ZgotmplZ", " onclick")

	with := func(change url.Values) url.Values {
		all := maps.Clone(form)
		maps.Copy(all, change)
		return all
	}
	for want, change := range map[string]url.Values{
		"Die Zeiten sind nicht lesbar": {"hours-2": {"from eight"}},
		"braucht eine Begründung":      {"mode": {"extended"}, "reason": {"  "}},
		"Bitte eine Betriebsart":       {"mode": {"always"}},
		"geöffnet ist.":                {"hours-1": {""}, "hours-5": {""}},
	} {
		answer := c.post(t, "/stations/Foyer/operation", with(change))
		answer.want(t, http.StatusUnprocessableEntity, want)
		if want == "braucht eine Begründung" {
			answer.want(t, http.StatusUnprocessableEntity, `value="8:00–12:00, 14:00-18:00"`, `id="mode-extended" value="extended" required checked`)
		}
	}
	if d, err := o.fleet.Operation(t.Context(), "Foyer"); d != nil || err != nil {
		t.Errorf("a refused form set %v, %v", d, err)
	}

	c.post(t, "/stations/Foyer/operation", form).leads(t, "/stations/Foyer")
	page := c.get(t, "/stations/Foyer")
	page.want(t, http.StatusOK, `value="08:00-12:00 14:00-18:00"`, "Montag 08:00-12:00 14:00-18:00", "adam", `value="lobby" required checked`)
	c.post(t, "/stations/Foyer/operation", with(url.Values{"mode": {"extended"}, "reason": {"Beschluss <7/26>"}})).leads(t, "/stations/Foyer")
	c.get(t, "/stations/Foyer").want(t, http.StatusOK, "Beschluss &lt;7/26&gt;", "außerhalb der Öffnungszeiten")
	var got []string
	for e, err := range audit.All(t.Context(), o.store) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, e.Actor+" "+e.Action+" "+e.Subject)
	}
	if want := []string{"clerk:adam operation-set device:Foyer", "clerk:adam operation-set device:Foyer"}; !slices.Equal(got, want) {
		t.Errorf("record %q, want %q", got, want)
	}
}

// TestStationsFit: nothing hangs out of the page, on a desk's screen and on a small one.
func TestStationsFit(t *testing.T) {
	ctx := browser(t)
	o := newOffice(t)
	for i, name := range []string{"Bürgeramt Süd, Foyer links neben dem Eingang", "Keller", "Lager"} {
		o.knows(t, name, time.Now().Add(time.Duration(1-i)*48*time.Hour), 0)
	}
	o.reports(t, "Keller", time.Now(), func(r *enrolment.Report) { r.Camera, r.ReadOnly, r.Waiting, r.Oldest = enrolment.Away, true, 12, 190 })
	o.reports(t, "Lager", time.Now().Add(-time.Hour), nil)
	decision := fleet.Decision{At: time.Now(), Clerk: "adam", Operation: enrolment.Operation{Mode: enrolment.Extended}, Reason: strings.Repeat("Beschluss 7/26 ", 9)}
	for day := range 5 {
		decision.Hours[day+1], _ = enrolment.ParseHours("08:00-12:00 14:00-18:00")
	}
	if err := o.fleet.Decide(t.Context(), "Keller", decision); err != nil {
		t.Fatal(err)
	}
	o.enter(t, ctx)
	for _, at := range []struct {
		width int64
		page  string
	}{{1440, ""}, {1024, ""}, {640, ""}, {1440, "/Keller"}, {640, "/Keller"}} {
		do(t, ctx, chromedp.EmulateViewport(at.width, 900), chromedp.Navigate(o.server.URL+"/stations"+at.page), chromedp.WaitVisible("table"))
		if wide := ask[float64](t, ctx, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); wide > 0 {
			t.Errorf("at %d pixels the page %s is %v too wide", at.width, at.page, wide)
		}
		nameless := ask[[]string](t, ctx, `[...document.querySelectorAll("input:not([type=hidden]), textarea")].filter(e => !e.labels.length).map(e => e.outerHTML)`)
		if len(nameless) > 0 {
			t.Errorf("%s: without a name: %q", at.page, nameless)
		}
	}
}
