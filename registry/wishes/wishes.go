// SPDX-License-Identifier: EUPL-1.2

// Package wishes keeps the queue of those who found no appointment, and offers them seats that are free again.
//
// It follows the book: when seats are free again, the first wish of the queue that
// they fit gets them as an offer, in the same transaction, before anybody else can
// have them. docs/wishes.md has the rules.
package wishes

import (
	"context"
	"database/sql"
	"time"

	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/store"
)

// Rules are what an office decides about its queue.
type Rules struct {
	Answer    time.Duration // as long an offer waits for its answer
	Lead      time.Duration // so long before the appointment it is answered at the latest
	Least     time.Duration // with less time for an answer nothing is offered: everybody can have it
	HeadStart time.Duration // as long after a release its seats are everybody's alone
	Refusals  int           // with so many offers declined or not answered a wish ends
}

// Defaults are the rules of an office that decides nothing.
func Defaults() Rules {
	return Rules{Answer: 48 * time.Hour, Lead: 2 * time.Hour, Least: 2 * time.Hour, HeadStart: 2 * time.Hour, Refusals: 3}
}

// until is when an offer of an appointment ends that is made now, or the zero time
// when nobody could answer it.
func (r Rules) until(start, now time.Time) time.Time {
	end := start.Add(-r.Lead)
	if end.Sub(now) < r.Least || !end.After(now) {
		return time.Time{}
	}
	if answer := now.Add(r.Answer); answer.Before(end) {
		return answer
	}
	return end
}

// An Event is a step that was made with a wish.
type Event struct {
	Step
	Before, After Wish // Before is the zero Wish when the step made it
}

// A Follower does its own part of what happens to wishes, in the same transaction.
type Follower interface {
	// Wished is told of each step, before the mail about it is put into the outbox.
	Wished(ctx context.Context, tx *sql.Tx, e Event) error
}

// Wishes is the queue.
type Wishes struct {
	store     *store.Store
	book      *book.Book
	post      Poster
	rules     Rules
	followers []Follower
	almanac   almanac
}

var _ book.Follower = (*Wishes)(nil)

// New gives the queue kept in s. It has to follow the book: b.Follow(w).
func New(s *store.Store, b *book.Book, post Poster, rules Rules) *Wishes {
	return &Wishes{store: s, book: b, post: post, rules: rules}
}

// Follow has f follow the queue from now on. It is called before the queue is used.
func (w *Wishes) Follow(f Follower) { w.followers = append(w.followers, f) }

// step makes a step with a wish that is in the queue: about the appointment a, when
// it is about an offer.
func (w *Wishes) step(ctx context.Context, tx *sql.Tx, was Wish, s Step, a book.Appointment) (Wish, error) {
	next, entry, err := was.Decide(s, w.rules.Refusals)
	if err != nil {
		return Wish{}, err
	}
	if err := keep(ctx, tx, was, next); err != nil {
		return Wish{}, err
	}
	if was.State == Offered && next.State == Waiting {
		if err := refuse(ctx, tx, next.Place, a); err != nil {
			return Wish{}, err
		}
	}
	return next, w.finish(ctx, tx, Event{s, was, next}, entry, a)
}

// finish writes the record and the figures, and tells who is to know.
func (w *Wishes) finish(ctx context.Context, tx *sql.Tx, e Event, entry audit.Entry, a book.Appointment) error {
	if err := audit.Append(ctx, tx, entry); err != nil {
		return err
	}
	if err := tally(ctx, tx, e); err != nil {
		return err
	}
	for _, f := range w.followers {
		if err := f.Wished(ctx, tx, e); err != nil {
			return err
		}
	}
	if n, tell := notice(e.Step, e.Before, e.After, a, w.rules.Refusals); tell {
		return w.post.Notify(ctx, tx, n)
	}
	return nil
}
