// SPDX-License-Identifier: EUPL-1.2

package retention

import (
	"context"
	"database/sql"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

var _ prometheus.Collector = (*Keeper)(nil)

func overdueDesc() *prometheus.Desc {
	return prometheus.NewDesc("fotobox_retention_overdue", "How much the office holds beyond its limit, by class; 0 where all is well.", []string{"class"}, nil)
}

// Describe tells Prometheus what the keeper counts.
func (k *Keeper) Describe(to chan<- *prometheus.Desc) { to <- overdueDesc() }

// Collect gives Prometheus what is overdue.
func (k *Keeper) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	err := k.store.Read(ctx, func(tx *sql.Tx) error {
		for _, c := range k.classes {
			if !c.AtOffice() {
				continue
			}
			l, err := c.line(ctx, tx, time.Now())
			if err != nil {
				return err
			}
			to <- prometheus.MustNewConstMetric(overdueDesc(), prometheus.GaugeValue, float64(l.Overdue), c.Name)
		}
		return nil
	})
	if err != nil {
		to <- prometheus.NewInvalidMetric(overdueDesc(), err)
	}
}

// Overdue is how much was kept beyond its limit at now, of all classes.
func (k *Keeper) Overdue(ctx context.Context, now time.Time) (n int, err error) {
	err = k.store.Read(ctx, func(tx *sql.Tx) error {
		n = 0
		for _, c := range k.classes {
			l, err := c.line(ctx, tx, now)
			if err != nil {
				return err
			}
			n += l.Overdue
		}
		return nil
	})
	return n, err
}
