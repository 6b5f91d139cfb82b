// SPDX-License-Identifier: EUPL-1.2

package clerks

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/fotobox-project/fotobox/registry/audit"
)

// known is somebody whom the town's provider vouches for: issuer and subject
// together, which never change. The name may.
type known struct {
	Issuer, Subject string
	Name            string
	Role            Role
}

// mark names somebody in the record who is no clerk here.
func (k known) mark() string {
	sum := sha256.Sum256([]byte(k.Issuer + "\x00" + k.Subject))
	return fmt.Sprintf("%x", sum[:4])
}

// admitKnown starts a session of the clerk, whom it adds to the list the first
// time. A role that is new ends the sessions of the old one.
func (c *Clerks) admitKnown(ctx context.Context, k known, place string) (token string, err error) {
	err = c.store.Write(ctx, func(tx *sql.Tx) error {
		name, err := c.enlist(ctx, tx, k)
		if err != nil {
			return err
		}
		token, err = c.startIn(ctx, tx, arrival{name: name, way: ByOpenID, place: place})
		return err
	})
	return token, err
}

// enlist gives the name under which the list has the clerk.
func (c *Clerks) enlist(ctx context.Context, tx *sql.Tx, k known) (name string, err error) {
	now, role := time.Now(), Role("")
	err = tx.QueryRowContext(ctx, `SELECT name, role FROM clerk WHERE issuer = $1 AND subject = $2`, k.Issuer, k.Subject).Scan(&name, &role)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return c.addKnown(ctx, tx, k, now)
	case err != nil || role == k.Role:
		return name, err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM clerk_session WHERE clerk = $1`, name); err != nil {
		return "", err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE clerk SET role = $2 WHERE name = $1`, name, string(k.Role)); err != nil {
		return "", err
	}
	return name, c.note(ctx, tx, now, "openid", "role-set", name, string(k.Role))
}

// addKnown adds the clerk under a name that nobody has: who has a password here
// is not taken over by somebody of the same name elsewhere.
func (c *Clerks) addKnown(ctx context.Context, tx *sql.Tx, k known, now time.Time) (name string, err error) {
	for _, name = range []string{k.Name, k.Name + "-" + k.mark()} {
		done, err := tx.ExecContext(ctx, `INSERT INTO clerk (name, password, role, issuer, subject, added_at) VALUES ($1, '', $2, $3, $4, $5)
			ON CONFLICT (name) DO NOTHING`, name, string(k.Role), k.Issuer, k.Subject, now.UnixMilli())
		if err != nil {
			return "", err
		}
		if n, err := done.RowsAffected(); err != nil || n == 1 {
			return name, errors.Join(err, c.note(ctx, tx, now, "openid", "clerk-added", name, string(k.Role)))
		}
	}
	return "", ErrExists
}

// stranger writes down why somebody was not let in, and is the refusal.
func (c *Clerks) stranger(ctx context.Context, k known, why string) error {
	err := c.store.Write(ctx, func(tx *sql.Tx) error {
		return c.journal(ctx, tx, audit.Entry{
			At: time.Now(), Actor: "openid", Action: "sign-in-refused", Subject: "openid:" + k.mark(), Detail: why,
		})
	})
	return errors.Join(fmt.Errorf("%s: %w", why, ErrStranger), err)
}

// nameOf makes a clerk's name of what the provider calls somebody.
func nameOf(claims map[string]any, subject string) string {
	username, _ := claims["preferred_username"].(string)
	email, _ := claims["email"].(string)
	name := []rune(cmp.Or(fold(username), fold(email), fold(subject)))
	name = name[:min(len(name), 55)] // and room for a mark
	for i, r := range name {
		if notInName(r) {
			name[i] = '-'
		}
	}
	return string(name)
}

// lookUp finds the claim, "groups" or "realm_access.roles".
func lookUp(claims map[string]any, claim string) any {
	if value, ok := claims[claim]; ok {
		return value
	}
	first, rest, deeper := strings.Cut(claim, ".")
	if inner, ok := claims[first].(map[string]any); ok && deeper {
		return lookUp(inner, rest)
	}
	return nil
}

// roleOf is the one role that the claim's values stand for, "" for none and for
// several: a supervisor is a clerk as well, other duties are kept apart.
func roleOf(claims map[string]any, claim string, roles map[string]Role) Role {
	var values []any
	switch value := lookUp(claims, claim).(type) {
	case string:
		values = []any{value}
	case []any:
		values = value
	}
	has := map[Role]bool{}
	for _, value := range values {
		if text, ok := value.(string); ok && roles[text] != "" {
			has[roles[text]] = true
		}
	}
	if has[RoleSupervisor] {
		delete(has, RoleClerk)
	}
	if len(has) != 1 {
		return ""
	}
	return slices.Collect(maps.Keys(has))[0]
}
