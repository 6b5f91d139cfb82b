// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/fotobox-project/fotobox/internal/durable"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// The files of the identity, in the state directory.
const (
	keyFile    = "station.key" // private key of the station's certificate, PEM
	officeFile = "office.json" // what the office has said, an identity
)

// errNotEnrolled says what to do.
var errNotEnrolled = errors.New(`the station is not enrolled: get a code from "registryd invite" and run "stationd enrol CODE"`)

// An identity is who the station is and what it knows of its office. It holds
// no key that could open an envelope.
type identity struct {
	Address string `json:"address"` // host:port of the office's device listener
	enrolment.Answer
}

// loadIdentity reads the identity and the private key.
func loadIdentity(dir *durable.Dir) (identity, *ecdsa.PrivateKey, error) {
	data, err := dir.Root.ReadFile(officeFile)
	if errors.Is(err, fs.ErrNotExist) {
		return identity{}, nil, errNotEnrolled
	}
	var id identity
	if err == nil {
		err = json.Unmarshal(data, &id)
	}
	if err != nil {
		return identity{}, nil, fmt.Errorf("read %s: %w", officeFile, err)
	}
	key, err := loadKey(dir)
	return id, key, err
}

func (id identity) save(dir *durable.Dir) error {
	data, err := json.MarshalIndent(id, "", "  ")
	if err != nil {
		return err
	}
	if err := dir.Write(officeFile, bytes.NewReader(data)); err != nil {
		return fmt.Errorf("save %s: %w", officeFile, err)
	}
	return nil
}

func loadKey(dir *durable.Dir) (*ecdsa.PrivateKey, error) {
	data, err := dir.Root.ReadFile(keyFile)
	if err != nil {
		return nil, fmt.Errorf("read station key: %w", err)
	}
	block, _ := pem.Decode(data)
	if block == nil {
		return nil, fmt.Errorf("read station key: %s holds no PEM", keyFile)
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("read station key: %w", err)
	}
	private, ok := key.(*ecdsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("read station key: %s holds a %T, want ECDSA", keyFile, key)
	}
	return private, nil
}

// makeKey draws the station's key and stores it before anyone certifies it.
func makeKey(dir *durable.Dir) (*ecdsa.PrivateKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make station key: %w", err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("make station key: %w", err)
	}
	data := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	if err := dir.Write(keyFile, bytes.NewReader(data)); err != nil {
		return nil, fmt.Errorf("store station key: %w", err)
	}
	return key, nil
}

// request is the certificate request for the key, PEM.
func request(key *ecdsa.PrivateKey) (string, error) {
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, key)
	if err != nil {
		return "", fmt.Errorf("make certificate request: %w", err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der})), nil
}

// certificate is the station's certificate for TLS, with its key.
func (id identity) certificate(key *ecdsa.PrivateKey) (*tls.Certificate, error) {
	block, _ := pem.Decode([]byte(id.Certificate.Certificate))
	if block == nil {
		return nil, errors.New("read station certificate: no PEM")
	}
	leaf, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("read station certificate: %w", err)
	}
	return &tls.Certificate{Certificate: [][]byte{block.Bytes}, PrivateKey: key, Leaf: leaf}, nil
}

// ageOf is how long ago the certificate was made.
func ageOf(c *tls.Certificate, now time.Time) time.Duration { return now.Sub(c.Leaf.NotBefore) }
