// SPDX-License-Identifier: EUPL-1.2

package clerks

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
)

// BeginEnter gives the options for the browser's navigator.credentials.get, in
// JSON, and the token that the browser brings back. It returns a *PauseError.
func (p *Passkeys) BeginEnter(ctx context.Context, place string) (options []byte, journey string, err error) {
	assertion, session, err := p.web.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, "", fmt.Errorf("sign in: %w", err)
	}
	return p.challenge(ctx, journeyEnter, place, assertion, session)
}

// EndEnter starts a session of the passkey's clerk. It returns ErrJourney or ErrPasskey.
func (p *Passkeys) EndEnter(ctx context.Context, place, journey string, answer []byte) (token string, err error) {
	var session webauthn.SessionData
	if err := p.clerks.resume(ctx, journeyEnter, journey, &session); err != nil {
		return "", fmt.Errorf("sign in: %w", err)
	}
	parsed, err := protocol.ParseCredentialRequestResponseBody(bytes.NewReader(answer))
	if err != nil {
		return "", fmt.Errorf("sign in: %w", ErrPasskey)
	}
	found, err := p.holder(ctx, parsed.RawID, parsed.Response.UserHandle)
	if err != nil {
		return "", fmt.Errorf("sign in: %w", err)
	}
	_, credential, err := p.web.ValidatePasskeyLogin(func(_, _ []byte) (webauthn.User, error) { return found, nil }, session, parsed)
	if err != nil || credential.Authenticator.CloneWarning { // the counter went back: somebody has a copy
		return "", fmt.Errorf("sign in: %w", p.refuse(ctx, found.name))
	}
	return p.admit(ctx, place, found.name, credential)
}

// holder finds the clerk whose passkey has that id, and that handle. It returns
// ErrPasskey for nobody's, which is not recorded: anybody could fill the record.
func (p *Passkeys) holder(ctx context.Context, id, handle []byte) (h holder, err error) {
	var text string
	var one webauthn.Credential
	err = p.clerks.store.Read(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT clerk, handle, credential FROM clerk_passkey WHERE id = $1 AND handle = $2`, id, handle).
			Scan(&h.name, &h.handle, &text)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return h, ErrPasskey
	}
	if err == nil {
		err = json.Unmarshal([]byte(text), &one)
	}
	h.credentials = []webauthn.Credential{one}
	return h, err
}

// refuse records the miss of a known passkey.
func (p *Passkeys) refuse(ctx context.Context, clerk string) error {
	err := p.clerks.store.Write(ctx, func(tx *sql.Tx) error {
		return p.clerks.note(ctx, tx, time.Now(), "office", "sign-in-refused", clerk, ByPasskey)
	})
	return errors.Join(ErrPasskey, err)
}

// admit keeps the passkey's new counter and starts the session.
func (p *Passkeys) admit(ctx context.Context, place, clerk string, credential *webauthn.Credential) (token string, err error) {
	text, err := json.Marshal(credential)
	if err != nil {
		return "", fmt.Errorf("sign in: %w", err)
	}
	err = p.clerks.store.Write(ctx, func(tx *sql.Tx) error {
		done, err := tx.ExecContext(ctx, `UPDATE clerk_passkey SET credential = $2, used_at = $3 WHERE id = $1`, credential.ID, string(text), time.Now().UnixMilli())
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 { // removed meanwhile
			return errors.Join(err, ErrPasskey)
		}
		token, err = p.clerks.startIn(ctx, tx, arrival{name: clerk, way: ByPasskey, place: place})
		return err
	})
	if err != nil {
		return "", fmt.Errorf("sign in: %w", err)
	}
	return token, nil
}
