// SPDX-License-Identifier: EUPL-1.2

package envelope

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
)

func TestReceipt(t *testing.T) {
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	public := key.Public().(ed25519.PublicKey)
	r := Receipt{
		ID:         uuid.MustParse("019ad948-b3c0-7000-8000-000000000001"),
		Digest:     Digest(sha256.Sum256([]byte("envelope"))),
		ReceivedAt: time.Date(2026, 12, 1, 10, 31, 0, 999, time.FixedZone("CET", 3600)),
		ExpiresAt:  time.Date(2026, 12, 5, 9, 30, 0, 0, time.UTC),
	}.Sign(key)
	const signed = "fotobox receipt v1\n019ad948-b3c0-7000-8000-000000000001\n" +
		"sha-256=:TFA8pndh5cSq7P6ZYkTCXYwLQJAtEIXIW0RovVZ1SMY=:\n2026-12-01T09:31:00Z\n2026-12-05T09:30:00Z"
	if !ed25519.Verify(public, []byte(signed), r.Signature) {
		t.Errorf("the signed text is\n%s", r.signed())
	}
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var got Receipt
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r, got); diff != "" {
		t.Errorf("after JSON (-want +got):\n%s", diff)
	}
	if err := got.Verify(public); err != nil {
		t.Error(err)
	}
}

func TestReceiptForged(t *testing.T) {
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	public := key.Public().(ed25519.PublicKey)
	good := Receipt{ID: uuid.New(), Digest: "sha-256=:AA==:", ReceivedAt: time.Unix(1, 0), ExpiresAt: time.Unix(2, 0)}.Sign(key)
	for _, tt := range []struct {
		name string
		key  ed25519.PublicKey
		bend func(*Receipt)
	}{
		{"another id", public, func(r *Receipt) { r.ID[0]++ }},
		{"another digest", public, func(r *Receipt) { r.Digest = "sha-256=:AQ==:" }},
		{"received later", public, func(r *Receipt) { r.ReceivedAt = r.ReceivedAt.Add(time.Second) }},
		{"expires later", public, func(r *Receipt) { r.ExpiresAt = r.ExpiresAt.Add(time.Second) }},
		{"no signature", public, func(r *Receipt) { r.Signature = nil }},
		{"another key", make(ed25519.PublicKey, ed25519.PublicKeySize), func(*Receipt) {}},
		{"no key", nil, func(*Receipt) {}},
	} {
		r := good
		tt.bend(&r)
		if r.Verify(tt.key) == nil {
			t.Errorf("%s: verified", tt.name)
		}
	}
	if err := good.Verify(public); err != nil {
		t.Error(err)
	}
}

func TestDigest(t *testing.T) {
	sum := sha256.Sum256([]byte("envelope"))
	text := Digest(sum)
	for _, header := range []string{text, " " + text + " ", "sha-512=:AAAA:, " + text, text + ",md5=:AAAA:"} {
		if got, err := ParseDigest(header); err != nil || got != sum {
			t.Errorf("ParseDigest(%q) = %x, %v", header, got, err)
		}
	}
	for _, header := range []string{"", "sha-256", "sha-256=::", "sha-256=" + text[9:len(text)-1], text[:len(text)-1], "sha-256=:AAAA:", "sha-512" + text[7:], text[:20] + "\n" + text[20:]} {
		if got, err := ParseDigest(header); err == nil {
			t.Errorf("ParseDigest(%q) = %x, want an error", header, got)
		}
	}
}
