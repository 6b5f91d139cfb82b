// SPDX-License-Identifier: EUPL-1.2

package envelope

import (
	"crypto/ed25519"
	"errors"
	"time"

	"github.com/google/uuid"
)

// A Receipt is the office's signed statement that it holds an envelope.
// A station deletes an envelope only after it has verified one.
type Receipt struct {
	ID uuid.UUID `json:"id"`
	// Digest is that of the envelope's bytes; see [Digest].
	Digest string `json:"digest"`
	// ReceivedAt and ExpiresAt are UTC, whole seconds.
	ReceivedAt time.Time `json:"received_at"`
	ExpiresAt  time.Time `json:"expires_at"`
	// Signature is Ed25519 over the lines "fotobox receipt v1", id, digest, received_at and
	// expires_at (RFC 3339, UTC, whole seconds), joined by "\n" without one at the end.
	Signature []byte `json:"signature"`
}

// Sign returns the receipt with its times cut to whole seconds, UTC, and signed.
func (r Receipt) Sign(key ed25519.PrivateKey) Receipt {
	r.ReceivedAt = r.ReceivedAt.UTC().Truncate(time.Second)
	r.ExpiresAt = r.ExpiresAt.UTC().Truncate(time.Second)
	r.Signature = ed25519.Sign(key, r.signed())
	return r
}

// Verify returns an error unless the key signed exactly this receipt.
func (r Receipt) Verify(key ed25519.PublicKey) error {
	if len(key) != ed25519.PublicKeySize || !ed25519.Verify(key, r.signed(), r.Signature) {
		return errors.New("receipt: the signature is not the office's")
	}
	return nil
}

func (r Receipt) signed() []byte {
	return []byte("fotobox receipt v1\n" + r.ID.String() + "\n" + r.Digest + "\n" +
		r.ReceivedAt.UTC().Format(time.RFC3339) + "\n" + r.ExpiresAt.UTC().Format(time.RFC3339))
}
