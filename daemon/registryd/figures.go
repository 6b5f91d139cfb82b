// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/fotobox-project/fotobox/internal/command"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/visits"
)

// printFigures prints what the desk's page of figures shows.
func printFigures(ctx context.Context, c *command.Call) error {
	return with(ctx, c, func(o *office) error {
		if _, err := c.Words(0, 0); err != nil {
			return err
		}
		now := time.Now().In(book.Zone())
		for _, period := range []struct {
			name  string
			since time.Time
		}{
			{"30 days", visits.Month(now)}, {"12 months", visits.Year(now)},
		} {
			f, err := o.visits.Figures(ctx, period.since)
			if err != nil {
				return err
			}
			if err := o.writeFigures(ctx, c.Stdout, period.name, f); err != nil {
				return err
			}
		}
		return nil
	})
}

func (o *office) writeFigures(ctx context.Context, w io.Writer, period string, f visits.Figures) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "Last %s, since %s\n", period, f.Since)
	fmt.Fprintf(t, "first-try rate\t%s\tof the visits with a photo, those stored with the first one, accepted\n", share(f.All.FirstTry))
	fmt.Fprintf(t, "visits\t%d\t%s\n", f.All.Visits, counts(f.All.Outcomes))
	fmt.Fprintf(t, "refused codes\t%d\t%s\n", total(f.All.Refused), counts(f.All.Refused))
	fmt.Fprintf(t, "code to stored\t%s\n", seconds(f.All.Way))
	for _, stage := range slices.Sorted(maps.Keys(f.All.Stages)) {
		fmt.Fprintf(t, "  %s\t%s\n", stage, seconds(f.All.Stages[stage]))
	}
	fmt.Fprintf(t, "retakes\t%.2f\ta visit with a photo\n", f.All.RetakesPerVisit())
	for _, h := range f.All.Hints {
		fmt.Fprintf(t, "hint %s\t%d visits\t%d times, %.0f s\n", h.Key, h.Visits, h.Times, h.Seconds)
	}
	for _, s := range f.Stations {
		fmt.Fprintf(t, "station %s\t%s\t%d visits, %s\n", o.stationName(ctx, s.Device), share(s.FirstTry), s.Visits, seconds(s.Way))
	}
	fmt.Fprintln(t)
	return t.Flush()
}

func share(s visits.Share) string {
	if s.Of == 0 {
		return "-"
	}
	return fmt.Sprintf("%d %% (%d of %d)", s.Percent(), s.Count, s.Of)
}

func seconds(s visits.Spread) string {
	if s.Visits == 0 {
		return "-"
	}
	return fmt.Sprintf("median %.1f s, 9 of 10 within %.1f s", s.Median, s.P90)
}

// counts lists keys with their numbers, the largest first.
func counts(by map[string]int) string {
	keys := slices.SortedFunc(maps.Keys(by), func(a, b string) int {
		if by[a] != by[b] {
			return by[b] - by[a]
		}
		return strings.Compare(a, b)
	})
	var list []string
	for _, k := range keys {
		list = append(list, fmt.Sprintf("%s %d", k, by[k]))
	}
	return strings.Join(list, ", ")
}

func total(by map[string]int) (n int) {
	for _, count := range by {
		n += count
	}
	return n
}
