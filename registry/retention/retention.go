// SPDX-License-Identifier: EUPL-1.2

// Package retention erases what the office holds when its time is over, leaves a receipt for it, and reports what there is.
//
// [Classes] is the whole table; one background job works through it. What is
// deleted is overwritten in the database (secure_delete) and its log is cut.
package retention

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/store"
)

// pause is the longest time between two looks at what is due: it bounds what a
// wrong or corrected clock can do.
const pause = time.Minute

// Captures erases photos, each with its own step and receipt.
type Captures interface {
	// Forget erases what is due at now and says how many.
	Forget(ctx context.Context, now time.Time) (int, error)
	// Next is when the next capture is due, the zero time for none.
	Next(ctx context.Context) (time.Time, error)
}

// Keeper erases on time.
type Keeper struct {
	store    *store.Store
	captures Captures
	log      *slog.Logger
	classes  []Class
	clean    bool // nothing that was erased is in the log still
}

// New gives the keeper of what is in s, by the limits of classes.
func New(s *store.Store, c Captures, classes []Class, log *slog.Logger) *Keeper {
	return &Keeper{store: s, captures: c, log: log, classes: classes}
}

// String names the task.
func (k *Keeper) String() string { return "retention" }

// Run erases what is due, until ctx ends. Of several programs on one database
// each does: nothing waits for one that died.
func (k *Keeper) Run(ctx context.Context) error {
	for {
		_, err := k.Pass(ctx, time.Now())
		if err = errors.Join(err, k.store.Sweep(ctx, time.Now())); err != nil && ctx.Err() == nil {
			k.log.Error("not everything was erased, trying again", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(k.wait(ctx, time.Now())):
		}
	}
}

// wait is the time until the next capture is due, at most pause.
func (k *Keeper) wait(ctx context.Context, now time.Time) time.Duration {
	next, err := k.captures.Next(ctx)
	if err != nil || next.IsZero() {
		return pause
	}
	// Not at once again: what could not be erased now waits a second, too.
	return min(max(next.Sub(now), time.Second), pause)
}

// Pass erases everything that is due at now, photos first, and returns how
// much. A class that fails does not keep the others.
func (k *Keeper) Pass(ctx context.Context, now time.Time) (n int, err error) {
	n, err = k.captures.Forget(ctx, now)
	for _, c := range k.classes {
		count, more := k.erase(ctx, c, now)
		if n += count; more != nil {
			err = errors.Join(err, fmt.Errorf("erase %s: %w", c.Name, more))
		}
	}
	if n > 0 {
		k.clean = false
	}
	if k.clean { // what a process that was killed erased may be in the log: once in any case
		return n, err
	}
	more := k.store.Scrub(ctx)
	k.clean = more == nil
	return n, errors.Join(err, more)
}

// erase deletes what is due of one class, with its receipt, in one transaction.
func (k *Keeper) erase(ctx context.Context, c Class, now time.Time) (n int, err error) {
	if !c.erasable() {
		return 0, nil
	}
	var due stock
	err = k.store.Read(ctx, func(tx *sql.Tx) error { // not a write for every look
		due, err = c.stock(ctx, tx, c.Keep.cutoff(now))
		return err
	})
	if err != nil || due.Count == 0 {
		return 0, err
	}
	err = k.store.Write(ctx, func(tx *sql.Tx) error {
		n, err = c.eraseIn(ctx, tx, now)
		return err
	})
	if err == nil && n > 0 {
		k.log.Info("erased", "class", c.Name, "count", n, "limit", c.Keep.String())
	}
	return n, err
}

// Erase deletes within the caller's transaction what of the classes is due at now,
// with its receipts, and returns how much. Photos are not among it: [Captures] has them.
func Erase(ctx context.Context, tx *sql.Tx, classes []Class, now time.Time) (n int, err error) {
	for _, c := range classes {
		if !c.erasable() {
			continue
		}
		count, err := c.eraseIn(ctx, tx, now)
		if err != nil {
			return n, fmt.Errorf("erase %s: %w", c.Name, err)
		}
		n += count
	}
	return n, nil
}

// erasable says whether the class is erased here, and not by its own package.
func (c Class) erasable() bool { return c.AtOffice() && (c.erase != "" || c.Name == "audit") }

func (c Class) eraseIn(ctx context.Context, tx *sql.Tx, now time.Time) (n int, err error) {
	before := c.Keep.cutoff(now)
	due, err := c.stock(ctx, tx, before)
	if err != nil || due.Count == 0 {
		return 0, err
	}
	if c.erase == "" {
		n, err = audit.Shorten(ctx, tx, before, now)
	} else {
		n, err = c.delete(ctx, tx, before)
	}
	if err != nil || n == 0 || c.quiet {
		return n, err
	}
	return n, audit.Append(ctx, tx, Receipt{Class: c.Name, At: now, Count: n, Oldest: due.Oldest, Why: "older than " + c.Keep.String()}.entry())
}

func (c Class) delete(ctx context.Context, tx *sql.Tx, before time.Time) (int, error) {
	done, err := tx.ExecContext(ctx, c.erase+` WHERE `+c.where+` AND `+c.since+` < $1`, c.value(before))
	if err != nil {
		return 0, err
	}
	n, err := done.RowsAffected()
	return int(n), err
}

// value is a time as the class's column has it.
func (c Class) value(t time.Time) any {
	if c.dated {
		return t.UTC().Format(time.DateOnly)
	}
	return t.UnixMilli()
}
