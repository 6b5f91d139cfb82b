// SPDX-License-Identifier: EUPL-1.2

package devices

import (
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"slices"
	"time"

	"github.com/fotobox-project/fotobox/internal/problem"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// Grace is how long after its certificate's end a station may still ask for the
// next one: one that was switched off for a refurbishment comes back by itself.
// Whose station was stolen revokes it, which counts here too.
const Grace = 60 * 24 * time.Hour

// ErrLate says that the certificate ended too long ago.
var ErrLate = problem.New(http.StatusForbidden, "certificate-over", "station's certificate ended more than 60 days ago: invite the station again")

// renewing gives the id of the station that asks for its next certificate: by the
// certificate of its connection, or, when that has ended, by the one in the request.
func (d *Devices) renewing(r *http.Request, q enrolment.Renewal, now time.Time) (id string, err error) {
	if q.Certificate == "" {
		return d.Identify(r)
	}
	csr, err := parseCSR(q.CSR)
	if err != nil {
		return "", err
	}
	if id, err = d.keys.CA.ended(q.Certificate, csr.PublicKey, now); err != nil {
		return "", err
	}
	return id, d.admit(r.Context(), id, now)
}

// ended reads the certificate of a station that holds its key, which parseCSR has
// seen, and gives the station's id. It must have ended less than Grace ago.
func (a *Authority) ended(text string, key crypto.PublicKey, now time.Time) (id string, err error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return "", badRequest("certificate is not PEM")
	}
	c, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return "", badRequest("certificate is damaged")
	}
	if c.CheckSignatureFrom(a.cert) != nil || !slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageClientAuth) {
		return "", badRequest("certificate is not of this office")
	}
	if same, ok := c.PublicKey.(interface{ Equal(crypto.PublicKey) bool }); !ok || !same.Equal(key) {
		return "", badRequest("certificate is of another key")
	}
	if now.Before(c.NotBefore) || now.Sub(c.NotAfter) > Grace {
		return "", ErrLate
	}
	return c.Subject.CommonName, nil
}
