// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// secret is what stands in a file that the settings name: a relative name is that
// of a credential, which systemd gives the program (LoadCredential=).
func secret(name string) (string, error) {
	if !filepath.IsAbs(name) {
		dir := os.Getenv("CREDENTIALS_DIRECTORY")
		if dir == "" {
			return "", errors.New("the service manager gave no credentials: write the whole path")
		}
		name = filepath.Join(dir, name)
	}
	text, err := os.ReadFile(name)
	return strings.TrimSpace(string(text)), err
}

// roots are whom a server's certificate must be of, by the file with theirs (PEM)
// that the settings name; nil for no name: the machine's own list.
func roots(name string) (*x509.CertPool, error) {
	if name == "" {
		return nil, nil
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("%s has no certificate (PEM)", name)
	}
	return pool, nil
}
