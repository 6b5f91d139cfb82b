// SPDX-License-Identifier: EUPL-1.2

package envelope

import (
	"crypto/ed25519"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"
)

// FuzzReceipt reads any bytes as a receipt: one that verifies says what the office has signed, and
// nothing else verifies.
func FuzzReceipt(f *testing.F) {
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	public := key.Public().(ed25519.PublicKey)
	at := time.Unix(1_800_000_000, 0)
	signed := Receipt{ID: uuid.UUID{6: 0x70, 8: 0x80}, Digest: Digest([32]byte{1}), ReceivedAt: at, ExpiresAt: at.Add(Lifetime)}.Sign(key)
	text, err := json.Marshal(signed)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte(`{"id":"00000000-0000-7000-8000-000000000000","received_at":"0000-01-01T00:00:00+23:59","signature":""}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var r Receipt
		if json.Unmarshal(data, &r) != nil {
			return
		}
		if r.Verify(public) == nil && string(r.signed()) != string(signed.signed()) {
			t.Errorf("%q verifies", data)
		}
		if again := r.Sign(key); again.Verify(public) != nil {
			t.Errorf("%q does not verify once it is signed", data)
		}
	})
}

// FuzzParseDigest: what is read as a digest is written as one again.
func FuzzParseDigest(f *testing.F) {
	f.Add(Digest([32]byte{1, 2, 3}))
	f.Add("sha-512=:AAAA:, sha-256=:AAAA:")
	f.Fuzz(func(t *testing.T, text string) {
		sum, err := ParseDigest(text)
		if err != nil {
			return
		}
		if again, err := ParseDigest(Digest(sum)); err != nil || again != sum {
			t.Errorf("%q gives %x and then %x, %v", text, sum, again, err)
		}
	})
}

// FuzzParseRecipients: whatever the office calls recipients, it is refused or seals.
func FuzzParseRecipients(f *testing.F) {
	f.Add("age1pq1", "age1")
	f.Add("", "")
	f.Fuzz(func(t *testing.T, first, second string) {
		recipients, err := ParseRecipients([]string{first, second})
		if err == nil && len(recipients) != 2 {
			t.Errorf("%q and %q are %d recipients", first, second, len(recipients))
		}
	})
}
