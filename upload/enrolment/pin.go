// SPDX-License-Identifier: EUPL-1.2

package enrolment

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"time"
)

// ErrPin says that the answering server does not hold the certificate that the
// invitation names: it is not the office.
var ErrPin = errors.New("server is not the office that the invitation names")

// TLS is the configuration for the one connection over which a station enrols,
// before it knows any certificate: TLS 1.3, and the server's chain must lead to
// the CA that the invitation names by its hash. at is the time for which the
// server's certificate must hold; nil is now.
func (i Invite) TLS(at func(server *x509.Certificate) time.Time) *tls.Config {
	host, _, _ := net.SplitHostPort(i.Address) // an empty name verifies against nothing
	return &tls.Config{
		MinVersion: tls.VersionTLS13,
		ServerName: host,
		// The usual check needs the CA's certificate at hand; verify makes the
		// same check with the certificate that the server sends and the hash
		// proves.
		InsecureSkipVerify: true,
		VerifyConnection: func(c tls.ConnectionState) error {
			return i.verify(host, c.PeerCertificates, at)
		},
	}
}

func (i Invite) verify(host string, chain []*x509.Certificate, at func(*x509.Certificate) time.Time) error {
	roots := x509.NewCertPool()
	known := false
	for _, c := range chain {
		if sha256.Sum256(c.Raw) == i.CA {
			roots.AddCert(c)
			known = true
		}
	}
	if !known || host == "" {
		return ErrPin
	}
	now := time.Now()
	if at != nil {
		now = at(chain[0])
	}
	_, err := chain[0].Verify(x509.VerifyOptions{
		Roots: roots, DNSName: host, CurrentTime: now, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	})
	if outside := Validity(chain[0], now); err != nil && outside != nil {
		return fmt.Errorf("the server's certificate %w", outside)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrPin, err)
	}
	return nil
}
