// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"

	"filippo.io/age"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/daemon/conductor"
	"github.com/fotobox-project/fotobox/upload/enrolment"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

// understood is an identity of which everything can be used.
type understood struct {
	identity
	key        *ecdsa.PrivateKey
	cert       *tls.Certificate
	roots      *x509.CertPool
	recipients []age.Recipient
	register   conductor.Register
}

// understood reads what an identity says, all of it or nothing.
func (id identity) understood(key *ecdsa.PrivateKey) (u understood, err error) {
	u = understood{identity: id, key: key, roots: x509.NewCertPool()}
	if u.cert, err = id.certificate(key); err != nil {
		return understood{}, err
	}
	if u.recipients, err = envelope.ParseRecipients(id.Recipients); err == nil {
		u.register, err = registerOf(id.Settings)
	}
	if err == nil {
		err = errors.Join(enrolment.CheckAddresses(id.Addresses), enrolment.CheckAddresses([]string{id.Address}))
	}
	switch {
	case err != nil:
	case !u.roots.AppendCertsFromPEM([]byte(id.CA)):
		err = errors.New("no CA certificate")
	case len(id.ReceiptKey) != ed25519.PublicKeySize:
		err = errors.New("no key for receipts")
	}
	if err != nil {
		return understood{}, fmt.Errorf("settings of the office: %w", err)
	}
	return u, nil
}

// registerOf is what the gate needs of the settings.
func registerOf(s enrolment.Settings) (conductor.Register, error) {
	ags, err := appointment.ParseOffice(s.Office)
	if err != nil {
		return conductor.Register{}, err
	}
	r := conductor.Register{
		Checker: appointment.Checker{Office: ags, Keys: s.AppointmentKeys},
		DayKey:  s.DayKey, Typed: map[[16]byte]string{}, ChecksIn: s.Place != "",
	}
	for _, key := range s.AppointmentKeys {
		if len(key) != ed25519.PublicKeySize {
			return conductor.Register{}, errors.New("a key for appointments is none")
		}
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

// names reports whether that is the hash of one of the office's CA certificates.
func (id identity) names(ca [sha256.Size]byte) bool {
	for rest := []byte(id.CA); ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return false
		}
		if sha256.Sum256(block.Bytes) == ca {
			return true
		}
	}
}
