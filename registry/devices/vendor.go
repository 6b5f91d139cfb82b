// SPDX-License-Identifier: EUPL-1.2

package devices

import (
	"context"
	"crypto/x509"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/fotobox-project/fotobox/internal/problem"
	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/store"
)

// Why a registry software is not let in.
var (
	ErrUnknownVendor = problem.New(http.StatusForbidden, "unknown-vendor", "registry software is not known")
	ErrRevokedVendor = problem.New(http.StatusForbidden, "revoked", "registry software is revoked")
)

// Vendor is a registry software that may retrieve what clerks took over.
type Vendor struct {
	ID         string // 16 hexadecimal digits
	Name       string
	AddedAt    time.Time
	ValidUntil time.Time // of its certificate
	SeenAt     time.Time // within a minute; zero when it never asked
	RevokedAt  time.Time // zero while it is let in
}

// AddVendor certifies the key of a registry software for a year and lists it.
// csr is a PEM certificate request; the key stays where it was made. The
// certificate is PEM as well. A further year needs a further certificate.
func (d *Devices) AddVendor(ctx context.Context, actor, name, csr string, now time.Time) (v Vendor, cert string, err error) {
	request, err := parseCSR(csr)
	if err == nil {
		name, err = cleanName(name)
	}
	if err != nil {
		return Vendor{}, "", fmt.Errorf("add registry software: %w", err)
	}
	v = Vendor{ID: newID(), Name: name, AddedAt: now, ValidUntil: now.Add(VendorLife).Truncate(time.Second).UTC()}
	der, err := d.keys.CA.vendor(request, v.ID, now)
	if err != nil {
		return Vendor{}, "", fmt.Errorf("add registry software: %w", err)
	}
	err = d.store.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO vendors (`+vendorColumns+`) VALUES ($1, $2, $3, $4, 0, 0)`,
			v.ID, v.Name, v.AddedAt.UnixMilli(), v.ValidUntil.UnixMilli())
		if err != nil {
			return err
		}
		return audit.Append(ctx, tx, audit.Entry{At: now, Actor: actor, Action: "vendor-added", Subject: "vendor:" + v.ID})
	})
	if err != nil {
		return Vendor{}, "", fmt.Errorf("add registry software: %w", err)
	}
	return v, certPEM(der), nil
}

const vendorColumns = `id, name, added_at, valid_until, seen_at, revoked_at`

// Vendors gives every registry software, the newest first.
func (d *Devices) Vendors(ctx context.Context) (list []Vendor, err error) {
	list, err = store.List(ctx, d.store, scanVendor, `SELECT `+vendorColumns+` FROM vendors ORDER BY added_at DESC, id`)
	if err != nil {
		return nil, fmt.Errorf("list registry software: %w", err)
	}
	return list, nil
}

func getVendor(ctx context.Context, tx *sql.Tx, id string) (Vendor, error) {
	v, err := scanVendor(tx.QueryRowContext(ctx, `SELECT `+vendorColumns+` FROM vendors WHERE id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return Vendor{}, ErrUnknownVendor
	}
	return v, err
}

func scanVendor(row store.Row) (v Vendor, err error) {
	var added, valid, seen, revoked int64
	err = row.Scan(&v.ID, &v.Name, &added, &valid, &seen, &revoked)
	v.AddedAt, v.ValidUntil = time.UnixMilli(added).UTC(), time.UnixMilli(valid).UTC()
	if seen != 0 {
		v.SeenAt = time.UnixMilli(seen).UTC()
	}
	if revoked != 0 {
		v.RevokedAt = time.UnixMilli(revoked).UTC()
	}
	return v, err
}

// RevokeVendor shuts a registry software out from its next request on. It
// cannot be undone.
func (d *Devices) RevokeVendor(ctx context.Context, actor, id string, now time.Time) error {
	err := d.store.Write(ctx, func(tx *sql.Tx) error {
		v, err := getVendor(ctx, tx, id)
		if err != nil || !v.RevokedAt.IsZero() {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE vendors SET revoked_at = $1 WHERE id = $2`, now.UnixMilli(), id); err != nil {
			return err
		}
		return audit.Append(ctx, tx, audit.Entry{At: now, Actor: actor, Action: "revoked", Subject: "vendor:" + id})
	})
	if err != nil {
		return fmt.Errorf("revoke registry software %s: %w", id, err)
	}
	return nil
}

// IdentifyVendor gives the id of the registry software that sent r, checked
// against the list. Its error is a problem that may be answered.
func (d *Devices) IdentifyVendor(r *http.Request) (vendor string, err error) {
	now := time.Now()
	leaf, err := certificate(r, "registry software", now)
	if err != nil {
		return "", err
	}
	id := leaf.Subject.CommonName
	if !isVendor(leaf) || !isID(id) {
		return "", ErrUnknownVendor
	}
	return id, d.admitVendor(r.Context(), id, now)
}

// isVendor tells the two kinds of the office's client certificates apart.
func isVendor(leaf *x509.Certificate) bool {
	return len(leaf.URIs) == 1 && leaf.URIs[0].String() == vendorURI+leaf.Subject.CommonName
}

func (d *Devices) admitVendor(ctx context.Context, id string, now time.Time) (err error) {
	var v Vendor
	err = d.store.Read(ctx, func(tx *sql.Tx) error {
		v, err = getVendor(ctx, tx, id)
		return err
	})
	switch {
	case err != nil:
		return err
	case !v.RevokedAt.IsZero():
		return ErrRevokedVendor
	case now.Sub(v.SeenAt) < time.Minute: // not a write for every request
		return nil
	}
	err = d.store.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE vendors SET seen_at = $1 WHERE id = $2`, now.UnixMilli(), id)
		return err
	})
	if err != nil {
		d.log.Warn("last sight of a registry software was not noted", "vendor", id, "error", err)
	}
	return nil
}
