// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"reflect"
	"sync"
	"time"

	"filippo.io/age"

	"github.com/fotobox-project/fotobox/daemon/conductor"
	"github.com/fotobox-project/fotobox/internal/backoff"
	"github.com/fotobox-project/fotobox/internal/clock"
	"github.com/fotobox-project/fotobox/internal/durable"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

const (
	// askEvery is how often the station asks for cancellations and new appointments.
	askEvery = time.Minute
	// askTime bounds what the station says to its office at one time, a capture apart.
	askTime = 30 * time.Second
	// renewAfter is the age at which a certificate, which holds seven days, is renewed.
	renewAfter = 24 * time.Hour
)

// An office is the station's line to its office: it keeps the certificate
// fresh, asks for settings, and works on with what it knows when nobody answers.
type office struct {
	dir    *durable.Dir
	gate   *conductor.Gate
	time   timekeeper
	log    *slog.Logger
	line   *line
	client *http.Client // shows the newest certificate and trusts the office's CA alone

	turn sync.Mutex // one question that changes the identity at a time

	mu      sync.Mutex
	is      understood
	unsaved error // why a restart would forget it
	trouble error // why the office did not answer when it was asked last; nil: it did
}

// openOffice loads the identity and tells the gate what it knew last.
func openOffice(dir *durable.Dir, s Settings, gate *conductor.Gate, c *clock.Clock, log *slog.Logger) (*office, error) {
	id, key, err := loadIdentity(dir)
	if err != nil {
		return nil, err
	}
	proxy, err := s.proxyURL()
	if err != nil {
		return nil, err
	}
	o := &office{dir: dir, gate: gate, log: log}
	o.time = timekeeper{clock: c, since: o.since, log: log}
	if err := o.learn(id, key); err != nil {
		return nil, err
	}
	c.NotBefore(o.since())
	c.NotBefore(id.Passed)
	o.line = &line{RoundTripper: o.time.listens(through(o.transport(), proxy)), addresses: o.addresses, rest: awayFor, log: log, away: map[string]time.Time{}}
	if len(s.Office) > 0 {
		o.line.addresses = func() []string { return s.Office }
	}
	o.client = &http.Client{Transport: o.line}
	return o, nil
}

// learn takes an identity over, if all of it can be understood.
func (o *office) learn(id identity, key *ecdsa.PrivateKey) error {
	u, err := id.understood(key)
	if err != nil {
		return err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.is = u
	o.gate.Learn(u.register)
	return nil
}

// now is what the station knows of its office.
func (o *office) now() understood {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.is
}

// Recipients are the keys for which envelopes are sealed.
func (o *office) Recipients() []age.Recipient { return o.now().recipients }

// ReceiptKey verifies the office's receipts: the office may change it.
func (o *office) ReceiptKey() ed25519.PublicKey { return o.now().ReceiptKey }

func (o *office) addresses() []string { return o.now().addresses() }

// since is a time that has surely passed: the office made the newest certificate then.
func (o *office) since() time.Time { return o.now().cert.Leaf.NotBefore }

// transport reaches one address of the office.
func (o *office) transport() *http.Transport {
	config := o.time.tls(func() *x509.CertPool { return o.now().roots })
	config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
		if cert := o.now().cert; o.holds(cert) {
			return cert, nil
		}
		return &tls.Certificate{}, nil // the handshake would fail, and with it the way back
	}
	return &http.Transport{
		TLSClientConfig: config,
		DialContext:     (&net.Dialer{Timeout: 5 * time.Second}).DialContext, // another address waits
		// A renewed certificate takes effect with the next connection.
		IdleConnTimeout:       30 * time.Second,
		TLSHandshakeTimeout:   10 * time.Second,
		ResponseHeaderTimeout: time.Minute,
	}
}

// holds reports whether the certificate can be shown: as long as nobody has vouched for the time it
// may have ended, and the office says the time to whoever asks without.
func (o *office) holds(cert *tls.Certificate) bool {
	now, known := o.time.clock.Now()
	return known && !now.After(cert.Leaf.NotAfter)
}

// base is the office's address as requests name it; the line puts the true one in its place.
func (o *office) base() *url.URL { return &url.URL{Scheme: "https", Host: "office"} }

func (o *office) String() string { return "office" }

// Run asks the office until ctx ends. While nobody answers the station works on.
func (o *office) Run(ctx context.Context) error {
	defer o.client.CloseIdleConnections()
	wait := backoff.Backoff{Min: 2 * time.Second, Max: 2 * time.Minute}
	for failures := 0; ; {
		delay := askEvery
		err := o.ask(ctx)
		o.report(err)
		o.remember()
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			o.log.Warn("office does not answer", "err", err)
			delay = wait.Delay(failures)
			failures++
		} else {
			failures = 0
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(delay):
		}
	}
}

func (o *office) report(trouble error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.trouble = trouble
}

// reached is why the office did not answer when it was asked last, nil if it did.
func (o *office) reached() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.trouble
}

// settings asks for what the office wants its stations to know.
func (o *office) settings(ctx context.Context) (s enrolment.Settings, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, o.base().JoinPath(enrolment.StationPath).String(), nil)
	if err != nil {
		return s, err
	}
	err = exchange(o.client, r, &s)
	return s, err
}

// tell sends what the office takes and answers nothing to.
func (o *office) tell(ctx context.Context, path string, what any) error {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	return post(ctx, o.client, o.base().JoinPath(path).String(), what, &struct{}{})
}

// ask renews the certificate when it is due and takes the office's settings over.
func (o *office) ask(ctx context.Context) error {
	o.turn.Lock()
	defer o.turn.Unlock()
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	if _, known := o.time.clock.Now(); !known {
		if err := o.learnTime(ctx); err != nil {
			return err
		}
	}
	if err := o.renew(ctx); err != nil {
		return err
	}
	settings, err := o.settings(ctx)
	if err != nil {
		return fmt.Errorf("ask for settings: %w", enrolAdvice(err))
	}
	is := o.now()
	id := is.identity
	settings.Operation = decided(id.Operation, settings.Operation, o.log)
	if id.Settings = settings; reflect.DeepEqual(is.identity, id) { // spare the card
		return nil
	}
	return o.take(id, is.key)
}
