// SPDX-License-Identifier: EUPL-1.2

// Package clerks lets the office's clerks sign in, with a password, a passkey or
// the town's OpenID provider, and knows the role of each.
//
// Passwords are kept as argon2id, sessions as hashes of random tokens. No clerk
// exists before an administrator adds one or the provider names one, and no
// password has a default.
package clerks

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/store"
)

// ErrExists says that a clerk of that name was added before.
var ErrExists = errors.New("clerk exists already")

// ErrNotFound says that there is no clerk of that name.
var ErrNotFound = errors.New("no such clerk")

// A Journal writes one line of the office's record within the transaction of
// the thing it records: [audit.Append].
type Journal func(ctx context.Context, tx *sql.Tx, e audit.Entry) error

// Clerks is the list of clerks and of those who are signed in.
type Clerks struct {
	store   *store.Store
	journal Journal
	cost    cost
	hashing chan struct{} // bounds the memory of passwords being checked, 64 MiB each
}

// New gives the clerks kept in s. Every change is written to journal.
func New(s *store.Store, journal Journal) *Clerks {
	return &Clerks{store: s, journal: journal, cost: recommended(), hashing: make(chan struct{}, 2)}
}

// Add makes a clerk. The name has 1 to 64 letters, digits, dots, dashes and
// underscores, and reads the same in upper and lower case; the password has
// 12 to 256 characters.
func (c *Clerks) Add(ctx context.Context, name, password string, role Role) error {
	name, phc, err := c.accept(name, password)
	if err == nil {
		role, err = ParseRole(string(role))
	}
	if err != nil {
		return fmt.Errorf("add clerk: %w", err)
	}
	now := time.Now()
	err = c.store.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO clerk (name, password, role, added_at) VALUES ($1, $2, $3, $4)`, name, phc, string(role), now.UnixMilli())
		if err != nil {
			return err
		}
		return c.note(ctx, tx, now, "office", "clerk-added", name, string(role))
	})
	if errors.Is(err, store.ErrDuplicate) {
		err = ErrExists
	}
	if err != nil {
		return fmt.Errorf("add clerk: %w", err)
	}
	return nil
}

// SetPassword replaces a clerk's password and ends all sessions of the clerk.
func (c *Clerks) SetPassword(ctx context.Context, name, password string) error {
	name, phc, err := c.accept(name, password)
	if err != nil {
		return fmt.Errorf("set clerk's password: %w", err)
	}
	return c.change(ctx, name, "password-set", "",
		`DELETE FROM clerk_session WHERE clerk = $1`,
		`UPDATE clerk SET password = $2 WHERE name = $1`, phc)
}

// Remove takes a clerk off the list and ends all sessions of the clerk.
func (c *Clerks) Remove(ctx context.Context, name string) error {
	return c.change(ctx, fold(name), "clerk-removed", "",
		`DELETE FROM clerk_session WHERE clerk = $1`,
		`DELETE FROM clerk WHERE name = $1`)
}

// change runs first and then the statement that must hit the clerk's row.
func (c *Clerks) change(ctx context.Context, name, action, detail, first, then string, args ...any) error {
	err := c.store.Write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, first, name); err != nil {
			return err
		}
		done, err := tx.ExecContext(ctx, then, append([]any{name}, args...)...)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, ErrNotFound)
		}
		return c.note(ctx, tx, time.Now(), "office", action, name, detail)
	})
	if err != nil {
		return fmt.Errorf("change clerk: %w", err)
	}
	return nil
}

// note writes in the record what was done to the clerk of that name.
func (c *Clerks) note(ctx context.Context, tx *sql.Tx, at time.Time, actor, action, name, detail string) error {
	return c.journal(ctx, tx, audit.Entry{At: at, Actor: actor, Action: action, Subject: "clerk:" + name, Detail: detail})
}

// Listed is a clerk on the list.
type Listed struct {
	Clerk
	Sessions int // that are not over
}

// List gives the clerks in the order of their names.
func (c *Clerks) List(ctx context.Context) (list []Listed, err error) {
	list, err = store.List(ctx, c.store, func(row store.Row) (one Listed, err error) {
		return one, row.Scan(&one.Name, &one.Role, &one.Sessions)
	}, `SELECT name, role, (SELECT count(*) FROM clerk_session WHERE clerk = name AND started_at > $1 AND used_at > $2)
		FROM clerk ORDER BY name`, oldest(time.Now())...)
	if err != nil {
		return nil, fmt.Errorf("list clerks: %w", err)
	}
	return list, nil
}

// accept checks a new name and password and gives what is stored of them.
func (c *Clerks) accept(name, password string) (folded, phc string, err error) {
	folded = fold(name)
	if n := utf8.RuneCountInString(folded); n < 1 || n > 64 || strings.ContainsFunc(folded, notInName) {
		return "", "", errors.New("name needs 1 to 64 letters, digits, dots, dashes or underscores")
	}
	if n := utf8.RuneCountInString(password); n < 12 || n > maxPassword {
		return "", "", errors.New("password needs 12 to 256 characters")
	}
	return folded, c.cost.hash(password), nil
}

// fold makes names equal that differ in case or in spaces around them only.
func fold(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

func notInName(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("._-", r)
}
