// SPDX-License-Identifier: EUPL-1.2

package enrolment

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func report() Report {
	now := time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
	return Report{Version: ReportVersion, Software: "stationd v1", At: now, Started: now, Mode: Lobby, Camera: Works, Lamps: None, Scene: Works, Certificate: now}
}

func TestReportCheck(t *testing.T) {
	if err := report().Check(); err != nil {
		t.Fatal(err)
	}
	for want, spoil := range map[string]func(*Report){
		"version":  func(r *Report) { r.Version = 0 },
		"software": func(r *Report) { r.Software = "Erika\nMustermann" },
		"name and": func(r *Report) { r.Software = strings.Repeat("x", 101) },
		"mode":     func(r *Report) { r.Mode = "the mayor's wish" },
		"camera":   func(r *Report) { r.Camera = "" },
		"size":     func(r *Report) { r.DiskFree = -1 },
		"count":    func(r *Report) { r.Waiting = 1 << 30 },
		"a time":   func(r *Report) { r.At = time.Time{} },
	} {
		r := report()
		spoil(&r)
		if err := r.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	newer := report()
	newer.Version, newer.Camera = 9, "too-warm"
	if err := newer.Check(); err != nil {
		t.Errorf("a newer station's report: %v", err)
	}
}

// FuzzReport: what an office takes it can keep and read again, and it stays small.
func FuzzReport(f *testing.F) {
	good, err := json.Marshal(report())
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{string(good), "{}", `{"version":1e9,"at":"9999-12-31T23:59:59.999999999+23:59"}`, `{"camera":"ä"}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var r, again Report
		if json.Unmarshal(data, &r) != nil || r.Check() != nil {
			return
		}
		kept, err := json.Marshal(r)
		if err != nil || len(kept) > 2000 {
			t.Fatalf("%d bytes, %v", len(kept), err)
		}
		if err := json.Unmarshal(kept, &again); err != nil || again.Check() != nil {
			t.Errorf("%s reads %v, %v", kept, err, again.Check())
		}
	})
}
