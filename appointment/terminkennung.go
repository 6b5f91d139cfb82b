// SPDX-License-Identifier: EUPL-1.2

package appointment

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"unicode"
)

// A Terminkennung is the code that a citizen types to check in: 8 random characters of Crockford's
// base 32 and a check character. It is 9 upper-case characters without dashes.
// It only checks in; it never shows or changes personal data.
type Terminkennung string

// Alphabet is what a Terminkennung is written with: Crockford base 32, without I, L, O and U.
const Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

const (
	kennungSize  = 9
	randomSize   = kennungSize - 1
	randomBytes  = randomSize * 5 / 8
	polynomial32 = 0b100101 // x^5+x^2+1, which makes GF(32)
)

var (
	errKennungLength = errors.New("terminkennung: want 9 characters")
	errKennungLetter = errors.New("terminkennung: a character that no terminkennung has")
	errKennungCheck  = errors.New("terminkennung: the check character does not fit")
)

// NewTerminkennung draws one from the random source, 40 bits.
func NewTerminkennung(rand io.Reader) (Terminkennung, error) {
	var b [randomBytes]byte
	if _, err := io.ReadFull(rand, b[:]); err != nil {
		return "", fmt.Errorf("new terminkennung: %w", err)
	}
	var n uint64
	for _, v := range b {
		n = n<<8 | uint64(v)
	}
	text := make([]byte, randomSize, kennungSize)
	for i := range text {
		text[i] = Alphabet[n>>(5*i)&31]
	}
	return Terminkennung(append(text, Alphabet[check32(text)])), nil
}

// ParseTerminkennung reads what a person typed: case, spaces and dashes do not matter, O reads as
// 0, I and L read as 1. Every single wrong character and every swap of neighbours is an error.
// The error does not repeat what was typed.
func ParseTerminkennung(typed string) (Terminkennung, error) {
	text := make([]byte, 0, kennungSize)
	for _, r := range typed {
		if unicode.IsSpace(r) || unicode.Is(unicode.Dash, r) {
			continue
		}
		c, ok := read32(r)
		if !ok {
			return "", errKennungLetter
		}
		if text = append(text, c); len(text) > kennungSize {
			return "", errKennungLength
		}
	}
	if len(text) != kennungSize {
		return "", errKennungLength
	}
	if text[randomSize] != Alphabet[check32(text[:randomSize])] {
		return "", errKennungCheck
	}
	return Terminkennung(text), nil
}

// read32 returns the character of the alphabet that a typed one stands for.
func read32(r rune) (byte, bool) {
	if r > unicode.MaxASCII {
		return 0, false
	}
	switch r = unicode.ToUpper(r); r {
	case 'O':
		r = '0'
	case 'I', 'L':
		r = '1'
	}
	return byte(r), strings.IndexByte(Alphabet, byte(r)) >= 0
}

// check32 returns the sum over GF(32) of c_i * a^(i+1), a = 2.
func check32(text []byte) (sum int) {
	for i, c := range text {
		v := strings.IndexByte(Alphabet, c)
		for range i + 1 {
			if v <<= 1; v > 31 {
				v ^= polynomial32
			}
		}
		sum ^= v
	}
	return sum
}

// String returns the Terminkennung as it is shown: "WRJ-D8T-6V3".
func (t Terminkennung) String() string {
	if len(t) != kennungSize {
		return string(t)
	}
	return string(t[:3] + "-" + t[3:6] + "-" + t[6:])
}

// LogValue hides it: whoever reads it could check in with it.
func (t Terminkennung) LogValue() slog.Value { return slog.StringValue("(terminkennung)") }

// HMAC returns HMAC-SHA256(dayKey, the 9 characters)[:16]: what a station holds to recognise the
// day's appointments offline without knowing them.
func (t Terminkennung) HMAC(dayKey []byte) [16]byte {
	h := hmac.New(sha256.New, dayKey)
	h.Write([]byte(t))
	return [16]byte(h.Sum(nil))
}
