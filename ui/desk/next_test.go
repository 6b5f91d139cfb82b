// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"crypto/ed25519"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/image/rule"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/inbox"
)

func TestUpNext(t *testing.T) {
	now := time.Date(2026, 12, 1, 9, 40, 0, 0, time.UTC)
	slot := func(minutes int, s inbox.State, by string, ago time.Duration) row {
		r := row{Appointment: book.Appointment{Start: now.Add(time.Duration(minutes) * time.Minute), Length: 15 * time.Minute, PhotoWanted: s != "unwanted"}}
		if s != "none" && s != "unwanted" {
			r.Capture = &inbox.Item{State: s, ChangedBy: by, ChangedAt: now.Add(-ago)}
		}
		return r
	}
	for name, tc := range map[string]struct {
		rows []row
		want int // index, -1 for nobody
	}{
		"nobody at all":                      {nil, -1},
		"the first whose photo is there":     {[]row{slot(-30, "none", "", 0), slot(0, inbox.Arrived, "", 0), slot(15, inbox.Arrived, "", 0)}, 1},
		"before those whose photo is coming": {[]row{slot(0, "none", "", 0), slot(30, inbox.Arrived, "", 0)}, 1},
		"one whose photo is to come":         {[]row{slot(-30, "none", "", 0), slot(0, inbox.Taken, "adam", 0), slot(15, "none", "", 0)}, 2},
		"not with another clerk":             {[]row{slot(0, inbox.Opened, "berta", time.Minute), slot(15, inbox.Arrived, "", 0)}, 1},
		"what this clerk has open":           {[]row{slot(0, inbox.Opened, "adam", time.Minute), slot(15, inbox.Arrived, "", 0)}, 0},
		"what another clerk left":            {[]row{slot(0, inbox.Opened, "berta", time.Hour), slot(15, inbox.Arrived, "", 0)}, 0},
		"who did not come, later":            {[]row{slot(-90, inbox.Arrived, "", 0), slot(15, inbox.Arrived, "", 0)}, 1},
		"who did not come, at last":          {[]row{slot(-90, inbox.Arrived, "", 0), slot(0, inbox.Refused, "adam", 0)}, 0},
		"no photo planned":                   {[]row{slot(0, "unwanted", "", 0)}, -1},
	} {
		got := upNext(tc.rows, "adam", now)
		if tc.want < 0 && got != nil || tc.want >= 0 && (got == nil || got != &tc.rows[tc.want]) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestExpiring(t *testing.T) {
	now := time.Date(2026, 12, 1, 9, 40, 0, 0, time.UTC)
	for name, tc := range map[string]struct {
		item inbox.Item
		want bool
	}{
		"days to go":        {inbox.Item{State: inbox.Arrived, ExpiresAt: now.Add(50 * time.Hour)}, false},
		"today":             {inbox.Item{State: inbox.Arrived, ExpiresAt: now.Add(soon - time.Minute)}, true},
		"open":              {inbox.Item{State: inbox.Opened, ExpiresAt: now.Add(time.Hour)}, true},
		"taken over anyway": {inbox.Item{State: inbox.Taken, ChangedAt: now, ExpiresAt: now.Add(time.Hour)}, false},
	} {
		if got := (row{Capture: &tc.item}).Expiring(now); got != tc.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if (row{}).Expiring(now) {
		t.Error("no photo is expiring")
	}
}

// TestNext goes from citizen to citizen without script.
func TestNext(t *testing.T) {
	o := newOffice(t)
	c := o.clerk(t)
	c.get(t, "/next").leads(t, "/")
	a, b := o.books(t, 0, "Käthe Groß"), o.books(t, 15, "Björn Müller")
	c.get(t, "/next").leads(t, "/appointments/"+a.ID.String())
	c.get(t, "/").want(t, http.StatusOK, "Als Nächstes", `id="next" href="/appointments/`+a.ID.String())
	second := o.delivers(t, b.ID, delivery{reports: []rule.Report{report(nil)}})
	c.get(t, "/next").leads(t, "/captures/"+second.String())
	first := o.delivers(t, a.ID, delivery{reports: []rule.Report{report(nil)}, taken: time.Now().Add(-90 * time.Hour)})
	c.get(t, "/").want(t, http.StatusOK, `id="next" href="/captures/`+first.String(), "läuft ab", "noch 5 Std. 59 Min.")

	c.get(t, "/captures/"+first.String())
	c.post(t, "/captures/"+first.String()+"/take-over", url.Values{"photo": {"1"}}).leads(t, "/captures/"+first.String())
	c.get(t, "/captures/"+first.String()).want(t, http.StatusOK, `id="next" href="/next"`)
	c.get(t, "/next").leads(t, "/captures/"+second.String())
	c.get(t, "/?day="+noon(time.Now()).AddDate(0, 0, 1).Format(dayForm)).without(t, "Als Nächstes")
}

// TestNewPhotoAskedFor: the same appointment gets another photo on the same day,
// and the list says how it stands.
func TestNewPhotoAskedFor(t *testing.T) {
	o := newOffice(t)
	a := o.books(t, 0, "Käthe Groß")
	first := o.delivers(t, a.ID, delivery{reports: []rule.Report{report(nil)}})
	c, path := o.clerk(t), "/captures/"+first.String()
	c.get(t, path)
	c.post(t, path+"/refuse", url.Values{"why": {"wish"}}).leads(t, path)
	c.get(t, "/").want(t, http.StatusOK, "neues Foto verlangt", "Kein Foto wartet.")
	c.get(t, path).want(t, http.StatusOK, "Der Code gilt an der Station bis")
	c.get(t, "/next").leads(t, "/")
	o.codeHolds(t, a)

	second := o.delivers(t, a.ID, delivery{reports: []rule.Report{report(nil)}})
	c.get(t, "/").want(t, http.StatusOK, "Foto ist da", "/captures/"+second.String())
	c.get(t, "/next").leads(t, "/captures/"+second.String())
	c.get(t, "/appointments/"+a.ID.String()).leads(t, "/captures/"+second.String())
}

// codeHolds asks as the station does, with what the office tells it.
func (o *office) codeHolds(t *testing.T, a book.Appointment) {
	t.Helper()
	code, err := o.book.Code(a)
	if err != nil {
		t.Fatal(err)
	}
	station := appointment.Checker{Office: code.Office, Keys: []ed25519.PublicKey{o.key.Public().(ed25519.PublicKey)}}
	for _, at := range []time.Time{time.Now(), a.End().Add(book.Grace)} {
		if _, answer := station.Check(code.String(), at); answer != appointment.OK {
			t.Errorf("at %s the station answers %s", at, answer)
		}
	}
	if again, err := o.book.ByTerminkennung(t.Context(), a.Terminkennung); err != nil || again.ID != a.ID {
		t.Errorf("typed code: %+v, %v", again, err)
	}
}
