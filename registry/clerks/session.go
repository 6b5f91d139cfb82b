// SPDX-License-Identifier: EUPL-1.2

package clerks

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"time"
)

// A session ends Lifetime after sign-in, or when it was not used for Idle.
const (
	Lifetime = 8 * time.Hour
	Idle     = 30 * time.Minute
)

// noteUse is how often a use is written down at most: a page full of pictures
// is one use.
const noteUse = time.Minute

// ErrSession says that a token belongs to no session, or to one that is over.
var ErrSession = errors.New("not signed in")

// start makes the session, and forgets the misses and all sessions that are
// over. The password may have been replaced while the old one was checked: only
// a clerk who still has the checked one gets in.
func (c *Clerks) start(ctx context.Context, name, phc string) (string, error) {
	raw := make([]byte, 32)
	rand.Read(raw) // never fails (crypto/rand)
	token, now := base64.RawURLEncoding.EncodeToString(raw), time.Now()
	err := c.store.Write(ctx, func(tx *sql.Tx) error {
		if err := forget(ctx, tx, name, now); err != nil {
			return err
		}
		done, err := tx.ExecContext(ctx, `INSERT INTO clerk_session (token, clerk, started_at, used_at)
			SELECT $1, name, $2, $2 FROM clerk WHERE name = $3 AND password = $4`, tokenHash(token), now.UnixMilli(), name, phc)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, ErrSignIn)
		}
		return c.note(ctx, tx, now, "clerk:"+name, "signed-in", name, "")
	})
	if err != nil {
		return "", fmt.Errorf("sign in: %w", err)
	}
	return token, nil
}

// forget deletes the misses of the name and every session that is over.
func forget(ctx context.Context, tx *sql.Tx, name string, now time.Time) error {
	key := sha256.Sum256([]byte(name))
	if _, err := tx.ExecContext(ctx, `DELETE FROM clerk_attempt WHERE name = $1`, key[:]); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM clerk_session WHERE started_at <= $1 OR used_at <= $2`,
		now.Add(-Lifetime).UnixMilli(), now.Add(-Idle).UnixMilli())
	return err
}

// Session gives the clerk whose token it is and counts as a use. It returns
// ErrSession when the session is over.
func (c *Clerks) Session(ctx context.Context, token string) (Clerk, error) {
	clerk, used, err := c.lookup(ctx, token)
	if err != nil || time.Since(used) < noteUse {
		return clerk, err
	}
	err = c.store.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE clerk_session SET used_at = $2 WHERE token = $1`, tokenHash(token), time.Now().UnixMilli())
		return err
	})
	if err != nil {
		return Clerk{}, fmt.Errorf("note use of session: %w", err)
	}
	return clerk, nil
}

// Valid gives the clerk whose token it is without counting as a use: a page
// that is only left open does not stay signed in.
func (c *Clerks) Valid(ctx context.Context, token string) (Clerk, error) {
	clerk, _, err := c.lookup(ctx, token)
	return clerk, err
}

func (c *Clerks) lookup(ctx context.Context, token string) (clerk Clerk, used time.Time, err error) {
	var started, last int64
	err = c.store.Read(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT name, role, started_at, used_at FROM clerk_session, clerk
			WHERE token = $1 AND name = clerk`, tokenHash(token)).Scan(&clerk.Name, &clerk.Role, &started, &last)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return Clerk{}, time.Time{}, ErrSession
	}
	if err != nil {
		return Clerk{}, time.Time{}, fmt.Errorf("look up session: %w", err)
	}
	used = time.UnixMilli(last)
	if time.Since(time.UnixMilli(started)) >= Lifetime || time.Since(used) >= Idle {
		return Clerk{}, time.Time{}, ErrSession
	}
	return clerk, used, nil
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

func tokenHash(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}
