// SPDX-License-Identifier: EUPL-1.2

package fleet

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// A gauge is one figure of each station.
type gauge struct {
	desc  *prometheus.Desc
	value func(s Station, now time.Time) float64
	told  bool // only of stations that have reported
}

func newGauge(name, help string, told bool, value func(Station, time.Time) float64) gauge {
	return gauge{prometheus.NewDesc("fotobox_fleet_"+name, help, []string{"device"}, nil), value, told}
}

func gauges() []gauge {
	report := func(value func(enrolment.Report) float64) func(Station, time.Time) float64 {
		return func(s Station, _ time.Time) float64 { return value(s.Report) }
	}
	return []gauge{
		newGauge("silent_seconds", "Time since a station was heard of, within a minute.", false, func(s Station, now time.Time) float64 { return now.Sub(s.SeenAt).Seconds() }),
		newGauge("report_age_seconds", "Age of a station's newest report.", true, func(s Station, now time.Time) float64 { return now.Sub(s.ReportedAt).Seconds() }),
		newGauge("clock_offset_seconds", "How far a station's clock was ahead of the office's.", true, func(s Station, _ time.Time) float64 { return s.Offset().Seconds() }),
		newGauge("camera", "1 when a station's camera worked.", true, report(func(r enrolment.Report) float64 { return one(r.Camera == enrolment.Works) })),
		newGauge("disk_free_bytes", "Room for captures at a station.", true, report(func(r enrolment.Report) float64 { return float64(r.DiskFree) })),
		newGauge("outbox_pending", "Captures that waited at a station.", true, report(func(r enrolment.Report) float64 { return float64(r.Waiting) })),
		newGauge("outbox_oldest_seconds", "Age of the oldest of them, to the minute.", true, report(func(r enrolment.Report) float64 { return 60 * float64(r.Oldest) })),
		newGauge("outbox_refused", "Captures at a station that the office will never take.", true, report(func(r enrolment.Report) float64 { return float64(r.Refused) })),
	}
}

func one(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

func faultsDesc() *prometheus.Desc {
	return prometheus.NewDesc("fotobox_fleet_faults", "Stations that have a fault, by fault.", []string{"fault"}, nil)
}

var _ prometheus.Collector = (*Fleet)(nil)

// Describe tells Prometheus what is known of the stations.
func (f *Fleet) Describe(to chan<- *prometheus.Desc) {
	for _, g := range gauges() {
		to <- g.desc
	}
	to <- faultsDesc()
}

// Collect gives Prometheus how the stations stand that are let in.
func (f *Fleet) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	now := time.Now().In(f.Zone)
	list, err := f.List(ctx, now)
	if err != nil {
		to <- prometheus.NewInvalidMetric(faultsDesc(), err)
		return
	}
	count := map[Fault]int{}
	for _, s := range list {
		if !s.RevokedAt.IsZero() {
			continue
		}
		for _, g := range gauges() {
			if !g.told || s.Told() {
				to <- prometheus.MustNewConstMetric(g.desc, prometheus.GaugeValue, g.value(s, now), s.ID)
			}
		}
		for _, fault := range s.Faults(now) {
			count[fault]++
		}
	}
	for _, l := range looks() {
		to <- prometheus.MustNewConstMetric(faultsDesc(), prometheus.GaugeValue, float64(count[l.fault]), string(l.fault))
	}
}
