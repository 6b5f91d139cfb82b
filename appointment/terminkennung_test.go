// SPDX-License-Identifier: EUPL-1.2

package appointment

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

func TestVectorTerminkennung(t *testing.T) {
	v := loadVectors(t).Terminkennung
	for _, g := range v.Good {
		k, err := ParseTerminkennung(g.Code)
		if err != nil || string(k) != g.Code || k.String() != g.Shown {
			t.Errorf("ParseTerminkennung(%q) = %q shown %q, %v, want shown %q", g.Code, string(k), k, err, g.Shown)
		}
		if again, err := ParseTerminkennung(k.String()); err != nil || again != k {
			t.Errorf("ParseTerminkennung(%q) = %q, %v", k, again, err)
		}
	}
	for _, r := range v.ReadsAs {
		if k, err := ParseTerminkennung(r.Typed); err != nil || string(k) != r.Code {
			t.Errorf("ParseTerminkennung(%q) = %q, %v, want %q", r.Typed, string(k), err, r.Code)
		}
	}
	for _, b := range v.Bad {
		if k, err := ParseTerminkennung(b); err == nil {
			t.Errorf("ParseTerminkennung(%q) = %q, want an error", b, k)
		}
	}
}

func TestReadsLookalikes(t *testing.T) {
	for _, tt := range []struct{ typed, want string }{
		{"1H4B053HN", "1H4B053HN"},
		{"lh4bo53hn", "1H4B053HN"},
		{"iH4-BO5-3hn\r\n", "1H4B053HN"},
		{"1H4–B05—3HN", "1H4B053HN"},
		{"1 H 4 B 0 5 3 H N", "1H4B053HN"},
	} {
		if got, err := ParseTerminkennung(tt.typed); err != nil || string(got) != tt.want {
			t.Errorf("ParseTerminkennung(%q) = %q, %v, want %q", tt.typed, string(got), err, tt.want)
		}
	}
	for _, typed := range []string{"", "1H4B053H", "1H4B053HNN", "UH4B053HN", "1H4B053HÑ", "1H4_B05_3HN", "\xff"} {
		got, err := ParseTerminkennung(typed)
		if err == nil || got != "" {
			t.Errorf("ParseTerminkennung(%q) = %q, want an error", typed, got)
		}
		if err != nil && typed != "" && strings.Contains(err.Error(), typed) {
			t.Errorf("the error repeats what was typed: %v", err)
		}
	}
}

// TestCheckCharacter proves for drawn codes that the check character catches every single wrong
// character and every swap of two neighbours.
func TestCheckCharacter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k, err := NewTerminkennung(bytes.NewReader(rapid.SliceOfN(rapid.Byte(), randomBytes, randomBytes).Draw(t, "random")))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ParseTerminkennung(string(k)); err != nil {
			t.Fatalf("%q: %v", string(k), err)
		}
		for i := range k {
			for _, c := range Alphabet {
				wrong := string(k[:i]) + string(c) + string(k[i+1:])
				if _, err := ParseTerminkennung(wrong); err == nil && wrong != string(k) {
					t.Errorf("%q was taken for %q", wrong, string(k))
				}
			}
			if i == 0 || k[i-1] == k[i] {
				continue
			}
			swapped := string(k[:i-1]) + string(k[i]) + string(k[i-1]) + string(k[i+1:])
			if _, err := ParseTerminkennung(swapped); err == nil {
				t.Errorf("%q, a swap in %q, was accepted", swapped, string(k))
			}
		}
	})
}

func TestNewTerminkennung(t *testing.T) {
	if _, err := NewTerminkennung(iotest.ErrReader(io.ErrClosedPipe)); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("error is %v, want that of the random source", err)
	}
	zero, err := NewTerminkennung(bytes.NewReader(make([]byte, randomBytes)))
	if err != nil || zero != "000000000" {
		t.Errorf("from zeros: %q, %v", string(zero), err)
	}
	ones, err := NewTerminkennung(strings.NewReader("\xff\xff\xff\xff\xff"))
	if err != nil || ones[:8] != "ZZZZZZZZ" {
		t.Errorf("from ones: %q, %v, want every random bit used", string(ones), err)
	}
}

func TestHMAC(t *testing.T) {
	// printf WRJD8T6V3 | openssl dgst -sha256 -hmac "day key"
	const want = "0b5d9eb11c3bf2d98438a7a180f309c4"
	got := Terminkennung("WRJD8T6V3").HMAC([]byte("day key"))
	if hex.EncodeToString(got[:]) != want {
		t.Errorf("HMAC is %x, want %s", got, want)
	}
}

func TestTerminkennungHidesInLogs(t *testing.T) {
	var out bytes.Buffer
	slog.New(slog.NewTextHandler(&out, nil)).Info("typed", "code", Terminkennung("WRJD8T6V3"))
	if strings.Contains(out.String(), "WRJ") {
		t.Errorf("log line is %q", out.String())
	}
}

func FuzzParseTerminkennung(f *testing.F) {
	v := loadVectors(f).Terminkennung
	for _, g := range v.Good {
		f.Add(g.Shown)
	}
	for _, b := range v.Bad {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		k, err := ParseTerminkennung(typed)
		if err != nil {
			return
		}
		if again, err := ParseTerminkennung(k.String()); err != nil || again != k || len(k) != kennungSize {
			t.Errorf("ParseTerminkennung(%q) = %q, which reads as %q, %v", typed, string(k), string(again), err)
		}
	})
}
