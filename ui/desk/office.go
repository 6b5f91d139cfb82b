// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/clerks"
	"github.com/fotobox-project/fotobox/registry/inbox"
	"github.com/fotobox-project/fotobox/registry/visits"
)

// Sessions tells who is signed in.
type Sessions interface {
	// Session counts as a use, Valid does not; both return clerks.ErrSession.
	Session(ctx context.Context, token string) (clerks.Clerk, error)
	Valid(ctx context.Context, token string) (clerks.Clerk, error)
}

// Clerks signs clerks in and out.
type Clerks interface {
	Sessions
	// SignIn counts misses by the name and by the place, a network address.
	SignIn(ctx context.Context, name, password, place string) (token string, err error)
	SignOut(ctx context.Context, token string) error
}

// Staff is the list of clerks and of their sessions.
type Staff interface {
	List(ctx context.Context) ([]clerks.Listed, error)
	Sessions(ctx context.Context, name, token string) ([]clerks.Open, error)
	SignOutEverywhere(ctx context.Context, actor, name string) error
}

var _ Staff = (*clerks.Clerks)(nil)

var _ Clerks = (*clerks.Clerks)(nil)

// Book has the office's appointments.
type Book interface {
	List(ctx context.Context, day time.Time) ([]book.Appointment, error)
	Get(ctx context.Context, id appointment.ID) (book.Appointment, error)
	ByTerminkennung(ctx context.Context, k appointment.Terminkennung) (book.Appointment, error)
}

var _ Book = (*book.Book)(nil)

// Captures tells what stations delivered.
type Captures interface {
	// List gives those that were received on the day that begins at day.
	List(ctx context.Context, day time.Time) ([]inbox.Item, error)
	Of(ctx context.Context, a appointment.ID) ([]inbox.Item, error)
	Get(ctx context.Context, id uuid.UUID) (inbox.Item, error)
}

// Openings shows captures to clerks.
type Openings interface {
	Open(ctx context.Context, clerk string, id uuid.UUID) (inbox.Opening, error)
	// History is what the record says about a capture, also after its end.
	History(ctx context.Context, id uuid.UUID) ([]audit.Entry, error)
	// Watch gives a sign at once and after every change, until ctx ends.
	Watch(ctx context.Context) <-chan struct{}
}

// Decisions ends captures, or takes the end back.
type Decisions interface {
	TakeOver(ctx context.Context, clerk string, id uuid.UUID, photo int, veto inbox.Veto) ([]byte, error)
	Refuse(ctx context.Context, clerk string, id uuid.UUID, why inbox.Reason) error
	Reopen(ctx context.Context, clerk string, id uuid.UUID) error
}

// Inbox has the captures, and tells of every change.
type Inbox interface {
	Captures
	Openings
	Decisions
}

var _ Inbox = (*inbox.Inbox)(nil)

// Visits has the figures of what stations measured.
type Visits interface {
	// Figures are those of the records from the day of since on.
	Figures(ctx context.Context, since time.Time) (visits.Figures, error)
}

var _ Visits = (*visits.Visits)(nil)
