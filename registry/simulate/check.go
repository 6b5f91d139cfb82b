// SPDX-License-Identifier: EUPL-1.2

package simulate

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/store"
)

// A Check is what an independent look at the database found: from its rows and its
// record, and by nothing of the code that wrote them.
type Check struct {
	Entries int // of the record, which verifies
	Seats   int // that appointments have
	Live    int // appointments that are neither over nor cancelled
	Faults  []string
	More    int // faults that are not told
	Took    time.Duration
}

// most is how many faults are told, of all that are found.
const most = 20

func (c *Check) fault(format string, args ...any) {
	if len(c.Faults) == most {
		c.More++
		return
	}
	c.Faults = append(c.Faults, fmt.Sprintf(format, args...))
}

// legal is where each step leads from which states, as docs/booking.md has it. It is
// written out here once more, so that a fault in the book's own table is found.
func legal() map[string]map[string]string {
	ways := map[string]map[string]string{}
	for line := range strings.SplitSeq(`
		held: -> reserved | offered: -> offered | entered: -> confirmed | ticketed: -> confirmed
		submitted: reserved -> preconfirmed
		confirmed: reserved offered preconfirmed -> confirmed
		moved: confirmed -> confirmed
		displaced: confirmed -> confirmed
		arrived: confirmed missed -> arrived
		captured: arrived -> captured
		called: arrived captured called parked -> called
		served: called -> serving
		parked: serving -> parked
		finished: serving parked -> done
		missed: confirmed arrived captured called parked -> missed
		cancelled: reserved offered preconfirmed confirmed arrived captured called parked -> cancelled
		lapsed: reserved offered preconfirmed -> cancelled`, "\n") {
		for way := range strings.SplitSeq(line, "|") {
			step, rest, _ := strings.Cut(strings.TrimSpace(way), ":")
			from, to, _ := strings.Cut(rest, "->")
			ways[step] = map[string]string{}
			for state := range strings.FieldsSeq(from) {
				ways[step][state] = strings.TrimSpace(to)
			}
			if strings.TrimSpace(from) == "" {
				ways[step][""] = strings.TrimSpace(to)
			}
		}
	}
	return ways
}

func check(ctx context.Context, s *store.Store) (c Check, err error) {
	began := time.Now()
	defer func() { c.Took = time.Since(began) }()
	if c.Entries, err = audit.Verify(ctx, s); err != nil {
		return c, err
	}
	states, err := c.trail(ctx, s)
	if err == nil {
		err = c.states(ctx, s, states)
	}
	if err == nil {
		err = c.seats(ctx, s)
	}
	return c, err
}

// trail walks through the record, and gives the state that each appointment has by it.
func (c *Check) trail(ctx context.Context, s *store.Store) (map[string]string, error) {
	ways, states := legal(), map[string]string{}
	var last time.Time
	for e, err := range audit.All(ctx, s) {
		if err != nil {
			return nil, err
		}
		if e.At.Before(last) {
			c.fault("%s is recorded behind %s", e.At, last)
		}
		last = e.At
		step, is := strings.CutPrefix(e.Action, "appointment-")
		if !is {
			continue
		}
		was := states[e.Subject]
		next, ok := ways[step][was]
		if !ok {
			c.fault("%s: %s when it was %q", e.Subject, step, was)
			continue
		}
		states[e.Subject] = next
	}
	return states, nil
}

// states compares what the record says with what the book has.
func (c *Check) states(ctx context.Context, s *store.Store, want map[string]string) error {
	got, err := store.List(ctx, s, func(r store.Row) (pair [2]string, err error) {
		err = r.Scan(&pair[0], &pair[1])
		return pair, err
	}, `SELECT id, state FROM appointment`)
	for _, p := range got {
		if want[p[0]] != p[1] {
			c.fault("%s is %q, by the record %q", p[0], p[1], want[p[0]])
		}
		if p[1] != "cancelled" && p[1] != "done" && p[1] != "missed" {
			c.Live++
		}
	}
	if err == nil && len(got) != len(want) {
		c.fault("the book has %d appointments, the record %d", len(got), len(want))
	}
	return err
}

// seats looks for seats that two have in any minute, for seats of cancelled
// appointments, and for appointments that have others than they need.
func (c *Check) seats(ctx context.Context, s *store.Store) error {
	type seat struct {
		office, group, who, state, where string
		number, start, end, from, until  int64
	}
	all, err := store.List(ctx, s, func(r store.Row) (x seat, err error) {
		err = r.Scan(&x.office, &x.group, &x.number, &x.start, &x.end, &x.who, &x.state, &x.where, &x.from, &x.until)
		return x, err
	}, `SELECT slot.location, grp, number, slot.start_at, slot.start_at + minutes * 60000, a.id, state, a.location, a.start_at, a.start_at + length_minutes * 60000
		FROM seat JOIN slot ON slot.id = seat.slot JOIN appointment a ON a.id = seat.appointment
		ORDER BY slot.location, grp, number, slot.start_at`)
	if err != nil {
		return err
	}
	c.Seats = len(all)
	has := map[string]int64{}
	for i, x := range all {
		has[x.who] += x.end - x.start
		if i > 0 {
			p := all[i-1]
			if p.office == x.office && p.group == x.group && p.number == x.number && x.start < p.end {
				c.fault("%s and %s have seat %d of %s, %s at %s", p.who, x.who, x.number, x.office, x.group, time.UnixMilli(x.start).UTC())
			}
		}
		if x.state == "cancelled" {
			c.fault("%s is cancelled and has a seat", x.who)
		}
		if x.where != x.office || x.start < x.from || x.end > x.until {
			c.fault("%s has a seat at another time or office than its own", x.who)
		}
	}
	return c.enough(ctx, s, has)
}

// enough looks for appointments with more or fewer seats than their service needs for
// all persons and the whole time; has is the milliseconds of each one's seats.
func (c *Check) enough(ctx context.Context, s *store.Store, has map[string]int64) error {
	type need struct {
		who  string
		time int64
	}
	all, err := store.List(ctx, s, func(r store.Row) (n need, err error) {
		return n, r.Scan(&n.who, &n.time)
	}, `SELECT id, length_minutes * 60000 * persons * seats FROM appointment JOIN service ON service.code = appointment.service
		WHERE state <> 'cancelled' AND location <> ''`)
	for _, n := range all {
		if has[n.who] != n.time {
			c.fault("%s needs seats for %d minutes and has %d", n.who, n.time/60000, has[n.who]/60000)
		}
	}
	return err
}
