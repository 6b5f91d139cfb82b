// SPDX-License-Identifier: EUPL-1.2

package clerks

import (
	"regexp"
	"testing"
)

func TestNewPassword(t *testing.T) {
	shape := regexp.MustCompile(`^[bdfghjklmnprstvz][aiou][bdfghjklmnprstvz][aiou][bdfghjklmnprstvz](-[a-z]{5}){3}$`)
	seen := map[string]bool{}
	for range 1000 {
		p := NewPassword()
		if !shape.MatchString(p) {
			t.Fatalf("NewPassword() = %q", p)
		}
		seen[p] = true
	}
	if len(seen) != 1000 {
		t.Errorf("1000 draws gave %d passwords", len(seen))
	}
}

// TestWord checks that no two values share a spelling, so that a word has 16 bits.
func TestWord(t *testing.T) {
	seen := map[string]bool{}
	for bits := range 1 << 16 {
		seen[word(uint16(bits))] = true
	}
	if len(seen) != 1<<16 {
		t.Errorf("got %d words, want %d", len(seen), 1<<16)
	}
	if got := word(0x7f00); got != "lusab" {
		t.Errorf("word(0x7f00) = %q, want lusab", got)
	}
}

func TestPHC(t *testing.T) {
	h, err := parsePHC(recommended().hash(password))
	if err != nil {
		t.Fatal(err)
	}
	if !h.matches(password) || h.matches(password+"x") || nobody(recommended()).matches("") {
		t.Error("a wrong password matches or the right one does not")
	}
}

func TestParsePHCRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"empty":         "",
		"argon2i":       "$argon2i$v=19$m=65536,t=3,p=4$c2FsdHNhbHRzYWx0$dGFndGFndGFndGFndGFndGFn",
		"old version":   "$argon2id$v=16$m=65536,t=3,p=4$c2FsdHNhbHRzYWx0$dGFndGFndGFndGFndGFndGFn",
		"no parameters": "$argon2id$v=19$$c2FsdHNhbHRzYWx0$dGFndGFndGFndGFndGFndGFn",
		"no lanes":      "$argon2id$v=19$m=65536,t=3,p=0$c2FsdHNhbHRzYWx0$dGFndGFndGFndGFndGFndGFn",
		"8 GiB":         "$argon2id$v=19$m=8388608,t=3,p=4$c2FsdHNhbHRzYWx0$dGFndGFndGFndGFndGFndGFn",
		"no salt":       "$argon2id$v=19$m=65536,t=3,p=4$$dGFndGFndGFndGFndGFndGFn",
		"bad base64":    "$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHRzYWx0$???",
	} {
		if h, err := parsePHC(text); err == nil {
			t.Errorf("%s: got %+v, want an error", name, h)
		}
	}
}

func BenchmarkSignInHash(b *testing.B) {
	h, err := parsePHC(recommended().hash(password))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		h.matches(password)
	}
}
