// SPDX-License-Identifier: EUPL-1.2

package simulate

import (
	"math"
	"time"

	"github.com/fotobox-project/fotobox/registry/simulate/plot"
	"github.com/fotobox-project/fotobox/registry/wishes"
)

// Sheet tells what became of the wishes.
func (a *Agent) Sheet() Sheet {
	s, r := Sheet{Title: "Months of wishes", Says: a.says()}, a.Report
	s.figure("wishes", "%s", count(a.Left))
	s.figure("booked by everybody", "%s, of these %s cancelled again", count(a.Booked), count(a.Freed))
	s.figure("offered", "%s", count(r.Offered))
	s.figure("placed", "%s", count(r.Placed))
	s.figure("declined", "%s", count(r.Declined))
	s.figure("lapsed", "%s", count(r.Lapsed))
	s.figure("came to nothing", "%.1f %% of the offers", 100*a.Refused)
	s.figure("ended without a time", "%s, after too many refusals %s", count(r.Over), count(r.Refused))
	s.figure("waited", "half up to %d days, nine of ten up to %d", r.Within(0.5), r.Within(0.9))
	s.figure("order", "%s offers checked", count(a.Offers))
	s.figure("played", "in %s", a.Took.Round(100*time.Millisecond))
	s.figure("database", "%d MB", a.Size>>20)
	s.judge(a.Check, a.Faults...)
	s.Plots = []plot.Plot{{
		Title: "Queue", Says: "Wishes in the queue at the begin of each day.", Over: "day", Wide: true,
		Kind: plot.Lines, Columns: days(a.First, len(a.Queue)), Series: []plot.Series{plot.Of("wishes", a.Queue)},
	}, a.offers(), a.waits(), a.waited()}
	return s
}

// offers has a column for each week; an offer is answered in a later one now and then.
func (a *Agent) offers() plot.Plot {
	p := plot.Plot{
		Title: "What became of offers", Says: "Offers that were accepted, declined or not answered, by the week in which that was.", Over: "week from",
		Columns: weeks(a.First, len(a.Weeks)), Series: []plot.Series{{Name: "placed"}, {Name: "declined"}, {Name: "lapsed"}},
	}
	for _, r := range a.Weeks {
		for i, n := range []int{r.Placed, r.Declined, r.Lapsed} {
			p.Series[i].Values = append(p.Series[i].Values, float64(n))
		}
	}
	return p
}

func (a *Agent) waits() plot.Plot {
	return plot.Plot{
		Title: "Days waited", Says: "Whole days from the place in the queue to the accepted offer.", Over: "days",
		Columns: numbers(len(a.Report.Waited)), Series: []plot.Series{plot.Of("placed", a.Report.Waited)},
	}
}

func (a *Agent) waited() plot.Plot {
	p := plot.Plot{
		Title: "Days waited, by week", Says: "How long half and nine of ten waited at most, of those placed in the week.", Over: "week from",
		Kind: plot.Lines, Columns: weeks(a.First, len(a.Weeks)), Series: []plot.Series{{Name: "half"}, {Name: "nine of ten"}},
	}
	for _, r := range a.Weeks {
		for i, part := range []float64{0.5, 0.9} {
			p.Series[i].Values = append(p.Series[i].Values, within(r, part))
		}
	}
	return p
}

// within is NaN in a week in which nobody was placed.
func within(r wishes.Report, part float64) float64 {
	if r.Placed == 0 {
		return math.NaN()
	}
	return float64(r.Within(part))
}
