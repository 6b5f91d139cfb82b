// SPDX-License-Identifier: EUPL-1.2

package fleet

import (
	"cmp"
	"slices"
	"time"

	"github.com/fotobox-project/fotobox/registry/devices"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// A Fault is something at a station, or at the office, that needs a hand. It names
// the words that say what is wrong and what to do.
type Fault string

// The faults of stations, the most urgent first.
const (
	Silent      Fault = "silent"      // not heard of for SilentAfter, within its hours
	Camera      Fault = "camera"      // no pictures
	Lamps       Fault = "lamps"       // no light
	Disk        Fault = "disk"        // nearly full, or cannot be written
	Clock       Fault = "clock"       // wrong by more than ClockOff, or not known
	Refused     Fault = "refused"     // captures that the office will never take
	Outbox      Fault = "outbox"      // captures wait too long, or too many of them
	Certificate Fault = "certificate" // ends soon, or has ended
	Display     Fault = "display"     // nobody sees the kiosk
	Scene       Fault = "scene"       // the calibration does not fit any more
)

// The faults of the office.
const (
	Overdue  Fault = "overdue"  // something is kept beyond its limit
	Database Fault = "database" // its disk is nearly full
)

const (
	// SilentAfter is how long a station may not be heard of within its hours.
	SilentAfter = 30 * time.Minute
	// Stale is the age from which a report no longer says how the station stands now.
	Stale = 5 * time.Minute
	// ClockOff is how far a station's clock may be from the office's; a code holds
	// for minutes, and the network takes some seconds.
	ClockOff = time.Minute
	// DiskLow is what must be free at a station: a hundred captures of 3 MB, as its self-test wants.
	DiskLow = 300 << 20
	// OutboxOld is how long a capture may wait; the network is away, or the office.
	OutboxOld = 30 // minutes
	// OutboxMany is how many may wait.
	OutboxMany = 20
	// DatabaseLow is what must be free at the office: the captures of 96 hours of
	// some stations.
	DatabaseLow = 1 << 30
)

// A look sees whether a station has a fault.
type look struct {
	fault Fault
	holds func(s Station, now time.Time) bool
	page  bool // shown on the page, and no reason for a mail
}

// looks are all of them, in the faults' order.
func looks() []look {
	return []look{
		{Silent, Station.silent, false},
		{Camera, func(s Station, _ time.Time) bool { return s.Report.Camera == enrolment.Away }, false},
		{Lamps, func(s Station, _ time.Time) bool { return s.Report.Lamps == enrolment.Away }, false},
		{Disk, func(s Station, _ time.Time) bool { return s.full() }, false},
		{Clock, func(s Station, _ time.Time) bool { return s.Told() && (!s.Report.Clock || s.Offset().Abs() > ClockOff) }, false},
		{Refused, func(s Station, _ time.Time) bool { return s.Report.Refused > 0 }, false},
		{Outbox, func(s Station, _ time.Time) bool {
			return s.Report.Oldest >= OutboxOld || s.Report.Waiting >= OutboxMany
		}, false},
		{Certificate, func(s Station, now time.Time) bool { return s.Standing(now) != devices.Valid }, false},
		{Display, func(s Station, _ time.Time) bool { return s.Told() && s.Report.Open && s.Report.Display == 0 }, true},
		{Scene, func(s Station, _ time.Time) bool { return s.Report.Scene == enrolment.Away }, true},
	}
}

// Faults are those of the station at now, in its own time zone, the most urgent
// first. While it is silent, what it reported last counts on: nothing is well only
// because nobody says so.
func (s Station) Faults(now time.Time) (list []Fault) { return s.faults(now, false) }

func (s Station) faults(now time.Time, mailed bool) (list []Fault) {
	if !s.RevokedAt.IsZero() {
		return nil
	}
	for _, f := range looks() {
		if !(mailed && f.page) && f.holds(s, now) {
			list = append(list, f.fault)
		}
	}
	return list
}

// Told says whether the station has reported at all.
func (s Station) Told() bool { return !s.ReportedAt.IsZero() }

// Stale says that the report no longer tells how the station stands at now.
func (s Station) Stale(now time.Time) bool { return now.Sub(s.ReportedAt) > Stale }

// Offset is how far the station's clock was ahead of the office's.
func (s Station) Offset() time.Duration {
	if !s.Told() {
		return 0
	}
	return s.Report.At.Sub(s.ReportedAt).Round(time.Second)
}

// silent says that the station was missed for SilentAfter within its hours since it
// was heard of: it may be switched off outside of them, and is not found again by that.
func (s Station) silent(now time.Time) bool {
	const step, week = 5 * time.Minute, 7 * 24 * time.Hour
	missed := func(at time.Time) bool { return s.Decision.Open(at) && s.Decision.Open(at.Add(-SilentAfter)) }
	first := s.SeenAt.In(now.Location()).Add(SilentAfter)
	if first.After(now) {
		return false
	}
	if s.Decision.At.IsZero() || missed(now) {
		return true
	}
	for at := first; at.Before(now) && at.Before(first.Add(week+step)); at = at.Add(step) {
		if missed(at) {
			return true
		}
	}
	return false
}

// full says that the station has no room for captures, or nearly none.
func (s Station) full() bool {
	return s.Told() && (s.Report.ReadOnly || s.Report.DiskSize > 0 && s.Report.DiskFree < DiskLow)
}

// order puts the station with the most urgent fault first, then the one with most
// of them, revoked ones last.
func order(list []Station, now time.Time) {
	faults := map[string][]Fault{}
	for _, s := range list {
		faults[s.ID] = s.Faults(now)
	}
	slices.SortStableFunc(list, func(a, b Station) int {
		x, y := faults[a.ID], faults[b.ID]
		return cmp.Or(
			cmp.Compare(last(a), last(b)), cmp.Compare(rank(x), rank(y)), cmp.Compare(len(y), len(x)), cmp.Compare(a.Name, b.Name),
		)
	})
}

func last(s Station) int {
	if s.RevokedAt.IsZero() {
		return 0
	}
	return 1
}

// rank is the place of the most urgent fault; without any it is behind all.
func rank(list []Fault) int {
	all := looks()
	if len(list) == 0 {
		return len(all)
	}
	return slices.IndexFunc(all, func(l look) bool { return l.fault == list[0] })
}

// A Condition is a fault and where it is.
type Condition struct {
	Fault  Fault
	Device string // the station's id; empty: the office
}

// An Office is how the office itself stands.
type Office struct {
	Overdue int   // what is kept beyond its limit
	Free    int64 // bytes for the database; below 0 when that is not known
}

// Conditions are all that hold at now and are worth a mail, by the stations'
// reports; now is in their time zone.
func Conditions(list []Station, o Office, now time.Time) (conditions []Condition) {
	for _, s := range list {
		for _, f := range s.faults(now, true) {
			conditions = append(conditions, Condition{f, s.ID})
		}
	}
	if o.Overdue > 0 {
		conditions = append(conditions, Condition{Fault: Overdue})
	}
	if o.Free >= 0 && o.Free < DatabaseLow {
		conditions = append(conditions, Condition{Fault: Database})
	}
	return conditions
}
