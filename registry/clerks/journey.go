// SPDX-License-Identifier: EUPL-1.2

package clerks

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// A journey is a sign-in of several requests: to the town's provider and back,
// or a challenge to a passkey and its answer. It lies in the store, so that any
// program on it takes the answer, and the browser holds its token, so that
// nobody ends what another began. These are its kinds.
const (
	journeyOpenID = "openid"
	journeyEnter  = "passkey"
	journeyAdd    = "passkey-add"
)

// JourneyTime is how long a journey may take.
const JourneyTime = 10 * time.Minute

// ErrJourney says that an answer belongs to nothing that was begun in this
// browser, or comes too late or a second time.
var ErrJourney = errors.New("sign-in was not begun here, or took too long")

// begin keeps data for the next request and gives the browser's token. It counts
// as an attempt of the place, which start takes back; not so for a clerk who is in.
func (c *Clerks) begin(ctx context.Context, kind, place string, data any) (token string, err error) {
	text, err := json.Marshal(data)
	if err != nil {
		return "", err
	}
	token, now := newToken(), time.Now()
	return token, c.store.Write(ctx, func(tx *sql.Tx) error {
		if kind != journeyAdd {
			if err := count(ctx, tx, ofPlace(place), now); err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM clerk_journey WHERE started_at < $1`, now.Add(-JourneyTime).UnixMilli()); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO clerk_journey (token, kind, data, started_at) VALUES ($1, $2, $3, $4)`,
			tokenHash(token), kind, string(text), now.UnixMilli())
		return err
	})
}

// resume gives back what begin kept, once. It returns ErrJourney.
func (c *Clerks) resume(ctx context.Context, kind, token string, data any) error {
	var text string
	err := c.store.Write(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `DELETE FROM clerk_journey WHERE token = $1 AND kind = $2 AND started_at >= $3 RETURNING data`,
			tokenHash(token), kind, time.Now().Add(-JourneyTime).UnixMilli()).Scan(&text)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return ErrJourney
	}
	if err == nil {
		err = json.Unmarshal([]byte(text), data)
	}
	if err != nil {
		return fmt.Errorf("go on with sign-in: %w", err)
	}
	return nil
}
