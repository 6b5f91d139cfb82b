// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/fotobox-project/fotobox/internal/clock"
	"github.com/fotobox-project/fotobox/upload/enrolment"
	"github.com/fotobox-project/fotobox/upload/outbox"
)

// Who keeps the station's clock.
const (
	clockSystem = "system" // another program of the machine
	clockOffice = "office" // the station, by the office's time
)

// clock is the machine's. The appliance has no other program that would keep it.
func (s Settings) clock() *clock.Clock {
	if s.keepsClock() {
		return clock.New(clock.Machine{})
	}
	return clock.Kept()
}

func (s Settings) keepsClock() bool { return s.Clock == clockOffice || s.Clock == "" && onAppliance() }

// countFrom tells the clock when the newest capture was taken: a station that keeps its clock itself
// takes none by a time that the office has not said.
func (s Settings) countFrom(box *outbox.Outbox, c *clock.Clock) error {
	at, ok, err := box.Newest()
	if ok && s.keepsClock() {
		c.NotBefore(at)
	}
	return err
}

// A timekeeper sets the clock by what the office says in its answers. Before the
// time is known it is the office's word that its certificate is checked by.
type timekeeper struct {
	clock *clock.Clock
	since func() time.Time // has surely passed
	log   *slog.Logger
}

// at is the time for which the server's certificate must hold. As long as the
// time is not known any will do for which it holds: what the server says then is
// compared with its certificate in hear.
func (k timekeeper) at(server *x509.Certificate) time.Time {
	if now, known := k.now(); known {
		return now
	}
	return server.NotBefore
}

// now is the time as far as it is known: a machine's whose time another program keeps is believed
// until somebody says otherwise.
func (k timekeeper) now() (now time.Time, known bool) {
	if now, known = k.clock.Now(); !known && k.clock.Trusted() {
		return time.Now(), true
	}
	return now, known
}

// tls trusts the roots alone, those of now.
func (k timekeeper) tls(roots func() *x509.CertPool) *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS13,
		// The usual check takes one time for every certificate; this one is the
		// same but for that.
		InsecureSkipVerify: true,
		VerifyConnection: func(c tls.ConnectionState) error {
			chain := x509.NewCertPool()
			for _, cert := range c.PeerCertificates[1:] {
				chain.AddCert(cert)
			}
			server := c.PeerCertificates[0]
			at := k.at(server)
			_, err := server.Verify(x509.VerifyOptions{
				Roots: roots(), Intermediates: chain, DNSName: c.ServerName, CurrentTime: at,
				KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
			})
			if outside := enrolment.Validity(server, at); err != nil && outside != nil {
				return fmt.Errorf("the answering server's certificate %w", outside)
			}
			return err
		},
	}
}

// listens is base with its answers' times heard.
func (k timekeeper) listens(base *http.Transport) http.RoundTripper { return listener{base, k} }

type listener struct {
	*http.Transport
	keeper timekeeper
}

func (l listener) RoundTrip(r *http.Request) (*http.Response, error) {
	began := time.Now()
	resp, err := l.Transport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if err := l.keeper.hear(resp, time.Since(began)); err != nil {
		resp.Body.Close()
		return nil, err
	}
	return resp, nil
}

// hear sets the clock by an answer that took so long. A server whose time its own
// certificate contradicts, or that lies before what the station has seen, is not
// the office any more: somebody uses a key that has had its day.
func (k timekeeper) hear(resp *http.Response, took time.Duration) error {
	said, err := http.ParseTime(resp.Header.Get("Date"))
	if err != nil {
		return nil // a server need not say it
	}
	said = said.Add(500 * time.Millisecond) // the header leaves out what is below a second
	_, known := k.now()
	if server := resp.TLS.PeerCertificates[0]; !known &&
		(said.Before(server.NotBefore) || said.After(server.NotAfter) || said.Before(k.since())) {
		return fmt.Errorf("the office says that it is %s, which cannot be; set the clock of its server", said.UTC().Format(time.RFC3339))
	}
	moved, err := k.clock.Hear(said, time.Second+took)
	if err != nil {
		return fmt.Errorf("take the office's time: %w", err)
	}
	if moved != 0 {
		k.log.Info("clock set by the office", "moved", moved.Round(time.Millisecond))
	}
	return nil
}

// oldest is before the first version: a clock that says less was never set.
func oldest() time.Time { return time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC) }

// checkClock is the self-test's part.
func checkClock(_ context.Context, s subject) (string, error) {
	now := time.Now().Format(time.RFC3339)
	if time.Now().Before(oldest()) {
		return "", fmt.Errorf("the clock says %s; set it, or connect the time server", now)
	}
	switch err := s.clock().Wrong(); {
	case errors.Is(err, clock.ErrUnset):
		return "", errors.New("nobody has told the time since the machine was switched on; the station sets its clock when the office answers: check the network")
	case err != nil:
		return "", err
	}
	return now, nil
}
