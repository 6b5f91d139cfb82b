// SPDX-License-Identifier: EUPL-1.2

package simulate

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
	"github.com/fotobox-project/fotobox/registry/queue"
)

// walkIns is how many tickets are drawn at an office on a day, for each counter.
const walkIns = 4

// A hall is an office whose day at the counters is played: who is free calls the next.
type hall struct {
	office string
	idle   []queue.Counter
	visits map[appointment.ID]*visit
}

// openHalls gives each office a counter for each seat that its rules have at ten, and
// people who come without an appointment.
func (y *year) openHalls(day calendar.Day) {
	ten := day.At(10*60, book.Zone())
	for _, l := range y.town.Locations {
		h := &hall{office: l.Code, visits: map[appointment.ID]*visit{}}
		y.desks[l.Code] = h
		for _, g := range y.groups {
			for _, c := range y.free.pages[page{l.Code, g, day}] {
				if !c.Start.Equal(ten) {
					continue
				}
				for n := range c.Seats {
					h.idle = append(h.idle, queue.Counter{Location: l.Code, Name: fmt.Sprintf("%s %d", g, n+1), Groups: []string{g}, Actor: "clerk:anna"})
				}
			}
		}
		for range len(h.idle) * walkIns {
			y.alone(day.At(8*60, book.Zone()).Add(y.within(0, 5*time.Hour)), func(ctx context.Context) error { return y.draws(ctx, h) })
		}
	}
}

// arrives has somebody check in by the typed code.
func (y *year) arrives(ctx context.Context, v *visit) error {
	h := y.desks[v.office]
	y.nonce++
	f := queue.Fact{Nonce: fmt.Sprint("simulated-", y.nonce), Code: string(v.code), At: y.now, Location: v.office, Actor: "clerk:anna"}
	o, err := y.queue.CheckIn(ctx, f, y.now)
	if err == nil && o.Answer != appointment.OK {
		err = fmt.Errorf("who came for %s is answered %q", v.start, o.Answer)
	}
	if err != nil {
		return err
	}
	y.steps++
	y.out.Hall.CheckedIn++
	h.visits[v.id] = v
	return y.callsAll(ctx, h)
}

// draws has somebody come without an appointment.
func (y *year) draws(ctx context.Context, h *hall) error {
	y.nonce++
	d := queue.Draw{Nonce: fmt.Sprint("drawn-", y.nonce), Location: h.office, Service: y.town.Services[y.rand.IntN(len(y.town.Services))].Code, Persons: 1, Reserve: true, Actor: "clerk:anna"}
	t, err := y.queue.Draw(ctx, d, y.now)
	if errors.Is(err, queue.ErrFull) {
		y.out.Hall.Full++
		return nil
	}
	if err != nil {
		return err
	}
	y.steps++
	y.out.Hall.Tickets++
	v := &visit{id: t.ID, office: h.office, start: t.Start, length: t.Length, code: t.Terminkennung}
	h.visits[t.ID] = v
	if !t.Arrived {
		y.alone(later(t.Start.Add(-10*time.Minute), y.now), func(ctx context.Context) error { return y.arrives(ctx, v) })
		return nil
	}
	return y.callsAll(ctx, h)
}

// callsAll has each free counter call, until nobody waits.
func (y *year) callsAll(ctx context.Context, h *hall) error {
	for _, c := range append([]queue.Counter(nil), h.idle...) {
		if err := y.calls(ctx, h, c); err != nil {
			return err
		}
	}
	return nil
}

// calls has the counter call who is next, and serve them; otherwise it waits.
func (y *year) calls(ctx context.Context, h *hall, c queue.Counter) error {
	h.rests(c)
	next, err := y.queue.CallNext(ctx, c, y.now)
	if errors.Is(err, queue.ErrNobody) {
		h.idle = append(h.idle, c)
		return nil
	}
	if err != nil {
		return err
	}
	y.steps++
	y.out.Hall.wait(next, y.now)
	y.alone(y.now.Add(time.Minute), func(ctx context.Context) error {
		y.steps++
		return y.queue.Step(ctx, c.Actor, next.ID, book.Serve, y.now)
	})
	y.alone(y.now.Add(time.Minute+time.Duration(float64(next.Length)*(0.6+0.5*y.rand.Float64()))), func(ctx context.Context) error {
		if v := h.visits[next.ID]; v != nil && !next.Ticket {
			y.out.serve(v.office, v.start)
			delete(y.visits, v.id)
		}
		y.steps++
		if err := y.queue.Step(ctx, c.Actor, next.ID, book.Finish, y.now); err != nil {
			return err
		}
		return y.calls(ctx, h, c)
	})
	return nil
}

// rests takes the counter from those that are free.
func (h *hall) rests(c queue.Counter) {
	for i, other := range h.idle {
		if other.Name == c.Name {
			h.idle = append(h.idle[:i], h.idle[i+1:]...)
			return
		}
	}
}
