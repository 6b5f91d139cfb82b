// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// sendVisits posts records as the client does.
func sendVisits(t *testing.T, o *office, c *http.Client, list ...enrolment.Visit) (status int) {
	t.Helper()
	body, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	var answer struct{}
	return do(t, c, request(t, "POST", "https://"+o.settings.Device+enrolment.VisitsPath, bytes.NewReader(body)), &answer)
}

// TestRecordsToFigures: a station's records come in over mutual TLS, twice, and become figures.
func TestRecordsToFigures(t *testing.T) {
	o, logged, _ := started(t)
	station, settings := enrolled(t, o)
	today := time.Now().UTC().Format(time.DateOnly)
	good := enrolment.Visit{
		ID: uuid.New(), Day: today, Software: "test", Outcome: "delivered", FirstTry: true, Attempts: 1,
		Seconds: map[string]float64{"welcome": 61.5, "done": 9}, Hints: map[string]enrolment.Shown{"nearer": {Times: 2, Seconds: 4}},
	}
	given := enrolment.Visit{ID: uuid.New(), Day: today, Outcome: "staff", Attempts: 3, Failures: 3, Retakes: 2}
	wrong := enrolment.Visit{ID: uuid.New(), Day: today, Outcome: "refused", Answer: "too_late"}
	for range 2 {
		if status := sendVisits(t, o, station, good, given, wrong); status != 200 {
			t.Fatalf("records are answered %d", status)
		}
	}
	if status := sendVisits(t, o, station, enrolment.Visit{}); status != 422 {
		t.Errorf("an absurd record is answered %d, want 422", status)
	}
	nobody := &http.Client{Transport: station.Transport.(*http.Transport).Clone()}
	nobody.Transport.(*http.Transport).TLSClientConfig.Certificates = nil
	if status := sendVisits(t, o, nobody, good); status != 401 {
		t.Errorf("records without a certificate are answered %d, want 401", status)
	}
	f, err := o.visits.Figures(t.Context(), time.Now().AddDate(0, 0, -2))
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	if err := o.writeFigures(t.Context(), &text, "3 days", f); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"50 % (1 of 2)", "delivered 1, staff 1", "refused codes", "too_late 1", "median 61.5 s, 9 of 10 within 61.5 s", "1.00", "hint nearer", "2 times, 4 s", "station Foyer",
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the figures do not say %q:\n%s", want, text.String())
		}
	}
	if err := o.devices.Revoke(t.Context(), "clerk:anna", settings.Device, time.Now()); err != nil {
		t.Fatal(err)
	}
	if status := sendVisits(t, o, station, good); status != 403 {
		t.Errorf("a revoked station's records are answered %d, want 403", status)
	}
	if strings.Contains(logged.String(), good.ID.String()) {
		t.Errorf("the log names a record, beside a time:\n%s", logged)
	}
}
