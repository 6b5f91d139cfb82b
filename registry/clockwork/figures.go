// SPDX-License-Identifier: EUPL-1.2

package clockwork

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

var _ prometheus.Collector = (*Clockwork)(nil)

// figures are what a job of this program has come to.
type figures struct {
	looked       time.Time     // when it last saw to it that nothing is due
	lag          time.Duration // from when the last work was due to when it was begun
	done, failed int
}

func (j *job) count(change func(*figures)) {
	j.mu.Lock()
	defer j.mu.Unlock()
	change(&j.figures)
}

func looked() *prometheus.Desc {
	return prometheus.NewDesc("fotobox_clockwork_looked_seconds", "When this program last saw to it that nothing is due, in seconds since 1970.", []string{"step"}, nil)
}

func lag() *prometheus.Desc {
	return prometheus.NewDesc("fotobox_clockwork_lag_seconds", "How late this program began what was due last.", []string{"step"}, nil)
}

func done() *prometheus.Desc {
	return prometheus.NewDesc("fotobox_clockwork_done_total", "How often this program did what was due.", []string{"step"}, nil)
}

func failed() *prometheus.Desc {
	return prometheus.NewDesc("fotobox_clockwork_failed_total", "How often it failed, and was tried again.", []string{"step"}, nil)
}

// Describe tells Prometheus what the clockwork counts.
func (c *Clockwork) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{looked(), lag(), done(), failed()} {
		to <- d
	}
}

// Collect gives Prometheus the figures of each job.
func (c *Clockwork) Collect(to chan<- prometheus.Metric) {
	for _, j := range c.jobs {
		j.mu.Lock()
		f := j.figures
		j.mu.Unlock()
		at := 0.0
		if !f.looked.IsZero() {
			at = float64(f.looked.UnixMilli()) / 1000
		}
		to <- prometheus.MustNewConstMetric(looked(), prometheus.GaugeValue, at, j.Name)
		to <- prometheus.MustNewConstMetric(lag(), prometheus.GaugeValue, f.lag.Seconds(), j.Name)
		to <- prometheus.MustNewConstMetric(done(), prometheus.CounterValue, float64(f.done), j.Name)
		to <- prometheus.MustNewConstMetric(failed(), prometheus.CounterValue, float64(f.failed), j.Name)
	}
}
