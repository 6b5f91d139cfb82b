// SPDX-License-Identifier: EUPL-1.2

package retention

import (
	"database/sql"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/clerks"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
	"github.com/fotobox-project/fotobox/registry/visits"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

// record adds one line to the record.
func (b *bench) record(t *testing.T, at time.Time) {
	t.Helper()
	err := b.store.Write(t.Context(), func(tx *sql.Tx) error {
		return audit.Append(t.Context(), tx, audit.Entry{At: at, Actor: "office", Action: "tested", Subject: "1"})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestReportSaysWhatThereIsAndWhatWasErased(t *testing.T) {
	b := newBench(t)
	now := time.Now()
	b.add(t, "CANARY", now)
	var id uuid.UUID
	for range 3 {
		id, _ = b.deliver(t, appointment.ID{7}, now.Add(-time.Hour), []byte("JPEG"))
	}
	if l := b.line(t, "photo", now); l.Count != 3 || l.Oldest == nil || now.Sub(*l.Oldest).Round(time.Minute) != time.Hour || l.Overdue != 0 {
		t.Errorf("photos %+v, want 3, an hour old", l)
	}
	late := now.Add(envelope.Lifetime + 2*time.Hour)
	if l := b.line(t, "photo", late); l.Overdue != 3 {
		t.Errorf("nothing was erased yet: %+v, want 3 overdue", l)
	}
	b.pass(t, late)
	after := now.AddDate(0, 0, 8)
	b.pass(t, after)
	r := b.report(t, after)
	var got []string
	for _, e := range r.Erased {
		got = append(got, e.Class+" "+e.Why)
	}
	want := []string{"appointment older than 7 days", "photo arrived, 96 hours after the capture"}
	if diff := cmp.Diff(want, got); diff != "" || r.Erased[1].Count != 3 || r.Erased[0].Count != 1 {
		t.Errorf("%s\n%+v", diff, r.Erased)
	}
	for _, l := range r.Classes {
		if l.Overdue != 0 {
			t.Errorf("%+v is overdue", l)
		}
	}
	text, err := json.Marshal(r)
	if err != nil || strings.Contains(string(text), "CANARY") || strings.Contains(string(text), id.String()) || !r.Audit.Whole {
		t.Errorf("%s, %v", text, err)
	}
}

func TestReportNamesABrokenRecord(t *testing.T) {
	b := newBench(t)
	b.record(t, noon)
	if storetest.Postgres() {
		b.exec(t, `DROP TRIGGER audit_never_updated ON audit`)
	} else {
		b.exec(t, `DROP TRIGGER audit_never_updated`)
	}
	b.exec(t, `UPDATE audit SET actor = 'nobody'`)
	if r := b.report(t, noon); r.Audit.Whole || !strings.Contains(r.Audit.Fault, "entry 1 ") {
		t.Errorf("%+v", r.Audit)
	}
}

func TestReceiptIsReadBack(t *testing.T) {
	want := Receipt{Class: "appointment", At: noon, Count: 12, Oldest: noon.Truncate(24 * time.Hour), Why: "older than 7 days"}
	if got, ok := parseReceipt(want.entry()); !ok || got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	for _, e := range []audit.Entry{
		{}, {Action: "erased", Subject: "class:x"}, {Action: "erased", Subject: "class:x", Detail: "1, oldest noon: x"},
		{Action: "opened", Subject: "capture:1"}, {Action: "forgotten", Subject: "class:x"},
	} {
		if r, ok := parseReceipt(e); ok {
			t.Errorf("%+v is taken for the receipt %+v", e, r)
		}
	}
}

func TestPeriodsAreReadBack(t *testing.T) {
	for _, p := range []Period{Hours(96), Days(7), Months(12)} {
		if got, err := ParsePeriod(p.String()); got != p || err != nil {
			t.Errorf("%q = %v, %v", p, got, err)
		}
	}
	for _, text := range []string{"", "7", "7 weeks", "-1 days", "0 days", "7  days", "07 days", "7 days ", "99999 days"} {
		if p, err := ParsePeriod(text); err == nil {
			t.Errorf("%q = %v", text, p)
		}
	}
}

func FuzzParsePeriod(f *testing.F) {
	for _, text := range []string{"96 hours", "7 days", "12 months", "1  days", "-1 days", "99999999999999999999 days"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := ParsePeriod(text)
		if err != nil {
			return
		}
		if p.String() != text || !p.Ago(noon).Before(noon) || !p.cutoff(noon).Before(noon) && p.unit == "hours" {
			t.Errorf("%q is read as %v, %s ago", text, p, noon.Sub(p.Ago(noon)))
		}
	})
}

func TestLimitsAreTheOfficesToSet(t *testing.T) {
	classes, err := Limits(map[string]string{"appointment": "2 days", "audit": "24 months"})
	if err != nil {
		t.Fatal(err)
	}
	set := map[string]string{}
	for _, c := range classes {
		set[c.Name] = c.limit()
	}
	if set["appointment"] != "2 days" || set["audit"] != "24 months" || set["finding"] != "90 days" || len(set) != len(Classes()) {
		t.Errorf("limits %v", set)
	}
	for class, want := range map[string]string{"photo": "law", "outbox": "law", "visit": "station", "name": "no class", "finding": "write it as"} {
		if _, err := Limits(map[string]string{class: "7 weeks"}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", class, err, want)
		}
	}
}

// TestPrivacyPageHasEveryLimit: docs/privacy.md lists the classes as the code has them.
func TestPrivacyPageHasEveryLimit(t *testing.T) {
	page, err := os.ReadFile("../../docs/privacy.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range Classes() {
		row := "| `" + c.Name + "`: " + c.What + " | " + c.limit() + " | " + c.Basis + " |\n"
		if !strings.Contains(string(page), row) {
			t.Errorf("docs/privacy.md lacks %q", row)
		}
	}
	if rows := strings.Count(string(page), "\n| `"); rows != len(Classes()) {
		t.Errorf("docs/privacy.md has %d classes, the code %d", rows, len(Classes()))
	}
}

// TestLimitsAgree: other packages refuse by the same limits that this one erases by.
func TestLimitsAgree(t *testing.T) {
	for _, c := range Classes() {
		lasts := noon.Sub(c.Keep.Ago(noon))
		switch c.Name {
		case "photo", "outbox", "proof":
			if lasts != envelope.Lifetime {
				t.Errorf("%s: %s, a capture lives %s", c.Name, c.Keep, envelope.Lifetime)
			}
		case "session":
			if lasts != clerks.Lifetime {
				t.Errorf("%s: %s, a session lasts %s", c.Name, c.Keep, clerks.Lifetime)
			}
		case "measurement":
			if c.Keep != Months(visits.Retention) {
				t.Errorf("%s: %s, records are taken for %d months", c.Name, c.Keep, visits.Retention)
			}
		}
	}
}
