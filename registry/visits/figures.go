// SPDX-License-Identifier: EUPL-1.2

package visits

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// Figures are what the records of some days come to.
type Figures struct {
	Since    string `json:"since"` // the first day: 2026-12-01
	All      Sum    `json:"all"`
	Stations []Sum  `json:"stations"` // the one with the most visits first
}

// Sum is what the records of one station, or of all, come to.
type Sum struct {
	Device   string         `json:"device,omitempty"`  // the station's id; "" for all
	Station  string         `json:"station,omitempty"` // its name, filled in by who knows it
	Visits   int            `json:"visits"`            // of persons whose code held
	Outcomes map[string]int `json:"outcomes"`          // how these ended
	Refused  map[string]int `json:"refused_codes"`     // codes that did not hold, by answer; no visits
	Stored   int            `json:"stored"`            // visits that ended with a sealed capture
	// FirstTry is the first-try rate: of the visits in which at least one photo was
	// taken, those that ended stored, with one photo, which was accepted.
	FirstTry Share             `json:"first_try"`
	MoreTime int               `json:"more_time"` // visits in which the person asked for more time
	Paused   int               `json:"paused"`    // visits in which the station was out of order
	Photos   int               `json:"photos"`    // taken in all
	Retakes  int               `json:"retakes"`   // of these, taken because the person wanted another one
	Way      Spread            `json:"code_to_stored_seconds"`
	Stages   map[string]Spread `json:"stage_seconds"` // of the visits that had the stage
	Hints    []Hint            `json:"hints"`         // the one that most visits had first
}

// RetakesPerVisit is the mean over the visits in which a photo was taken, 0 without any.
func (s Sum) RetakesPerVisit() float64 {
	if s.FirstTry.Of == 0 {
		return 0
	}
	return float64(s.Retakes) / float64(s.FirstTry.Of)
}

// Share is how many of how many.
type Share struct{ Count, Of int }

// Percent is the share in whole percent. It is 0 and 100 only when that is exact.
func (s Share) Percent() int {
	switch {
	case s.Count == 0 || s.Of == 0:
		return 0
	case s.Count == s.Of:
		return 100
	}
	return min(max(int(math.Round(100*float64(s.Count)/float64(s.Of))), 1), 99)
}

// MarshalJSON writes numerator, denominator and quotient, which is null without any.
func (s Share) MarshalJSON() ([]byte, error) {
	var rate *float64
	if s.Of > 0 {
		rate = new(math.Round(10_000*float64(s.Count)/float64(s.Of)) / 10_000)
	}
	return json.Marshal(struct {
		Count int      `json:"count"`
		Of    int      `json:"of"`
		Rate  *float64 `json:"rate"`
	}{s.Count, s.Of, rate})
}

// Spread is how a time in seconds lies over some visits. The percentiles are by
// nearest rank: each is a time that was measured; 0 without any.
type Spread struct {
	Visits int     `json:"visits"`
	Median float64 `json:"median"`
	P90    float64 `json:"p90"`
}

// Hint is how often one hint was needed.
type Hint struct {
	Key     string  `json:"hint"`
	Visits  int     `json:"visits"` // that had it
	Times   int     `json:"times"`
	Seconds float64 `json:"seconds"` // it stood in all
}

// Month is the first of the last 30 days, today with them.
func Month(now time.Time) time.Time { return now.AddDate(0, 0, -29) }

// Year is the first day of the last 12 months, today with them.
func Year(now time.Time) time.Time { return now.AddDate(-1, 0, 1) }

// Figures gives the figures of the records from the day of since on.
func (v *Visits) Figures(ctx context.Context, since time.Time) (Figures, error) {
	f := Figures{Since: since.Format(time.DateOnly), Stations: []Sum{}}
	all, by := newPile(""), map[string]*pile{}
	err := v.store.Read(ctx, func(tx *sql.Tx) error {
		return each(ctx, tx, f.Since, func(device string, r enrolment.Visit) {
			if by[device] == nil {
				by[device] = newPile(device)
			}
			all.add(r)
			by[device].add(r)
		})
	})
	if err != nil {
		return Figures{}, fmt.Errorf("figures of visits: %w", err)
	}
	f.All = all.total()
	for _, p := range by {
		f.Stations = append(f.Stations, p.total())
	}
	slices.SortFunc(f.Stations, func(a, b Sum) int {
		return cmp.Or(cmp.Compare(b.Visits, a.Visits), cmp.Compare(a.Device, b.Device))
	})
	return f, nil
}

func each(ctx context.Context, tx *sql.Tx, since string, do func(device string, r enrolment.Visit)) error {
	rows, err := tx.QueryContext(ctx, `SELECT device, record FROM visits WHERE day >= $1`, since)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var device string
		var data []byte
		if err := rows.Scan(&device, &data); err != nil {
			return err
		}
		var r enrolment.Visit
		if err := json.Unmarshal(data, &r); err != nil {
			return err
		}
		do(device, r)
	}
	return rows.Err()
}
