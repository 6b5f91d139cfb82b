// SPDX-License-Identifier: EUPL-1.2

package clerks

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/fotobox-project/fotobox/registry/store"
)

// An Open session is one that is not over, as its clerk sees it.
type Open struct {
	Way             string // in which the clerk signed in
	Started, UsedAt time.Time
	This            bool // the one that asks
}

// Sessions lists the clerk's sessions that are not over, the newest first. The
// token is that of the session that asks.
func (c *Clerks) Sessions(ctx context.Context, name, token string) (list []Open, err error) {
	now := time.Now()
	list, err = store.List(ctx, c.store, func(row store.Row) (one Open, err error) {
		var started, used int64
		err = row.Scan(&one.Way, &started, &used, &one.This)
		one.Started, one.UsedAt = time.UnixMilli(started), time.UnixMilli(used)
		return one, err
	}, `SELECT way, started_at, used_at, token = $4 FROM clerk_session
		WHERE clerk = $3 AND started_at > $1 AND used_at > $2 ORDER BY started_at DESC`, append(oldest(now), fold(name), tokenHash(token))...)
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	return list, nil
}

// SignOutEverywhere ends all sessions of the clerk. The actor is who asks for
// it, as the record names them: the clerk, a supervisor or an account.
func (c *Clerks) SignOutEverywhere(ctx context.Context, actor, name string) error {
	name = fold(name)
	err := c.store.Write(ctx, func(tx *sql.Tx) error {
		var there int
		if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM clerk WHERE name = $1`, name).Scan(&there); err != nil {
			return err
		}
		if there == 0 {
			return ErrNotFound
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM clerk_session WHERE clerk = $1`, name); err != nil {
			return err
		}
		return c.note(ctx, tx, time.Now(), actor, "signed-out-everywhere", name, "")
	})
	if err != nil {
		return fmt.Errorf("sign out everywhere: %w", err)
	}
	return nil
}

// SignOut ends the session. A session that is over already is no error.
func (c *Clerks) SignOut(ctx context.Context, token string) error {
	clerk, _, err := c.lookup(ctx, token)
	if errors.Is(err, ErrSession) {
		return nil
	}
	if err == nil {
		err = c.store.Write(ctx, func(tx *sql.Tx) error {
			if _, err := tx.ExecContext(ctx, `DELETE FROM clerk_session WHERE token = $1`, tokenHash(token)); err != nil {
				return err
			}
			return c.note(ctx, tx, time.Now(), "clerk:"+clerk.Name, "signed-out", clerk.Name, "")
		})
	}
	if err != nil {
		return fmt.Errorf("sign out: %w", err)
	}
	return nil
}
