// SPDX-License-Identifier: EUPL-1.2

package retention

import (
	"context"
	"database/sql"
	"fmt"
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
	all, err := k.overdue(ctx, time.Now())
	if err != nil {
		to <- prometheus.NewInvalidMetric(overdueDesc(), err)
	}
	for class, n := range all {
		to <- prometheus.MustNewConstMetric(overdueDesc(), prometheus.GaugeValue, float64(n), class)
	}
}

// Overdue is how much was kept beyond its limit at now, of all classes.
func (k *Keeper) Overdue(ctx context.Context, now time.Time) (n int, err error) {
	all, err := k.overdue(ctx, now)
	for _, count := range all {
		n += count
	}
	return n, err
}

// overdue is how much was kept beyond its limit at now, by class.
func (k *Keeper) overdue(ctx context.Context, now time.Time) (map[string]int, error) {
	all := map[string]int{}
	err := k.store.Read(ctx, func(tx *sql.Tx) (err error) {
		for _, c := range k.classes {
			if !c.AtOffice() {
				continue
			}
			if all[c.Name], err = c.overdue(ctx, tx, now); err != nil {
				return fmt.Errorf("class %s: %w", c.Name, err)
			}
		}
		return nil
	})
	return all, err
}
