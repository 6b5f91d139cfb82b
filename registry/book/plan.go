// SPDX-License-Identifier: EUPL-1.2

package book

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/calendar"
)

// Horizon is how many days ahead slots are made: the office can book so far.
const Horizon = calendar.MaxAhead

// A Change is what other rules do to the slots from now on.
type Change struct {
	Made, Changed, Withdrawn int           // slots
	Affected                 []Appointment // those that have no seat by the rules any more; they stand until somebody moves or cancels them
	Displaced                []Appointment // of these, the confirmed ones that had one by the rules before

	// Other has, where a plan was only tried, times at which the first of them
	// could come instead, by those rules.
	Other map[appointment.ID][]Free
}

// ErrPlan says that other rules are in force than somebody thought.
var ErrPlan = errors.New("the rules were changed meanwhile")

// SetPlan replaces all rules and closures, and makes the slots of the coming
// days anew. A slot in which somebody has a seat stays, and nobody else gets one.
func (b *Book) SetPlan(ctx context.Context, actor string, p calendar.Plan, now time.Time) (Change, error) {
	return b.plan(ctx, p, false, func(tx *sql.Tx, p calendar.Plan) (Change, error) {
		return b.setPlan(ctx, tx, actor, p, now)
	})
}

// ReplacePlan is SetPlan as long as the plan in force is the old one; otherwise
// it returns ErrPlan. With tell it makes the step Displace with those that are
// displaced, in the same transaction: once for each change that leaves them
// without a seat.
func (b *Book) ReplacePlan(ctx context.Context, actor string, old, p calendar.Plan, tell bool, now time.Time) (Change, error) {
	return b.plan(ctx, p, false, func(tx *sql.Tx, p calendar.Plan) (Change, error) {
		is, _, err := b.planNow(ctx, tx)
		if err != nil {
			return Change{}, err
		}
		was, errWas := json.Marshal(old)
		stands, errIs := json.Marshal(is)
		if err := errors.Join(errWas, errIs); err != nil {
			return Change{}, err
		}
		if !bytes.Equal(was, stands) {
			return Change{}, ErrPlan
		}
		c, err := b.setPlan(ctx, tx, actor, p, now)
		if err != nil || !tell {
			return c, err
		}
		return c, b.displace(ctx, tx, actor, p, c.Displaced, now)
	})
}

// TryPlan says what SetPlan would do, and does nothing.
func (b *Book) TryPlan(ctx context.Context, p calendar.Plan, now time.Time) (Change, error) {
	return b.plan(ctx, p, true, func(tx *sql.Tx, p calendar.Plan) (Change, error) {
		c, err := b.setPlan(ctx, tx, "nobody", p, now)
		if err == nil {
			c.Other, err = others(ctx, tx, c.Affected, now)
		}
		return c, err
	})
}

func (b *Book) plan(ctx context.Context, p calendar.Plan, try bool, do func(*sql.Tx, calendar.Plan) (Change, error)) (c Change, err error) {
	if err = b.complete(&p); err == nil {
		err = p.Check()
	}
	if err == nil {
		err = b.write(ctx, try, func(tx *sql.Tx) error {
			c, err = do(tx, p)
			return err
		})
	}
	if err != nil {
		return Change{}, fmt.Errorf("set calendar: %w", err)
	}
	return c, nil
}

var errTried = errors.New("only tried")

// write runs do in a transaction, of which nothing stays when it is only tried.
func (b *Book) write(ctx context.Context, try bool, do func(*sql.Tx) error) error {
	err := b.store.Write(ctx, func(tx *sql.Tx) error {
		if err := do(tx); err != nil || !try {
			return err
		}
		return errTried
	})
	if errors.Is(err, errTried) {
		return nil
	}
	return err
}

func (b *Book) setPlan(ctx context.Context, tx *sql.Tx, actor string, p calendar.Plan, now time.Time) (c Change, err error) {
	if err := checkOffices(ctx, tx, p); err != nil {
		return Change{}, err
	}
	text, err := json.Marshal(p)
	if err != nil {
		return Change{}, err
	}
	was, _, err := b.planNow(ctx, tx)
	if err != nil {
		return Change{}, err
	}
	// The first run of the releases has nothing to make good.
	_, err = tx.ExecContext(ctx, `INSERT INTO calendar (one, plan, run_at) VALUES (1, $1, $2) ON CONFLICT (one) DO UPDATE SET plan = excluded.plan`, string(text), now.UnixMilli())
	if err != nil {
		return Change{}, err
	}
	before, err := query(ctx, tx, overbooked, now.UnixMilli())
	if err != nil {
		return Change{}, err
	}
	today := calendar.DayOf(now, p.Zone)
	if c, err = renew(ctx, tx, p, today, today+Horizon, now); err != nil {
		return Change{}, err
	}
	if c.Affected, err = affected(ctx, tx, now); err != nil {
		return Change{}, err
	}
	c.Displaced = displaced(c.Affected, before)
	return c, audit.Append(ctx, tx, audit.Entry{
		At: now, Actor: actor, Action: "calendar-changed", Subject: "calendar",
		Detail: fmt.Sprintf("%s: %d slots made, %d changed, %d withdrawn, %d appointments affected",
			cmp.Or(was.Differ(p), "nothing changed"), c.Made, c.Changed, c.Withdrawn, len(c.Affected)),
	})
}

// displaced are those of the affected whom somebody may still count on: confirmed, and
// not among those that were affected before.
func displaced(affected, before []Appointment) (all []Appointment) {
	known := map[appointment.ID]bool{}
	for _, a := range before {
		known[a.ID] = true
	}
	for _, a := range affected {
		if a.State == Confirmed && !known[a.ID] {
			all = append(all, a)
		}
	}
	return all
}

func (b *Book) displace(ctx context.Context, tx *sql.Tx, actor string, p calendar.Plan, all []Appointment, now time.Time) error {
	for _, a := range all {
		s := Step{Do: Displace, At: now, Actor: actor, Reason: p.Reason(a.Location, a.Start, a.End())}
		if _, err := b.advance(ctx, tx, a.ID, s); err != nil {
			return err
		}
	}
	return nil
}

// complete adds what the office is by its place.
func (b *Book) complete(p *calendar.Plan) (err error) {
	p.Zone = Zone()
	p.State, err = calendar.StateOf(int(b.office))
	return err
}

func checkOffices(ctx context.Context, tx *sql.Tx, p calendar.Plan) error {
	all, err := locations(ctx, tx)
	if err != nil {
		return err
	}
	unknown := func(code string) bool {
		return code != "" && !slices.ContainsFunc(all, func(l Location) bool { return l.Code == code })
	}
	for i, r := range p.Rules {
		if unknown(r.Office) {
			return fmt.Errorf("rule %d: there is no office %q", i+1, r.Office)
		}
	}
	for i, c := range p.Closures {
		if unknown(c.Office) {
			return fmt.Errorf("closure %d: there is no office %q", i+1, c.Office)
		}
	}
	return nil
}

// Plan gives the rules and closures in force.
func (b *Book) Plan(ctx context.Context) (p calendar.Plan, err error) {
	err = b.store.Read(ctx, func(tx *sql.Tx) error {
		p, _, err = b.planNow(ctx, tx)
		return err
	})
	if err != nil {
		return calendar.Plan{}, fmt.Errorf("read calendar: %w", err)
	}
	return p, nil
}

// planNow gives the plan in force, and up to when its releases were done.
func (b *Book) planNow(ctx context.Context, tx *sql.Tx) (p calendar.Plan, run time.Time, err error) {
	text, run, err := planText(ctx, tx)
	if err == nil {
		p, err = b.read(text)
	}
	return p, run, err
}

// A Calendar is the plan in force, remembered for those who look into it again and
// again: nobody changes what is in it.
type Calendar struct {
	calendar.Plan
	Text string // as the store has it: another one is another plan
	run  time.Time
}

// Calendar gives the plan in force within the caller's transaction.
func (b *Book) Calendar(ctx context.Context, tx *sql.Tx) (c Calendar, err error) {
	text, run, err := planText(ctx, tx)
	if err != nil {
		return Calendar{}, err
	}
	b.last.Lock()
	defer b.last.Unlock()
	if text != b.last.text || b.last.plan.Zone == nil {
		if b.last.plan, err = b.read(text); err == nil {
			b.last.text = text
		}
	}
	return Calendar{b.last.plan, text, run}, err
}

// planText is the plan as the store has it, "" without one, and up to when its releases
// were done.
func planText(ctx context.Context, tx *sql.Tx) (text string, run time.Time, err error) {
	var at int64
	err = tx.QueryRowContext(ctx, `SELECT plan, run_at FROM calendar`).Scan(&text, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return "", time.Time{}, nil
	}
	return text, moment(at), err
}

func (b *Book) read(text string) (p calendar.Plan, err error) {
	if err := b.complete(&p); err != nil || text == "" {
		return p, err
	}
	err = json.Unmarshal([]byte(text), &p)
	return p, err
}

// overbooked are the appointments that have a seat which the rules do not give, from $1 on.
const overbooked = `id IN (SELECT seat.appointment FROM seat JOIN slot ON slot.id = seat.slot
	WHERE seat.number >= slot.seats AND slot.start_at >= $1) ORDER BY start_at, id`

// affected gives the appointments ahead that have no seat by the rules. What
// another seat of the same slots helps gets one without a word: numbers of seats
// are nobody's business.
func affected(ctx context.Context, tx *sql.Tx, now time.Time) (left []Appointment, err error) {
	all, err := query(ctx, tx, overbooked, now.UnixMilli())
	if err != nil {
		return nil, err
	}
	for _, a := range all {
		err := reseat(ctx, tx, a, now)
		if errors.Is(err, ErrGone) {
			left = append(left, a)
			continue
		}
		if err != nil {
			return nil, err
		}
	}
	return left, nil
}

// reseat gives the appointment other seats at its time, or returns ErrGone.
func reseat(ctx context.Context, tx *sql.Tx, a Appointment, now time.Time) error {
	n, group := need{length: a.Length, inside: true}, ""
	err := tx.QueryRowContext(ctx, `SELECT slot.grp, count(DISTINCT seat.number) FROM seat JOIN slot ON slot.id = seat.slot
		WHERE seat.appointment = $1 GROUP BY slot.grp`, a.ID.String()).Scan(&group, &n.seats)
	if err != nil {
		return err
	}
	p, err := n.find(ctx, tx, a.Location, group, a.Start, now, a.ID)
	if err != nil {
		return err
	}
	if p.length() != a.Length {
		return ErrGone
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM seat WHERE appointment = $1`, a.ID.String()); err != nil {
		return err
	}
	return p.occupy(ctx, tx, a.ID)
}

// Unseated says whether the appointment has no seat by the rules.
func (b *Book) Unseated(ctx context.Context, id appointment.ID) (is bool, err error) {
	err = b.store.Read(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT count(*) > 0 FROM seat JOIN slot ON slot.id = seat.slot
			WHERE seat.appointment = $1 AND seat.number >= slot.seats`, id.String()).Scan(&is)
	})
	if err != nil {
		return false, fmt.Errorf("look for the appointment's seat: %w", err)
	}
	return is, nil
}

// Affected gives the appointments from now on that have no seat by the rules:
// they stand until somebody moves or cancels them.
func (b *Book) Affected(ctx context.Context, now time.Time) ([]Appointment, error) {
	all, err := b.query(ctx, overbooked, now.UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("list affected appointments: %w", err)
	}
	return all, nil
}
