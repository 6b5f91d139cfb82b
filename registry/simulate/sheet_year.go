// SPDX-License-Identifier: EUPL-1.2

package simulate

import (
	"fmt"
	"slices"
	"time"

	"github.com/fotobox-project/fotobox/registry/simulate/plot"
)

// Sheet tells what became of the year.
func (y *Year) Sheet() Sheet {
	s := Sheet{Title: "A year of bookings", Says: y.says()}
	s.figure("looked for a time", "%s", count(y.Asked))
	s.figure("booked", "%s", count(y.Booked))
	s.figure("found nothing", "%s", count(y.Nothing))
	s.figure("left unanswered", "%s holds and forms", count(y.Lapsed))
	s.figure("cancelled", "%s", count(y.Cancelled))
	s.figure("moved", "%s", count(y.Moved))
	if y.Plans > 0 {
		s.figure("closures and other hours", "%d, %s lost their time: %s got another, %s were cancelled", y.Plans, count(y.Hit), count(y.Relocated), count(y.Dismissed))
	}
	s.figure("served", "%s", count(y.Served))
	s.figure("did not come", "%s", count(y.Missed))
	if y.Counters > 0 {
		s.figure("at the counters", "%s checked in, %s tickets, %s found nothing free", count(y.Hall.CheckedIn), count(y.Hall.Tickets), count(y.Hall.Full))
		s.figure("waits at the counters", "half up to %d minutes, nine of ten up to %d", part(y.Hall.Waits, 0.5), part(y.Hall.Waits, 0.9))
	}
	s.figure("played", "%s steps with appointments in %s", count(y.Steps), y.Took.Round(100*time.Millisecond))
	s.figure("database", "%d MB", y.Size[len(y.Size)-1]>>20)
	s.judge(y.Check)
	s.Plots = append(y.byDay(), y.use(), y.lead())
	if len(y.Hall.Waits) > 0 {
		s.Plots = append(s.Plots, y.Hall.plot())
	}
	s.Plots = append(s.Plots, growth(y.Options, y.Size))
	return s
}

func (o Options) says() string {
	return fmt.Sprintf("%d days from %s, scale %g, seed %d", o.Days, o.First, o.Scale, o.Seed)
}

func (y *Year) byDay() []plot.Plot {
	booked, visits := until(y.Daily), max(len(until(y.Visits)), len(until(y.NoShow)))
	return []plot.Plot{{
		Title: "Bookings by day", Says: "Appointments that stood, by the day on which they were made.", Over: "day", Wide: true,
		Columns: days(y.First, len(booked)), Series: []plot.Series{plot.Of("bookings", booked)},
	}, {
		Title: "Free seats at ten", Says: "Seats that everybody could have at ten o'clock, of that day and the 21 days after it.", Over: "day", Wide: true,
		Kind: plot.Lines, Columns: days(y.First, len(y.Free)), Series: []plot.Series{plot.Of("free seats", y.Free)},
	}, {
		Title: "Visits by day", Says: "Appointments of the day: who was served, and who did not come.", Over: "day", Wide: true,
		Columns: days(y.First, visits), Series: []plot.Series{plot.Of("served", y.Visits[:visits]), plot.Of("did not come", y.NoShow[:visits])},
	}}
}

func (y *Year) use() plot.Plot {
	p := plot.Plot{
		Title: "Use of the offices", Says: "Of the seats that each office had, those that somebody had in the end, in percent.", Over: "office",
		Kind: plot.Rows, Full: 100, Series: []plot.Series{{Name: "taken, %"}, {Name: "seats"}, {Name: "taken"}, {Name: "served"}},
	}
	for _, u := range y.Use {
		p.Columns = append(p.Columns, plot.Column{Name: u.Name})
		for i, v := range []float64{100 * u.Part(), float64(u.Seats), float64(u.Taken), float64(u.Served)} {
			p.Series[i].Values = append(p.Series[i].Values, v)
		}
	}
	return p
}

func (y *Year) lead() plot.Plot {
	return plot.Plot{
		Title: "Days ahead", Says: "How many days after the booking the appointment was.", Over: "days",
		Columns: numbers(len(y.Lead)), Series: []plot.Series{plot.Of("bookings", y.Lead[:])},
	}
}

// Waits at the counters are shown up to so many minutes, of which the longest stands
// for all behind it, and at least for so many.
const longest, shortest = 60, 15

func (h Hall) plot() plot.Plot {
	minutes := make([]int, longest+1)
	for _, wait := range h.Waits {
		minutes[min(wait, longest)]++
	}
	columns := numbers(len(minutes))
	columns[longest].Name += " and more"
	if short := max(shortest, len(until(minutes))); short <= longest {
		minutes, columns = minutes[:short], columns[:short]
	}
	return plot.Plot{
		Title: "Waits at the counters", Says: "Minutes from slot and arrival to the call, on the days on which the counters were played.", Over: "minutes",
		Columns: columns, Series: []plot.Series{plot.Of("called", minutes)},
	}
}

func growth(o Options, size []int64) plot.Plot {
	p := plot.Plot{
		Title: "Growth of the database", Says: "Megabytes on its disk, by week; the last one when everything was over.", Over: "week from",
		Kind: plot.Lines, Columns: weeks(o.First, len(size)), Series: []plot.Series{{Name: "MB"}},
	}
	for _, n := range size {
		p.Series[0].Values = append(p.Series[0].Values, float64(n)/(1<<20))
	}
	return p
}

// part is the least value that a part of all is not above, by nearest rank.
func part(all []int, of float64) int {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(all))
	return sorted[min(len(all)-1, int(of*float64(len(all))))]
}
