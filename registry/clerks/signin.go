// SPDX-License-Identifier: EUPL-1.2

package clerks

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
)

// ErrSignIn is the one answer to a wrong name, a wrong password and a clerk
// who was removed.
var ErrSignIn = errors.New("name or password is wrong")

// A PauseError says that a name was tried too often: it is not checked again
// before For is over. It comes for unknown names as for known ones.
type PauseError struct{ For time.Duration }

// Error names the time left, in whole seconds.
func (e *PauseError) Error() string {
	return fmt.Sprintf("too many attempts, wait %s", e.For.Round(time.Second))
}

// After freeMisses wrong passwords in a row every further one is followed by a
// pause, firstPause at first and twice as long each time up to lastPause. A
// name that nobody tried for forgetMisses starts anew.
const (
	freeMisses   = 4
	firstPause   = time.Minute
	lastPause    = 15 * time.Minute
	forgetMisses = time.Hour
)

// pause is the wait after that many misses in a row.
func pause(misses int) time.Duration {
	if misses <= freeMisses {
		return 0
	}
	doublings := min(misses-freeMisses-1, 10)
	return min(firstPause<<doublings, lastPause)
}

// SignIn starts a session and gives its token, which is 43 characters of
// unpadded base64url. It returns ErrSignIn or a *PauseError for a refusal.
func (c *Clerks) SignIn(ctx context.Context, name, password string) (token string, err error) {
	name = fold(name)
	phc, err := c.admit(ctx, name)
	if err != nil {
		return "", fmt.Errorf("sign in: %w", err)
	}
	right, err := c.check(ctx, phc, password)
	if err != nil {
		return "", fmt.Errorf("sign in: %w", err)
	}
	if !right {
		return "", c.missed(ctx, name, phc != "")
	}
	return c.start(ctx, name, phc)
}

// check bounds how many passwords are hashed at a time. An empty phc takes as
// long as another and matches nothing.
func (c *Clerks) check(ctx context.Context, phc, password string) (bool, error) {
	h, known := nobody(c.cost), phc != ""
	if known {
		var err error
		if h, err = parsePHC(phc); err != nil {
			return false, err
		}
	}
	if len(password) > 4*maxPassword {
		password = "" // longer than any that accept lets in
	}
	select {
	case c.hashing <- struct{}{}:
		defer func() { <-c.hashing }()
		return h.matches(password) && known, nil
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

// admit gives what is stored of the password, nothing for an unknown name. It
// counts the attempt as a miss before the password is looked at, so that many
// at once do not slip past the limit; start takes the count back.
func (c *Clerks) admit(ctx context.Context, name string) (phc string, err error) {
	err = c.store.Write(ctx, func(tx *sql.Tx) error {
		if err := count(ctx, tx, name, time.Now()); err != nil {
			return err
		}
		if strings.ContainsFunc(name, notInName) { // nobody's, and PostgreSQL takes no NUL
			return nil
		}
		err := tx.QueryRowContext(ctx, `SELECT password FROM clerk WHERE name = $1`, name).Scan(&phc)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	return phc, err
}

// count refuses a name whose pause is not over and adds one miss otherwise.
func count(ctx context.Context, tx *sql.Tx, name string, now time.Time) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM clerk_attempt WHERE last_at < $1`, now.Add(-forgetMisses).UnixMilli())
	if err != nil {
		return err
	}
	key := sha256.Sum256([]byte(name))
	var misses int
	var last int64
	err = tx.QueryRowContext(ctx, `SELECT misses, last_at FROM clerk_attempt WHERE name = $1`, key[:]).Scan(&misses, &last)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if left := time.UnixMilli(last).Add(pause(misses)).Sub(now); left > 0 {
		return &PauseError{For: left}
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO clerk_attempt (name, misses, last_at) VALUES ($1, $2, $3)
		ON CONFLICT (name) DO UPDATE SET misses = $2, last_at = $3`, key[:], misses+1, now.UnixMilli())
	return err
}

// missed records the miss of a known clerk. An unknown name is not recorded:
// it may be a password in the wrong field, and anybody could fill the record.
func (c *Clerks) missed(ctx context.Context, name string, known bool) error {
	if !known {
		return ErrSignIn
	}
	err := c.store.Write(ctx, func(tx *sql.Tx) error {
		return c.note(ctx, tx, time.Now(), "office", "sign-in-refused", name, "")
	})
	if err != nil {
		return fmt.Errorf("sign in: %w", err)
	}
	return ErrSignIn
}
