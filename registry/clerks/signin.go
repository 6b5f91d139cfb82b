// SPDX-License-Identifier: EUPL-1.2

package clerks

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
)

// ErrSignIn is the one answer to a wrong name, a wrong password and a clerk
// who was removed.
var ErrSignIn = errors.New("name or password is wrong")

// SignIn starts a session and gives its token, which is 43 characters of
// unpadded base64url. The place is the network address that the attempt came
// from. It returns ErrSignIn or a *PauseError for a refusal.
func (c *Clerks) SignIn(ctx context.Context, name, password, place string) (token string, err error) {
	name = fold(name)
	phc, err := c.admit(ctx, name, place)
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
	return c.start(ctx, arrival{name: name, way: ByPassword, place: place, phc: phc})
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
func (c *Clerks) admit(ctx context.Context, name, place string) (phc string, err error) {
	now := time.Now()
	err = c.store.Write(ctx, func(tx *sql.Tx) error {
		if err := count(ctx, tx, ofPlace(place), now); err != nil {
			return err
		}
		if err := count(ctx, tx, ofName(name), now); err != nil {
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
