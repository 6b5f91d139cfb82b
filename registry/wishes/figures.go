// SPDX-License-Identifier: EUPL-1.2

package wishes

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
	"github.com/fotobox-project/fotobox/registry/store"
)

// tally counts the step, and what came of the wish with it: by the day, and by how
// many whole days it had waited.
func tally(ctx context.Context, tx *sql.Tx, e Event) error {
	whats := []string{string(e.Do)}
	if e.After.State.Ended() && string(e.After.State) != string(e.Do) {
		whats = append(whats, string(e.After.State))
	}
	waited := 0
	if e.Before.State == Waiting || e.Before.State == Offered {
		waited = int(e.At.Sub(e.Before.Since) / (24 * time.Hour))
	}
	for _, what := range whats {
		_, err := tx.ExecContext(ctx, `INSERT INTO wish_tally (day, what, waited, n) VALUES ($1, $2, $3, 1)
			ON CONFLICT (day, what, waited) DO UPDATE SET n = wish_tally.n + 1`, calendar.DayOf(e.At, book.Zone()).String(), what, waited)
		if err != nil {
			return err
		}
	}
	return nil
}

// Report is what became of wishes on some days. Nothing in it is of a person.
type Report struct {
	Entered   int // got a place
	Offered   int // offers that were made
	Placed    int // of these, accepted
	Declined  int
	Lapsed    int   // nobody answered
	Recalled  int   // by the office
	Withdrawn int   // wishes
	Over      int   // wishes whose last day came first
	Refused   int   // wishes that ended because they refused too much
	Waited    []int // of those that were placed, by whole days from their place to the answer
}

// Within is how many whole days a part of those that were placed waited at most:
// half of them with 0.5.
func (r Report) Within(part float64) (days int) {
	sum, all := 0, 0
	for _, n := range r.Waited {
		all += n
	}
	for days, n := range r.Waited {
		if sum += n; n > 0 && float64(sum) >= part*float64(all) {
			return days
		}
	}
	return 0
}

// Report counts what happened on the days, both included.
func (w *Wishes) Report(ctx context.Context, from, to calendar.Day) (r Report, err error) {
	type line struct {
		what      string
		waited, n int
	}
	lines, err := store.List(ctx, w.store, func(row store.Row) (l line, err error) {
		return l, row.Scan(&l.what, &l.waited, &l.n)
	}, `SELECT what, waited, SUM(n) FROM wish_tally WHERE day >= $1 AND day <= $2 GROUP BY what, waited ORDER BY what, waited`, from.String(), to.String())
	if err != nil {
		return Report{}, fmt.Errorf("report wishes: %w", err)
	}
	counts := r.counts()
	for _, l := range lines {
		if n := counts[l.what]; n != nil {
			*n += l.n
		}
		if l.what == string(Placed) {
			for len(r.Waited) <= l.waited {
				r.Waited = append(r.Waited, 0)
			}
			r.Waited[l.waited] += l.n
		}
	}
	return r, nil
}

// counts are the report's figures by what is counted.
func (r *Report) counts() map[string]*int {
	return map[string]*int{
		string(Enter): &r.Entered, string(Confirm): &r.Entered, string(Offer): &r.Offered, string(Placed): &r.Placed, string(Decline): &r.Declined,
		string(Lapse): &r.Lapsed, string(Recall): &r.Recalled, string(Withdrawn): &r.Withdrawn, string(Over): &r.Over, string(Refused): &r.Refused,
	}
}

var _ prometheus.Collector = (*Wishes)(nil)

func queueDesc() *prometheus.Desc {
	return prometheus.NewDesc("fotobox_wishes", "Wishes for an appointment, by status: submitted, waiting, offered.", []string{"status"}, nil)
}

func stepsDesc() *prometheus.Desc {
	return prometheus.NewDesc("fotobox_wishes_steps_total", "What became of wishes in the time that figures are kept, by result: entered, offered, placed, declined, lapsed, recalled, withdrawn, over, refused.", []string{"result"}, nil)
}

func waitedDesc() *prometheus.Desc {
	return prometheus.NewDesc("fotobox_wishes_waited_days", "Whole days that wishes of the last 30 days waited which were placed.", nil, nil)
}

// Describe tells Prometheus what is known of wishes.
func (w *Wishes) Describe(to chan<- *prometheus.Desc) {
	to <- queueDesc()
	to <- stepsDesc()
	to <- waitedDesc()
}

// Collect gives Prometheus the wishes there are and what became of the others.
func (w *Wishes) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := w.collect(ctx, to, calendar.DayOf(time.Now(), book.Zone())); err != nil {
		to <- prometheus.NewInvalidMetric(queueDesc(), err)
	}
}

func (w *Wishes) collect(ctx context.Context, to chan<- prometheus.Metric, today calendar.Day) error {
	queue, err := w.Queue(ctx)
	if err != nil {
		return err
	}
	all, err := w.Report(ctx, 1, today)
	if err != nil {
		return err
	}
	month, err := w.Report(ctx, today-30, today)
	if err != nil {
		return err
	}
	for _, s := range []State{Submitted, Waiting, Offered} {
		to <- prometheus.MustNewConstMetric(queueDesc(), prometheus.GaugeValue, float64(queue[s]), string(s))
	}
	for name, n := range map[string]int{
		"entered": all.Entered, "offered": all.Offered, "placed": all.Placed, "declined": all.Declined, "lapsed": all.Lapsed,
		"recalled": all.Recalled, "withdrawn": all.Withdrawn, "over": all.Over, "refused": all.Refused,
	} {
		to <- prometheus.MustNewConstMetric(stepsDesc(), prometheus.CounterValue, float64(n), name)
	}
	to <- month.summary()
	return nil
}

func (r Report) summary() prometheus.Metric {
	count, sum := 0, 0
	for days, n := range r.Waited {
		count, sum = count+n, sum+n*days
	}
	parts := map[float64]float64{}
	for _, part := range []float64{0.5, 0.9} {
		parts[part] = float64(r.Within(part))
	}
	return prometheus.MustNewConstSummary(waitedDesc(), uint64(count), float64(sum), parts)
}

// Queue is how many wishes there are in each state.
func (w *Wishes) Queue(ctx context.Context) (map[State]int, error) {
	all := map[State]int{}
	err := w.store.Read(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT state, count(*) FROM wish GROUP BY state`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var s State
			var n int
			if err := rows.Scan(&s, &n); err != nil {
				return err
			}
			all[s] = n
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("count wishes: %w", err)
	}
	return all, nil
}
