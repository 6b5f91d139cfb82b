// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"database/sql"
	"time"

	"github.com/fotobox-project/fotobox/registry/clockwork"
	"github.com/fotobox-project/fotobox/registry/post"
	"github.com/fotobox-project/fotobox/registry/wishes"
)

// newWishes makes the queue of those who found nothing free; nil where there is no
// mail server, because all of it is told by mail.
func (o *office) newWishes() *wishes.Wishes {
	if o.letters == nil {
		return nil
	}
	w := wishes.New(o.store, o.book, wishPost{}, wishes.Defaults())
	o.book.Follow(w)
	return w
}

// jobs are what the office does at certain times.
func (o *office) jobs() []clockwork.Job {
	all := append(clockwork.OfBook(o.book), o.missed())
	if o.wishes != nil {
		all = append(all, clockwork.Job{Name: "wishes", Due: o.wishes.Due, Do: func(ctx context.Context, now time.Time) error {
			_, err := o.wishes.Sweep(ctx, now)
			return err
		}})
	}
	return all
}

// wishPost puts mails about wishes into the outbox.
type wishPost struct{}

var _ wishes.Poster = wishPost{}

// Notify puts one there. That of an offer is about the appointment, whose address it
// goes to; the others have it, because the wish may be erased before they are sent.
func (wishPost) Notify(ctx context.Context, tx *sql.Tx, n wishes.Notice) error {
	m := post.Message{
		Kind: post.Kind(n.Kind), About: n.Wish.String(), To: n.Email.Reveal(),
		Facts: post.Facts{Service: n.Service, Until: n.Until, Start: n.Start, Location: n.Location, Reason: n.Reason, Language: n.Language},
	}
	if n.Kind == wishes.ToAnswer {
		m.About, m.To, m.Facts = n.Offer.String(), "", post.Facts{Wish: n.Wish.String()}
	}
	return post.Put(ctx, tx, m, n.At)
}
