// SPDX-License-Identifier: EUPL-1.2

package post

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// A result is what became of an attempt.
type result string

const (
	sent    result = "sent"
	failed  result = "failed"   // it waits for the next one
	givenUp result = "given-up" // refused for good
	over    result = "over"     // there was nothing to tell any more
)

func results() []result { return []result{sent, failed, givenUp, over} }

var _ prometheus.Collector = (*Box)(nil)

func waitingDesc(l lane) *prometheus.Desc {
	what := "Mails to citizens that the mail server has not taken yet and that are due."
	if l == alerts {
		what = "Mails that the mail server has not taken yet."
	}
	return prometheus.NewDesc("fotobox_"+string(l)+"_waiting", what, nil, nil)
}

func mailsDesc(l lane) *prometheus.Desc {
	what := "Attempts of this program to send a mail to a citizen, by result: sent, failed, given-up (the address was refused for good), over (nothing to tell any more)."
	if l == alerts {
		what = "Attempts of this program to send a mail, by result: sent, failed."
	}
	return prometheus.NewDesc("fotobox_"+string(l)+"_mails_total", what, []string{"result"}, nil)
}

// Describe tells Prometheus what is known of the mails.
func (b *Box) Describe(to chan<- *prometheus.Desc) {
	to <- waitingDesc(b.lane)
	to <- mailsDesc(b.lane)
}

// Collect gives Prometheus the mails that wait and those that were tried.
func (b *Box) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	n, err := b.Waiting(ctx, time.Now())
	if err != nil {
		to <- prometheus.NewInvalidMetric(waitingDesc(b.lane), err)
		return
	}
	to <- prometheus.MustNewConstMetric(waitingDesc(b.lane), prometheus.GaugeValue, float64(n))
	for _, r := range results() {
		if b.lane == alerts && r != sent && r != failed {
			continue
		}
		to <- prometheus.MustNewConstMetric(mailsDesc(b.lane), prometheus.CounterValue, float64(b.counts[r].Load()), string(r))
	}
}
