// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/daemon/session"
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
	}
	pending := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "fotobox_station_outbox_pending", Help: "Sealed captures that wait to be sent; -1 when the outbox cannot be read."}, m.pending)
	m.registry.MustRegister(m.stages, m.outcomes, m.codes, m.delivered, pending)
	return m
}

func (m *meter) pending() float64 {
	items, err := m.station.box.Pending()
	if err != nil {
		return -1
	}
	return float64(len(items))
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
