// SPDX-License-Identifier: EUPL-1.2

// Package alert mails the technicians when something at a station or at the office begins to be wrong, and when it is well again.
//
// What holds lies in the store, and what waits to be sent in the outbox: of several
// programs one looks and sends, and no mail is lost with one that dies.
package alert

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"time"

	"github.com/fotobox-project/fotobox/registry/fleet"
	"github.com/fotobox-project/fotobox/registry/post"
	"github.com/fotobox-project/fotobox/registry/store"
)

const (
	// turn is how long one program looks and sends before another one may.
	turn = time.Minute
	// ask is how often each program asks whether it is its turn.
	ask = 20 * time.Second
	// sending ends before the turn does.
	sending = 50 * time.Second
	// lease names the work in the store.
	lease = "alerts"
)

// An Outbox carries what was put into it to the technicians.
type Outbox interface {
	Send(ctx context.Context, now time.Time) error
}

// Words are what a mail says of a condition that began then, or is over.
type Words func(c fleet.Condition, began time.Time, over bool) (subject, body string)

// Alerts looks and tells.
type Alerts struct {
	// Look finds what holds now.
	Look func(ctx context.Context, now time.Time) ([]fleet.Condition, error)
	// Words are the mails'.
	Words Words

	store *store.Store
	post  Outbox
	log   *slog.Logger
}

// New gives alerts that are kept in s and carried by post.
func New(s *store.Store, post Outbox, log *slog.Logger) *Alerts {
	return &Alerts{store: s, post: post, log: log}
}

// String names the task.
func (a *Alerts) String() string { return "alerts" }

// Run looks and sends until ctx ends.
func (a *Alerts) Run(ctx context.Context) error {
	for {
		if err := a.Pass(ctx, time.Now()); err != nil && ctx.Err() == nil {
			a.log.Error("alerts are late, trying again", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(ask):
		}
	}
}

// Pass looks once and sends what is due, if no other program does.
func (a *Alerts) Pass(ctx context.Context, now time.Time) error {
	mine, err := a.store.Lease(ctx, lease, now, now.Add(turn))
	if err != nil || !mine {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, sending)
	defer cancel()
	holds, err := a.Look(ctx, now)
	if err == nil {
		err = a.Note(ctx, holds, now)
	}
	if err != nil {
		a.log.Error("what is wrong was not looked through", "err", err)
	}
	return a.post.Send(ctx, now)
}

// Note compares what holds with what was told, and puts a mail into the outbox for
// each difference, in one transaction.
func (a *Alerts) Note(ctx context.Context, holds []fleet.Condition, now time.Time) error {
	err := a.store.Write(ctx, func(tx *sql.Tx) error {
		told, err := told(ctx, tx)
		if err != nil {
			return err
		}
		for _, c := range holds {
			if _, known := told[c]; !known {
				if err := a.begin(ctx, tx, c, now); err != nil {
					return err
				}
			}
			delete(told, c)
		}
		for c, began := range told {
			if err := a.end(ctx, tx, c, began, now); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("note alerts: %w", err)
	}
	return nil
}

func told(ctx context.Context, tx *sql.Tx) (map[fleet.Condition]time.Time, error) {
	rows, err := tx.QueryContext(ctx, `SELECT fault, device, began_at FROM alerts`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := map[fleet.Condition]time.Time{}
	for rows.Next() {
		var c fleet.Condition
		var began int64
		if err := rows.Scan(&c.Fault, &c.Device, &began); err != nil {
			return nil, err
		}
		all[c] = time.UnixMilli(began).UTC()
	}
	return all, rows.Err()
}

func (a *Alerts) begin(ctx context.Context, tx *sql.Tx, c fleet.Condition, now time.Time) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO alerts (fault, device, began_at) VALUES ($1, $2, $3)`, string(c.Fault), c.Device, now.UnixMilli())
	if err != nil {
		return err
	}
	return a.put(ctx, tx, c, now, now, false)
}

func (a *Alerts) end(ctx context.Context, tx *sql.Tx, c fleet.Condition, began, now time.Time) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM alerts WHERE fault = $1 AND device = $2`, string(c.Fault), c.Device); err != nil {
		return err
	}
	return a.put(ctx, tx, c, began, now, true)
}

func (a *Alerts) put(ctx context.Context, tx *sql.Tx, c fleet.Condition, began, now time.Time, over bool) error {
	subject, body := a.Words(c, began, over)
	m := post.Message{Kind: post.Alert, About: string(c.Fault), Facts: post.Facts{Subject: subject, Body: body}}
	return post.Put(ctx, tx, m, now)
}

// To writes the mails of alerts to these addresses.
type To []string

var _ post.Writer = To(nil)

// Write gives the words as they were when the condition began or ended.
func (t To) Write(_ context.Context, m post.Message, _ time.Time) (post.Letter, error) {
	return post.Letter{To: t, Subject: m.Facts.Subject, Text: m.Facts.Body}, nil
}
