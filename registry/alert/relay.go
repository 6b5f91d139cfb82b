// SPDX-License-Identifier: EUPL-1.2

package alert

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"time"

	"github.com/wneessen/go-mail"
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
	To       []string
}

var _ Post = Relay{}

// implicit is the port of submission over TLS (RFC 8314).
const implicit = 465

// Send hands the mail over.
func (r Relay) Send(ctx context.Context, m Mail) error {
	letter, err := r.letter(m)
	if err != nil {
		return fmt.Errorf("write mail: %w", err)
	}
	client, err := r.client()
	if err != nil {
		return fmt.Errorf("mail server: %w", err)
	}
	if err := client.DialAndSendWithContext(ctx, letter); err != nil {
		return fmt.Errorf("mail server %s: %w", r.Host, err)
	}
	return nil
}

// letter is the mail as it is sent (RFC 5322).
func (r Relay) letter(m Mail) (*mail.Msg, error) {
	letter := mail.NewMsg()
	if err := letter.From(r.From); err != nil {
		return nil, err
	}
	if err := letter.To(r.To...); err != nil {
		return nil, err
	}
	letter.SetMessageIDWithValue(m.ID)
	letter.SetDateWithValue(m.Made)
	letter.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: nobody's absence answers
	letter.Subject(m.Subject)
	letter.SetBodyString(mail.TypeTextPlain, m.Body)
	return letter, nil
}

func (r Relay) client() (*mail.Client, error) {
	options := []mail.Option{
		mail.WithPort(r.Port), mail.WithTimeout(20 * time.Second),
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

// Check names the first address that is none.
func (r Relay) Check() error {
	_, err := r.letter(Mail{ID: "check@fotobox"})
	return err
}
