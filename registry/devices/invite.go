// SPDX-License-Identifier: EUPL-1.2

package devices

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/fotobox-project/fotobox/internal/problem"
	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

const (
	// inviteLife is how long a technician has to carry the code to the station.
	inviteLife = 15 * time.Minute
	// inviteTries is how many wrong secrets an invitation takes before it is dead.
	inviteTries = 5
	// idBytes of the secret name the invitation, so that a wrong secret counts
	// against one invitation and cannot shut out the others.
	idBytes = 4
)

// Why a secret is not accepted. Who does not know the whole secret only ever
// learns ErrSecret.
var (
	ErrSecret     = problem.New(http.StatusForbidden, "invitation-unknown", "invitation is not known")
	ErrUsed       = problem.New(http.StatusForbidden, "invitation-used", "invitation was used already")
	ErrInviteOver = problem.New(http.StatusForbidden, "invitation-over", "invitation is more than 15 minutes old")
	ErrTries      = problem.New(http.StatusForbidden, "invitation-blocked", "invitation had too many wrong tries")
)

// Invite makes a one-time invitation to the device listener at address
// (host:port). Only its hash is kept.
func (d *Devices) Invite(ctx context.Context, actor, address string, now time.Time) (enrolment.Invite, error) {
	i := enrolment.Invite{Address: address, CA: d.keys.CA.Hash()}
	rand.Read(i.Secret[:]) // never fails
	if _, err := enrolment.ParseInvite(i.String()); err != nil {
		return enrolment.Invite{}, fmt.Errorf("invite station to %q: %w", address, err)
	}
	hash := sha256.Sum256(i.Secret[:])
	err := d.store.Write(ctx, func(tx *sql.Tx) error {
		// Old ones are kept for a day, so that a late station is told "used" or
		// "too old" and not "unknown".
		if _, err := tx.ExecContext(ctx, `DELETE FROM invites WHERE expires_at < $1`, now.Add(-24*time.Hour).UnixMilli()); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO invites (id, hash, expires_at, misses, used) VALUES ($1, $2, $3, 0, 0)`,
			inviteID(i.Secret[:]), hash[:], now.Add(inviteLife).UnixMilli())
		if err != nil {
			return err
		}
		return audit.Append(ctx, tx, audit.Entry{At: now, Actor: actor, Action: "invited", Subject: "invite:" + inviteID(i.Secret[:])})
	})
	if err != nil {
		return enrolment.Invite{}, fmt.Errorf("invite station: %w", err)
	}
	return i, nil
}

func inviteID(secret []byte) string { return hex.EncodeToString(secret[:idBytes]) }

// known finds out without a write whether the secret names an invitation at
// all: anybody on the network may ask, and must not keep the office busy.
func (d *Devices) known(ctx context.Context, secret []byte) error {
	if len(secret) != enrolment.SecretSize {
		return ErrSecret
	}
	return d.store.Read(ctx, func(tx *sql.Tx) error {
		var n int
		err := tx.QueryRowContext(ctx, `SELECT count(*) FROM invites WHERE id = $1`, inviteID(secret)).Scan(&n)
		if err == nil && n == 0 {
			return ErrSecret
		}
		return err
	})
}

// use spends the invitation with this secret, whose length known has seen. A
// wrong try is counted in the database: the caller commits when there is a
// refusal and no error.
func use(ctx context.Context, tx *sql.Tx, secret []byte, now time.Time) (refusal, err error) {
	var hash []byte
	var expires, misses, used int64
	row := tx.QueryRowContext(ctx, `SELECT hash, expires_at, misses, used FROM invites WHERE id = $1`, inviteID(secret))
	if err := row.Scan(&hash, &expires, &misses, &used); errors.Is(err, sql.ErrNoRows) {
		return ErrSecret, nil
	} else if err != nil {
		return nil, err
	}
	switch sum := sha256.Sum256(secret); {
	case misses >= inviteTries:
		return ErrTries, nil
	case subtle.ConstantTimeCompare(sum[:], hash) != 1:
		_, err := tx.ExecContext(ctx, `UPDATE invites SET misses = misses + 1 WHERE id = $1`, inviteID(secret))
		return ErrSecret, err
	case used != 0:
		return ErrUsed, nil
	case now.UnixMilli() >= expires:
		return ErrInviteOver, nil
	}
	_, err = tx.ExecContext(ctx, `UPDATE invites SET used = 1 WHERE id = $1`, inviteID(secret))
	return nil, err
}
