// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"slices"
	"strconv"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/fleet"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// FleetColumns are the headings of the list of stations.
func (v view) FleetColumns() []string {
	return []string{
		"desk.figures.station", "desk.stations.health", "desk.stations.parts", "desk.stations.clock", "desk.stations.disk", "desk.stations.outbox",
		"desk.stations.certificate", "desk.stations.first.short", "desk.stations.seen",
	}
}

// Closed says that the station is outside of its hours now.
func (v view) Closed(s fleet.Station) bool {
	return !s.Decision.At.IsZero() && !s.Decision.Open(v.Now.In(book.Zone()))
}

// Faults are those of the station.
func (v view) Faults(s fleet.Station) []fleet.Fault { return s.Faults(v.Now.In(book.Zone())) }

// Grave says that a fault keeps the station from working.
func (v view) Grave(f fleet.Fault) bool {
	return slices.Contains([]fleet.Fault{fleet.Silent, fleet.Camera, fleet.Lamps, fleet.Disk, fleet.Clock, fleet.Refused}, f)
}

// Days is how long a station's certificate still holds, in whole days.
func (v view) Days(until time.Time) int { return int(until.Sub(v.Now) / (24 * time.Hour)) }

// Mode is the operating mode that the station runs in, by what is known best.
func (v view) Mode(s fleet.Station) string {
	switch {
	case s.Told():
		return v.Word("desk.mode.", s.Report.Mode)
	case !s.Decision.At.IsZero():
		return v.T("desk.mode." + s.Decision.Mode)
	}
	return v.T("desk.stations.unknown")
}

// Part is how a part of the station stands, in a word.
func (v view) Part(p enrolment.Part) string { return v.Word("desk.stations.part.", string(p)) }

// Disk is what is free for captures.
func (v view) Disk(r enrolment.Report) string {
	if r.ReadOnly {
		return v.T("desk.stations.read-only")
	}
	return v.size(r.DiskFree)
}

// DiskOf is what is free, and of how much.
func (v view) DiskOf(r enrolment.Report) string {
	if r.ReadOnly {
		return v.Disk(r)
	}
	return v.T("desk.stations.of", v.Disk(r), v.size(r.DiskSize))
}

// size is an amount of bytes, "1,9 GB".
func (v view) size(bytes int64) string {
	if bytes < 1<<30 {
		return v.T("desk.stations.mb", bytes>>20)
	}
	return v.T("desk.stations.gb", v.number(float64(bytes)/(1<<30), 1))
}

// Offset is how far the station's clock is ahead, "+3 s".
func (v view) Offset(s fleet.Station) string {
	if !s.Report.Clock {
		return v.T("desk.stations.unset")
	}
	d, sign := s.Offset(), "+"
	if d < 0 {
		sign = "−"
	}
	switch d = d.Abs(); {
	case d < time.Second:
		return "0 s"
	case d < 2*time.Minute:
		return sign + v.T("desk.stations.seconds", int(d/time.Second))
	case d < 2*time.Hour:
		return sign + v.T("desk.stations.minutes", int(d/time.Minute))
	case d < 48*time.Hour:
		return sign + v.T("desk.stations.hours", int(d/time.Hour))
	}
	return sign + v.T("desk.stations.days", int(d/(24*time.Hour)))
}

// Ago is how long ago something was.
func (v view) Ago(t time.Time) string {
	return v.Minutes(int(max(v.Now.Sub(t), 0) / time.Minute))
}

// Minutes are some minutes in the largest unit that suits.
func (v view) Minutes(n int) string {
	switch {
	case n < 120:
		return v.T("desk.stations.minutes", n)
	case n < 48*60:
		return v.T("desk.stations.hours", n/60)
	}
	return v.T("desk.stations.days", n/(24*60))
}

// Week has its days from Monday on, as time.Weekday counts them.
func (v view) Week() []int { return []int{1, 2, 3, 4, 5, 6, 0} }

// Hours are the hours of each day on which there are some.
func (v view) Hours(w enrolment.Week) (lines []string) {
	for _, day := range v.Week() {
		if h := w[day].String(); h != "" {
			lines = append(lines, v.T("date.weekday."+strconv.Itoa(day))+" "+h)
		}
	}
	return lines
}
