// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fotobox-project/fotobox/internal/metrictest"
	"github.com/fotobox-project/fotobox/registry/fleet"
	"github.com/fotobox-project/fotobox/ui/text"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

func TestMailSettings(t *testing.T) {
	good := "host = 'mail.example.org'\nfrom = 'fotobox@example.org'\nto = ['technik@example.org']\n"
	for extra, want := range map[string]string{
		"":                            "",
		"user = 'x'\npassword = '/x'": "",
		"plain = true":                "",
		"language = 'en'":             "",
		"reply = 'amt@example.org'":   "",
		"remind = 2":                  "",
		"remind = 15":                 "mail.remind",
		"remind = -1":                 "mail.remind",
		"reply = 'nobody'":            "address to answer to",
		"user = 'x'":                  "belong together",
		"password = '/x'":             "belong together",
		"language = 'tr'":             "mail.language",
		"tls = false":                 "unknown key",
		"plain = true\nuser = 'x'\npassword = '/x'": "without TLS",
	} {
		_, err := parseSettings(strings.NewReader(minimal + "[mail]\n" + good + extra))
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", extra, err, want)
		}
	}
	for text, want := range map[string]string{
		"port = 25": "mail.host", "remind = 2": "mail.host", "host = 'x'": "mail.from", "host = 'x'\nfrom = 'nobody'\nto = ['a@example.org']": "mail: ",
	} {
		if _, err := parseSettings(strings.NewReader(minimal + "[mail]\n" + text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func TestMailPasswordIsReadFromItsFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "password")
	m := MailSettings{Host: "mail.example.org", User: "fotobox", Password: name, CA: name}
	if _, err := m.relay(); err == nil || !strings.Contains(err.Error(), "mail.ca") {
		t.Errorf("no file: %v", err)
	}
	if err := os.WriteFile(name, []byte("secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := m.relay(); err == nil || !strings.Contains(err.Error(), "no certificate") || strings.Contains(err.Error(), "secret") {
		t.Errorf("no certificate: %v", err)
	}
	m.CA = ""
	r, err := m.relay()
	if err != nil || r.Port != 587 {
		t.Fatalf("port %d, %v", r.Port, err)
	}
	if got, err := r.Password(); got != "secret" || err != nil {
		t.Errorf("password %q, %v", got, err)
	}
}

func everyFault() []fleet.Fault {
	return []fleet.Fault{
		fleet.Silent, fleet.Camera, fleet.Lamps, fleet.Disk, fleet.Clock, fleet.Refused, fleet.Outbox, fleet.Certificate, fleet.Display, fleet.Scene, fleet.Overdue, fleet.Database,
	}
}

func TestEveryFaultHasWords(t *testing.T) {
	for _, l := range text.Staff() {
		for _, f := range everyFault() {
			for _, key := range []string{"desk.wrong." + string(f), "desk.wrong." + string(f) + ".do"} {
				if !l.Has(key) {
					t.Errorf("%s: no text for %q", l, key)
				}
			}
		}
	}
}

// TestFromReportToMail: a station tells that its camera is away; what the office
// decided about it comes with its settings; the mail names station, fault and what
// to do, and waits, since the mail server is away.
func TestFromReportToMail(t *testing.T) {
	o, logged, _ := startedWith(t, func(s *Settings) {
		s.Mail = MailSettings{Host: "127.0.0.1", Port: 1, Plain: true, From: "fotobox@example.org", To: []string{"technik@example.org"}}
	})
	station, settings := enrolled(t, o)
	if settings.Operation != nil {
		t.Errorf("a new station is told %v", settings.Operation)
	}
	r := enrolment.Report{
		Version: 1, Software: "stationd v1", At: time.Now(), Started: time.Now(), Mode: enrolment.Lobby, Open: true, Camera: enrolment.Away, Lamps: enrolment.None,
		Scene: enrolment.None, Display: 1, Clock: true, Certificate: time.Now(),
	}
	body, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	if status := do(t, station, request(t, "POST", "https://"+o.settings.Device+enrolment.ReportPath, bytes.NewReader(body)), nil); status != 200 {
		t.Fatalf("the report is answered %d", status)
	}
	decision := fleet.Decision{At: time.Now(), Clerk: "anna", Operation: enrolment.Operation{Mode: enrolment.Extended}, Reason: "Beschluss 7/26"}
	if err := o.fleet.Decide(t.Context(), settings.Device, decision); err != nil {
		t.Fatal(err)
	}
	var told enrolment.Settings
	if status := do(t, station, request(t, "GET", "https://"+o.settings.Device+enrolment.StationPath, nil), &told); status != 200 || told.Operation == nil || *told.Operation != decision.Operation {
		t.Errorf("status %d, the station is told %v", status, told.Operation)
	}
	holds, err := o.alerts.Look(t.Context(), time.Now())
	if diff := cmp.Diff([]fleet.Condition{{Fault: fleet.Camera, Device: settings.Device}}, holds); err != nil || diff != "" {
		t.Fatalf("%v, conditions (-want +got):\n%s", err, diff)
	}
	subject, words := o.alerts.Words(holds[0], time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC), false)
	if subject != "Fotobox, Foyer: Kamera fehlt" || !strings.Contains(words, "2026-12-01 13:00") || !strings.Contains(words, "Kabel der Kamera") {
		t.Errorf("subject %q, body %q", subject, words)
	}
	if subject, words := o.alerts.Words(fleet.Condition{Fault: fleet.Overdue}, time.Now(), true); !strings.Contains(subject, "Musterstadt, wieder gut") || strings.Contains(words, "%!") {
		t.Errorf("subject %q, body %q", subject, words)
	}
	if err := o.alerts.Note(t.Context(), holds, time.Now()); err != nil {
		t.Fatal(err)
	}
	if n, err := o.told.Waiting(t.Context(), time.Now()); n != 1 || err != nil {
		t.Errorf("%d mails wait, %v", n, err)
	}
	if strings.Contains(logged.String(), "Beschluss") || strings.Contains(logged.String(), "technik@") {
		t.Errorf("the log says who or why:\n%s", logged)
	}
}

// TestMetricsAreDocumented: all there are, with labels that lead to nobody.
func TestMetricsAreDocumented(t *testing.T) {
	o, _, _ := startedWith(t, func(s *Settings) {
		s.Mail = MailSettings{Host: "127.0.0.1", Port: 1, Plain: true, From: "fotobox@example.org", To: []string{"technik@example.org"}}
	})
	_, settings := enrolled(t, o)
	report := enrolment.Report{Version: 1, At: time.Now(), Started: time.Now(), Mode: enrolment.Lobby, Camera: enrolment.Works, Lamps: enrolment.None, Scene: enrolment.None, Certificate: time.Now()}
	if err := o.fleet.Note(t.Context(), settings.Device, report, time.Now()); err != nil {
		t.Fatal(err)
	}
	r := o.registry()
	metrictest.Documented(t, metrictest.Rows(t, r), "../../docs/operations.md", "### Metrics of registryd")
	metrictest.NobodyIn(t, r)
	a, err := http.Get("http://" + o.settings.Metrics + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	var page bytes.Buffer
	if _, err := page.ReadFrom(a.Body); err != nil || !strings.Contains(page.String(), fmt.Sprintf("fotobox_fleet_camera{device=%q} 1", settings.Device)) {
		t.Errorf("%v, the page lacks the station's camera", err)
	}
}
