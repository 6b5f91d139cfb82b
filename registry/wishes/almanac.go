// SPDX-License-Identifier: EUPL-1.2

package wishes

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
)

// A day of an office and group has its seats released together.
type day struct {
	office, group string
	day           calendar.Day
}

func keyOf(o book.Opening) day {
	return day{o.Location, o.Group, calendar.DayOf(o.Start, book.Zone())}
}

// aheadOf are the days whose seats are everybody's alone at now: they were released
// no longer ago than the head start.
func aheadOf(p calendar.Plan, now time.Time, headStart time.Duration) map[day]bool {
	all := map[day]bool{}
	for _, r := range p.Released(now.Add(-headStart), now) {
		all[day{r.Office, r.Group, r.Day}] = true
	}
	return all
}

// alone says whether the opening's day is one of these.
func (w *Wishes) alone(ctx context.Context, tx *sql.Tx, o book.Opening, now time.Time) (bool, error) {
	text, err := planText(ctx, tx)
	if err != nil {
		return false, err
	}
	p, err := w.almanac.of(text, o.Location, o.Group)
	return aheadOf(p, now, w.rules.HeadStart)[keyOf(o)], err
}

// planText is the calendar as the store has it, "" without one.
func planText(ctx context.Context, tx *sql.Tx) (text string, err error) {
	err = tx.QueryRowContext(ctx, `SELECT plan FROM calendar`).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return text, err
}

// An almanac remembers what the calendar's text says. Public holidays are none of
// its business: on them there are no slots.
type almanac struct {
	mu    sync.Mutex
	text  string
	whole calendar.Plan
	parts map[day]calendar.Plan
}

func (a *almanac) plan(text string) (calendar.Plan, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	err := a.read(text)
	return a.whole, err
}

// of is the plan of an office and group alone.
func (a *almanac) of(text, office, group string) (calendar.Plan, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if err := a.read(text); err != nil {
		return calendar.Plan{}, err
	}
	key := day{office: office, group: group}
	part, known := a.parts[key]
	if !known {
		part = calendar.Plan{Zone: a.whole.Zone, Closures: a.whole.Closures}
		for _, r := range a.whole.Rules {
			if r.Office == office && r.Group == group {
				part.Rules = append(part.Rules, r)
			}
		}
		a.parts[key] = part
	}
	return part, nil
}

func (a *almanac) read(text string) error {
	if text == a.text && a.parts != nil {
		return nil
	}
	p := calendar.Plan{Zone: book.Zone()}
	if text != "" {
		if err := json.Unmarshal([]byte(text), &p); err != nil {
			return err
		}
	}
	a.text, a.whole, a.parts = text, p, map[day]calendar.Plan{}
	return nil
}
