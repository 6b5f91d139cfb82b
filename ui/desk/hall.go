// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"context"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/queue"
)

// Present tells who is there.
type Present interface {
	Today(ctx context.Context, location string, now time.Time) ([]queue.Waiting, error)
	// Ticket gives one that was drawn, or book.ErrNotFound.
	Ticket(ctx context.Context, id appointment.ID) (queue.Ticket, error)
	// Watch gives a sign at once and after every change, until ctx ends.
	Watch(ctx context.Context) <-chan struct{}
}

// Callers call people to counters.
type Callers interface {
	CallNext(ctx context.Context, c queue.Counter, now time.Time) (queue.Waiting, error)
	Call(ctx context.Context, c queue.Counter, id appointment.ID, now time.Time) (queue.Waiting, error)
	Step(ctx context.Context, actor string, id appointment.ID, do book.Verb, now time.Time) error
}

// Entrance lets people in.
type Entrance interface {
	CheckIn(ctx context.Context, f queue.Fact, now time.Time) (queue.Outcome, error)
	Draw(ctx context.Context, d queue.Draw, now time.Time) (queue.Ticket, error)
	Elsewhere(ctx context.Context, r book.Request, now time.Time) ([]book.Free, error)
}

// Hall has the offices, what they offer, and how full they are.
type Hall interface {
	Offices(ctx context.Context) ([]book.Location, error)
	Services(ctx context.Context) ([]book.Service, error)
	Rooms(ctx context.Context, location string, now time.Time) ([]queue.Room, error)
}

// Places says which office each station stands in.
type Places interface {
	Place(ctx context.Context, device string) (location string, err error)
	SetPlace(ctx context.Context, actor, device, location string, now time.Time) error
}

// Sums has the figures of the waiting lists.
type Sums interface {
	// Figures are those of all offices first, then of each.
	Figures(ctx context.Context, since, now time.Time) ([]queue.Sum, error)
}

// Queue is the waiting list of the town's offices.
type Queue interface {
	Present
	Callers
	Entrance
	Hall
	Places
	Sums
}

var _ Queue = (*queue.Queue)(nil)
