// SPDX-License-Identifier: EUPL-1.2

package devices

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// longestName of a station or a registry software, in characters.
const longestName = 64

// Enrol admits the station that shows the secret of an open invitation.
func (d *Devices) Enrol(ctx context.Context, q enrolment.Request, now time.Time) (enrolment.Answer, error) {
	csr, err := parseCSR(q.CSR)
	if err != nil {
		return enrolment.Answer{}, err
	}
	name, err := cleanName(q.Name)
	if err != nil {
		return enrolment.Answer{}, err
	}
	if err := d.known(ctx, q.Secret); err != nil {
		return enrolment.Answer{}, fmt.Errorf("enrol station: %w", err)
	}
	settings, err := d.Settings(ctx, now)
	if err != nil {
		return enrolment.Answer{}, err
	}
	device := newDevice(name, now)
	der, err := d.keys.CA.station(csr, device.ID, now)
	if err != nil {
		return enrolment.Answer{}, fmt.Errorf("enrol station: %w", err)
	}
	if err := d.add(ctx, q.Secret, device, now); err != nil {
		return enrolment.Answer{}, fmt.Errorf("enrol station: %w", err)
	}
	d.log.Info("station enrolled", "device", device.ID)
	return enrolment.Answer{Device: device.ID, Certificate: d.certificate(der, device.ValidUntil), Settings: settings}, nil
}

// add spends the invitation and lists the station in one transaction.
func (d *Devices) add(ctx context.Context, secret []byte, v Device, now time.Time) error {
	var refusal error
	err := d.store.Write(ctx, func(tx *sql.Tx) (err error) {
		if refusal, err = use(ctx, tx, secret, now); err != nil || refusal != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO devices (`+columns+`) VALUES ($1, $2, $3, $4, $5, 0)`,
			v.ID, v.Name, v.EnrolledAt.UnixMilli(), v.ValidUntil.UnixMilli(), v.SeenAt.UnixMilli())
		if err != nil {
			return err
		}
		return audit.Append(ctx, tx, audit.Entry{At: now, Actor: "invite:" + inviteID(secret), Action: "enrolled", Subject: "device:" + v.ID})
	})
	return errors.Join(refusal, err)
}

func newDevice(name string, now time.Time) Device {
	return Device{ID: newID(), Name: name, EnrolledAt: now, SeenAt: now, ValidUntil: validUntil(now)}
}

// newID names a station or a registry software.
func newID() string {
	id := make([]byte, 8)
	rand.Read(id) // never fails
	return hex.EncodeToString(id)
}

func validUntil(now time.Time) time.Time { return now.Add(StationLife).Truncate(time.Second).UTC() }

func cleanName(name string) (string, error) {
	name = strings.TrimSpace(name)
	if name == "" || utf8.RuneCountInString(name) > longestName {
		return "", badRequest(fmt.Sprintf("name needs 1 to %d characters", longestName))
	}
	if !utf8.ValidString(name) || strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return "", badRequest("name has a character that cannot be shown")
	}
	return name, nil
}

// Renew gives a station that is let in its next certificate.
func (d *Devices) Renew(ctx context.Context, id string, q enrolment.Renewal, now time.Time) (enrolment.Certificate, error) {
	csr, err := parseCSR(q.CSR)
	if err != nil {
		return enrolment.Certificate{}, err
	}
	der, err := d.renew(ctx, id, csr, now)
	if err != nil {
		return enrolment.Certificate{}, fmt.Errorf("renew certificate of station %s: %w", id, err)
	}
	d.log.Info("station certificate renewed", "device", id)
	return d.certificate(der, validUntil(now)), nil
}

func (d *Devices) renew(ctx context.Context, id string, csr *x509.CertificateRequest, now time.Time) (der []byte, err error) {
	err = d.store.Write(ctx, func(tx *sql.Tx) error {
		v, err := get(ctx, tx, id)
		if err != nil {
			return err
		}
		if !v.RevokedAt.IsZero() {
			return ErrRevoked
		}
		if der, err = d.keys.CA.station(csr, id, now); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE devices SET valid_until = $1 WHERE id = $2`, validUntil(now).UnixMilli(), id)
		if err != nil {
			return err
		}
		return audit.Append(ctx, tx, audit.Entry{At: now, Actor: "device:" + id, Action: "renewed", Subject: "device:" + id})
	})
	return der, err
}

func (d *Devices) certificate(der []byte, until time.Time) enrolment.Certificate {
	return enrolment.Certificate{Certificate: certPEM(der), CA: d.keys.CA.PEM(), NotAfter: until}
}
