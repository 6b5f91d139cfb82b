// SPDX-License-Identifier: EUPL-1.2

package devices

import (
	"bytes"
	"database/sql"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/fotobox-project/fotobox/registry/store"
)

func TestStanding(t *testing.T) {
	now := time.Now()
	for _, test := range []struct {
		device Device
		want   Standing
	}{
		{Device{ValidUntil: now.Add(StationLife)}, Valid},
		{Device{ValidUntil: now.Add(Warning)}, Valid},
		{Device{ValidUntil: now.Add(Warning - 1)}, Ending},
		{Device{ValidUntil: now.Add(1)}, Ending},
		{Device{ValidUntil: now}, Ended},
		{Device{ValidUntil: now, RevokedAt: now}, Revoked},
	} {
		if got := test.device.Standing(now); got != test.want {
			t.Errorf("%s left: %s, want %s", test.device.ValidUntil.Sub(now), got, test.want)
		}
	}
}

// away is a list with a station that was last seen when its certificate was made.
func away(t *testing.T, log *bytes.Buffer, until time.Time) *Devices {
	t.Helper()
	s := must(store.Open(t.Context(), filepath.Join(t.TempDir(), "office.db")))
	t.Cleanup(func() { s.Close() })
	err := s.Write(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.Exec(`INSERT INTO devices (`+columns+`) VALUES ('0123456789abcdef', 'Foyer', 0, $1, 0, 0), ('fedcba9876543210', 'Keller', 0, $1, 0, 1)`, until.UnixMilli())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return New(s, nil, slog.New(slog.NewTextHandler(log, nil)))
}

// TestOfflineStationIsWarnedOf plays a station's last days: a line a day, one
// at the end, none for the one that was revoked.
func TestOfflineStationIsWarnedOf(t *testing.T) {
	var log bytes.Buffer
	until := time.Date(2026, 11, 9, 12, 0, 0, 0, time.UTC)
	d, said := away(t, &log, until), map[string]time.Time{}
	for at := until.Add(-StationLife); at.Before(until.Add(StationLife)); at = at.Add(lookEvery) {
		d.warn(t.Context(), at, said)
	}
	text := log.String()
	if soon, ended := strings.Count(text, "ends soon"), strings.Count(text, "has ended"); soon != 3 || ended != 1 || strings.Contains(text, "fedcba") {
		t.Errorf("%d warnings and %d ends, want 3 and 1:\n%s", soon, ended, text)
	}
}

func TestCertificatesAreMeasured(t *testing.T) {
	var log bytes.Buffer
	r := prometheus.NewPedanticRegistry()
	r.MustRegister(away(t, &log, time.Now().Add(time.Hour)))
	families, err := r.Gather()
	if err != nil || len(families) != 1 || len(families[0].Metric) != 1 {
		t.Fatalf("%v, %v, want one station", families, err)
	}
	if left := families[0].Metric[0].GetGauge().GetValue(); left < 3590 || left > 3600 {
		t.Errorf("%f seconds left, want an hour", left)
	}
}
