// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"
)

const (
	// wrongPause makes guessing slow; one answer waits at a time.
	wrongPause = time.Second
	// leastPassword is how many characters a password of the maintenance page has at least.
	leastPassword = 12
)

// password is that of the maintenance page; empty: none is asked for.
func (s Settings) password() (string, error) {
	password, err := secret(s.MaintenancePassword)
	if err != nil {
		return "", fmt.Errorf("maintenance_password: %w", err)
	}
	if s.MaintenancePassword != "" && len(password) < leastPassword {
		return "", fmt.Errorf("maintenance_password: must have %d characters or more", leastPassword)
	}
	return password, nil
}

// checkMaintenance refuses a maintenance page that anybody on the network could use.
func (s Settings) checkMaintenance() error {
	if n := len(s.MaintenancePassword); n > 0 && n < leastPassword && !strings.HasPrefix(s.MaintenancePassword, inFile) {
		return fmt.Errorf("maintenance_password: must have %d characters or more", leastPassword)
	}
	if s.Maintenance == "" || s.MaintenancePassword != "" {
		return nil
	}
	host, _, err := net.SplitHostPort(s.Maintenance)
	if err != nil {
		return errors.New(`maintenance: must be an address such as "127.0.0.1:8081"`)
	}
	if ip, err := netip.ParseAddr(host); host != "localhost" && (err != nil || !ip.IsLoopback()) {
		return errors.New("maintenance is reached from other machines: set maintenance_password")
	}
	return nil
}

// guard asks for the password where one is set, and sets what every answer bears.
// A station whose password cannot be read works, but for this page.
func (b *workbench) guard(next http.Handler) http.Handler {
	secret, err := b.settings.password()
	if err != nil {
		b.log.Warn("no maintenance page", "err", err)
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, "no maintenance page: the station cannot read its password; see maintenance_password in its settings", http.StatusServiceUnavailable)
		})
	}
	want := sha256.Sum256([]byte(secret))
	wrong := make(chan struct{}, 1)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Content-Type-Options", "nosniff")
		_, password, _ := r.BasicAuth()
		got := sha256.Sum256([]byte(password))
		if secret == "" || subtle.ConstantTimeCompare(got[:], want[:]) == 1 {
			next.ServeHTTP(w, r)
			return
		}
		if password != "" { // not the browser's first question
			wrong <- struct{}{}
			defer func() { <-wrong }()
			select {
			case <-r.Context().Done():
			case <-time.After(wrongPause):
			}
		}
		h.Set("WWW-Authenticate", `Basic realm="Fotobox maintenance", charset="UTF-8"`)
		http.Error(w, "the password of this station's maintenance page is wanted; any name will do", http.StatusUnauthorized)
	})
}

func (r outcome) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(r) // a program that has gone needs no answer
}
