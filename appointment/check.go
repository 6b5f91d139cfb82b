// SPDX-License-Identifier: EUPL-1.2

package appointment

import (
	"crypto/ed25519"
	"time"
)

// An Answer is the outcome of a check, one of a fixed list.
type Answer string

// The answers. TooEarly, TooLate and AlreadyCheckedIn belong to the check-in; a [Checker] gives the others.
const (
	OK               Answer = "ok"
	TooEarly         Answer = "too_early"
	TooLate          Answer = "too_late"
	WrongOffice      Answer = "wrong_office"
	Cancelled        Answer = "cancelled"
	Moved            Answer = "moved"
	AlreadyCheckedIn Answer = "already_checked_in"
	UnknownKey       Answer = "unknown_key"
	BadSignature     Answer = "bad_signature"
	Expired          Answer = "expired"
	Malformed        Answer = "malformed"
)

// Early is how long before its slot somebody can check in.
const Early = 15 * time.Minute

// CheckIn is the answer to somebody who is there at that time and has an appointment that starts at
// start, with a code that ends at end: TooEarly, OK or TooLate. Both ends belong to OK.
func CheckIn(start, end, at time.Time) Answer {
	switch {
	case at.Before(start.Add(-Early)):
		return TooEarly
	case at.After(end):
		return TooLate
	}
	return OK
}

// A Revocation says that a revision of an appointment, and every one before it, no longer holds.
type Revocation struct {
	ID       ID  `json:"id"`
	Revision int `json:"revision"`
	// Reason is Cancelled or Moved.
	Reason Answer `json:"reason"`
}

// A Checker is what a station knows: enough to check a code with the network down.
type Checker struct {
	Office Office
	// Keys are the office's current and next public key.
	Keys    []ed25519.PublicKey
	Revoked []Revocation
}

// Check reads and verifies a code. The Code is meaningful unless the answer is Malformed, and to be
// trusted unless it is Malformed, UnknownKey or BadSignature. What nobody signed is never called
// revoked or expired: a forger learns only that the forgery failed.
func (c Checker) Check(text string, now time.Time) (Code, Answer) {
	code, err := Parse(text)
	if err != nil {
		return Code{}, Malformed
	}
	if a := c.signature(code); a != OK {
		return code, a
	}
	if code.Office != c.Office {
		return code, WrongOffice
	}
	if a := c.revocation(code); a != OK {
		return code, a
	}
	if now.After(code.ValidUntil) {
		return code, Expired
	}
	return code, OK
}

// signature answers OK, UnknownKey or BadSignature. Two keys may share an id, so each is tried.
func (c Checker) signature(code Code) Answer {
	answer := UnknownKey
	for _, key := range c.Keys {
		if KeyID(key) != code.KeyID {
			continue
		}
		if code.verify(key) {
			return OK
		}
		answer = BadSignature
	}
	return answer
}

// revocation answers OK, or the reason of the latest revocation that covers the code.
func (c Checker) revocation(code Code) Answer {
	answer, latest := OK, -1
	for _, r := range c.Revoked {
		if r.ID != code.ID || r.Revision < code.Revision || r.Revision <= latest {
			continue
		}
		latest, answer = r.Revision, Cancelled
		if r.Reason == Moved {
			answer = Moved
		}
	}
	return answer
}
