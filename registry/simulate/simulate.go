// SPDX-License-Identifier: EUPL-1.2

// Package simulate plays a town on the office's own code: a year of bookings, ten months of wishes, the rush of a release.
//
// Time is a heap of events: nothing sleeps, and every step is told its moment.
// What people do comes from a seed; what the office answers comes from book,
// queue and wishes on a real database. In the end it is judged from what the
// database holds and what was told, and not by the code that was played.
package simulate

import (
	"container/heap"
	"context"
	"crypto/ed25519"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
	"github.com/fotobox-project/fotobox/registry/clockwork"
	"github.com/fotobox-project/fotobox/registry/queue"
	"github.com/fotobox-project/fotobox/registry/store"
)

// duisburg is the office's AGS.
const duisburg = 5112000

// span is how long a batch of events is at most: what falls due by a step does so
// ten minutes later at the earliest, as a hold or a seat's rest, so nothing is late.
const span = book.HoldTime

// stuck is how often the same moment may be due: work that stays due is a fault.
const stuck = 10

// Options say what is played.
type Options struct {
	Seed   uint64
	First  calendar.Day // the first day
	Days   int          // so many days on which people book or wish
	Scale  float64      // of the town's seats and people; 1 is Duisburg
	People int          // who book or wish, at scale 1
	// Counters is on each how many days the whole day at the counters is played, with
	// check-in, waiting numbers, calls and tickets; on the others people come and go
	// one by one. 0 is never.
	Counters int
	// Closures is each how many days an office stays closed without warning, for a day
	// or two; and once, in the middle, others become its hours. 0 is never.
	Closures int
	// Tell is told of each day that begins, where somebody wants to know.
	Tell func(calendar.Day)
}

// A world is a town that is played.
type world struct {
	Options
	town   book.Town
	store  *store.Store
	book   *book.Book
	queue  *queue.Queue
	jobs   []clockwork.Job
	free   *almanac
	rand   *rand.Rand
	now    time.Time
	events agenda
	ids    uint64
	steps  int // that were made with appointments
	runs   int // of jobs
}

// open makes the town at the first moment of its first day.
func open(ctx context.Context, s *store.Store, t book.Town, o Options) (*world, error) {
	seed := make([]byte, ed25519.SeedSize) // the codes of a town that is none
	key := ed25519.NewKeyFromSeed(seed)
	w := &world{Options: o, town: scaled(t, o.Scale), store: s, book: book.New(s, duisburg, key), rand: rand.New(rand.NewPCG(o.Seed, 7))}
	w.queue = queue.New(s, w.book, appointment.Checker{Office: duisburg, Keys: []ed25519.PublicKey{key.Public().(ed25519.PublicKey)}})
	w.jobs = clockwork.OfBook(w.book)
	w.now = o.First.At(0, book.Zone())
	empty, err := w.book.Locations(ctx)
	if err == nil && len(empty) > 0 {
		err = errors.New("the database has a town already: a simulation needs an empty one")
	}
	if err != nil {
		return nil, err
	}
	return w, nil
}

// furnish writes the town down, and begins to follow what becomes of its seats.
func (w *world) furnish(ctx context.Context) error {
	if _, err := w.book.SetTown(ctx, "office", w.town, w.now); err != nil {
		return err
	}
	plan := w.town.Plan
	plan.Zone = book.Zone()
	state, err := calendar.StateOf(duisburg)
	if err != nil {
		return err
	}
	plan.State = state
	w.free = newAlmanac(plan, w.town.Services, w.First, w.First+calendar.Day(w.Days)+book.Horizon)
	w.book.Follow(w.free)
	return nil
}

// scaled is the town with so many times its seats.
func scaled(t book.Town, by float64) book.Town {
	rules := make([]calendar.Rule, len(t.Rules))
	for i, r := range t.Rules {
		if r.Public > 0 {
			r.Public = max(1, int(float64(r.Public)*by+0.5))
		}
		if r.Internal > 0 {
			r.Internal = max(1, int(float64(r.Internal)*by+0.5))
		}
		rules[i] = r
	}
	t.Rules = rules
	return t
}

// at adds an event to the agenda, which is played within the transaction of a batch.
func (w *world) at(when time.Time, do func(context.Context, *sql.Tx) error) {
	w.add(event{at: when, do: do})
}

// alone adds an event that makes transactions of its own.
func (w *world) alone(when time.Time, do func(context.Context) error) {
	w.add(event{at: when, alone: true, do: func(ctx context.Context, _ *sql.Tx) error { return do(ctx) }})
}

// add gives events whole milliseconds, as the store has them.
func (w *world) add(e event) {
	w.ids++
	e.at, e.order = e.at.Truncate(time.Millisecond), w.ids
	heap.Push(&w.events, e)
}

// run plays until nothing is left on the agenda.
func (w *world) run(end context.Context) error {
	ctx := context.WithoutCancel(end) // SQLite waits beside each statement for a context that can end
	var last time.Time
	for again := 0; len(w.events) > 0 && end.Err() == nil; {
		due, err := w.due(ctx)
		if err != nil {
			return err
		}
		first := w.events[0].at
		switch {
		case !due.IsZero() && !due.After(first):
			if again++; !due.Equal(last) {
				again = 0
			}
			if last = due; again > stuck {
				return fmt.Errorf("what is due at %s stays due", due)
			}
			err = w.pass(ctx, due)
		case w.events[0].alone:
			e := heap.Pop(&w.events).(event)
			w.now = e.at
			err = e.do(ctx, nil)
		default:
			until := first.Add(span)
			if !due.IsZero() && due.Before(until) {
				until = due
			}
			err = w.batch(ctx, until)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", w.now.In(book.Zone()).Format("2006-01-02 15:04:05"), err)
		}
	}
	return end.Err()
}

// due is when the first of the jobs has something to do.
func (w *world) due(ctx context.Context) (first time.Time, err error) {
	for _, j := range w.jobs {
		due, err := j.Due(ctx)
		if err != nil {
			return time.Time{}, err
		}
		if !due.IsZero() && (first.IsZero() || due.Before(first)) {
			first = due
		}
	}
	return first, nil
}

// pass has the jobs do what is due, as the clockwork does.
func (w *world) pass(ctx context.Context, at time.Time) error {
	if at.After(w.now) {
		w.now = at
	}
	for _, j := range w.jobs {
		due, err := j.Due(ctx)
		if err == nil && !due.IsZero() && !due.After(w.now) {
			w.runs++
			err = j.Do(ctx, w.now)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", j.Name, err)
		}
	}
	return nil
}

// batch plays the events before end in one transaction: each goes through the
// book's own steps, only the wait for the disk is shared.
func (w *world) batch(ctx context.Context, end time.Time) error {
	ran := false
	return w.store.Write(ctx, func(tx *sql.Tx) error {
		if ran {
			return errors.New("the database asked for a batch once more")
		}
		ran = true
		for len(w.events) > 0 && w.events[0].at.Before(end) && !w.events[0].alone {
			e := heap.Pop(&w.events).(event)
			if e.at.After(w.now) {
				w.now = e.at
			}
			if err := e.do(ctx, tx); err != nil {
				return err
			}
		}
		return nil
	})
}

// begins says that a day does.
func (w *world) begins(day calendar.Day) {
	if w.Tell != nil {
		w.Tell(day)
	}
}

// chance is true so often.
func (w *world) chance(part float64) bool { return w.rand.Float64() < part }

// within is any duration from one to another.
func (w *world) within(from, to time.Duration) time.Duration {
	return from + time.Duration(w.rand.Float64()*float64(to-from))
}
