// SPDX-License-Identifier: EUPL-1.2

package devices

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"sync"
	"time"
)

// TLS is the device listener's configuration for the host names and IP
// addresses under which stations reach it: TLS 1.3 and, for whoever shows a
// certificate, one of this office. Only enrolment is served without.
//
// The server's own certificate is made in memory and renewed while it runs:
// there is no file to expire.
func (k *Keys) TLS(names []string) *tls.Config {
	s := &serverCertificate{ca: k.CA, names: names}
	return &tls.Config{
		MinVersion:     tls.VersionTLS13,
		ClientAuth:     tls.VerifyClientCertIfGiven,
		ClientCAs:      k.CA.Pool(),
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return s.at(time.Now()) },
	}
}

// serverCertificate is the newest certificate of the device listener.
type serverCertificate struct {
	ca    *Authority
	names []string

	mu    sync.Mutex
	cert  *tls.Certificate
	renew time.Time
}

// at is the certificate to show now.
func (s *serverCertificate) at(now time.Time) (*tls.Certificate, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cert != nil && now.Before(s.renew) && now.After(s.renew.Add(-serverLife)) {
		return s.cert, nil
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	der, err := s.ca.server(s.names, key.Public(), now)
	if err != nil {
		return nil, err
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	// The CA's certificate goes with it, because an invited station knows only
	// its hash.
	s.cert = &tls.Certificate{Certificate: [][]byte{der, s.ca.cert.Raw}, PrivateKey: key, Leaf: leaf}
	s.renew = now.Add(serverLife / 2)
	return s.cert, nil
}
