// SPDX-License-Identifier: EUPL-1.2

package alert

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

var _ prometheus.Collector = (*Alerts)(nil)

func waitingDesc() *prometheus.Desc {
	return prometheus.NewDesc("fotobox_alerts_waiting", "Mails that the mail server has not taken yet.", nil, nil)
}

func mailsDesc() *prometheus.Desc {
	return prometheus.NewDesc("fotobox_alerts_mails_total", "Attempts of this program to send a mail, by result: sent, failed.", []string{"result"}, nil)
}

// Describe tells Prometheus what is known of the mails.
func (a *Alerts) Describe(to chan<- *prometheus.Desc) {
	to <- waitingDesc()
	to <- mailsDesc()
}

// Collect gives Prometheus the mails that wait and those that were tried.
func (a *Alerts) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	n, err := a.Waiting(ctx)
	if err != nil {
		to <- prometheus.NewInvalidMetric(waitingDesc(), err)
		return
	}
	to <- prometheus.MustNewConstMetric(waitingDesc(), prometheus.GaugeValue, float64(n))
	to <- prometheus.MustNewConstMetric(mailsDesc(), prometheus.CounterValue, float64(a.sent.Load()), "sent")
	to <- prometheus.MustNewConstMetric(mailsDesc(), prometheus.CounterValue, float64(a.failed.Load()), "failed")
}
