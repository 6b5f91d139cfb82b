// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"reflect"
	"sync"
	"time"

	"filippo.io/age"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/daemon/conductor"
	"github.com/fotobox-project/fotobox/internal/backoff"
	"github.com/fotobox-project/fotobox/internal/clock"
	"github.com/fotobox-project/fotobox/internal/durable"
	"github.com/fotobox-project/fotobox/upload/enrolment"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

const (
	// askEvery is how often the station asks for cancellations and new appointments.
	askEvery = time.Minute
	// renewAfter is the age at which a certificate, which holds seven days, is renewed.
	renewAfter = 24 * time.Hour
)

// An office is the station's line to its office: it keeps the certificate
// fresh, asks for settings, and works on with what it knows when nobody answers.
type office struct {
	dir  *durable.Dir
	key  *ecdsa.PrivateKey
	gate *conductor.Gate
	time timekeeper
	log  *slog.Logger

	mu         sync.Mutex
	id         identity
	cert       *tls.Certificate
	recipients []age.Recipient
	trouble    error // why the office did not answer when it was asked last; nil: it did
}

// openOffice loads the identity and tells the gate what it knew last.
func openOffice(dir *durable.Dir, gate *conductor.Gate, c *clock.Clock, log *slog.Logger) (*office, error) {
	id, key, err := loadIdentity(dir)
	if err != nil {
		return nil, err
	}
	o := &office{dir: dir, key: key, gate: gate, log: log}
	o.time = timekeeper{clock: c, since: o.since, log: log}
	return o, o.learn(id)
}

// learn takes an identity over, if all of it can be understood.
func (o *office) learn(id identity) error {
	cert, err := id.certificate(o.key)
	if err != nil {
		return err
	}
	recipients, err := envelope.ParseRecipients(id.Recipients)
	if err != nil {
		return fmt.Errorf("settings of the office: %w", err)
	}
	register, err := registerOf(id.Settings)
	if err != nil {
		return fmt.Errorf("settings of the office: %w", err)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.id, o.cert, o.recipients = id, cert, recipients
	o.gate.Learn(register)
	return nil
}

// registerOf is what the gate needs of the settings.
func registerOf(s enrolment.Settings) (conductor.Register, error) {
	ags, err := appointment.ParseOffice(s.Office)
	if err != nil {
		return conductor.Register{}, err
	}
	r := conductor.Register{
		Checker: appointment.Checker{Office: ags, Keys: s.AppointmentKeys},
		DayKey:  s.DayKey, Typed: map[[16]byte]string{},
	}
	for _, v := range s.Revoked {
		id, err := appointment.ParseID(v.Appointment)
		if err != nil {
			return conductor.Register{}, err
		}
		r.Revoked = append(r.Revoked, appointment.Revocation{ID: id, Revision: v.Revision, Reason: appointment.Answer(v.Reason)})
	}
	for _, t := range s.Typed {
		if len(t.HMAC) == 16 {
			r.Typed[[16]byte(t.HMAC)] = t.Code
		}
	}
	return r, nil
}

// Recipients are the keys for which envelopes are sealed.
func (o *office) Recipients() []age.Recipient {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.recipients
}

// ReceiptKey verifies the office's receipts: the office may change it.
func (o *office) ReceiptKey() ed25519.PublicKey {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.id.ReceiptKey
}

func (o *office) known() (identity, *tls.Certificate) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.id, o.cert
}

// since is a time that has surely passed: the office made the newest certificate then.
func (o *office) since() time.Time {
	_, cert := o.known()
	return cert.Leaf.NotBefore
}

// client shows the newest certificate and trusts the office's CA alone.
func (o *office) client() (*http.Client, *url.URL, error) {
	id, _ := o.known()
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM([]byte(id.CA)) {
		return nil, nil, errors.New("settings of the office: no CA certificate")
	}
	config := o.time.tls(roots)
	config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
		_, cert := o.known()
		return cert, nil
	}
	return &http.Client{Transport: o.time.listens(&http.Transport{
		TLSClientConfig: config,
		// A renewed certificate takes effect with the next connection.
		IdleConnTimeout:       30 * time.Second,
		TLSHandshakeTimeout:   10 * time.Second,
		ResponseHeaderTimeout: time.Minute,
	})}, &url.URL{Scheme: "https", Host: id.Address}, nil
}

func (o *office) String() string { return "office" }

// Run asks the office until ctx ends. While nobody answers the station works on.
func (o *office) Run(ctx context.Context) error {
	client, base, err := o.client()
	if err != nil {
		return err
	}
	defer client.CloseIdleConnections()
	wait := backoff.Backoff{Min: 2 * time.Second, Max: 2 * time.Minute}
	for failures := 0; ; {
		delay := askEvery
		err := o.ask(ctx, client, base)
		o.report(err)
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

// ask renews the certificate when it is due and takes the office's settings over.
func (o *office) ask(ctx context.Context, client *http.Client, base *url.URL) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	was, cert := o.known()
	id := was
	if ageOf(cert, time.Now()) > renewAfter {
		csr, err := request(o.key)
		if err != nil {
			return err
		}
		if err := post(ctx, client, base.JoinPath(enrolment.RenewPath).String(), enrolment.Renewal{CSR: csr}, &id.Certificate); err != nil {
			return fmt.Errorf("renew certificate: %w", err)
		}
		o.log.Info("certificate renewed", "until", id.NotAfter)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, base.JoinPath(enrolment.StationPath).String(), nil)
	if err != nil {
		return err
	}
	var settings enrolment.Settings
	if err := exchange(client, r, &settings); err != nil {
		return fmt.Errorf("ask for settings: %w", err)
	}
	id.Settings = settings
	if reflect.DeepEqual(was, id) { // spare the card
		return nil
	}
	if err := o.learn(id); err != nil {
		return err
	}
	return id.save(o.dir)
}
