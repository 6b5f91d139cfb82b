// SPDX-License-Identifier: EUPL-1.2

package simulate

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
)

// WriteText writes what became of the year.
func (y *Year) WriteText(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "year from %s, %d days, scale %g, seed %d\n", y.First, y.Days, y.Scale, y.Seed)
	fmt.Fprintf(t, "looked for a time\t%d\n", y.Asked)
	fmt.Fprintf(t, "booked\t%d\nfound nothing\t%d\nleft unanswered\t%d\ncancelled\t%d\nmoved\t%d\nserved\t%d\ndid not come\t%d\n",
		y.Booked, y.Nothing, y.Lapsed, y.Cancelled, y.Moved, y.Served, y.Missed)
	fmt.Fprintf(t, "at the counters\t%d checked in, %d tickets, %d found nothing free; half waited up to %d minutes, nine of ten up to %d\n",
		y.Hall.CheckedIn, y.Hall.Tickets, y.Hall.Full, part(y.Hall.Waits, 0.5), part(y.Hall.Waits, 0.9))
	for _, u := range y.Use {
		fmt.Fprintf(t, "%s\t%d of %d seats taken (%.0f %%)\n", u.Name, u.Taken, u.Seats, 100*u.Part())
	}
	fmt.Fprintf(t, "steps\t%d in %s\ndatabase\t%d MB\n", y.Steps, y.Took.Round(1e8), y.Size[len(y.Size)-1]>>20)
	y.Check.write(t)
	return t.Flush()
}

// WriteText writes what became of the wishes.
func (a *Agent) WriteText(w io.Writer) error {
	t, r := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0), a.Report
	fmt.Fprintf(t, "wishes from %s, %d days, scale %g, seed %d\n", a.First, a.Days, a.Scale, a.Seed)
	fmt.Fprintf(t, "left\t%d\noffered\t%d\nplaced\t%d\ndeclined\t%d\nlapsed\t%d\n", a.Left, r.Offered, r.Placed, r.Declined, r.Lapsed)
	fmt.Fprintf(t, "came to nothing\t%.0f %% of the offers\nended without a time\t%d, after too many refusals %d\n", 100*a.Refused, r.Over, r.Refused)
	fmt.Fprintf(t, "waited\thalf up to %d days, nine of ten up to %d\n", r.Within(0.5), r.Within(0.9))
	fmt.Fprintf(t, "time\t%s\ndatabase\t%d MB\norder\t%d offers checked, %d faults\n", a.Took.Round(1e8), a.Size>>20, a.Offers, len(a.Faults))
	for _, f := range a.Faults {
		fmt.Fprintf(t, "FAULT\t%s\n", f)
	}
	a.Check.write(t)
	return t.Flush()
}

// WriteText writes what became of the rush.
func (r *Rush) WriteText(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "a release at nine, %d people, %d at the same moment\n", r.People, crowded)
	fmt.Fprintf(t, "seats\t%d\nsold\t%d\nheard that nothing is left\t%d\ntook another time, somebody was faster\t%d\nreleases\t%d\n", r.Seats, r.Sold, r.Gone, r.Retries, r.Releases)
	fmt.Fprintf(t, "answered\thalf within %s, 99 of 100 within %s, all in %s\n", r.P50.Round(1e6), r.P99.Round(1e6), r.Took.Round(1e7))
	r.Check.write(t)
	return t.Flush()
}

func (c Check) write(w io.Writer) {
	fmt.Fprintf(w, "checked\t%d entries of the record verify, %d seats, %d faults; %d are still there; in %s\n", c.Entries, c.Seats, len(c.Faults), c.Live, c.Took.Round(1e8))
	for _, f := range c.Faults {
		fmt.Fprintf(w, "FAULT\t%s\n", f)
	}
}

// part is the least value that a part of all is not above, by nearest rank.
func part(all []int, of float64) int {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(all))
	return sorted[min(len(all)-1, int(of*float64(len(all))))]
}
