// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"net/http"
	"strconv"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/daemon/session"
	"github.com/fotobox-project/fotobox/image/booth"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// A meter counts what happens at the station. Its labels are fixed lists:
// nothing of a citizen can get into them.
type meter struct {
	station   *station
	registry  *prometheus.Registry
	stages    *prometheus.CounterVec
	outcomes  *prometheus.CounterVec
	codes     *prometheus.CounterVec
	delivered prometheus.Counter
	fits      *prometheus.CounterVec
	stored    *prometheus.CounterVec
	way       prometheus.Histogram
	hints     *prometheus.CounterVec
}

func newMeter(st *station) *meter {
	m := &meter{
		station:  st,
		registry: prometheus.NewRegistry(),
		stages: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "fotobox_station_stages_total", Help: "Stages entered."}, []string{"stage"}),
		outcomes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "fotobox_station_visits_total", Help: "Visits that ended on a last screen, by outcome."}, []string{"outcome"}),
		codes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "fotobox_station_codes_total", Help: "Codes read or typed, by the answer of their check."}, []string{"answer"}),
		delivered: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "fotobox_station_delivered_total", Help: "Captures whose receipt was verified."}),
		fits: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "fotobox_station_calibration_looks_total", Help: "Comparisons of the idle station's view with the empty scene, by result."}, []string{"result"}),
		stored: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "fotobox_station_stored_total", Help: "Visits that ended with a sealed capture, by whether the first photo was accepted."}, []string{"first_try"}),
		way: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "fotobox_station_stored_seconds", Help: "Time from the accepted code to the sealed capture.",
			Buckets: []float64{20, 30, 45, 60, 75, 90, 120, 150, 180, 240, 300, 450, 600}}),
		hints: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "fotobox_station_hints_total", Help: "Hints shown in visits that have ended, by key."}, []string{"hint"}),
	}
	pending := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "fotobox_station_outbox_pending", Help: "Sealed captures that wait to be sent; -1 when the outbox cannot be read."}, m.pending)
	calibrated := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "fotobox_station_calibrated", Help: "1 while photos are judged with the empty scene, 0 while without."}, m.calibrated)
	arrivals := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "fotobox_station_arrivals_waiting", Help: "Arrivals of which the office has not heard yet; -1 when they cannot be read."}, m.arrivals)
	displays := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "fotobox_station_displays", Help: "Pages that show the kiosk at this moment."}, func() float64 { return float64(m.station.displays.Load()) })
	m.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{})) // leaks show
	m.registry.MustRegister(m.stages, m.outcomes, m.codes, m.delivered, m.fits, m.stored, m.way, m.hints, pending, arrivals, calibrated, displays)
	return m
}

func (m *meter) pending() float64 {
	items, err := m.station.box.Pending()
	if err != nil {
		return -1
	}
	return float64(len(items))
}

func (m *meter) arrivals() float64 {
	names, err := m.station.arrivals.names()
	if err != nil {
		return -1
	}
	return float64(len(names))
}

func (m *meter) calibrated() float64 { return truth(m.station.backdrop.Empty() != nil) }

// fit counts one look at the empty scene.
func (m *meter) fit(f booth.Fit) {
	result := string(f.Reason)
	if f.Reason == booth.Fits {
		result = "fits"
	}
	m.fits.WithLabelValues(result).Inc()
}

// visited counts a visit that has ended.
func (m *meter) visited(v enrolment.Visit) {
	if v.Stored() {
		m.stored.WithLabelValues(strconv.FormatBool(v.FirstTry)).Inc()
		m.way.Observe(v.Way())
	}
	for key, h := range v.Hints {
		m.hints.WithLabelValues(key).Add(float64(h.Times))
	}
}

func (m *meter) scanned(a appointment.Answer) { m.codes.WithLabelValues(string(a)).Inc() }

func (m *meter) handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
	return mux
}

func (m *meter) String() string { return "metrics" }

// Run counts the stages until ctx ends.
func (m *meter) Run(ctx context.Context) error {
	was := session.State{Stage: -1}
	for is := range m.station.conductor.States(ctx) {
		if is.Stage == was.Stage && is.Visit == was.Visit {
			continue
		}
		m.stages.WithLabelValues(is.Stage.String()).Inc()
		if is.Stage == session.Done {
			m.outcomes.WithLabelValues(string(is.Outcome)).Inc()
		}
		was = is
	}
	return nil
}
