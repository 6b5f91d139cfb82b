// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// FuzzIdentity reads anything as what the office answers to an enrolment, a renewal or a question for
// settings, and as the file in which it is kept: what is taken over is of the station's own key, and
// every address of it is one.
func FuzzIdentity(f *testing.F) {
	o := newTown(f)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	csr, err := request(key)
	if err != nil {
		f.Fatal(err)
	}
	good := identity{Address: "office:1", Passed: time.Now(), Answer: enrolment.Answer{Device: "00112233", Certificate: o.admit(csr), Settings: o.settings()}}
	good.Addresses = []string{"two:2"}
	good.Typed = []enrolment.Typed{{HMAC: make([]byte, 16), Code: "FB1:X"}}
	good.Revoked = []enrolment.Revocation{{Appointment: "0123456789abcdef", Revision: 1, Reason: "moved"}}
	text, err := json.Marshal(good)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add(bytes.ReplaceAll(text, []byte("two:2"), []byte("a/b?c:2")))
	f.Add([]byte(`{"appointment_keys":["AAAA"]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var id identity
		if json.Unmarshal(data, &id) != nil {
			return
		}
		u, err := id.understood(key)
		if err != nil {
			return
		}
		if !key.PublicKey.Equal(u.cert.Leaf.PublicKey) || len(u.recipients) == 0 || enrolment.CheckAddresses(u.Addresses) != nil || enrolment.CheckAddresses([]string{u.Address}) != nil {
			t.Errorf("%q is taken over", data)
		}
		u.register.Checker.Check("FB1:X", time.Now())
	})
}

// FuzzExchange reads anything as an answer of the office: errors are one line of bounded length.
func FuzzExchange(f *testing.F) {
	f.Add(200, "application/json", `{"office":"05112000"}`)
	f.Add(403, "application/problem+json", `{"title":"station is revoked","detail":"ask"}`)
	f.Add(500, "text/html; charset=\"", "<html>")
	f.Fuzz(func(t *testing.T, status int, kind, body string) {
		client := &http.Client{Transport: reply{status, kind, body}}
		r, err := http.NewRequest(http.MethodGet, "https://office/", nil)
		if err != nil {
			t.Fatal(err)
		}
		var s enrolment.Settings
		if err := exchange(client, r, &s); err != nil && (len(err.Error()) > 2000 || strings.ContainsAny(err.Error(), "\r\n\x00\x1b")) {
			t.Errorf("%d %q %q gives the error %q", status, kind, body, err)
		}
	})
}

// A reply is what every request gets.
type reply struct {
	status     int
	kind, body string
}

func (a reply) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: a.status, Status: http.StatusText(a.status), Header: http.Header{"Content-Type": {a.kind}}, Body: io.NopCloser(strings.NewReader(a.body)),
	}, nil
}

// FuzzSettings reads anything as a settings file: what is accepted can be used.
func FuzzSettings(f *testing.F) {
	f.Add(minimal)
	f.Add("state = 'x'\ncamera = 'sitter'\noffice = ['a:1', 'b:2']\nproxy = 'http://u:p@proxy:3128'\n")
	f.Add("state = 'x'\ncamera = 'usb'\n[panel]\nchip = 'x'\nlamps.left = { line = 'GPIO5' }\n[scanner]\nlayout = 'de'\n")
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "file:") || strings.Contains(text, "folder:") {
			t.Skip("reads a file")
		}
		s, err := parseSettings(strings.NewReader(text))
		if err != nil {
			return
		}
		if u, err := s.proxyURL(); err != nil || s.Proxy != "" && u.Hostname() == "" || enrolment.CheckAddresses(s.Office) != nil {
			t.Errorf("%q is accepted", text)
		}
		if _, err := time.LoadLocation(s.Zone); err != nil || s.State == "" || s.Burst < 1 {
			t.Errorf("%q is accepted", text)
		}
	})
}
