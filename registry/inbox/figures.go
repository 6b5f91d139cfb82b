// SPDX-License-Identifier: EUPL-1.2

package inbox

import "github.com/prometheus/client_golang/prometheus"

// figures are what the inbox counts. No label names a person, a capture or a
// station.
type figures struct {
	deliveries *prometheus.CounterVec
	steps      *prometheus.CounterVec
	bytes      prometheus.Counter
}

func newFigures() figures {
	return figures{
		deliveries: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "fotobox_inbox_deliveries_total", Help: "Deliveries of stations by the status they were answered with.",
		}, []string{"status"}),
		steps: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "fotobox_inbox_steps_total", Help: "Steps made with captures: opened, taken, refused, retrieved, forgotten.",
		}, []string{"step"}),
		bytes: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "fotobox_inbox_delivered_bytes_total", Help: "Size of the envelopes taken in, in bytes.",
		}),
	}
}

var _ prometheus.Collector = (*Inbox)(nil)

// Describe tells Prometheus what the inbox counts.
func (b *Inbox) Describe(to chan<- *prometheus.Desc) {
	b.figures.deliveries.Describe(to)
	b.figures.steps.Describe(to)
	b.figures.bytes.Describe(to)
}

// Collect gives Prometheus the figures.
func (b *Inbox) Collect(to chan<- prometheus.Metric) {
	b.figures.deliveries.Collect(to)
	b.figures.steps.Collect(to)
	b.figures.bytes.Collect(to)
}
