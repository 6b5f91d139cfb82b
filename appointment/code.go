// SPDX-License-Identifier: EUPL-1.2

package appointment

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

const (
	prefix  = "FB1:"
	version = 0x01
	// domain separates these signatures from every other use of the key.
	domain = "fotobox appointment v1\x00"

	bodySize = 26
	codeSize = bodySize + ed25519.SignatureSize
	// TextSize is the length of a code's text in characters: "FB1:" and Base45 of 90 bytes.
	TextSize = len(prefix) + codeSize/2*3

	flagPhoto, flagWalkIn, flagTest = 1 << 0, 1 << 1, 1 << 2
	flagReserved                    = 1 << 3
)

var errMalformed = errors.New("not an FB1 appointment code")

// A Code is a signed appointment. Times are UTC, whole minutes.
type Code struct {
	// KeyID names the key of the office that signed; see [KeyID].
	KeyID  [2]byte
	Office Office
	ID     ID
	// Start and Length are the slot's; Length is at most 255 minutes.
	Start  time.Time
	Length time.Duration
	// Service is the office's code of what the citizen comes for.
	Service uint16
	// Persons is at most 255.
	Persons                   int
	PhotoWanted, WalkIn, Test bool
	// Revision counts the reschedules, 0 to 15.
	Revision int
	// ValidUntil lies at most 65535 minutes after Start.
	ValidUntil time.Time
	Signature  [ed25519.SignatureSize]byte
}

// KeyID returns the first 2 bytes of SHA-256 of the public key: which key to try, no proof.
func KeyID(key ed25519.PublicKey) [2]byte {
	sum := sha256.Sum256(key)
	return [2]byte(sum[:2])
}

// Parse reads a code's text. It does not verify the signature; a [Checker] does.
//
// The text is "FB1:" and the Base45 (RFC 9285) of 90 bytes, integers big-endian:
//
//	 0  1  version 0x01
//	 1  2  key id
//	 3  4  office
//	 7  8  appointment id
//	15  4  slot start, minutes since 1970-01-01T00:00Z
//	19  1  slot length, minutes
//	20  2  service code
//	22  1  persons
//	23  1  low nibble flags (1 photo wanted, 2 walk-in ticket, 4 test), high nibble revision
//	24  2  valid until, minutes after slot start
//	26 64  Ed25519 signature over "fotobox appointment v1\0" and bytes 0 to 25
func Parse(text string) (Code, error) {
	if len(text) != TextSize || text[:len(prefix)] != prefix {
		return Code{}, errMalformed
	}
	b, ok := decode45(text[len(prefix):])
	if !ok || b[0] != version || b[23]&flagReserved != 0 {
		return Code{}, errMalformed
	}
	start := time.Unix(60*int64(binary.BigEndian.Uint32(b[15:])), 0).UTC()
	return Code{
		KeyID:       [2]byte(b[1:3]),
		Office:      Office(binary.BigEndian.Uint32(b[3:])),
		ID:          ID(b[7:15]),
		Start:       start,
		Length:      time.Duration(b[19]) * time.Minute,
		Service:     binary.BigEndian.Uint16(b[20:]),
		Persons:     int(b[22]),
		PhotoWanted: b[23]&flagPhoto != 0,
		WalkIn:      b[23]&flagWalkIn != 0,
		Test:        b[23]&flagTest != 0,
		Revision:    int(b[23] >> 4),
		ValidUntil:  start.Add(time.Duration(binary.BigEndian.Uint16(b[24:])) * time.Minute),
		Signature:   [ed25519.SignatureSize]byte(b[bodySize:]),
	}, nil
}

// String returns the text that Parse reads. A code that neither Parse nor Sign would accept has none: "".
func (c Code) String() string {
	b, err := c.body()
	if err != nil {
		return ""
	}
	return prefix + encode45(append(b, c.Signature[:]...))
}

// LogValue names the appointment only: whoever has the whole text can check in with it.
func (c Code) LogValue() slog.Value { return slog.StringValue(c.ID.String()) }

// Sign returns the code with the key's id and signature. A field that the format cannot hold is an error.
func Sign(c Code, key ed25519.PrivateKey) (Code, error) {
	if c.Office > maxOffice {
		return Code{}, fmt.Errorf("sign appointment: office has more than 8 digits")
	}
	c.KeyID = KeyID(key.Public().(ed25519.PublicKey))
	b, err := c.body()
	if err != nil {
		return Code{}, fmt.Errorf("sign appointment: %w", err)
	}
	c.Start, c.ValidUntil = c.Start.UTC(), c.ValidUntil.UTC()
	copy(c.Signature[:], ed25519.Sign(key, signed(b)))
	return c, nil
}

// verify reports whether the key made the signature.
func (c Code) verify(key ed25519.PublicKey) bool {
	b, err := c.body()
	return err == nil && len(key) == ed25519.PublicKeySize && ed25519.Verify(key, signed(b), c.Signature[:])
}

func signed(body []byte) []byte { return append([]byte(domain), body...) }

// body returns the 26 bytes before the signature.
func (c Code) body() ([]byte, error) {
	seconds := c.Start.Unix() // a Duration would overflow in the year 2262
	start, errStart := within("slot start", int(seconds/60), 1<<32-1)
	if seconds%60 != 0 || c.Start.Nanosecond() != 0 {
		errStart = errors.New("slot start is not a whole minute")
	}
	length, errLength := minutes("slot length", c.Length, 1<<8-1)
	valid, errValid := minutes("valid until", c.ValidUntil.Sub(c.Start), 1<<16-1)
	persons, errPersons := within("persons", c.Persons, 1<<8-1)
	revision, errRevision := within("revision", c.Revision, 1<<4-1)
	if err := errors.Join(errStart, errLength, errValid, errPersons, errRevision); err != nil {
		return nil, err
	}
	b := make([]byte, 0, codeSize)
	b = append(b, version, c.KeyID[0], c.KeyID[1])
	b = binary.BigEndian.AppendUint32(b, uint32(c.Office))
	b = append(b, c.ID[:]...)
	b = binary.BigEndian.AppendUint32(b, uint32(start))
	b = append(b, byte(length))
	b = binary.BigEndian.AppendUint16(b, c.Service)
	b = append(b, byte(persons), byte(revision)<<4|c.flags())
	return binary.BigEndian.AppendUint16(b, uint16(valid)), nil
}

func (c Code) flags() (f byte) {
	if c.PhotoWanted {
		f |= flagPhoto
	}
	if c.WalkIn {
		f |= flagWalkIn
	}
	if c.Test {
		f |= flagTest
	}
	return f
}

func minutes(name string, d time.Duration, most int) (int, error) {
	if d%time.Minute != 0 {
		return 0, fmt.Errorf("%s is not a whole minute", name)
	}
	return within(name, int(d/time.Minute), most)
}

func within(name string, n, most int) (int, error) {
	if n < 0 || n > most {
		return 0, fmt.Errorf("%s %d is not within 0 to %d", name, n, most)
	}
	return n, nil
}
