// SPDX-License-Identifier: EUPL-1.2

package wishes

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
)

// Notify keeps what is told.
func (m *model) Notify(_ context.Context, _ *sql.Tx, n Notice) error {
	m.told = append(m.told, n)
	return nil
}

// Made has nothing to do: the queue tells of the steps that matter.
func (m *model) Made(context.Context, *sql.Tx, book.Event) error { return nil }

// Opened looks at what is free around the opening, before any of it is offered.
func (m *model) Opened(ctx context.Context, tx *sql.Tx, o book.Opening, _ time.Time) error {
	m.opened = &o
	return m.look(ctx, tx)
}

// behind follows the book behind the queue, which has then made its offers. With the
// next step it would be too late: when that is told, its seats are free again as well.
type behind struct{ *model }

// Opened is settled.
func (b behind) Opened(ctx context.Context, tx *sql.Tx, _ book.Opening, _ time.Time) error {
	return b.settled(ctx, tx)
}

func (m *model) look(ctx context.Context, tx *sql.Tx) (err error) {
	o := m.opened
	m.rooms, err = book.Rooms(ctx, tx, o.Location, o.Group, o.Start.Add(-5*time.Hour), o.Start.Add(5*time.Hour), m.now, time.Hour)
	return err
}

// settled: what was opened fits nobody any more who waits. While a release's day is
// everybody's alone only its own seats are looked at, one slot long.
func (m *model) settled(ctx context.Context, tx *sql.Tx) error {
	defer func() { m.opened = nil }()
	if err := m.look(ctx, tx); err != nil || m.alone(m.opened.Location, m.opened.Start) {
		return err
	}
	for _, w := range m.queue() {
		for _, r := range m.rooms {
			if end, fits := m.fits(w, *m.opened, r); fits && r.Start.Before(m.opened.Start.Add(m.opened.Length)) && m.opened.Start.Before(end) {
				m.fault("%s at %s is free and fits wish %d", m.opened.Location, r.Start, w.Place)
			}
		}
	}
	return nil
}

// alone says whether something of the office's day was released within the head start.
func (m *model) alone(office string, start time.Time) bool {
	day := calendar.DayOf(start, book.Zone())
	for _, s := range m.plan.Slots(day, day) {
		for _, o := range s.Opens {
			if s.Office == office && !o.At.IsZero() && !o.At.After(m.now) && m.now.Sub(o.At) < m.Wishes.rules.HeadStart {
				return true
			}
		}
	}
	return false
}

// queue is who waits, in order.
func (m *model) queue() (all []Wish) {
	for _, w := range m.all {
		if w.State == Waiting {
			all = append(all, w)
		}
	}
	slices.SortFunc(all, func(a, b Wish) int { return int(a.Place - b.Place) })
	return all
}

func minutesOf(service uint16) time.Duration {
	return map[uint16]time.Duration{pass: 15, naturalise: 30, visa: 10}[service] * time.Minute
}

func seatsOf(w Wish) int {
	if w.Service == visa {
		return 2 * w.Persons
	}
	return w.Persons
}

// fits says whether the wish could have what is free there, and until when.
func (m *model) fits(w Wish, o book.Opening, r book.Room) (end time.Time, ok bool) {
	run := r.For(minutesOf(w.Service))
	local := r.Start.In(book.Zone())
	day := calendar.DayOf(r.Start, book.Zone())
	hour := w.Windows == Windows{} || w.Windows[(int(local.Weekday())+6)%7]>>local.Hour()&1 == 1
	here := len(w.Offices) == 0 || slices.Contains(w.Offices, o.Location)
	inTime := !r.Start.Add(-30 * time.Minute).Before(m.now.Add(15 * time.Minute))
	again := m.refused[w.ID.String()+o.Location+r.Start.String()]
	return r.Start.Add(run.Length), run.Seats >= seatsOf(w) && hour && here && day >= w.First && day <= w.Last && inTime && !again
}

// Wished has the model do the same, and judges whom an offer goes to.
func (m *model) Wished(ctx context.Context, tx *sql.Tx, e Event) error {
	if diff := cmp.Diff(m.all[e.Before.ID], e.Before); diff != "" {
		m.fault("before %s (-model +queue):\n%s", e.Do, diff)
	}
	if e.Do == Offer {
		if err := m.offered(ctx, tx, e); err != nil {
			return err
		}
	}
	if e.Before.State == Offered && e.After.State == Waiting {
		a, err := book.Get(ctx, tx, e.Before.Offer)
		if err != nil {
			return err
		}
		m.refused[e.After.ID.String()+a.Location+a.Start.String()] = true
	}
	m.all[e.After.ID] = e.After
	if e.After.State.Ended() {
		delete(m.all, e.After.ID)
	}
	m.tell(e)
	return nil
}

// tell says which mail is to be written.
func (m *model) tell(e Event) {
	kind, tell := map[Verb]Kind{Leave: ToConfirm, Enter: Entered, Confirm: Entered, Offer: ToAnswer, Lapse: Missed}[e.Do]
	if e.After.State == Over || e.After.State == Refused {
		kind, tell = Closed, true
	}
	if tell {
		m.want = append(m.want, kind)
	}
}

// offered: the wish waits and fits, and nobody before it fits any part of what it gets.
func (m *model) offered(ctx context.Context, tx *sql.Tx, e Event) error {
	a, err := book.Get(ctx, tx, e.After.Offer)
	if err != nil {
		return err
	}
	if m.opened == nil { // of a sweep: it looks at one office's times after the other
		m.opened = &book.Opening{Location: a.Location, Group: "pass", Start: a.Start, Length: a.Length}
		defer func() { m.opened = nil }()
		m.rooms = nil
	}
	alone := m.alone(a.Location, a.Start)
	if m.rooms != nil {
		i := slices.IndexFunc(m.rooms, func(r book.Room) bool { return r.Start.Equal(a.Start) })
		if i < 0 {
			m.fault("offer at %s, where nothing was free", a.Start)
		} else if _, fits := m.fits(m.all[e.After.ID], *m.opened, m.rooms[i]); !fits {
			m.fault("offer at %s does not fit %+v", a.Start, m.all[e.After.ID])
		} else if alone && a.Length > m.rooms[i].Runs[0].Length {
			m.fault("offer of %s at %s while it is everybody's alone", a.Length, a.Start)
		}
	} else if alone {
		m.fault("offer at %s while it is everybody's alone", a.Start)
	}
	for _, w := range m.queue() {
		for _, r := range m.rooms {
			end, fits := m.fits(w, *m.opened, r)
			single := minutesOf(w.Service) <= r.Runs[0].Length && seatsOf(w) <= seatsOf(e.After) && r.Start.Equal(a.Start)
			if w.Place < e.After.Place && fits && r.Start.Before(a.End()) && a.Start.Before(end) && (!alone || single) {
				m.fault("wish %d is overtaken by %d for %s", w.Place, e.After.Place, r.Start)
			}
		}
	}
	return m.look(ctx, tx)
}
