// SPDX-License-Identifier: EUPL-1.2

package enrolment

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"strings"
)

// SecretSize is the length of an invitation's secret in bytes: 4 that name the
// invitation and 16 that nobody can guess.
const SecretSize = 20

// longest address an invitation carries; a host name has at most 253 characters.
const longest = 253 + len(":65535")

const (
	prefix   = "FBE1:"
	sumBytes = 4 // a slip in a typed code goes unnoticed once in 2^32
)

// Invite is the one-time invitation of a station. Its text alone is enough to
// find the office, to know it again and to be let in.
type Invite struct {
	Address string            // host:port of the office's device listener
	CA      [sha256.Size]byte // SHA-256 of the office's CA certificate (DER)
	Secret  [SecretSize]byte
}

// encoding uses letters and digits only: all of it fits a QR code's
// alphanumeric mode, needs no quotes in a shell and has no 0, 1 or 8 to misread.
func encoding() *base32.Encoding { return base32.StdEncoding.WithPadding(base32.NoPadding) }

// String is the invitation as text, about 130 characters: "FBE1:" and, in
// base 32 (RFC 4648), the CA's hash, the secret, the address and the first 4
// bytes of the SHA-256 over these.
func (i Invite) String() string {
	b := append(append(i.CA[:len(i.CA):len(i.CA)], i.Secret[:]...), i.Address...)
	sum := sha256.Sum256(b)
	return prefix + encoding().EncodeToString(append(b, sum[:sumBytes]...))
}

// ParseInvite reads an invitation, typed in either case and with spaces or line
// breaks between.
func ParseInvite(text string) (Invite, error) {
	i, err := parse(text)
	if err != nil {
		return Invite{}, fmt.Errorf("parse invitation: %w", err)
	}
	return i, nil
}

func parse(text string) (i Invite, err error) {
	text = strings.ToUpper(strings.Join(strings.Fields(text), ""))
	rest, ok := strings.CutPrefix(text, prefix)
	if !ok {
		return Invite{}, fmt.Errorf("text does not begin with %q", prefix)
	}
	if len(rest) > encoding().EncodedLen(len(i.CA)+len(i.Secret)+longest+sumBytes) {
		return Invite{}, errors.New("text is too long")
	}
	b, err := encoding().DecodeString(rest)
	if err != nil {
		return Invite{}, errors.New("text has a character that does not belong there")
	}
	if len(b) < len(i.CA)+len(i.Secret)+sumBytes {
		return Invite{}, errors.New("text is too short")
	}
	body, tail := b[:len(b)-sumBytes], b[len(b)-sumBytes:]
	if sum := sha256.Sum256(body); !bytes.Equal(sum[:sumBytes], tail) {
		return Invite{}, errors.New("text was mistyped")
	}
	n := copy(i.CA[:], body)
	n += copy(i.Secret[:], body[n:])
	i.Address = string(body[n:])
	if i.String() != text {
		return Invite{}, errors.New("text is not in its shortest form")
	}
	return i, checkAddress(i.Address)
}
