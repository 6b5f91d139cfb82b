// SPDX-License-Identifier: EUPL-1.2

package clerks

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// cost is what checking a password takes.
type cost struct {
	memory, passes uint32 // memory in KiB
	lanes          uint8
}

// recommended is the second recommended option of RFC 9106, section 4.
func recommended() cost { return cost{memory: 64 * 1024, passes: 3, lanes: 4} }

// Lengths of the same option, in bytes.
const (
	saltLen = 16
	tagLen  = 32
)

// maxPassword bounds what is hashed, in characters.
const maxPassword = 256

// NewPassword draws a password of 64 random bits as four words of two
// syllables and a consonant, "lusab-babad-gutih-tugad" for example: it can be
// read aloud and typed on every keyboard.
func NewPassword() string {
	var raw [8]byte
	rand.Read(raw[:]) // never fails (crypto/rand)
	words := make([]string, 4)
	for i := range words {
		words[i] = word(binary.BigEndian.Uint16(raw[2*i:]))
	}
	return strings.Join(words, "-")
}

// word spells 16 bits: consonants carry four, vowels two.
func word(bits uint16) string {
	const consonants, vowels = "bdfghjklmnprstvz", "aiou"
	return string([]byte{
		consonants[bits>>12&15], vowels[bits>>10&3],
		consonants[bits>>6&15], vowels[bits>>4&3],
		consonants[bits&15],
	})
}

// hash gives a password's PHC string with a fresh salt.
func (c cost) hash(password string) string {
	salt := make([]byte, saltLen)
	rand.Read(salt) // never fails (crypto/rand)
	tag := argon2.IDKey([]byte(password), salt, c.passes, c.memory, c.lanes, tagLen)
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.memory, c.passes, c.lanes, b64(salt), b64(tag))
}

// hashed is a PHC string taken apart.
type hashed struct {
	cost
	salt, tag []byte
}

// parsePHC reads what hash wrote, with its parameters or others.
func parsePHC(text string) (hashed, error) {
	parts := strings.Split(text, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return hashed{}, errors.New("parse password hash: not argon2id")
	}
	var h hashed
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &h.memory, &h.passes, &h.lanes); err != nil {
		return hashed{}, fmt.Errorf("parse password hash: parameters: %w", err)
	}
	var err1, err2 error
	h.salt, err1 = base64.RawStdEncoding.DecodeString(parts[4])
	h.tag, err2 = base64.RawStdEncoding.DecodeString(parts[5])
	if err := errors.Join(err1, err2); err != nil {
		return hashed{}, fmt.Errorf("parse password hash: %w", err)
	}
	if h.memory < 8 || h.memory > 1<<20 || h.passes < 1 || h.passes > 16 || h.lanes < 1 || len(h.salt) < 8 || len(h.tag) < 16 {
		return hashed{}, errors.New("parse password hash: parameters out of range")
	}
	return h, nil
}

// matches reports whether password is the hashed one, in a time that does not
// depend on where they differ.
func (h hashed) matches(password string) bool {
	tag := argon2.IDKey([]byte(password), h.salt, h.passes, h.memory, h.lanes, uint32(len(h.tag)))
	return subtle.ConstantTimeCompare(tag, h.tag) == 1
}

// nobody stands for a clerk who does not exist: checking it takes as long as
// checking a real one, and no password matches its all-zero tag in practice.
func nobody(c cost) hashed {
	return hashed{cost: c, salt: make([]byte, saltLen), tag: make([]byte, tagLen)}
}
