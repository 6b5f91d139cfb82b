// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/fotobox-project/fotobox/upload/enrolment"
)

var _ prometheus.Collector = (*herald)(nil)

// A gauge is one figure of the report.
type gauge struct {
	desc  *prometheus.Desc
	value func(r enrolment.Report, now time.Time) float64
}

func newGauge(name, help string, value func(enrolment.Report, time.Time) float64) gauge {
	return gauge{prometheus.NewDesc("fotobox_station_"+name, help, nil, nil), value}
}

func gauges() []gauge {
	return []gauge{
		newGauge("camera", "1 while the camera works, 0 while it is away.", func(r enrolment.Report, _ time.Time) float64 { return truth(r.Camera == enrolment.Works) }),
		newGauge("open", "1 within the station's hours, 0 while it is closed.", func(r enrolment.Report, _ time.Time) float64 { return truth(r.Open) }),
		newGauge("clock_known", "1 while the time is known to be true.", func(r enrolment.Report, _ time.Time) float64 { return truth(r.Clock) }),
		newGauge("disk_free_bytes", "Room where captures are kept.", func(r enrolment.Report, _ time.Time) float64 { return float64(r.DiskFree) }),
		newGauge("disk_size_bytes", "Size of the disk on which captures are kept.", func(r enrolment.Report, _ time.Time) float64 { return float64(r.DiskSize) }),
		newGauge("disk_read_only", "1 when the disk cannot be written any more.", func(r enrolment.Report, _ time.Time) float64 { return truth(r.ReadOnly) }),
		newGauge("outbox_oldest_seconds", "Age of the oldest capture that waits, to the minute; 0 without any.", func(r enrolment.Report, _ time.Time) float64 { return 60 * float64(r.Oldest) }),
		newGauge("outbox_refused", "Captures that the office will never take.", func(r enrolment.Report, _ time.Time) float64 { return float64(r.Refused) }),
		newGauge("own_certificate_seconds", "Time until the station's certificate ends; below 0 it has ended.", func(r enrolment.Report, now time.Time) float64 { return r.Certificate.Sub(now).Seconds() }),
		newGauge("started_seconds", "When the program began, in seconds since 1970.", func(r enrolment.Report, _ time.Time) float64 { return float64(r.Started.Unix()) }),
	}
}

func truth(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

func modeDesc() *prometheus.Desc {
	return prometheus.NewDesc("fotobox_station_mode", "1 for the operating mode that captures are stamped with.", []string{"mode"}, nil)
}

func officeDesc() *prometheus.Desc {
	return prometheus.NewDesc("fotobox_station_office_reached", "1 when the office answered the last question.", nil, nil)
}

// Describe tells Prometheus what the herald knows.
func (h *herald) Describe(to chan<- *prometheus.Desc) {
	for _, g := range gauges() {
		to <- g.desc
	}
	to <- modeDesc()
	to <- officeDesc()
}

// Collect gives Prometheus how the station stands.
func (h *herald) Collect(to chan<- prometheus.Metric) {
	r := h.report(time.Now())
	now, _ := h.station.office.time.now() // by which certificates are judged
	for _, g := range gauges() {
		to <- prometheus.MustNewConstMetric(g.desc, prometheus.GaugeValue, g.value(r, now))
	}
	to <- prometheus.MustNewConstMetric(modeDesc(), prometheus.GaugeValue, 1, r.Mode)
	to <- prometheus.MustNewConstMetric(officeDesc(), prometheus.GaugeValue, truth(h.station.office.reached() == nil))
}
