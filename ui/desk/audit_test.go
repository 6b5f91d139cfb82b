// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"database/sql"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/fotobox-project/fotobox/image/rule"
	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/clerks"
	"github.com/fotobox-project/fotobox/registry/inbox"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
	"github.com/fotobox-project/fotobox/ui/browsertest"
)

// officer is a client of the data-protection officer's.
func (o *office) officer(t *testing.T) *client {
	t.Helper()
	if err := o.clerks.SetRole(t.Context(), "adam", clerks.RoleOfficer); err != nil {
		t.Fatal(err)
	}
	return o.clerk(t)
}

// TestAuditPage: the record newest first and page by page, the report, and
// nothing of the citizen whose photo it is about.
func TestAuditPage(t *testing.T) {
	o := newOfficeWithClerks(t)
	a := o.books(t, 0, "CANARY Groß")
	id := o.delivers(t, a.ID, delivery{reports: []rule.Report{report(nil)}})
	if _, err := o.inbox.TakeOver(t.Context(), "berta", id, 0, inbox.NoVeto); err == nil {
		t.Error("a capture that nobody opened was taken over")
	}
	if _, err := o.inbox.Open(t.Context(), "berta", id); err != nil {
		t.Fatal(err)
	}
	c := o.officer(t)
	c.get(t, "/").leads(t, "/audit")
	p := c.get(t, "/audit")
	p.want(t, http.StatusOK, "Der Nachweis ist vollständig", "clerk:berta", "opened", id.String(), "signed-in", "96 hours", "Gesetz")
	p.without(t, "CANARY", a.Terminkennung.String(), "<img", "data:image", "%!", "desk.audit", " style=", "ZgotmplZ", `id="older"`)
	if strings.Index(p.body, "signed-in") > strings.Index(p.body, "opened") {
		t.Error("the newest entry does not stand first")
	}
	c.lang = "en"
	c.get(t, "/audit").want(t, http.StatusOK, "whole and unchanged")
}

func TestAuditPages(t *testing.T) {
	o := newOfficeWithClerks(t)
	c := o.officer(t)
	err := o.store.Write(t.Context(), func(tx *sql.Tx) error {
		for range perPage {
			if err := audit.Append(t.Context(), tx, audit.Entry{At: time.Now(), Actor: "office", Action: "tested", Subject: "<x>"}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	p := c.get(t, "/audit")
	p.want(t, http.StatusOK, `href="/audit?before=4"`, "&lt;x&gt;")
	p.without(t, "clerk-added")
	older := c.get(t, "/audit?before=4")
	older.want(t, http.StatusOK, "clerk-added", `href="/audit"`)
	older.without(t, "tested", `id="older"`, "Was aufbewahrt wird")
	for _, before := range []string{"x", "0", "-1", "99999999999999999999"} {
		c.get(t, "/audit?before="+before).want(t, http.StatusNotFound)
	}
}

// TestAuditFits: the long ids hang out of no screen, and axe finds nothing.
func TestAuditFits(t *testing.T) {
	storetest.FileOnly(t)
	ctx, o := browser(t), newOfficeWithClerks(t)
	o.officer(t)
	do(t, ctx, chromedp.Navigate(o.server.URL+"/"), chromedp.SendKeys("#name", "adam"), chromedp.SendKeys("#password", password+"\r"), chromedp.WaitVisible("#record"))
	for _, width := range []int64{1440, 1024, 640} {
		do(t, ctx, chromedp.EmulateViewport(width, 900), chromedp.Navigate(o.server.URL+"/audit"), chromedp.WaitVisible("#record"))
		if wide := ask[float64](t, ctx, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); wide > 0 {
			t.Errorf("at %d pixels the page is %v too wide", width, wide)
		}
	}
	do(t, ctx, chromedp.Evaluate[chromedp.Void](browsertest.Axe(t)))
	examine(t, ctx, "audit")
}

// TestAuditPageOfChangedRecord says so.
func TestAuditPageOfChangedRecord(t *testing.T) {
	o := newOfficeWithClerks(t)
	c := o.officer(t)
	unguard := `DROP TRIGGER audit_never_updated; `
	if storetest.Postgres() {
		unguard = `ALTER TABLE audit DISABLE TRIGGER USER; `
	}
	err := o.store.Write(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.Exec(unguard + `UPDATE audit SET actor = 'nobody' WHERE seq = 1`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	c.get(t, "/audit").want(t, http.StatusOK, "Der Nachweis wurde verändert", "entry 1 ")
}
