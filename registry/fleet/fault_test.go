// SPDX-License-Identifier: EUPL-1.2

package fleet

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fotobox-project/fotobox/registry/devices"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// well is a station where all is well at noon.
func well(change ...func(*enrolment.Report)) Station {
	return Station{
		Device: devices.Device{ID: "left", SeenAt: noon, ValidUntil: noon.Add(devices.StationLife)},
		Report: fine(change...), ReportedAt: noon,
	}
}

func TestFaults(t *testing.T) {
	for name, tc := range map[string]struct {
		s    Station
		want []Fault
	}{
		"well":             {well(), nil},
		"camera":           {well(func(r *enrolment.Report) { r.Camera = enrolment.Away }), []Fault{Camera}},
		"no lamps wired":   {well(func(r *enrolment.Report) { r.Lamps = enrolment.None }), nil},
		"lamps":            {well(func(r *enrolment.Report) { r.Lamps = enrolment.Away }), []Fault{Lamps}},
		"disk":             {well(func(r *enrolment.Report) { r.DiskFree = DiskLow - 1 }), []Fault{Disk}},
		"worn card":        {well(func(r *enrolment.Report) { r.ReadOnly = true }), []Fault{Disk}},
		"size not known":   {well(func(r *enrolment.Report) { r.DiskFree, r.DiskSize = 0, 0 }), nil},
		"clock behind":     {well(func(r *enrolment.Report) { r.At = noon.Add(-61 * time.Second) }), []Fault{Clock}},
		"clock years off":  {well(func(r *enrolment.Report) { r.At = noon.AddDate(-30, 0, 0) }), []Fault{Clock}},
		"clock near":       {well(func(r *enrolment.Report) { r.At = noon.Add(59 * time.Second) }), nil},
		"clock not known":  {well(func(r *enrolment.Report) { r.Clock = false }), []Fault{Clock}},
		"refused":          {well(func(r *enrolment.Report) { r.Refused = 1 }), []Fault{Refused}},
		"an old capture":   {well(func(r *enrolment.Report) { r.Waiting, r.Oldest = 1, OutboxOld }), []Fault{Outbox}},
		"many captures":    {well(func(r *enrolment.Report) { r.Waiting = OutboxMany }), []Fault{Outbox}},
		"display":          {well(func(r *enrolment.Report) { r.Display = 0 }), []Fault{Display}},
		"dark when closed": {well(func(r *enrolment.Report) { r.Display, r.Open = 0, false }), nil},
		"scene":            {well(func(r *enrolment.Report) { r.Scene = enrolment.Away }), []Fault{Scene}},
		"never calibrated": {well(func(r *enrolment.Report) { r.Scene = enrolment.None }), nil},
		"nothing reported": {Station{Device: well().Device}, nil},
	} {
		if diff := cmp.Diff(tc.want, tc.s.Faults(noon)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestEveryFaultIsSeen: the table above leaves out none but those below.
func TestEveryFaultIsSeen(t *testing.T) {
	s := well(func(r *enrolment.Report) {
		*r = enrolment.Report{Open: true, Camera: enrolment.Away, Lamps: enrolment.Away, Scene: enrolment.Away, ReadOnly: true, Refused: 1, Waiting: 99}
	})
	s.SeenAt, s.ValidUntil = noon.Add(-time.Hour), noon
	if got := s.Faults(noon); len(got) != len(looks()) || got[0] != Silent {
		t.Errorf("got %v", got)
	}
	s.RevokedAt = noon
	if got := s.Faults(noon); got != nil {
		t.Errorf("revoked: %v", got)
	}
}

func TestSilence(t *testing.T) {
	weekdays := hours(t, "08:00-12:00 14:00-16:00")
	weekdays[time.Saturday], weekdays[time.Sunday] = enrolment.Hours{}, enrolment.Hours{}
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 12, day, hour, minute, 0, 0, time.UTC) } // 1 is a Tuesday
	for _, tc := range []struct {
		name      string
		seen, now time.Time
		want      bool
	}{
		{"just heard", at(1, 9, 0), at(1, 9, 29), false},
		{"within hours", at(1, 9, 0), at(1, 9, 30), true},
		{"switched off for the night", at(1, 16, 0), at(2, 8, 29), false},
		{"not back in the morning", at(1, 16, 0), at(2, 8, 30), true},
		{"lunch", at(1, 12, 0), at(1, 14, 29), false},
		{"missed in the morning, at lunch", at(1, 9, 0), at(1, 13, 0), true},
		{"weekend", at(4, 16, 0), at(6, 23, 0), false},
		{"for months", at(1, 16, 0), at(1, 16, 0).AddDate(1, 0, 0), true},
	} {
		s := well()
		s.SeenAt, s.Decision = tc.seen, Decision{At: noon, Operation: enrolment.Operation{Mode: enrolment.Lobby, Hours: weekdays}}
		if got := slices.Contains(s.Faults(tc.now), Silent); got != tc.want {
			t.Errorf("%s: silent %t, want %t", tc.name, got, tc.want)
		}
		s.Decision.Mode = enrolment.Extended
		if got, want := slices.Contains(s.Faults(tc.now), Silent), tc.now.Sub(tc.seen) >= SilentAfter; got != want {
			t.Errorf("%s, extended: silent %t, want %t", tc.name, got, want)
		}
	}
}

func TestConditions(t *testing.T) {
	away := well(func(r *enrolment.Report) { r.Camera, r.Scene = enrolment.Away, enrolment.Away })
	revoked := away
	revoked.RevokedAt = noon
	for name, tc := range map[string]struct {
		list   []Station
		office Office
		want   []Condition
	}{
		"well":             {[]Station{well()}, Office{0, DatabaseLow}, nil},
		"room not known":   {nil, Office{0, -1}, nil},
		"station":          {[]Station{away, revoked}, Office{0, -1}, []Condition{{Camera, "left"}}}, // the page alone tells of the scene
		"kept too long":    {nil, Office{1, -1}, []Condition{{Fault: Overdue}}},
		"database is full": {nil, Office{0, 0}, []Condition{{Fault: Database}}},
	} {
		if diff := cmp.Diff(tc.want, Conditions(tc.list, tc.office, noon)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
