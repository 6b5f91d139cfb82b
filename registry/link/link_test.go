// SPDX-License-Identifier: EUPL-1.2

package link

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var noon = time.Date(2026, time.December, 1, 12, 0, 0, 0, time.UTC)

func signer(t testing.TB, secret string) *Signer {
	t.Helper()
	s, err := New([]byte(secret))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestText: the text of a link is what it was in the mails that were sent.
func TestText(t *testing.T) {
	got := signer(t, "the office's secret").Sign(Link{Confirm, [8]byte{1, 2, 3, 4, 5, 6, 7, 8}, 9, noon})
	if want := "AgECAwQFBgcIAAAACWsOtsBUpxRuO7iVWVDCwHxYwcn6"; got != want {
		t.Errorf("the link is %q, want %q", got, want)
	}
}

// TestOpen: a link opens for its purpose, until its end and by its office.
func TestOpen(t *testing.T) {
	s := signer(t, "one")
	l := Link{Move, [8]byte{7}, 3, noon}
	text := s.Sign(l)
	other := func(change func(*Link)) string {
		c := l
		change(&c)
		return s.Sign(c)
	}
	for _, c := range []struct {
		name, text string
		by         *Signer
		purpose    Purpose
		at         time.Time
		want       error
	}{
		{"as it was made", text, s, Move, noon.Add(-time.Second), nil},
		{"at its end", text, s, Move, noon, ErrEnded},
		{"a month later", text, s, Move, noon.AddDate(0, 1, 0), ErrEnded},
		{"for something else", text, s, Cancel, noon.Add(-time.Second), ErrForged},
		{"for something else, ended", text, s, Cancel, noon, ErrForged},
		{"for nothing", text, s, 0, noon.Add(-time.Second), ErrForged},
		{"of another office", text, signer(t, "two"), Move, noon.Add(-time.Second), ErrForged},
		{"of another office, ended", text, signer(t, "two"), Move, noon, ErrForged},
		{"with the tag of another id", other(func(l *Link) { l.ID[0]++ })[:24] + text[24:], s, Move, noon.Add(-time.Second), ErrForged},
		{"with the tag of a later end", other(func(l *Link) { l.End = l.End.AddDate(1, 0, 0) })[:24] + text[24:], s, Move, noon.Add(-time.Second), ErrForged},
		{"empty", "", s, Move, noon, ErrForged},
		{"cut off", text[:43], s, Move, noon, ErrForged},
		{"longer", text + "A", s, Move, noon, ErrForged},
		{"with a full stop of a sentence", text + ".", s, Move, noon, ErrForged},
		{"broken in two lines", text[:20] + "\n" + text[20:], s, Move, noon.Add(-time.Second), ErrForged},
		{"two characters of it are line ends", text[:42] + "\r\n", s, Move, noon.Add(-time.Second), ErrForged},
		{"in the other base64", strings.NewReplacer("-", "+", "_", "/").Replace(text[:43]) + "+", s, Move, noon.Add(-time.Second), ErrForged},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := c.by.Open(c.text, c.purpose, c.at)
			if !errors.Is(err, c.want) {
				t.Fatalf("error %v, want %v", err, c.want)
			}
			want := l
			if errors.Is(c.want, ErrForged) {
				want = Link{}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("link (-want +got):\n%s", diff)
			}
		})
	}
}

// TestEveryBit: no link with one bit changed opens.
func TestEveryBit(t *testing.T) {
	s := signer(t, "one")
	b, err := base64.RawURLEncoding.DecodeString(s.Sign(Link{View, [8]byte{1}, 0, noon}))
	if err != nil {
		t.Fatal(err)
	}
	for i := range 8 * len(b) {
		damaged := bytes.Clone(b)
		damaged[i/8] ^= 1 << (i % 8)
		text := base64.RawURLEncoding.EncodeToString(damaged)
		for p := range Purpose(9) {
			if _, err := s.Open(text, p, noon.Add(-time.Hour)); !errors.Is(err, ErrForged) {
				t.Errorf("bit %d: opens for purpose %d: %v", i, p, err)
			}
		}
	}
}

// TestInverse: Open reads what Sign writes, with the end rounded up to a second.
func TestInverse(t *testing.T) {
	s := signer(t, "one")
	rapid.Check(t, func(r *rapid.T) {
		l := Link{Purpose(rapid.Byte().Draw(r, "purpose")), [8]byte(rapid.SliceOfN(rapid.Byte(), 8, 8).Draw(r, "id")),
			rapid.Uint32().Draw(r, "number"), time.UnixMilli(rapid.Int64Range(1, 4_294_967_295_000).Draw(r, "end")).UTC()}
		got, err := s.Open(s.Sign(l), l.Purpose, l.End.Add(-time.Millisecond))
		if err != nil {
			r.Fatal(err)
		}
		if d := got.End.Sub(l.End); d < 0 || d >= time.Second {
			r.Errorf("ends at %v, want %v", got.End, l.End)
		}
		got.End = l.End
		if diff := cmp.Diff(l, got); diff != "" {
			r.Errorf("link (-want +got):\n%s", diff)
		}
	})
}

// TestEndsThatNoLinkHolds: what lies outside of the bytes ends at their border.
func TestEndsThatNoLinkHolds(t *testing.T) {
	s := signer(t, "one")
	for end, want := range map[time.Time]time.Time{
		{}:                           time.Unix(0, 0).UTC(),
		noon.AddDate(500, 0, 0):      time.Unix(1<<32-1, 0).UTC(),
		noon.Add(time.Nanosecond):    noon.Add(time.Second),
		noon.Add(999_999_999):        noon.Add(time.Second),
		noon.Add(1000 * time.Second): noon.Add(1000 * time.Second),
	} {
		got, err := s.Open(s.Sign(Link{View, [8]byte{}, 0, end}), View, time.Unix(-1, 0))
		if err != nil || !got.End.Equal(want) {
			t.Errorf("%v: ends at %v (%v), want %v", end, got.End, err, want)
		}
	}
}

// TestDerive: the same words give the same id, other words and other offices another one.
func TestDerive(t *testing.T) {
	s := signer(t, "one")
	a := s.Derive("nonce", "time")
	if b := s.Derive("nonce", "time"); a != b {
		t.Errorf("the same words give %x and %x", a, b)
	}
	for name, b := range map[string][8]byte{
		"other border": s.Derive("noncet", "ime"), "one word": s.Derive("noncetime"), "none": s.Derive(), "other office": signer(t, "two").Derive("nonce", "time"),
	} {
		if a == b {
			t.Errorf("%s: the same id", name)
		}
	}
}

// TestNoKeyInSight: nothing that is printed shows the key.
func TestNoKeyInSight(t *testing.T) {
	s := signer(t, "one")
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		if got, want := fmt.Sprintf(verb, s), s.String(); got != want {
			t.Errorf("%s prints %q, want %q", verb, got, want)
		}
	}
}

// FuzzOpen: what opens is what Sign made, letter for letter; nothing else does.
func FuzzOpen(f *testing.F) {
	s := signer(f, "one")
	good := s.Sign(Link{Confirm, [8]byte{1}, 2, noon})
	for _, text := range []string{"", good, good[:43], good + "=", strings.ToLower(good), strings.Repeat("A", 44), "AgECAwQFBgcIAAAACWpNd8DD\n"} {
		f.Add(text, byte(Confirm), noon.Unix())
	}
	f.Fuzz(func(t *testing.T, text string, purpose byte, now int64) {
		l, err := s.Open(text, Purpose(purpose), time.Unix(now, 0))
		switch {
		case errors.Is(err, ErrForged):
			if l != (Link{}) {
				t.Errorf("a forged link says %+v", l)
			}
		case s.Sign(l) != text || l.Purpose != Purpose(purpose):
			t.Errorf("%q opens as %+v", text, l)
		case errors.Is(err, ErrEnded) == time.Unix(now, 0).Before(l.End):
			t.Errorf("ends at %v, at %v the error is %v", l.End, time.Unix(now, 0), err)
		}
	})
}

// TestAddress: each purpose has a page of its own.
func TestAddress(t *testing.T) {
	s, seen := signer(t, "one"), map[string]bool{"": true}
	for p := Fill; p <= Withdraw; p++ {
		if seen[p.String()] {
			t.Errorf("purpose %d is named %q", p, p)
		}
		seen[p.String()] = true
	}
	l := Link{Cancel, [8]byte{1}, 2, noon}
	if got, want := s.Address("https://termine.example.org", l), "https://termine.example.org/cancel/"+s.Sign(l); got != want {
		t.Errorf("the address is %s, want %s", got, want)
	}
	if got := Purpose(200).String(); got != "" {
		t.Errorf("purpose 200 is named %q", got)
	}
}
