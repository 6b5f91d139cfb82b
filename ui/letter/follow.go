// SPDX-License-Identifier: EUPL-1.2

package letter

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/post"
)

// A Follower puts into the outbox what citizens are told of steps in the book. An
// offer, and all else about a wish, is told by who made it.
type Follower struct {
	Remind time.Duration // before the appointment; 0: nobody is reminded
}

var _ book.Follower = Follower{}

// Made puts the messages of a step into the outbox, in its transaction.
func (f Follower) Made(ctx context.Context, tx *sql.Tx, e book.Event) error {
	for _, m := range f.messages(e) {
		if err := post.Put(ctx, tx, m, e.At); err != nil {
			return err
		}
	}
	return nil
}

// Opened tells nobody: free seats are told of by who offers them.
func (Follower) Opened(context.Context, *sql.Tx, book.Opening, time.Time) error { return nil }

// messages are what is told of a step, to who left an address.
func (f Follower) messages(e book.Event) []post.Message {
	a := e.After
	if a.Email.Reveal() == "" {
		return nil
	}
	m := post.Message{About: a.ID.String(), Facts: post.Facts{Revision: a.Revision}}
	switch e.Do {
	case book.Submit:
		m.Kind = post.Submitted
		return []post.Message{m}
	case book.Enter, book.Confirm:
		m.Kind = post.Confirmed
	case book.Move:
		m.Kind, m.Facts.Start, m.Facts.Location = post.Moved, e.Before.Start, e.Before.Location
	case book.Displace:
		m.Kind, m.Facts.Reason = post.Closed, e.Reason
		return []post.Message{m}
	case book.Cancel:
		m.Kind = post.Cancelled
		if !strings.HasPrefix(e.Actor, "citizen") {
			m.Facts.Reason = post.ByOffice
		}
		return []post.Message{m}
	default:
		return nil
	}
	return append([]post.Message{m}, f.reminder(a, e.At)...)
}

// reminder is due some time before the appointment, where that is not over.
func (f Follower) reminder(a book.Appointment, now time.Time) []post.Message {
	due := a.Start.Add(-f.Remind)
	if f.Remind <= 0 || !due.After(now) {
		return nil
	}
	return []post.Message{{Kind: post.Reminder, About: a.ID.String(), Due: due, Facts: post.Facts{Revision: a.Revision}}}
}
