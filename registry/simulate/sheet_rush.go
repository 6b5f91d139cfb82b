// SPDX-License-Identifier: EUPL-1.2

package simulate

import (
	"fmt"
	"time"

	"github.com/fotobox-project/fotobox/registry/simulate/plot"
)

// Sheet tells what became of the rush.
func (r *Rush) Sheet() Sheet {
	s := Sheet{Title: "A release at nine", Says: fmt.Sprintf("%s people want a seat of one day and office within ten seconds, %d at the same moment", count(r.People), crowded)}
	s.figure("seats", "%s", count(r.Seats))
	s.figure("sold", "%s", count(r.Sold))
	s.figure("heard that nothing is left", "%s", count(r.Gone))
	s.figure("took another time", "%s times, somebody was faster", count(r.Retries))
	s.figure("releases", "%d", r.Releases)
	s.figure("answered", "half within %s, 99 of 100 within %s, all in %s", r.P50.Round(time.Millisecond), r.P99.Round(time.Millisecond), r.Took.Round(10*time.Millisecond))
	s.judge(r.Check, r.faults()...)
	s.Plots = []plot.Plot{r.answers(), r.sales()}
	return s
}

// faults are what the database alone does not show.
func (r *Rush) faults() (all []string) {
	if want := min(r.Seats, r.People); r.Sold != want {
		all = append(all, fmt.Sprintf("%d seats were sold, want %d", r.Sold, want))
	}
	if r.Releases != 1 {
		all = append(all, fmt.Sprintf("two programs released the day %d times", r.Releases))
	}
	return all
}

// bins is into how many columns a time is cut.
const bins = 40

func (r *Rush) answers() plot.Plot {
	all, top := cut(r.answered)
	return plot.Plot{
		Title: "Time to the answer", Says: "Milliseconds from the first question to the seat, or to hearing that nothing is left.", Over: "from ms",
		Columns: times(top), Series: []plot.Series{plot.Of("people", all)},
	}
}

func (r *Rush) sales() plot.Plot {
	all, top := cut(r.soldAt)
	for i := range all[1:] {
		all[i+1] += all[i]
	}
	return plot.Plot{
		Title: "Sold", Says: "Seats that were sold, by the milliseconds since the rush began, up to the last one.", Over: "from ms",
		Kind: plot.Lines, Columns: times(top), Series: []plot.Series{plot.Of("seats sold", all)},
	}
}

// cut counts how many of the times are in each column up to the longest one.
func cut(all []time.Duration) (n []int, top time.Duration) {
	n, top = make([]int, bins), time.Millisecond
	for _, t := range all {
		top = max(top, t)
	}
	for _, t := range all {
		n[min(bins-1, int(bins*t/top))]++
	}
	return n, top
}

// times are the columns of a time cut into slices.
func times(top time.Duration) []plot.Column {
	all := make([]plot.Column, bins)
	for i := range all {
		name := count(int(top * time.Duration(i) / bins / time.Millisecond))
		all[i] = plot.Column{Name: name, Mark: name}
	}
	return all
}
