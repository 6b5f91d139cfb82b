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

// How somebody signed in.
const (
	ByPassword = "password"
	ByPasskey  = "passkey"
	ByOpenID   = "openid"
)

// An arrival is somebody who has proven who they are.
type arrival struct {
	name, way, place string
	phc              string // the password that was checked, as it is kept; empty for another way
}

// start makes the session, and forgets the misses and all sessions that are
// over. The password may have been replaced while the old one was checked: only
// a clerk who still has the checked one gets in.
func (c *Clerks) start(ctx context.Context, a arrival) (token string, err error) {
	err = c.store.Write(ctx, func(tx *sql.Tx) error {
		token, err = c.startIn(ctx, tx, a)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("sign in: %w", err)
	}
	return token, nil
}

func (c *Clerks) startIn(ctx context.Context, tx *sql.Tx, a arrival) (token string, err error) {
	token, now := newToken(), time.Now()
	if err := uncount(ctx, tx, a.name, a.place, now); err != nil {
		return "", err
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM clerk_session WHERE started_at <= $1 OR used_at <= $2`, oldest(now)...)
	if err != nil {
		return "", err
	}
	done, err := tx.ExecContext(ctx, `INSERT INTO clerk_session (token, clerk, way, started_at, used_at)
		SELECT $1, name, $5, $2, $2 FROM clerk WHERE name = $3 AND ($4 = '' OR password = $4)`,
		tokenHash(token), now.UnixMilli(), a.name, a.phc, a.way)
	if err != nil {
		return "", err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return "", errors.Join(err, ErrSignIn)
	}
	return token, c.note(ctx, tx, now, "clerk:"+a.name, "signed-in", a.name, a.way)
}

// newToken is 32 random bytes in 43 characters.
func newToken() string {
	raw := make([]byte, 32)
	rand.Read(raw) // never fails (crypto/rand)
	return base64.RawURLEncoding.EncodeToString(raw)
}

// oldest are the latest beginning and the latest use of sessions that are over.
func oldest(now time.Time) []any {
	return []any{now.Add(-Lifetime).UnixMilli(), now.Add(-Idle).UnixMilli()}
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

func tokenHash(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}
