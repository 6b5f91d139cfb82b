// SPDX-License-Identifier: EUPL-1.2

package devices

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/fotobox-project/fotobox/internal/problem"
)

// Lifetimes of certificates.
const (
	// StationLife is a station's certificate: one that was off for longer asks for
	// the next by its key, see Grace.
	StationLife = 7 * 24 * time.Hour
	// VendorLife is a registry software's certificate.
	VendorLife = 365 * 24 * time.Hour
	// serverLife is the device listener's certificate; the running server makes
	// itself a new one when half of it is over.
	serverLife = 7 * 24 * time.Hour
	// caLife is longer than any station lives.
	caLife = 20 * 365 * 24 * time.Hour
	// slack is how far behind a station's clock may be.
	slack = time.Hour
)

// Authority is the office's own certificate authority.
type Authority struct {
	key  crypto.Signer
	cert *x509.Certificate
}

// Hash is the SHA-256 of the CA's certificate (DER), by which an invitation
// names the office.
func (a *Authority) Hash() [sha256.Size]byte { return sha256.Sum256(a.cert.Raw) }

// PEM is the CA's certificate.
func (a *Authority) PEM() string { return certPEM(a.cert.Raw) }

// Pool holds the CA's certificate alone.
func (a *Authority) Pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.cert)
	return pool
}

// Endorse signs what the office is to know again as its own, by its SHA-256. A
// signature for one purpose is none for another, and no certificate.
func (a *Authority) Endorse(purpose string, hash [32]byte) ([]byte, error) {
	return a.key.Sign(rand.Reader, endorsement(purpose, hash), crypto.SHA256)
}

// Endorsed says whether Endorse made the signature.
func (a *Authority) Endorsed(purpose string, hash [32]byte, signature []byte) bool {
	key, ok := a.cert.PublicKey.(*ecdsa.PublicKey)
	return ok && ecdsa.VerifyASN1(key, endorsement(purpose, hash), signature)
}

func endorsement(purpose string, hash [32]byte) []byte {
	sum := sha256.Sum256(append([]byte("fotobox "+purpose+" v1\x00"), hash[:]...))
	return sum[:]
}

func generateCA(office string, now time.Time) ([]file, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	t := &x509.Certificate{
		Subject:               pkix.Name{CommonName: "Fotobox " + office},
		NotBefore:             now.Add(-slack),
		NotAfter:              now.Add(caLife),
		IsCA:                  true,
		BasicConstraintsValid: true,
		MaxPathLenZero:        true,
		KeyUsage:              x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, t, t, key.Public(), key)
	if err != nil {
		return nil, err
	}
	text, err := keyPEM(key)
	return []file{{caKeyFile, text}, {caFile, certPEM(der)}}, err
}

func parseAuthority(keyText, certText []byte) (*Authority, error) {
	key, err := parseKey(keyText)
	if err != nil {
		return nil, err
	}
	signer, ok := key.(*ecdsa.PrivateKey)
	if !ok {
		return nil, errors.New("key is not ECDSA")
	}
	block, _ := pem.Decode(certText)
	if block == nil {
		return nil, errors.New("certificate is not PEM")
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, err
	}
	if !signer.PublicKey.Equal(cert.PublicKey) {
		return nil, errors.New("key and certificate do not belong together")
	}
	return &Authority{signer, cert}, nil
}

// station issues the certificate of the device for the CSR's key.
func (a *Authority) station(csr *x509.CertificateRequest, device string, now time.Time) ([]byte, error) {
	return a.issue(&x509.Certificate{
		Subject:     pkix.Name{CommonName: device},
		NotBefore:   now.Add(-slack),
		NotAfter:    now.Add(StationLife).Truncate(time.Second),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}, csr.PublicKey)
}

// vendorURI begins the name that only certificates of registry software have.
const vendorURI = "urn:fotobox:vendor:"

// vendor issues the certificate of a registry software for the CSR's key.
func (a *Authority) vendor(csr *x509.CertificateRequest, id string, now time.Time) ([]byte, error) {
	name, err := url.Parse(vendorURI + id)
	if err != nil {
		return nil, err
	}
	return a.issue(&x509.Certificate{
		Subject:     pkix.Name{CommonName: id},
		URIs:        []*url.URL{name},
		NotBefore:   now.Add(-slack),
		NotAfter:    now.Add(VendorLife).Truncate(time.Second),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}, csr.PublicKey)
}

// server issues the certificate of the device listener for names, each a host
// name or an IP address.
func (a *Authority) server(names []string, key crypto.PublicKey, now time.Time) ([]byte, error) {
	t := &x509.Certificate{
		NotBefore:   now.Add(-slack),
		NotAfter:    now.Add(serverLife),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			t.IPAddresses = append(t.IPAddresses, ip)
		} else {
			t.DNSNames = append(t.DNSNames, name)
		}
	}
	return a.issue(t, key)
}

func (a *Authority) issue(t *x509.Certificate, key crypto.PublicKey) ([]byte, error) {
	t.KeyUsage = x509.KeyUsageDigitalSignature
	t.BasicConstraintsValid = true
	return x509.CreateCertificate(rand.Reader, t, a.cert, key, a.key)
}

func certPEM(der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

// parseCSR reads a request and checks that its sender holds the key.
func parseCSR(text string) (*x509.CertificateRequest, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil || block.Type != "CERTIFICATE REQUEST" {
		return nil, badRequest("request is not a PEM certificate request")
	}
	csr, err := x509.ParseCertificateRequest(block.Bytes)
	if err != nil {
		return nil, badRequest("request is damaged")
	}
	if err := csr.CheckSignature(); err != nil {
		return nil, badRequest("request is not signed by its own key")
	}
	switch key := csr.PublicKey.(type) {
	case ed25519.PublicKey:
		return csr, nil
	case *ecdsa.PublicKey:
		if key.Curve == elliptic.P256() {
			return csr, nil
		}
	}
	return nil, badRequest("key is not Ed25519 or ECDSA P-256")
}

// badRequest refuses a request for a certificate for a reason that may be shown.
func badRequest(reason string) error {
	return problem.New(http.StatusUnprocessableEntity, "request", "request for a certificate is refused").Because(reason)
}
