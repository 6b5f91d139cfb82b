// SPDX-License-Identifier: EUPL-1.2

package zms

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/inbox"
	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

// ErrLinked says that the appointment of ZMS is in the book already.
var ErrLinked = errors.New("appointment of zms is in the book already")

// round is the longest time between two looks at who has come.
const round = time.Minute

// Captures tells what stations delivered: who has a photo has come.
type Captures interface {
	Of(ctx context.Context, a appointment.ID) ([]inbox.Item, error)
	Watch(ctx context.Context) <-chan struct{}
}

var _ Captures = (*inbox.Inbox)(nil)

// Arrivals remembers which appointments of the book are ZMS's, and tells ZMS
// once the first photo of one is at the office.
type Arrivals struct {
	store    *store.Store
	client   *Client
	captures Captures
	log      *slog.Logger
	fault    string // what was logged last
}

// NewArrivals keeps its list in s.
func NewArrivals(s *store.Store, c *Client, captures Captures, log *slog.Logger) *Arrivals {
	return &Arrivals{store: s, client: c, captures: captures, log: log}
}

// String names the task.
func (a *Arrivals) String() string { return "zms arrivals" }

// Link notes that the appointment of the book is that of ZMS with this number and
// key, until it is over, in the transaction that books it. ErrLinked says that there
// is one already.
func (a *Arrivals) Link(ctx context.Context, tx *sql.Tx, id appointment.ID, process, authKey string, over time.Time) error {
	is, err := linked(ctx, tx, process)
	switch {
	case err == nil && is:
		err = ErrLinked
	case err == nil:
		_, err = tx.ExecContext(ctx, `INSERT INTO zms_process (process, auth_key, appointment, over_at, told_at) VALUES ($1, $2, $3, $4, 0)`,
			process, authKey, id.String(), over.UnixMilli())
	}
	if err != nil {
		return fmt.Errorf("link appointment: %w", err)
	}
	return nil
}

// Linked says whether the book has the appointment of ZMS with this number.
func (a *Arrivals) Linked(ctx context.Context, process string) (is bool, err error) {
	err = a.store.Read(ctx, func(tx *sql.Tx) error {
		is, err = linked(ctx, tx, process)
		return err
	})
	return is, err
}

func linked(ctx context.Context, tx *sql.Tx, process string) (is bool, err error) {
	err = tx.QueryRowContext(ctx, `SELECT count(*) > 0 FROM zms_process WHERE process = $1`, process).Scan(&is)
	return is, err
}

// Run tells ZMS who has come, until ctx ends.
func (a *Arrivals) Run(ctx context.Context) error {
	news := a.captures.Watch(ctx)
	for {
		a.note(ctx, a.Tell(ctx, time.Now()))
		select {
		case <-ctx.Done():
			return nil
		case <-news:
		case <-time.After(round):
		}
	}
}

// note logs a fault when it begins and when it ends.
func (a *Arrivals) note(ctx context.Context, err error) {
	fault := ""
	if err != nil {
		fault = err.Error()
	}
	switch {
	case fault == a.fault || ctx.Err() != nil:
		return
	case fault == "":
		a.log.Info("zms is told again who has come")
	default:
		a.log.Error("zms is not told who has come, trying again", "error", fault)
	}
	a.fault = fault
}

// link is one appointment of ZMS that is in the book.
type link struct {
	process, key string
	id           appointment.ID
}

// Tell tells ZMS of everybody who has come and whose appointment is not over at now.
// What ZMS does not know any more is not asked for again; when it is away, lets
// nobody in or answers strangely, the error says so and the next call asks again.
func (a *Arrivals) Tell(ctx context.Context, now time.Time) error {
	links, err := a.untold(ctx, now)
	if err != nil {
		return err
	}
	var strange error // a page that says that ZMS is being mended, say
	for _, l := range links {
		at, err := a.came(ctx, l.id)
		if err != nil {
			return err
		}
		if at.IsZero() {
			continue
		}
		_, err = a.client.Arrived(ctx, l.process, l.key, at)
		switch {
		case errors.Is(err, ErrAway), errors.Is(err, ErrRights):
			return err
		case err == nil, errors.Is(err, ErrNotFound), errors.Is(err, ErrKey), errors.Is(err, ErrState):
			if err := a.told(ctx, l, now, err); err != nil {
				return err
			}
		default:
			strange = err
		}
	}
	return strange
}

func (a *Arrivals) untold(ctx context.Context, now time.Time) ([]link, error) {
	return store.List(ctx, a.store, scan, `SELECT process, auth_key, appointment FROM zms_process WHERE told_at = 0 AND over_at > $1 ORDER BY process`, now.UnixMilli())
}

func scan(row store.Row) (l link, err error) {
	var id string
	if err := row.Scan(&l.process, &l.key, &id); err != nil {
		return link{}, err
	}
	l.id, err = appointment.ParseID(id)
	return l, err
}

// came is when the first photo was taken, also where it was delivered later;
// zero when there is none.
func (a *Arrivals) came(ctx context.Context, id appointment.ID) (first time.Time, err error) {
	items, err := a.captures.Of(ctx, id)
	for _, i := range items {
		if at := envelope.ExpiryOf(i.ID).Add(-envelope.Lifetime); first.IsZero() || at.Before(first) {
			first = at
		}
	}
	return first, err
}

// told notes the end of one, and in the record what ZMS said, unless another
// program on the database has.
func (a *Arrivals) told(ctx context.Context, l link, now time.Time, refusal error) error {
	action := "zms-arrived"
	if refusal != nil {
		action = "zms-refused"
		a.log.Warn("zms does not take an arrival", "error", refusal)
	}
	return a.store.Write(ctx, func(tx *sql.Tx) error {
		done, err := tx.ExecContext(ctx, `UPDATE zms_process SET told_at = $1 WHERE process = $2 AND told_at = 0`, now.UnixMilli(), l.process)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return err
		}
		return audit.Append(ctx, tx, audit.Entry{At: now, Actor: "office", Action: action, Subject: l.id.String()})
	})
}
