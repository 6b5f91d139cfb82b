// SPDX-License-Identifier: EUPL-1.2

package enrolment

import (
	"crypto/sha256"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func example() Invite {
	i := Invite{Address: "fotobox.musterstadt.example:8443", CA: sha256.Sum256([]byte("ca"))}
	copy(i.Secret[:], "exactly twenty bytes")
	return i
}

func TestParseInviteIsInverseToString(t *testing.T) {
	for _, address := range []string{"10.0.0.1:8443", "[fe80::1]:8443", "office:1", strings.Repeat("a", 253) + ":65535"} {
		want := example()
		want.Address = address
		got, err := ParseInvite(want.String())
		if err != nil {
			t.Errorf("%s: %v", address, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
}

func TestInviteFitsAlphanumericQR(t *testing.T) {
	text := example().String()
	if rest := strings.Trim(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ:"); rest != "" {
		t.Errorf("%q is not of the alphanumeric mode", rest)
	}
	// 154 characters fit version 6, level M: the size of an appointment's code.
	if len(text) > 154 {
		t.Errorf("text has %d characters", len(text))
	}
}

func TestParseInviteForgivesHowItWasTyped(t *testing.T) {
	text := example().String()
	got, err := ParseInvite(" " + strings.ToLower(text[:40]) + "\n  " + text[40:] + "\r\n")
	if err != nil || got != example() {
		t.Errorf("ParseInvite = %v, %v", got, err)
	}
}

func TestParseInviteRefuses(t *testing.T) {
	bare := example()
	bare.Address = "no-port"
	text := example().String()
	swapped := "A"
	if text[20] == 'A' {
		swapped = "B"
	}
	for text, want := range map[string]string{
		"":                               "does not begin",
		"FB1:ABC":                        "does not begin",
		"FBE1:":                          "too short",
		"FBE1:ABCD":                      "too short",
		"FBE1:!!":                        "does not belong",
		text[:20] + swapped + text[21:]:  "mistyped",
		text + strings.Repeat("A", 1000): "too long",
		bare.String():                    "host:port",
		text[:len(text)-1]:               "",
	} {
		_, err := ParseInvite(text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseInvite(%.40q) = %v, want %q", text, err, want)
		}
	}
}

func FuzzParseInvite(f *testing.F) {
	f.Add(example().String())
	f.Add("FBE1:AAAA")
	f.Fuzz(func(t *testing.T, text string) {
		i, err := ParseInvite(text)
		if err != nil {
			return
		}
		again, err := ParseInvite(i.String())
		if err != nil || again != i {
			t.Errorf("%q gives %v, and its text %v, %v", text, i, again, err)
		}
	})
}
