// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"database/sql"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/image/rule"
	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/clerks"
	"github.com/fotobox-project/fotobox/registry/inbox"
	"github.com/fotobox-project/fotobox/registry/store"
)

// TestHistory follows a case over a refusal that is taken back, a second capture and the
// erasure of both: who did what stays, the pictures do not.
func TestHistory(t *testing.T) {
	o, c, path, id := waiting(t)
	c.get(t, path)
	c.post(t, path+"/refuse", url.Values{"why": {"person"}}).leads(t, path)
	c.post(t, path+"/reopen", nil).leads(t, path)
	c.post(t, path+"/refuse", url.Values{"why": {"wish"}}).leads(t, path)
	second := o.delivers(t, o.item(t, id).Appointment, delivery{reports: []rule.Report{report(map[rule.ID]rule.Side{"7.2": rule.Low})}})
	c.get(t, "/captures/"+second.String())
	c.post(t, "/captures/"+second.String()+"/take-over", url.Values{"photo": {"1"}, "reason": {"ok-no-reason"}}).leads(t, "/captures/"+second.String())
	if n, err := o.inbox.Forget(t.Context(), time.Now().Add(inbox.Afterwards)); n != 2 || err != nil {
		t.Fatalf("Forget: %d, %v", n, err)
	}
	for _, of := range []uuid.UUID{id, second} {
		p := c.get(t, "/captures/"+of.String()+"/history")
		p.want(t, http.StatusOK, "Käthe Groß", "Station Foyer links", "adam", "eingegangen", "neues Foto verlangt", "Die Fotos zeigen nicht diese Person",
			"zurückgenommen", "Die Person möchte ein anderes", "übernommen", "OK, ohne Begründung", "Fotos gelöscht", "eine Stunde nach der Entscheidung", id.String(), second.String())
		p.without(t, "data:image", "photos/1", ">desk.")
		if strings.Index(p.body, id.String()) > strings.LastIndex(p.body, second.String()) {
			t.Error("the captures are not in their order")
		}
	}
	c.lang = "en"
	c.get(t, path+"/history").want(t, http.StatusOK, "taken back and opened again", "an hour after the decision")
}

// TestHistoryOutlivesItsCapture has an office that knows a capture from its record alone.
func TestHistoryOutlivesItsCapture(t *testing.T) {
	o, c, path, id := waiting(t)
	o.erases(t, id)
	p := c.get(t, path+"/history")
	p.want(t, http.StatusOK, "eingegangen", "Station Foyer links")
	p.without(t, "Käthe")
	c.get(t, "/captures/"+uuid.Must(uuid.NewV7()).String()+"/history").want(t, http.StatusNotFound, "Keine solche Aufnahme")
	c.get(t, "/captures/x/history").want(t, http.StatusNotFound, "Keine solche Aufnahme")
}

// TestHistoryForTheOfficer has no name of a citizen, and leads to no photo.
func TestHistoryForTheOfficer(t *testing.T) {
	o := openOffice(t, func(*store.Store) Clerks { return pair{} })
	id := o.delivers(t, o.books(t, 0, "Käthe Groß").ID, waitingReports())
	p := o.signedInAs(t, "olaf").get(t, "/captures/"+id.String()+"/history")
	p.want(t, http.StatusOK, "eingegangen", "Station Foyer links")
	p.without(t, "Käthe", `href="/captures/`)
}

// erases removes what the office knows of a capture, as the retention does after 90 days.
func (o *office) erases(t *testing.T, id uuid.UUID) {
	t.Helper()
	err := o.store.Write(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.ExecContext(t.Context(), `DELETE FROM captures WHERE id = $1`, id.String())
		if err == nil {
			_, err = tx.ExecContext(t.Context(), `DELETE FROM items WHERE id = $1`, id.String())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestHolders(t *testing.T) {
	now := time.Date(2026, 12, 1, 9, 40, 0, 0, time.UTC)
	entry := func(minutes int, actor, action string) audit.Entry {
		return audit.Entry{At: now.Add(time.Duration(minutes) * time.Minute), Actor: actor, Action: action}
	}
	anna := holder{"anna", now.Add(-3 * time.Minute)}
	for name, tc := range map[string]struct {
		entries []audit.Entry
		want    []holder
	}{
		"nobody":                    {[]audit.Entry{entry(-9, "device:d", "delivered")}, nil},
		"this clerk":                {[]audit.Entry{entry(-3, "clerk:adam", "opened")}, nil},
		"another":                   {[]audit.Entry{entry(-3, "clerk:anna", "opened"), entry(-1, "clerk:adam", "opened")}, []holder{anna}},
		"another, twice":            {[]audit.Entry{entry(-9, "clerk:anna", "opened"), entry(-3, "clerk:anna", "opened")}, []holder{anna}},
		"two others":                {[]audit.Entry{entry(-5, "clerk:ben", "opened"), entry(-3, "clerk:anna", "opened")}, []holder{{"ben", now.Add(-5 * time.Minute)}, anna}},
		"who took a refusal back":   {[]audit.Entry{entry(-9, "clerk:ben", "opened"), entry(-8, "clerk:ben", "refused"), entry(-3, "clerk:anna", "reopened")}, []holder{anna}},
		"whose session is over":     {[]audit.Entry{entry(-int(clerks.Idle/time.Minute), "clerk:anna", "opened")}, nil},
		"the registry software":     {[]audit.Entry{entry(-3, "vendor:1", "opened")}, nil},
		"only since the take-over":  {[]audit.Entry{entry(-3, "clerk:anna", "opened"), entry(-2, "clerk:anna", "taken")}, nil},
		"what newer programs write": {[]audit.Entry{entry(-3, "clerk:anna", "opened"), entry(-2, "clerk:ben", "pondered")}, []holder{anna}},
	} {
		if diff := cmp.Diff(tc.want, holders(tc.entries, "adam", now)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestEventsInWords has entries of a newer program, which are shown as they are.
func TestEventsInWords(t *testing.T) {
	v := view{Language: "de"}
	for _, tc := range []struct {
		event             event
		who, what, detail string
	}{
		{event{audit.Entry{Actor: "office", Action: "forgotten", Detail: "opened, 96 hours after the capture"}, ""}, "automatisch", "Fotos gelöscht", "96 Stunden nach der Aufnahme"},
		{event{audit.Entry{Actor: "vendor:7", Action: "fetched", Detail: "photo.jpg"}, ""}, "Fachverfahren", "vom Fachverfahren gelesen", "photo.jpg"},
		{event{audit.Entry{Actor: "robot", Action: "pondered", Detail: "long"}, ""}, "robot", "pondered", "long"},
		{event{audit.Entry{Actor: "clerk:adam", Action: "taken", Detail: "ok-obvious"}, "adam"}, "adam", "übernommen", "OK, aus offensichtlichem Grund"},
	} {
		if who, what, detail := v.Who(tc.event), v.Did(tc.event), v.Detail(tc.event); who != tc.who || what != tc.what || detail != tc.detail {
			t.Errorf("%+v: %q %q %q", tc.event, who, what, detail)
		}
	}
}
