// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime"
	"net"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"github.com/emersion/go-smtp"
)

// A mailbox is the mail server of the demo: everybody's mails lie in one folder.
type mailbox struct {
	dir string
	say io.Writer

	mu sync.Mutex
	n  int
}

// openMailbox takes mails at a free address until ctx ends.
func openMailbox(ctx context.Context, dir string, say io.Writer) (address string, _ error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	server := smtp.NewServer(&mailbox{dir: dir, say: say})
	context.AfterFunc(ctx, func() { _ = server.Close() })
	go func() { _ = server.Serve(l) }()
	return l.Addr().String(), nil
}

// NewSession takes the mails of one connection.
func (b *mailbox) NewSession(*smtp.Conn) (smtp.Session, error) { return &sender{mailbox: b}, nil }

type sender struct {
	*mailbox
	to string
}

// Mail begins a mail.
func (*sender) Mail(string, *smtp.MailOptions) error { return nil }

// Rcpt says whom it is to.
func (s *sender) Rcpt(to string, _ *smtp.RcptOptions) error { s.to = to; return nil }

// Reset forgets it.
func (s *sender) Reset() { s.to = "" }

// Logout ends the connection.
func (*sender) Logout() error { return nil }

// onward is a link to a page that a citizen goes on with.
var onward = regexp.MustCompile(`http://\S+/(confirm|appointment|accept)/[A-Za-z0-9_-]{44}`)

// Data keeps the mail in a file, and says what it is and where it leads.
func (s *sender) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n++
	name := filepath.Join(s.dir, fmt.Sprintf("%03d.eml", s.n))
	if err := os.WriteFile(name, raw, 0o600); err != nil {
		return err
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	fmt.Fprintf(s.say, "\n  Mail to %s: %s\n  %s\n", s.to, subject, name)
	if next := onward.FindString(strings.ReplaceAll(string(raw), "=\r\n", "")); next != "" { // as quoted-printable continues a line
		fmt.Fprintf(s.say, "  %s\n", next)
	}
	return err
}
