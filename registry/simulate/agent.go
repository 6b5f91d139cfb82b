// SPDX-License-Identifier: EUPL-1.2

package simulate

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
	"github.com/fotobox-project/fotobox/registry/clockwork"
	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/registry/wishes"
	"github.com/fotobox-project/fotobox/registry/wishes/witness"
)

// What those who wait do, as parts of all; Düsseldorf had 30 % of its offers declined or lapsed.
const (
	declines = 0.15
	ignores  = 0.15
	returns  = 0.25 // of appointments that everybody booked, cancelled again
	atOnce   = 0.5  // of a release's seats, booked by everybody before wishes get the rest
	slow     = 0.02 // of steps, in a transaction of their own
)

// Wishes of Düsseldorf's agent in ten months.
const Wishes = 300_000

// An Agent is what became of months of wishes. Nothing in it is of a person.
type Agent struct {
	Options
	Left    int // wishes
	Booked  int // by everybody
	Freed   int // of these, cancelled
	Report  wishes.Report
	Weeks   []wishes.Report // one after the other
	Queue   []int           // who waits, by day
	Offers  int             // that the witness checked
	Faults  []string
	Check   Check
	Size    int64
	Took    time.Duration
	Refused float64 // offers that were declined or lapsed, of all that were answered or lapsed
}

// A crowd is a world in which people wait.
type crowd struct {
	*world
	out    *Agent
	wishes *wishes.Wishes
	online []string
	n      int
	groups map[string]bool
}

// An offer is one of which a mail tells.
type offer struct {
	id    appointment.ID
	until time.Time
	email book.Email
}

// Notify reads the mails: offers are answered, sooner or later or never.
func (c *crowd) Notify(_ context.Context, _ *sql.Tx, n wishes.Notice) error {
	if n.Kind == wishes.ToAnswer {
		c.answers(offer{n.Offer, n.Until, n.Email})
	}
	return nil
}

var _ wishes.Poster = (*crowd)(nil)

// PlayAgent plays wishes on the empty database of s.
func PlayAgent(ctx context.Context, s *store.Store, t book.Town, o Options) (*Agent, error) {
	began := time.Now()
	w, err := open(ctx, s, t, o)
	if err != nil {
		return nil, fmt.Errorf("simulate agent: %w", err)
	}
	c := &crowd{world: w, out: &Agent{Options: o}, groups: map[string]bool{}}
	c.wishes = wishes.New(s, w.book, c, wishes.Defaults())
	seen := witness.New(wishes.Defaults())
	w.book.Follow(seen)
	w.book.Follow(c.wishes)
	c.wishes.Follow(seen)
	w.jobs = append(w.jobs, clockwork.Job{Name: "wishes", Due: c.wishes.Due, Do: func(ctx context.Context, now time.Time) error {
		_, err := c.wishes.Sweep(ctx, now)
		return err
	}})
	if err := c.play(ctx); err != nil {
		return nil, fmt.Errorf("simulate agent: %w", err)
	}
	seen.Checker.Close(c.now)
	c.out.Faults, c.out.Offers, c.out.Took = seen.Checker.Faults(), seen.Checker.Offers(), time.Since(began)
	return c.out, c.judge(ctx)
}

// judge looks at what the database has in the end.
func (c *crowd) judge(ctx context.Context) (err error) {
	if c.out.Check, err = check(ctx, c.store); err != nil {
		return fmt.Errorf("check agent: %w", err)
	}
	r, err := c.wishes.Report(ctx, c.First, c.First+calendar.Day(c.Days)+2*wishes.MaxDays)
	c.out.Report, c.out.Refused = r, float64(r.Declined+r.Lapsed)/float64(max(1, r.Declined+r.Lapsed+r.Placed))
	for week := c.First; err == nil && week <= calendar.DayOf(c.now, book.Zone()); week += 7 {
		r, err = c.wishes.Report(ctx, week, week+6)
		c.out.Weeks = append(c.out.Weeks, r)
	}
	if err == nil {
		c.out.Size, err = c.store.Size(ctx)
	}
	return err
}

func (c *crowd) play(ctx context.Context) error {
	if err := c.furnish(ctx); err != nil {
		return err
	}
	for _, l := range c.town.Locations {
		if l.Online {
			c.online = append(c.online, l.Code)
		}
	}
	slices.Sort(c.online) // as a wish names them
	people, done := float64(c.People)*c.Scale/float64(c.Days), 0
	for d := range c.Days {
		day, until := c.First+calendar.Day(d), int(people*float64(d+1))
		n := until - done
		done = until
		c.alone(day.At(0, book.Zone()), func(ctx context.Context) error { return c.opens(ctx, day, n) })
	}
	return c.run(ctx)
}

// opens has the day's wishes come, and everybody book when seats are released.
func (c *crowd) opens(ctx context.Context, day calendar.Day, n int) error {
	c.begins(day)
	for range n {
		c.appears(day.At(6*60, book.Zone()).Add(c.within(0, 16*time.Hour)))
	}
	for at, cells := range c.free.pages {
		if at.day == day+reach {
			c.groups[at.group] = c.groups[at.group] || len(cells) > 0
		}
	}
	for _, office := range c.online {
		for _, s := range c.town.Services {
			if s.Seats == 1 && s.Minutes <= 15 && c.groups[s.Group] {
				c.rush(day, office, s)
			}
		}
	}
	states, err := c.wishes.Queue(ctx)
	c.out.Queue = append(c.out.Queue, states[wishes.Waiting]+states[wishes.Offered])
	return err
}

// appears has somebody leave a wish: most in the form of the pages, each by a transaction
// of its own now and then.
func (c *crowd) appears(when time.Time) {
	d := c.draft(calendar.DayOf(when, book.Zone()))
	if !c.chance(slow) {
		c.at(when, func(ctx context.Context, tx *sql.Tx) error {
			c.out.Left++
			_, err := c.wishes.EnterIn(ctx, tx, "citizen", d, c.now)
			return err
		})
		return
	}
	c.alone(when, func(ctx context.Context) error {
		left, err := c.wishes.Leave(ctx, d, c.now)
		c.out.Left++
		c.alone(c.now.Add(c.within(time.Minute, 3*time.Hour)), func(ctx context.Context) error {
			_, err := c.wishes.Confirm(ctx, left.ID, c.now)
			return err
		})
		return err
	})
}

// draft is what somebody wishes: two of three name offices, three of four hours.
func (c *crowd) draft(today calendar.Day) wishes.Wish {
	c.n++
	address, err := book.ParseEmail(fmt.Sprintf("who%d@example.org", c.n))
	if err != nil {
		panic("simulate: " + err.Error()) // it is written above
	}
	i := min(c.rand.IntN(len(c.town.Services)), c.rand.IntN(len(c.town.Services)))
	w := wishes.Wish{Service: c.town.Services[i].Code, Persons: 1, First: today + calendar.Day(c.rand.IntN(10)), Email: address, Language: "de"}
	w.Last = w.First + calendar.Day(5+c.rand.IntN(40))
	if c.chance(families) {
		w.Persons = 2
	}
	if c.chance(2.0 / 3) {
		for _, o := range c.online {
			if c.chance(0.35) {
				w.Offices = append(w.Offices, o)
			}
		}
	}
	if c.chance(0.75) {
		for day := range 5 {
			if c.chance(0.5) {
				w.Windows[day] = [...]wishes.Hours{wishes.Between(8, 12), wishes.Between(14, 18), wishes.Between(8, 9), wishes.Between(8, 16)}[c.rand.IntN(4)]
			}
		}
	}
	return w
}

// rush has everybody book a part of what is released at nine, for one service.
func (c *crowd) rush(day calendar.Day, office string, s book.Service) {
	at, same := page{office, s.Group, day + reach}, 0
	for _, other := range c.town.Services {
		if other.Group == s.Group && other.Seats == 1 && other.Minutes <= 15 {
			same++
		}
	}
	seats := 0
	for _, slot := range c.free.pages[at] {
		seats += slot.Seats
	}
	for range int(float64(seats)*atOnce/float64(same) + c.rand.Float64()) {
		c.at(day.At(9*60, book.Zone()).Add(c.within(time.Second, 110*time.Minute)), func(ctx context.Context, tx *sql.Tx) error {
			return c.books(ctx, tx, at, s)
		})
	}
}

func (c *crowd) books(ctx context.Context, tx *sql.Tx, at page, s book.Service) error {
	start, ok := c.free.find(at, s, s.Seats, false, c.now, c.rand)
	if !ok {
		return nil
	}
	step := book.Step{Do: book.Enter, At: c.now, Actor: "office", Name: book.NameOf("Erika Mustermann")}
	a, err := c.book.TakeIn(ctx, tx, book.Request{Location: at.office, Service: s.Code, Persons: 1}, start, step)
	if errors.Is(err, book.ErrGone) {
		return nil
	}
	if err != nil {
		return err
	}
	c.steps++
	c.out.Booked++
	if c.chance(returns) {
		c.at(c.now.Add(c.within(time.Hour, a.Start.Sub(c.now)-time.Hour)), func(ctx context.Context, tx *sql.Tx) error {
			c.out.Freed++
			_, err := c.book.AdvanceIn(ctx, tx, a.ID, book.Step{Do: book.Cancel, At: c.now, Actor: "citizen"})
			return err
		})
	}
	return nil
}

// answers has somebody read the mail about an offer: most within a day.
func (c *crowd) answers(o offer) {
	kind := c.rand.Float64()
	if kind < ignores {
		return
	}
	left := o.until.Sub(c.now)
	at := c.now.Add(min(time.Duration(float64(8*time.Hour)*c.rand.ExpFloat64()), left-time.Minute))
	declines := kind < ignores+declines
	if c.chance(slow) {
		c.alone(at, func(ctx context.Context) (err error) {
			if declines {
				_, err = c.wishes.Decline(ctx, o.id, c.now)
			} else {
				_, err = c.wishes.Accept(ctx, o.id, book.NameOf("Erika Mustermann"), c.now)
			}
			return err
		})
		return
	}
	step := book.Step{Do: book.Confirm, Actor: "citizen", Name: book.NameOf("Erika Mustermann"), Email: o.email, Language: "de"}
	if declines {
		step = book.Step{Do: book.Cancel, Actor: "citizen"}
	}
	c.at(at, func(ctx context.Context, tx *sql.Tx) error {
		step.At = c.now
		c.steps++
		_, err := c.book.AdvanceIn(ctx, tx, o.id, step) // as Accept and Decline do: the queue follows
		return err
	})
}
