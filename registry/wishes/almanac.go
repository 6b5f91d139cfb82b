// SPDX-License-Identifier: EUPL-1.2

package wishes

import (
	"context"
	"database/sql"
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
	c, err := w.book.Calendar(ctx, tx)
	if err != nil {
		return false, err
	}
	return aheadOf(w.almanac.of(c, o.Location, o.Group), now, w.rules.HeadStart)[keyOf(o)], nil
}

// An almanac remembers the parts of the calendar that are an office's and group's.
type almanac struct {
	mu    sync.Mutex
	text  string
	parts map[day]calendar.Plan
}

// of is the plan of an office and group alone.
func (a *almanac) of(c book.Calendar, office, group string) calendar.Plan {
	a.mu.Lock()
	defer a.mu.Unlock()
	if c.Text != a.text || a.parts == nil {
		a.text, a.parts = c.Text, map[day]calendar.Plan{}
	}
	key := day{office: office, group: group}
	part, known := a.parts[key]
	if !known {
		part = c.Plan
		part.Rules = nil
		for _, r := range c.Rules {
			if r.Office == office && r.Group == group {
				part.Rules = append(part.Rules, r)
			}
		}
		a.parts[key] = part
	}
	return part
}
