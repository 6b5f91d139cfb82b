// SPDX-License-Identifier: EUPL-1.2

package alert

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/fotobox-project/fotobox/registry/store"
)

// most is how many mails one turn sends at most.
const most = 50

// waiting is a mail in the outbox.
type waiting struct {
	Mail
	tries int
}

// send sends what is due. The first one that fails ends the turn: it waits longer
// than the others, so that each has its own.
func (a *Alerts) send(ctx context.Context, now time.Time) error {
	list, err := a.due(ctx, now)
	if err != nil {
		return err
	}
	for _, m := range list {
		if err := a.post.Send(ctx, m.Mail); err != nil {
			a.failed.Add(1)
			return a.later(ctx, m, err, now)
		}
		a.sent.Add(1)
		if err := a.forget(ctx, m.ID); err != nil {
			return err
		}
		a.log.Info("alert mailed", "message", m.ID, "tries", m.tries+1)
	}
	return nil
}

func (a *Alerts) due(ctx context.Context, now time.Time) (list []waiting, err error) {
	list, err = store.List(ctx, a.store, func(row store.Row) (m waiting, err error) {
		var made int64
		err = row.Scan(&m.ID, &made, &m.Subject, &m.Body, &m.tries)
		m.Made = time.UnixMilli(made).UTC()
		return m, err
	}, `SELECT id, made_at, subject, body, tries FROM mails WHERE next_at <= $1 ORDER BY next_at, made_at, id LIMIT $2`, now.UnixMilli(), most)
	if err != nil {
		return nil, fmt.Errorf("mails that wait: %w", err)
	}
	return list, nil
}

// later notes that a mail was not taken; the server may be away, or refuse.
func (a *Alerts) later(ctx context.Context, m waiting, why error, now time.Time) error {
	next := now.Add(a.wait.Delay(m.tries))
	a.log.Warn("alert could not be mailed, it waits", "message", m.ID, "tries", m.tries+1, "next", next.UTC(), "err", why)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second) // the time for sending may be over
	defer cancel()
	err := a.store.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE mails SET tries = tries + 1, next_at = $1 WHERE id = $2`, next.UnixMilli(), m.ID)
		return err
	})
	if err != nil {
		return fmt.Errorf("put mail back: %w", err)
	}
	return nil
}

func (a *Alerts) forget(ctx context.Context, id string) error {
	err := a.store.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM mails WHERE id = $1`, id)
		return err
	})
	if err != nil {
		return fmt.Errorf("note that a mail is sent: %w", err)
	}
	return nil
}

// Waiting is how many mails wait.
func (a *Alerts) Waiting(ctx context.Context) (n int, err error) {
	err = a.store.Read(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT count(*) FROM mails`).Scan(&n)
	})
	if err != nil {
		return 0, fmt.Errorf("count mails: %w", err)
	}
	return n, nil
}
