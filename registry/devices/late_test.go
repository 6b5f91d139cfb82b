// SPDX-License-Identifier: EUPL-1.2

package devices

import (
	"crypto/tls"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/internal/problem"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// endedAgo is the certificate of a station whose certificate ended so long ago.
func (b *bench) endedAgo(s *station, ago time.Duration) string {
	made := time.Now().Add(-StationLife - ago)
	return certPEM(must(b.keys.CA.station(must(parseCSR(csrFor(s.key))), s.answer.Device, made)))
}

// renewLate asks over a connection without a certificate, as a station does whose own has ended.
func (b *bench) renewLate(q enrolment.Renewal) (c enrolment.Certificate, err error) {
	config := &tls.Config{RootCAs: b.keys.CA.Pool()}
	return c, ask(config, "POST", "https://"+b.addr+enrolment.RenewPath, q, &c)
}

// TestRenewLate: a station that was switched off gets its next certificate by the key it holds, and
// is let in with that.
func TestRenewLate(t *testing.T) {
	b := newBench(t)
	s := b.enrolled(t)
	c, err := b.renewLate(enrolment.Renewal{CSR: csrFor(s.key), Certificate: b.endedAgo(s, Grace-time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	if left := time.Until(c.NotAfter); left < StationLife-time.Minute {
		t.Errorf("the new certificate holds for %v", left)
	}
	s.answer.Certificate = c
	if _, err := b.settings(s); err != nil {
		t.Errorf("with the new certificate: %v", err)
	}
}

func TestRenewLateRefuses(t *testing.T) {
	b, other := newBench(t), newBench(t)
	s, stranger, revoked := b.enrolled(t), other.enrolled(t), b.enrolled(t)
	if err := b.Revoke(t.Context(), "clerk:test", revoked.answer.Device, time.Now()); err != nil {
		t.Fatal(err)
	}
	unlisted := newStation()
	unlisted.answer.Device = "ffffffffffffffff"
	server := certPEM(must(b.keys.CA.server([]string{"x"}, s.key.Public(), time.Now().Add(-StationLife))))
	bad := problem.New(422, "request", "")
	for name, tc := range map[string]struct {
		q    enrolment.Renewal
		want error
	}{
		"too late":            {enrolment.Renewal{CSR: csrFor(s.key), Certificate: b.endedAgo(s, Grace+time.Minute)}, ErrLate},
		"not yet":             {enrolment.Renewal{CSR: csrFor(s.key), Certificate: b.endedAgo(s, -2*StationLife)}, ErrLate},
		"another's key":       {enrolment.Renewal{CSR: csrFor(stranger.key), Certificate: b.endedAgo(s, time.Hour)}, bad},
		"another office":      {enrolment.Renewal{CSR: csrFor(stranger.key), Certificate: other.endedAgo(stranger, time.Hour)}, bad},
		"a server's":          {enrolment.Renewal{CSR: csrFor(s.key), Certificate: server}, bad},
		"revoked":             {enrolment.Renewal{CSR: csrFor(revoked.key), Certificate: b.endedAgo(revoked, time.Hour)}, ErrRevoked},
		"not listed":          {enrolment.Renewal{CSR: csrFor(unlisted.key), Certificate: b.endedAgo(unlisted, time.Hour)}, ErrUnknown},
		"no certificate":      {enrolment.Renewal{CSR: csrFor(s.key)}, problem.New(401, "no-certificate", "")},
		"not PEM":             {enrolment.Renewal{CSR: csrFor(s.key), Certificate: "hello"}, bad},
		"damaged":             {enrolment.Renewal{CSR: csrFor(s.key), Certificate: strings.Replace(b.endedAgo(s, time.Hour), "MII", "MIJ", 1)}, bad},
		"no request":          {enrolment.Renewal{Certificate: b.endedAgo(s, time.Hour)}, bad},
		"a request as itself": {enrolment.Renewal{CSR: csrFor(s.key), Certificate: csrFor(s.key)}, bad},
	} {
		if c, err := b.renewLate(tc.q); !errors.Is(err, tc.want) || c.Certificate != "" {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
	}
}

func FuzzEnded(f *testing.F) {
	k := must(generatedCA())
	s := newStation()
	csr := must(parseCSR(csrFor(s.key)))
	now := time.Now()
	good := certPEM(must(k.station(csr, "0011223344556677", now.Add(-StationLife-time.Hour))))
	f.Add(good)
	f.Add(csrFor(s.key))
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		if id, err := k.ended(text, csr.PublicKey, now); err == nil && id != "0011223344556677" {
			t.Errorf("%q is the certificate of %q", text, id)
		}
	})
}

// generatedCA is an authority without an office.
func generatedCA() (*Authority, error) {
	files, err := generateCA("00000000", time.Now())
	if err != nil {
		return nil, err
	}
	return parseAuthority([]byte(files[0].content), []byte(files[1].content))
}

// TestAddresses: stations are told where the office is, in the answers that only the office can give.
func TestAddresses(t *testing.T) {
	b := newBench(t)
	b.Addresses = []string{"one.example:8443", "two.example:8443"}
	s := b.enrolled(t)
	if got, err := b.settings(s); err != nil || !slices.Equal(got.Addresses, b.Addresses) || !slices.Equal(s.answer.Addresses, b.Addresses) {
		t.Errorf("enrolled with %q, then told %q (%v), want %q", s.answer.Addresses, got.Addresses, err, b.Addresses)
	}
}
