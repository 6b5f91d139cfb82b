// SPDX-License-Identifier: EUPL-1.2

package queue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/book"
)

// Why nobody is called.
var (
	ErrNobody  = errors.New("nobody waits")
	ErrBusy    = errors.New("somebody is at the counter already")
	ErrCounter = errors.New("counter needs 1 to 20 characters")
)

// A Counter is where a clerk receives: "Platz 3" of an office.
type Counter struct {
	Location, Name string
	Groups         []string // of services that are served there; none: all
	Actor          string   // for the record: "clerk:name"
}

func (c Counter) check() error {
	n := utf8.RuneCountInString(c.Name)
	if n < 1 || n > 20 || !utf8.ValidString(c.Name) || strings.TrimSpace(c.Name) != c.Name || strings.ContainsFunc(c.Name, unicode.IsControl) {
		return ErrCounter
	}
	return nil
}

// CallNext calls whose turn it is to the counter: nobody twice, whoever calls at
// the same moment. Errors are ErrNobody, ErrBusy and ErrCounter.
func (q *Queue) CallNext(ctx context.Context, c Counter, now time.Time) (Waiting, error) {
	return q.call(ctx, c, now, func(all []Waiting) (Waiting, error) {
		next, ok := Next(all, now, c.Groups...)
		if !ok {
			return Waiting{}, ErrNobody
		}
		return next, nil
	})
}

// Call calls one person to the counter, once more or out of the order. Errors
// are ErrBusy, ErrCounter, book.ErrNotFound and book.ErrState.
func (q *Queue) Call(ctx context.Context, c Counter, id appointment.ID, now time.Time) (Waiting, error) {
	return q.call(ctx, c, now, func(all []Waiting) (Waiting, error) {
		for _, w := range all {
			if w.ID == id {
				return w, nil
			}
		}
		return Waiting{}, book.ErrNotFound
	})
}

func (q *Queue) call(ctx context.Context, c Counter, now time.Time, choose func([]Waiting) (Waiting, error)) (w Waiting, err error) {
	if err := c.check(); err != nil {
		return Waiting{}, err
	}
	err = q.store.Write(ctx, func(tx *sql.Tx) error {
		all, err := open(ctx, tx, c.Location, now)
		if err != nil {
			return err
		}
		if w, err = choose(all); err != nil {
			return err
		}
		for _, other := range all {
			if other.Counter == c.Name && other.at() && other.ID != w.ID {
				return ErrBusy
			}
		}
		w, err = q.callIn(ctx, tx, c, w.ID, now)
		return err
	})
	if err != nil {
		return Waiting{}, fmt.Errorf("call: %w", err)
	}
	return w, nil
}

// at says whether the person is at a counter, or on the way there.
func (w Waiting) at() bool { return w.State == book.Called || w.State == book.Serving }

func (q *Queue) callIn(ctx context.Context, tx *sql.Tx, c Counter, id appointment.ID, now time.Time) (Waiting, error) {
	if _, err := q.book.AdvanceIn(ctx, tx, id, book.Step{Do: book.Call, At: now, Actor: c.Actor}); err != nil {
		return Waiting{}, err
	}
	_, err := tx.ExecContext(ctx, `UPDATE arrival SET counter = $1, called_at = $2, calls = calls + 1, first_at = CASE WHEN first_at = 0 THEN $2 ELSE first_at END
		WHERE appointment = $3`, c.Name, now.UnixMilli(), id.String())
	if err != nil {
		return Waiting{}, err
	}
	return get(ctx, tx, id)
}

// Step notes what becomes of somebody who was called: Serve, who is at the counter;
// Park, who has to fetch something and is called again without a new number;
// Miss, who did not come; Finish, who has been served. Errors are
// book.ErrNotFound and book.ErrState.
func (q *Queue) Step(ctx context.Context, actor string, id appointment.ID, do book.Verb, now time.Time) error {
	if !slices.Contains([]book.Verb{book.Serve, book.Park, book.Miss, book.Finish}, do) {
		return fmt.Errorf("%w: nobody at a counter is %s", book.ErrState, do)
	}
	err := q.store.Write(ctx, func(tx *sql.Tx) error {
		if _, err := get(ctx, tx, id); err != nil {
			return err
		}
		next, err := q.book.AdvanceIn(ctx, tx, id, book.Step{Do: do, At: now, Actor: actor})
		if err != nil || next.State != book.Done && next.State != book.Missed {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE arrival SET ended_at = $1 WHERE appointment = $2 AND at > 0`, now.UnixMilli(), id.String())
		return err
	})
	if err != nil {
		return fmt.Errorf("%s: %w", do, err)
	}
	return nil
}
