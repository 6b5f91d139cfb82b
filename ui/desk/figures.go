// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/visits"
)

// mostHints is how many hints the page shows.
const mostHints = 8

// figures are those of the two periods that are published.
type figures struct {
	Office string         `json:"office"`
	Made   string         `json:"made"` // the last day
	Means  string         `json:"first_try_means"`
	Month  visits.Figures `json:"last_30_days"`
	Year   visits.Figures `json:"last_12_months"`
}

// measured gathers the figures, with the stations' names.
func (d *desk) measured(ctx context.Context, now time.Time) (f figures, err error) {
	now = now.In(book.Zone())
	f = figures{
		Office: d.Name, Made: now.Format(time.DateOnly),
		Means: "of the visits in which at least one photo was taken, those that ended stored, with one photo, which was accepted",
	}
	if f.Month, err = d.Visits.Figures(ctx, visits.Month(now)); err != nil {
		return f, err
	}
	if f.Year, err = d.Visits.Figures(ctx, visits.Year(now)); err != nil {
		return f, err
	}
	for _, list := range [][]visits.Sum{f.Month.Stations, f.Year.Stations} {
		for i, s := range list {
			list[i].Station = d.station(ctx, s.Device)
		}
	}
	return f, nil
}

func (d *desk) figures(w http.ResponseWriter, r *http.Request, _ string) error {
	f, err := d.measured(r.Context(), time.Now())
	if err != nil {
		return err
	}
	return d.show(w, r, "figures", http.StatusOK, f)
}

// figuresJSON is the same for programs and for who publishes it.
func (d *desk) figuresJSON(w http.ResponseWriter, r *http.Request, _ string) error {
	f, err := d.measured(r.Context(), time.Now())
	if err != nil {
		return err
	}
	data, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(append(data, '\n')) // a browser that went away needs no figures
	return nil
}

// Empty reports that nobody was at a station in the last 12 months.
func (f figures) Empty() bool { return len(f.Year.Stations) == 0 }

// A period is one of the two that stand side by side.
type period struct {
	Key string // of its name
	visits.Figures
}

// Periods are the two, the shorter one first.
func (f figures) Periods() []period { return []period{{"month", f.Month}, {"year", f.Year}} }

// First is the first day of the period.
func (p period) First() time.Time {
	day, _ := time.ParseInLocation(time.DateOnly, p.Since, book.Zone()) // Figures wrote it
	return day
}

// A measure is a line of a table: what it is about, in the last 30 days and in the last 12 months.
type measure[T any] struct {
	Key         string
	Month, Year T
}

// Stations has every station of the last 12 months; which of them had no visit in
// the last 30 days has a zero Sum there.
func (f figures) Stations() (rows []measure[visits.Sum]) {
	for _, s := range f.Year.Stations {
		row := measure[visits.Sum]{Key: s.Station, Year: s}
		if i := slices.IndexFunc(f.Month.Stations, func(m visits.Sum) bool { return m.Device == s.Device }); i >= 0 {
			row.Month = f.Month.Stations[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// Hints has the most frequent hints of the last 12 months: in how many of the visits each was needed.
func (f figures) Hints() (rows []measure[visits.Share]) {
	for _, h := range f.Year.All.Hints[:min(mostHints, len(f.Year.All.Hints))] {
		row := measure[visits.Share]{h.Key, visits.Share{Of: f.Month.All.Visits}, visits.Share{Count: h.Visits, Of: f.Year.All.Visits}}
		for _, m := range f.Month.All.Hints {
			if m.Key == h.Key {
				row.Month.Count = m.Visits
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// Outcomes has how the visits ended, in the order of the list and then the others.
func (f figures) Outcomes() (rows []measure[visits.Share]) {
	month, year := f.Month.All, f.Year.All
	for _, key := range inOrder(maps.Keys(year.Outcomes), "delivered", "kept", "staff", "checked-in", "cancelled", "walked-away", "not-stored", "interrupted") {
		rows = append(rows, measure[visits.Share]{key, visits.Share{Count: month.Outcomes[key], Of: month.Visits}, visits.Share{Count: year.Outcomes[key], Of: year.Visits}})
	}
	return rows
}

// Stages has the times of the steps in the order of the way.
func (f figures) Stages() (rows []measure[visits.Spread]) {
	way := []string{"check-in", "checked", "welcome", "position", "capture", "review", "consent", "store", "done", "out-of-order"}
	for _, key := range inOrder(maps.Keys(f.Year.All.Stages), way...) {
		rows = append(rows, measure[visits.Spread]{key, f.Month.All.Stages[key], f.Year.All.Stages[key]})
	}
	return rows
}

// Refused is how many codes did not hold.
func (f figures) Refused() (m measure[int]) {
	for _, n := range f.Month.All.Refused {
		m.Month += n
	}
	for _, n := range f.Year.All.Refused {
		m.Year += n
	}
	return m
}

// inOrder sorts keys as listed; those of a newer station come last.
func inOrder(keys func(func(string) bool), list ...string) []string {
	place := func(key string) int {
		if i := slices.Index(list, key); i >= 0 {
			return i
		}
		return len(list)
	}
	return slices.SortedFunc(keys, func(a, b string) int {
		if place(a) != place(b) {
			return place(a) - place(b)
		}
		return strings.Compare(a, b)
	})
}

// Word is the text of a key that a station sent, and the key itself where a newer
// station has one that this office does not know.
func (v view) Word(prefix, key string) string {
	if v.Language.Has(prefix + key) {
		return v.T(prefix + key)
	}
	return key
}

// Since is a period's first day in words.
func (v view) Since(day time.Time) string {
	return v.T("desk.figures.since", day.Day(), v.month(day), day.Year())
}

// Duration is a time in words: "1 Min. 12 Sek.", below ten seconds with a tenth.
func (v view) Duration(seconds float64) string {
	whole := int(math.Round(seconds))
	switch {
	case whole >= 60:
		return v.T("desk.figures.minutes", whole/60, whole%60)
	case seconds < 10:
		return v.T("desk.figures.seconds", v.number(seconds, 1))
	}
	return v.T("desk.figures.seconds", fmt.Sprint(whole))
}
