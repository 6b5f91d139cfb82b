// SPDX-License-Identifier: EUPL-1.2

// Package link makes and opens the signed part of the addresses that citizens get: each is for one purpose and one subject, and ends.
package link

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"time"
)

// A Purpose is what a link is for. One for a purpose is refused for every other.
type Purpose byte

// The purposes. Their numbers stand in mails that were sent: they never change.
const (
	Fill     Purpose = 1 // the form of a time that is held
	Confirm  Purpose = 2 // answers the mail about a booking
	View     Purpose = 3 // the page of an appointment
	Move     Purpose = 4 // to another time; its Number is the revision that is moved
	Cancel   Purpose = 5 // its Number is the revision that is cancelled
	Accept   Purpose = 6 // takes the offer made for a wish
	Decline  Purpose = 7 // lets the offer go
	Withdraw Purpose = 8 // takes a wish back
)

// Why a text opens nothing.
var (
	ErrForged = errors.New("link was not made by the office, or for something else")
	ErrEnded  = errors.New("the link's time is over")
)

// A Link is what an address says. Nothing in it is personal.
type Link struct {
	Purpose Purpose
	ID      [8]byte // of the subject: an appointment, a wish
	Number  uint32  // which state of it, such as the revision of an appointment
	End     time.Time
}

// A Signer makes links, and knows its own again.
type Signer struct{ key []byte }

// New gives a signer whose key is derived from the office's secret.
func New(secret []byte) (*Signer, error) {
	key, err := hkdf.Key(sha256.New, secret, nil, "fotobox link v1", sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("derive key of links: %w", err)
	}
	return &Signer{key}, nil
}

// String hides the key.
func (*Signer) String() string { return "(signer of links)" }

// GoString is String.
func (s *Signer) GoString() string { return s.String() }

// The bytes of a link: what it says, all integers big-endian, and a tag over
// that. 33 bytes are 44 characters without a bit to spare, so that no other
// text reads as the same link.
//
//	offset len
//	 0      1  purpose
//	 1      8  id
//	 9      4  number
//	13      4  end, seconds since 1970-01-01T00:00Z, rounded up
//	17     16  first half of HMAC-SHA256 (RFC 2104, 5)
const (
	said    = 17
	tagSize = sha256.Size / 2
	size    = said + tagSize
)

// Sign gives the text of the link, 44 characters that an address can hold.
func (s *Signer) Sign(l Link) string {
	b := make([]byte, 0, size)
	b = append(b, byte(l.Purpose))
	b = append(b, l.ID[:]...)
	b = binary.BigEndian.AppendUint32(b, l.Number)
	b = binary.BigEndian.AppendUint32(b, seconds(l.End))
	return base64.RawURLEncoding.EncodeToString(append(b, s.tag(b)...))
}

// Open reads a link for the purpose. Of one that has ended it gives what it
// said, with ErrEnded: a page may say what to do instead.
func (s *Signer) Open(text string, p Purpose, now time.Time) (Link, error) {
	if len(text) != base64.RawURLEncoding.EncodedLen(size) { // also with line ends, which the decoder skips
		return Link{}, ErrForged
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(b) != size || !hmac.Equal(b[said:], s.tag(b[:said])) || Purpose(b[0]) != p {
		return Link{}, ErrForged // without the text: it may be a part of a true one
	}
	l := Link{
		Purpose: p, ID: [8]byte(b[1:9]), Number: binary.BigEndian.Uint32(b[9:13]),
		End: time.Unix(int64(binary.BigEndian.Uint32(b[13:17])), 0).UTC(),
	}
	if !now.Before(l.End) {
		return l, ErrEnded
	}
	return l, nil
}

// Derive gives an id that belongs to the words and that nobody else can tell:
// who sends the same words twice gets the same.
func (s *Signer) Derive(words ...string) (id [8]byte) {
	mac := hmac.New(sha256.New, s.key)
	mac.Write([]byte("derived id")) // no purpose has the number of its first letter
	for _, w := range words {
		mac.Write(binary.BigEndian.AppendUint32(nil, uint32(len(w))))
		mac.Write([]byte(w))
	}
	copy(id[:], mac.Sum(nil))
	return id
}

func (s *Signer) tag(b []byte) []byte {
	mac := hmac.New(sha256.New, s.key)
	mac.Write(b)
	return mac.Sum(nil)[:tagSize]
}

// seconds rounds up, so that a link holds at least as long as it was meant to.
func seconds(t time.Time) uint32 {
	s := t.Unix()
	if t.Nanosecond() > 0 {
		s++
	}
	return uint32(min(max(s, 0), math.MaxUint32))
}

// String is the purpose as addresses name it, "confirm", or "" for none.
func (p Purpose) String() string {
	names := [...]string{
		Fill: "held", Confirm: "confirm", View: "appointment", Move: "move", Cancel: "cancel", Accept: "accept", Decline: "decline", Withdraw: "withdraw",
	}
	if int(p) >= len(names) {
		return ""
	}
	return names[p]
}

// Address is the whole address of the link on the citizens' pages, of which site
// is the beginning: "https://termine.example.org".
func (s *Signer) Address(site string, l Link) string {
	return site + "/" + l.Purpose.String() + "/" + s.Sign(l)
}
