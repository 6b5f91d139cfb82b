// SPDX-License-Identifier: EUPL-1.2

package post

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

// A Relay is the mail server that takes our mails (RFC 5321).
type Relay struct {
	Host string
	Port int // 465: TLS from the start; any other: STARTTLS (RFC 3207)
	// Plain sends without TLS, and then never a password: for a server on the same machine.
	Plain    bool
	Roots    *x509.CertPool                    // whom its certificate must be of; nil: the machine's list
	User     string                            // "": no sign-in
	Password func() (password string, _ error) // asked for each connection
	From     string
}

// implicit is the port of submission over TLS (RFC 8314).
const implicit = 465

// patience is how long each answer of the server may take.
const patience = 20 * time.Second

// Check names the first address of the letter, or of the sender, that is none.
func (r Relay) Check(l Letter) error {
	_, err := l.mail(r.From, "check@fotobox", time.Time{})
	return err
}

// A connection to the mail server carries one letter after the other.
type connection struct {
	relay  Relay
	client *mail.Client
	smtp   *smtp.Client
}

// dial connects. What goes wrong is not about any letter.
func (r Relay) dial(ctx context.Context) (*connection, error) {
	client, err := r.client()
	if err != nil {
		return nil, fmt.Errorf("mail server: %w", err)
	}
	line, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return nil, fmt.Errorf("mail server %s: %w", r.Host, err)
	}
	return &connection{r, client, line}, nil
}

func (r Relay) client() (*mail.Client, error) {
	options := []mail.Option{
		mail.WithPort(r.Port), mail.WithTimeout(patience),
		mail.WithTLSConfig(&tls.Config{ServerName: r.Host, RootCAs: r.Roots, MinVersion: tls.VersionTLS12}),
	}
	switch {
	case r.Plain:
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	case r.Port == implicit:
		options = append(options, mail.WithSSL())
	default:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if r.User != "" && !r.Plain {
		password, err := r.Password()
		if err != nil {
			return nil, err
		}
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(r.User), mail.WithPassword(password))
	}
	return mail.NewClient(r.Host, options...)
}

// send hands one letter over. The error is a *refusal where the server, or the
// letter, has something against this one.
func (c *connection) send(l Letter, id string, date time.Time) error {
	m, err := l.mail(c.relay.From, id, date)
	if err != nil {
		return &refusal{said: "it cannot be written: " + err.Error(), forGood: true}
	}
	// Asked for without need, a server further on that lacks it sends the mail back (RFC 6531).
	c.smtp.SkipSMTPUTF8(ascii(l.To))
	if err = c.client.SendWithSMTPClient(c.smtp, m); err == nil || m.IsDelivered() {
		return nil
	}
	if refused := refusalOf(err); refused != nil {
		return refused
	}
	return fmt.Errorf("mail server %s: %w", c.relay.Host, err)
}

func ascii(list []string) bool {
	return !strings.ContainsFunc(strings.Join(list, ""), func(r rune) bool { return r > unicode.MaxASCII })
}

// reset begins anew after a letter that was refused.
func (c *connection) reset() error { return c.client.ResetWithSMTPClient(c.smtp) }

// drop ends a connection that may be broken.
func (c *connection) drop() { _ = c.smtp.Close() }

// close says goodbye; what was sent is sent.
func (c *connection) close() { _ = c.client.CloseWithSMTPClient(c.smtp) }
