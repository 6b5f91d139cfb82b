// SPDX-License-Identifier: EUPL-1.2

package clerks

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"github.com/fotobox-project/fotobox/registry/store"
)

// ErrPasskey says that a passkey is not known here, or that its answer does not
// hold: another site's, without the person being verified, or of a copy.
var ErrPasskey = errors.New("passkey is refused")

// Passkeys lets clerks in who have one (W3C Web Authentication, level 3):
// discoverable, so that no name is typed, and with the person verified.
type Passkeys struct {
	clerks *Clerks
	web    *webauthn.WebAuthn
}

// NewPasskeys gives the passkeys of the site under which clerks reach the desk,
// "https://desk.example.org": no other site gets an answer that holds here.
func (c *Clerks) NewPasskeys(site, office string) (*Passkeys, error) {
	u, err := url.Parse(site)
	if err != nil || u.Hostname() == "" {
		return nil, fmt.Errorf("passkeys: site %q has no host", site)
	}
	web, err := webauthn.New(&webauthn.Config{
		RPID: u.Hostname(), RPDisplayName: office, RPOrigins: []string{u.Scheme + "://" + u.Host},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired,
		},
	})
	if err != nil {
		return nil, fmt.Errorf("passkeys: %w", err)
	}
	return &Passkeys{c, web}, nil
}

// holder is a clerk as the library wants one.
type holder struct {
	name        string
	handle      []byte
	credentials []webauthn.Credential
}

func (h holder) WebAuthnID() []byte                         { return h.handle }
func (h holder) WebAuthnName() string                       { return h.name }
func (h holder) WebAuthnDisplayName() string                { return h.name }
func (h holder) WebAuthnCredentials() []webauthn.Credential { return h.credentials }

// BeginAdd gives the options for the browser's navigator.credentials.create, in
// JSON, and the token that the browser brings back.
func (p *Passkeys) BeginAdd(ctx context.Context, clerk string) (options []byte, journey string, err error) {
	h := holder{name: clerk}
	err = p.clerks.store.Read(ctx, func(tx *sql.Tx) error {
		h.handle, h.credentials, err = credentials(ctx, tx, clerk)
		return err
	})
	if err != nil {
		return nil, "", fmt.Errorf("add passkey: %w", err)
	}
	if h.handle == nil {
		h.handle = make([]byte, 32)
		rand.Read(h.handle) // never fails (crypto/rand)
	}
	creation, session, err := p.web.BeginRegistration(h, webauthn.WithExclusions(webauthn.Credentials(h.credentials).CredentialDescriptors()))
	if err != nil {
		return nil, "", fmt.Errorf("add passkey: %w", err)
	}
	return p.challenge(ctx, journeyAdd, "", creation, session)
}

// challenge keeps what was asked, and writes the question.
func (p *Passkeys) challenge(ctx context.Context, kind, place string, question any, session *webauthn.SessionData) (options []byte, journey string, err error) {
	if options, err = json.Marshal(question); err == nil {
		journey, err = p.clerks.begin(ctx, kind, place, session)
	}
	if err != nil {
		return nil, "", fmt.Errorf("passkey: %w", err)
	}
	return options, journey, nil
}

// EndAdd keeps the passkey under the clerk's own name for it, 1 to 64
// characters. It returns ErrJourney or ErrPasskey.
func (p *Passkeys) EndAdd(ctx context.Context, clerk, journey, name string, answer []byte) error {
	var session webauthn.SessionData
	if err := p.clerks.resume(ctx, journeyAdd, journey, &session); err != nil {
		return fmt.Errorf("add passkey: %w", err)
	}
	name = strings.TrimSpace(name)
	if n := utf8.RuneCountInString(name); n < 1 || n > 64 || !utf8.ValidString(name) || strings.ContainsRune(name, 0) {
		return fmt.Errorf("add passkey: name needs 1 to 64 characters: %w", ErrPasskey)
	}
	parsed, err := protocol.ParseCredentialCreationResponseBody(bytes.NewReader(answer))
	if err != nil {
		return fmt.Errorf("add passkey: %w", ErrPasskey)
	}
	credential, err := p.web.CreateCredential(holder{name: clerk, handle: session.UserID}, session, parsed)
	if err != nil {
		return fmt.Errorf("add passkey: %w", ErrPasskey)
	}
	text, err := json.Marshal(credential)
	if err == nil {
		err = p.keep(ctx, clerk, session.UserID, name, credential.ID, string(text))
	}
	if errors.Is(err, store.ErrDuplicate) {
		err = ErrPasskey
	}
	if err != nil {
		return fmt.Errorf("add passkey: %w", err)
	}
	return nil
}

func (p *Passkeys) keep(ctx context.Context, clerk string, handle []byte, name string, id []byte, text string) error {
	now := time.Now()
	return p.clerks.store.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO clerk_passkey (id, clerk, handle, name, credential, added_at, used_at)
			VALUES ($1, $2, $3, $4, $5, $6, 0)`, id, clerk, handle, name, text, now.UnixMilli())
		if err != nil {
			return err
		}
		return p.clerks.note(ctx, tx, now, "clerk:"+clerk, "passkey-added", clerk, short(id))
	})
}

// short names a passkey in the record.
func short(id []byte) string { return fmt.Sprintf("%x", id[:min(len(id), 4)]) }

// A Passkey is one as its clerk sees it.
type Passkey struct {
	ID            string // unpadded base64url
	Name          string
	Added, UsedAt time.Time // UsedAt is the zero time when it never was
}

// List gives the clerk's passkeys, the oldest first.
func (p *Passkeys) List(ctx context.Context, clerk string) (list []Passkey, err error) {
	list, err = store.List(ctx, p.clerks.store, func(row store.Row) (one Passkey, err error) {
		var id []byte
		var added, used int64
		err = row.Scan(&id, &one.Name, &added, &used)
		one.ID, one.Added = base64.RawURLEncoding.EncodeToString(id), time.UnixMilli(added)
		if used != 0 {
			one.UsedAt = time.UnixMilli(used)
		}
		return one, err
	}, `SELECT id, name, added_at, used_at FROM clerk_passkey WHERE clerk = $1 ORDER BY added_at, id`, clerk)
	if err != nil {
		return nil, fmt.Errorf("list passkeys: %w", err)
	}
	return list, nil
}

// Remove takes a passkey of the clerk's away. It returns ErrNotFound.
func (p *Passkeys) Remove(ctx context.Context, clerk, id string) error {
	raw, err := base64.RawURLEncoding.DecodeString(id)
	if err != nil {
		return fmt.Errorf("remove passkey: %w", ErrNotFound)
	}
	err = p.clerks.store.Write(ctx, func(tx *sql.Tx) error {
		done, err := tx.ExecContext(ctx, `DELETE FROM clerk_passkey WHERE id = $1 AND clerk = $2`, raw, clerk)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, ErrNotFound)
		}
		return p.clerks.note(ctx, tx, time.Now(), "clerk:"+clerk, "passkey-removed", clerk, short(raw))
	})
	if err != nil {
		return fmt.Errorf("remove passkey: %w", err)
	}
	return nil
}

// credentials are those of the clerk, with the handle that they know, if any.
func credentials(ctx context.Context, tx *sql.Tx, clerk string) (handle []byte, list []webauthn.Credential, err error) {
	list, err = store.Collect(ctx, tx, func(row store.Row) (one webauthn.Credential, err error) {
		var text string
		if err := row.Scan(&handle, &text); err != nil {
			return one, err
		}
		return one, json.Unmarshal([]byte(text), &one)
	}, `SELECT handle, credential FROM clerk_passkey WHERE clerk = $1`, clerk)
	return handle, list, err
}
