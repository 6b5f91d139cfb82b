// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/capture/camera/cameratest"
	"github.com/fotobox-project/fotobox/image/booth"
	"github.com/fotobox-project/fotobox/upload/enrolment"
	"github.com/fotobox-project/fotobox/upload/outbox"
)

// TestReportReachesTheOffice: over mutual TLS, and with nothing of a capture in it.
func TestReportReachesTheOffice(t *testing.T) {
	o := newTown(t)
	st := opened(t, o, "sitter")
	capture, appt := uuid.Must(uuid.NewV7()), appointment.ID{0xCA, 0x4A, 0x87}
	if err := st.box.Put(outbox.Item{Capture: capture, Appointment: appt}, strings.NewReader("sealed")); err != nil {
		t.Fatal(err)
	}
	var body []byte
	o.answer = func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != enrolment.ReportPath || r.Method != http.MethodPost || len(r.TLS.PeerCertificates) != 1 {
			t.Errorf("%s %s, %d certificates", r.Method, r.URL, len(r.TLS.PeerCertificates))
		}
		body, _ = io.ReadAll(r.Body)
		_, _ = io.WriteString(w, "{}")
	}
	if err := st.herald.send(t.Context()); err != nil {
		t.Fatal(err)
	}
	var r enrolment.Report
	if err := json.Unmarshal(body, &r); err != nil || r.Check() != nil {
		t.Fatalf("%s: %v, %v", body, err, r.Check())
	}
	if r.Waiting != 1 || r.Oldest != 0 || r.Camera != enrolment.Away || r.Lamps != enrolment.None || r.Scene != enrolment.None ||
		r.Mode != enrolment.Lobby || !r.Open || !r.Clock || r.DiskFree <= 0 || r.DiskSize < r.DiskFree || r.ReadOnly || time.Since(r.At) > time.Minute {
		t.Errorf("got %+v", r)
	}
	for _, word := range []string{capture.String(), appt.String(), "Eingang"} {
		if bytes.Contains(body, []byte(word)) {
			t.Errorf("the report has %s: %s", word, body)
		}
	}
	if len(body) > 1000 {
		t.Errorf("%d bytes are too many for every minute", len(body))
	}
}

// takenAt is a new capture's id.
func takenAt(at time.Time) uuid.UUID {
	id := uuid.Must(uuid.NewV7())
	ms := uint64(at.UnixMilli())
	for n := range 6 {
		id[n] = byte(ms >> (40 - 8*n))
	}
	return id
}

// TestReportByAWrongClock: the machine's clock is decades off, and the office can take what it is told.
func TestReportByAWrongClock(t *testing.T) {
	for _, years := range []int{-20, 20} {
		st := opened(t, newTown(t), "sitter")
		truth := time.Now().AddDate(years, 0, 0)
		if _, err := st.clock.Hear(truth, time.Second); err != nil {
			t.Fatal(err)
		}
		item := outbox.Item{Capture: takenAt(truth.Add(-time.Hour - time.Second)), Appointment: appointment.ID{1}}
		if err := st.box.Put(item, strings.NewReader("sealed")); err != nil {
			t.Fatal(err)
		}
		if r := st.herald.report(time.Now()); r.Check() != nil || r.Clock || r.Oldest != 60 {
			t.Errorf("%d years: %v, got %+v", years, r.Check(), r)
		}
	}
}

// TestReportSaysWhatIsWrong: with the parts as they may be.
func TestReportSaysWhatIsWrong(t *testing.T) {
	st := opened(t, newTown(t), "sitter")
	item := outbox.Item{Capture: takenAt(time.Now().Add(-time.Hour - time.Second)), Appointment: appointment.ID{1}}
	if err := st.box.Put(item, strings.NewReader("sealed")); err != nil {
		t.Fatal(err)
	}
	st.backdrop.use(&booth.Scene{})
	st.sees(t, cameratest.Live(cameratest.Default()))
	if r := st.herald.report(time.Now()); r.Oldest != 60 || r.Scene != enrolment.Works || r.Camera != enrolment.Works {
		t.Errorf("got %+v", r)
	}
	if err := st.box.Refuse(item, "not ours"); err != nil {
		t.Fatal(err)
	}
	st.backdrop.strikes = fitStrikes
	st.office.is.identity.Operation = daily(t, enrolment.Counter, "00:00-00:01")
	st.displays.Add(2)
	r := st.herald.report(time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC))
	if r.Waiting != 0 || r.Refused != 1 || r.Scene != enrolment.Away || r.Open || r.Mode != enrolment.Counter || r.Display != 2 {
		t.Errorf("got %+v", r)
	}
}

// TestUnheardHeraldSaysItOnce: an older office takes no reports.
func TestUnheardHeraldSaysItOnce(t *testing.T) {
	o := newTown(t)
	st := opened(t, o, "sitter")
	var logged bytes.Buffer
	st.herald.unheard.log = slog.New(slog.NewTextHandler(&logged, nil))
	o.answer = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) }
	for range 3 {
		st.herald.unheard.hear(st.herald.send(t.Context()))
	}
	if n := strings.Count(logged.String(), "404"); n != 1 {
		t.Errorf("said %d times:\n%s", n, &logged)
	}
	st.herald.unheard.hear(nil)
	st.herald.unheard.hear(errors.New("away"))
	if !strings.Contains(logged.String(), "away") {
		t.Error("the next trouble is not said")
	}
}

func TestGauges(t *testing.T) {
	st := opened(t, newTown(t), "sitter")
	st.sees(t, cameratest.Live(cameratest.Default()))
	w := httptest.NewRecorder()
	st.meter.handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	for _, want := range []string{
		"fotobox_station_camera 1", `fotobox_station_mode{mode="lobby"} 1`, "fotobox_station_open 1", "fotobox_station_outbox_refused 0",
		"fotobox_station_outbox_oldest_seconds 0", "fotobox_station_office_reached 1", "fotobox_station_disk_read_only 0",
	} {
		if !strings.Contains(w.Body.String(), "\n"+want+"\n") {
			t.Errorf("the metrics lack %q", want)
		}
	}
}
