// SPDX-License-Identifier: EUPL-1.2

// Package posttest is a mail server for tests: a real one, with STARTTLS, that takes mails of one user and refuses what it is told to.
package posttest

import (
	"bytes"
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
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// User and Password are who may send.
const (
	User     = "fotobox"
	Password = "right"
)

// Host is where every Server listens.
const Host = "127.0.0.1"

// ErrHangUp has the server end the connection without an answer.
var ErrHangUp = errors.New("hang up")

// A Letter is what the server took.
type Letter struct {
	To     []string // as on the envelope
	Header mail.Header
	Body   string
	Raw    []byte // all of it
}

// A Server is a mail server. It takes what comes until it is told otherwise.
type Server struct {
	Roots *x509.CertPool // whom its certificate is of

	address string
	smtp    *smtp.Server
	door    net.Listener
	config  *tls.Config

	mu      sync.Mutex
	letters []Letter
	refuse  error
	against map[string]error // by address
	taken   func()
	plain   bool
}

// New starts a server that ends with the test.
func New(t testing.TB) *Server {
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
	s := &Server{
		Roots: x509.NewCertPool(), against: map[string]error{}, address: Host + ":0",
		config: &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}},
	}
	s.Roots.AddCert(cert)
	s.Open(t)
	return s
}

// Open listens, at the same port as before.
func (s *Server) Open(t testing.TB) {
	t.Helper()
	s.smtp = smtp.NewServer(s)
	s.smtp.TLSConfig, s.smtp.ErrorLog = s.config, slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo)
	l, err := net.Listen("tcp", s.address)
	if err != nil {
		t.Fatal(err)
	}
	s.address, s.door = l.Addr().String(), l
	server := s.smtp
	go func() { _ = server.Serve(l) }()
	t.Cleanup(s.Close)
}

// Close has the server be away.
func (s *Server) Close() {
	_ = s.smtp.Close()
	_ = s.door.Close() // a server that had not begun yet did not close it
}

// WithoutTLS has the server know no STARTTLS from now on.
func (s *Server) WithoutTLS(t testing.TB) {
	t.Helper()
	s.Close()
	s.config = nil
	s.Open(t)
}

// Port is where it listens.
func (s *Server) Port() int {
	a, _ := net.ResolveTCPAddr("tcp", s.address)
	return a.Port
}

// Refuse answers every letter so from now on; nil takes them.
func (s *Server) Refuse(why error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuse = why
}

// RefuseTo answers the address so from now on; nil takes its letters.
func (s *Server) RefuseTo(address string, why error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.against[address] = why
}

// Taken is called when a letter was taken, before the answer; nil for nothing.
func (s *Server) Taken(do func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taken = do
}

// Letters are what it took, in order.
func (s *Server) Letters() []Letter {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.letters)
}

// Headers are the values that the letters have of one header, in order.
func (s *Server) Headers(key string) (list []string) {
	for _, l := range s.Letters() {
		list = append(list, l.Header.Get(key))
	}
	return list
}

// Plain says whether somebody signed in, or wrote, without TLS.
func (s *Server) Plain() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.plain
}

// NewSession serves one connection.
func (s *Server) NewSession(c *smtp.Conn) (smtp.Session, error) { return &clerk{Server: s, c: c}, nil }

type clerk struct {
	*Server
	c  *smtp.Conn
	to []string
}

func (c *clerk) sealed() {
	if _, ok := c.c.TLSConnectionState(); !ok {
		c.mu.Lock()
		c.plain = true
		c.mu.Unlock()
	}
}

// AuthMechanisms are the ways to sign in.
func (c *clerk) AuthMechanisms() []string { return []string{sasl.Plain} }

// Auth lets the one user in.
func (c *clerk) Auth(string) (sasl.Server, error) {
	c.sealed()
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != User || password != Password {
			return smtp.ErrAuthFailed
		}
		return nil
	}), nil
}

// Mail begins a letter.
func (c *clerk) Mail(string, *smtp.MailOptions) error { c.sealed(); return nil }

// Rcpt adds an address.
func (c *clerk) Rcpt(to string, _ *smtp.RcptOptions) error {
	c.mu.Lock()
	why := c.against[to]
	c.mu.Unlock()
	if errors.Is(why, ErrHangUp) {
		_ = c.c.Conn().Close()
	}
	if why == nil {
		c.to = append(c.to, to)
	}
	return why
}

// Reset forgets the addresses.
func (c *clerk) Reset() { c.to = nil }

// Logout ends the connection.
func (c *clerk) Logout() error { return nil }

// Data takes the letter, or refuses it.
func (c *clerk) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	letter, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	body, err := io.ReadAll(letter.Body)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.refuse != nil {
		return c.refuse
	}
	c.letters = append(c.letters, Letter{c.to, letter.Header, string(body), raw})
	if c.taken != nil {
		c.taken()
	}
	return nil
}
