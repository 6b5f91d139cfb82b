// SPDX-License-Identifier: EUPL-1.2

package alert

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// A postOffice is a mail server with STARTTLS that takes mails of one user.
type postOffice struct {
	address string
	roots   *x509.CertPool
	server  *smtp.Server
	door    net.Listener
	config  *tls.Config

	mu      sync.Mutex
	letters []*mail.Message
	bodies  []string
	refuse  error  // what it answers to a letter
	taken   func() // called when a letter was taken, before the answer
	plain   bool   // somebody signed in, or wrote, without TLS
}

func newPostOffice(t *testing.T) *postOffice {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	cert := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, cert, cert, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	if cert, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	p := &postOffice{roots: x509.NewCertPool(), config: &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}}
	p.roots.AddCert(cert)
	p.opens(t, "127.0.0.1:0")
	return p
}

// opens listens; a post office that was closed opens again at its address.
func (p *postOffice) opens(t *testing.T, address string) {
	t.Helper()
	p.server = smtp.NewServer(p)
	p.server.TLSConfig, p.server.ErrorLog = p.config, slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo)
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	p.address, p.door = l.Addr().String(), l
	server := p.server
	go func() { _ = server.Serve(l) }()
	t.Cleanup(p.closes)
}

// refuses answers every letter so from now on; nil takes them.
func (p *postOffice) refuses(why error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refuse = why
}

func (p *postOffice) closes() {
	_ = p.server.Close()
	_ = p.door.Close() // a server that had not begun yet did not close it
}

// relay is how the office sends to it.
func (p *postOffice) relay() Relay {
	a, _ := net.ResolveTCPAddr("tcp", p.address)
	return Relay{
		Host: a.IP.String(), Port: a.Port, Roots: p.roots, User: "fotobox", Password: func() (string, error) { return "right", nil },
		From: "fotobox@example.org", To: []string{"technik@example.org", "nacht@example.org"},
	}
}

func (p *postOffice) NewSession(c *smtp.Conn) (smtp.Session, error) {
	return &clerkAtThePost{p, c}, nil
}

// clerkAtThePost serves one connection.
type clerkAtThePost struct {
	*postOffice
	c *smtp.Conn
}

func (s *clerkAtThePost) sealed() {
	if _, ok := s.c.TLSConnectionState(); !ok {
		s.mu.Lock()
		s.plain = true
		s.mu.Unlock()
	}
}

func (s *clerkAtThePost) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *clerkAtThePost) Auth(string) (sasl.Server, error) {
	s.sealed()
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "fotobox" || password != "right" {
			return smtp.ErrAuthFailed
		}
		return nil
	}), nil
}

func (s *clerkAtThePost) Mail(string, *smtp.MailOptions) error { s.sealed(); return nil }
func (s *clerkAtThePost) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (s *clerkAtThePost) Reset()                               {}
func (s *clerkAtThePost) Logout() error                        { return nil }

func (s *clerkAtThePost) Data(r io.Reader) error {
	letter, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(letter.Body)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.refuse != nil {
		return s.refuse
	}
	s.letters, s.bodies = append(s.letters, letter), append(s.bodies, string(body))
	if s.taken != nil {
		s.taken()
	}
	return nil
}

// ids are the Message-IDs of what was taken.
func (p *postOffice) ids() (list []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, l := range p.letters {
		list = append(list, l.Header.Get("Message-ID"))
	}
	return list
}

func TestRelay(t *testing.T) {
	p := newPostOffice(t)
	m := Mail{ID: "abc@fotobox", Made: time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC), Subject: "Bürgeramt: Kamera fehlt", Body: "Seit 13:00 Uhr.\n"}
	if err := p.relay().Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	h := p.letters[0].Header
	for key, want := range map[string]string{
		"Message-ID": "<abc@fotobox>", "From": "<fotobox@example.org>", "To": "<technik@example.org>, <nacht@example.org>",
		"Date": "Tue, 01 Dec 2026 12:00:00 +0000", "Auto-Submitted": "auto-generated",
	} {
		if got := h.Get(key); got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
	if !strings.Contains(h.Get("Subject"), "=?UTF-8?") || !strings.Contains(p.bodies[0], "Seit 13:00 Uhr.") {
		t.Errorf("subject %q, body %q", h.Get("Subject"), p.bodies[0])
	}
	if p.plain {
		t.Error("something was said without TLS")
	}
}

// TestRelayRefuses: nothing is said to a server that is not the one we mean, or has no TLS.
func TestRelayRefuses(t *testing.T) {
	for name, spoil := range map[string]func(*postOffice, *Relay){
		"another's certificate": func(_ *postOffice, r *Relay) { r.Roots = x509.NewCertPool() },
		"wrong password":        func(_ *postOffice, r *Relay) { r.Password = func() (string, error) { return "wrong", nil } },
		"no password": func(_ *postOffice, r *Relay) {
			r.Password = func() (string, error) { return "", errors.New("no file") }
		},
		"no TLS": func(p *postOffice, _ *Relay) {
			p.closes()
			p.config = nil
			p.opens(t, p.address)
		},
	} {
		p := newPostOffice(t)
		r := p.relay()
		spoil(p, &r)
		err := r.Send(t.Context(), Mail{ID: "abc@fotobox", Subject: "s", Body: "b"})
		if err == nil || len(p.letters) != 0 || p.plain {
			t.Errorf("%s: %v, %d letters, without TLS %t", name, err, len(p.letters), p.plain)
		}
		if err != nil && strings.Contains(err.Error(), "right") {
			t.Errorf("%s: the error has the password: %v", name, err)
		}
	}
}

// TestPlainRelayHasNoPassword: without TLS only what may be read by all is said.
func TestPlainRelayHasNoPassword(t *testing.T) {
	p := newPostOffice(t)
	r := p.relay()
	r.Plain = true
	r.Password = func() (string, error) { t.Error("the password was asked for"); return "", nil }
	if err := r.Send(t.Context(), Mail{ID: "abc@fotobox", Subject: "s", Body: "b"}); err != nil || len(p.letters) != 1 || !p.plain {
		t.Errorf("%v, %d letters, without TLS %t", err, len(p.letters), p.plain)
	}
}

func TestRelayCheck(t *testing.T) {
	for _, r := range []Relay{{From: "nobody", To: []string{"a@example.org"}}, {From: "a@example.org", To: []string{"x\r\nBcc: b@example.org"}}} {
		if err := r.Check(); err == nil {
			t.Errorf("%+v is taken", r)
		}
	}
	if err := (Relay{From: "Fotobox <a@example.org>", To: []string{"b@example.org"}}).Check(); err != nil {
		t.Error(err)
	}
}
