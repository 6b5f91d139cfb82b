// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/queue"
)

// guest is a person with a waiting number, by name.
type guest struct {
	queue.Waiting
	Appointment book.Appointment
	Offer       string // the service's name
}

// A hall is the waiting list of an office, as a clerk sees it.
type hall struct {
	Counter  counter
	Offices  []book.Location
	Services []book.Service
	Rooms    []queue.Room
	Mine     *guest // who is called to this counter, or served there
	Next     *guest // whose turn it is for this counter
	Waiting  []guest
	Away     []guest // called elsewhere, parked, missed, or with a ticket for later
	Nonces   [2]string
	Said     *said
}

// said is what became of what the clerk did.
type said struct {
	Key   string // of the text, behind "desk.queue.said."
	Good  bool
	Guest *guest
	There []book.Free // where else a ticket can be had
	Ask   queue.Draw  // for which
}

// Office is the name of the office with that code.
func (h hall) Office(code string) string {
	for _, l := range h.Offices {
		if l.Code == code {
			return l.Name
		}
	}
	return code
}

// Ready reports whether the clerk said where they receive.
func (h hall) Ready() bool { return h.Counter.Name != "" && h.Known() }

// Known reports whether the list is of an office of the town.
func (h hall) Known() bool {
	return slices.ContainsFunc(h.Offices, func(l book.Location) bool { return l.Code == h.Counter.Office })
}

// Groups are those of the services, each once.
func (h hall) Groups() (all []string) {
	for _, s := range h.Services {
		if !slices.Contains(all, s.Group) {
			all = append(all, s.Group)
		}
	}
	return all
}

// errNoQueue: this office has no waiting list.
var errNoQueue = errNothing

func (d *desk) waiting(w http.ResponseWriter, r *http.Request, clerk string) error {
	return d.showHall(w, r, http.StatusOK, nil)
}

// showHall shows the list, and what was said about what the clerk just did.
func (d *desk) showHall(w http.ResponseWriter, r *http.Request, status int, s *said) error {
	h, err := d.hall(r.Context(), counterOf(r), time.Now())
	if err != nil {
		return err
	}
	h.Said, h.Nonces = s, [2]string{queue.NewNonce(), queue.NewNonce()}
	v := d.view(r, "desk.waiting").With(h)
	v.offices = map[string]string{}
	for _, l := range h.Offices {
		v.offices[l.Code] = l.Name
	}
	return d.pages.write(w, "waiting", status, v)
}

func (d *desk) hall(ctx context.Context, c counter, now time.Time) (h hall, err error) {
	if d.Queue == nil {
		return hall{}, errNoQueue
	}
	if h.Offices, err = d.Queue.Offices(ctx); err != nil {
		return hall{}, err
	}
	if h.Counter = c; len(h.Offices) == 1 {
		h.Counter.Office = h.Offices[0].Code
	}
	if h.Services, err = d.Queue.Services(ctx); err != nil || !h.Known() {
		return h, err
	}
	if h.Rooms, err = d.Queue.Rooms(ctx, h.Counter.Office, now); err != nil {
		return hall{}, err
	}
	all, err := d.Queue.Today(ctx, h.Counter.Office, now)
	if err != nil {
		return hall{}, err
	}
	return h, d.seat(ctx, &h, all, now)
}

// seat puts everybody where the page shows them.
func (d *desk) seat(ctx context.Context, h *hall, all []queue.Waiting, now time.Time) error {
	next, any := queue.Next(all, now, h.Counter.of("").Groups...)
	for _, w := range all {
		if w.State == book.Done || w.State == book.Cancelled {
			continue
		}
		a, err := d.Book.Get(ctx, w.ID)
		if errors.Is(err, book.ErrNotFound) { // erased in between
			continue
		}
		if err != nil {
			return err
		}
		g := guest{w, a, h.offer(w.Service)}
		switch {
		case w.Waits():
			h.Waiting = append(h.Waiting, g)
		case w.Counter == h.Counter.Name && (w.State == book.Called || w.State == book.Serving):
			h.Mine = &g
		default:
			h.Away = append(h.Away, g)
		}
		if any && w.ID == next.ID {
			h.Next = &g
		}
	}
	return nil
}

// offer is the service's name, as far as the town knows it.
func (h hall) offer(code uint16) string {
	for _, s := range h.Services {
		if s.Code == code {
			return s.Name
		}
	}
	return ""
}

// callNext calls whose turn it is to the clerk's counter.
func (d *desk) callNext(w http.ResponseWriter, r *http.Request, clerk string) error {
	if d.Queue == nil {
		return errNoQueue
	}
	_, err := d.Queue.CallNext(r.Context(), counterOf(r).of(clerk), time.Now())
	return d.called(w, r, err)
}

// guestStep makes the step of the address with a person: call, serve, park, miss or finish.
func (d *desk) guestStep(w http.ResponseWriter, r *http.Request, clerk string) error {
	id, err := appointment.ParseID(r.PathValue("id"))
	if err != nil || d.Queue == nil {
		return errNothing
	}
	do, known := map[string]book.Verb{"serve": book.Serve, "park": book.Park, "miss": book.Miss, "finish": book.Finish}[r.PathValue("step")]
	switch {
	case known:
		err = d.Queue.Step(r.Context(), actor(clerk), id, do, time.Now())
	case r.PathValue("step") == "call":
		_, err = d.Queue.Call(r.Context(), counterOf(r).of(clerk), id, time.Now())
	default:
		return errNothing
	}
	return d.called(w, r, err)
}

// called shows the list again, or why nothing happened: another clerk was quicker.
func (d *desk) called(w http.ResponseWriter, r *http.Request, err error) error {
	for _, known := range []struct {
		err error
		key string
	}{
		{queue.ErrNobody, "nobody"}, {queue.ErrBusy, "busy"}, {queue.ErrCounter, "counter"}, {book.ErrState, "state"}, {book.ErrNotFound, "state"},
	} {
		if errors.Is(err, known.err) {
			return d.showHall(w, r, http.StatusConflict, &said{Key: known.key})
		}
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/waiting", http.StatusSeeOther)
	return nil
}
