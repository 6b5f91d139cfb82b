// SPDX-License-Identifier: EUPL-1.2

package post

import (
	"crypto/x509"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fotobox-project/fotobox/registry/post/posttest"
)

// relayTo is how the office sends to the server.
func relayTo(p *posttest.Server) Relay {
	return Relay{
		Host: posttest.Host, Port: p.Port(), Roots: p.Roots, User: posttest.User, Password: func() (string, error) { return posttest.Password, nil },
		From: "Fotobox <fotobox@example.org>",
	}
}

// sendTo sends one letter on a connection of its own.
func sendTo(t *testing.T, r Relay, l Letter) error {
	t.Helper()
	c, err := r.dial(t.Context())
	if err != nil {
		return err
	}
	defer c.close()
	return c.send(l, "abc@fotobox", noon)
}

func letterTo(to ...string) Letter { return Letter{To: to, Subject: "s", Text: "b"} }

func TestLetter(t *testing.T) {
	p := posttest.New(t)
	l := Letter{
		To: []string{"anna@example.org", "ben@example.org"}, ReplyTo: "amt@example.org", Subject: "Bürgeramt: Ihr Termin", Language: "de", Bulk: true,
		Text: "Grüße\n", HTML: `<p>Grüße <img src="cid:qr.png" alt="QR"></p>`,
		Pictures: []File{{"qr.png", "image/png", []byte("PNG")}},
		Files:    []File{{"termin.ics", "text/calendar; charset=UTF-8; method=PUBLISH", []byte("BEGIN:VCALENDAR\r\n")}},
	}
	if err := sendTo(t, relayTo(p), l); err != nil {
		t.Fatal(err)
	}
	got := p.Letters()[0]
	for key, want := range map[string]string{
		"Message-ID": "<abc@fotobox>", "From": `"Fotobox" <fotobox@example.org>`, "To": "<anna@example.org>, <ben@example.org>", "Reply-To": "<amt@example.org>",
		"Date": "Mon, 01 Dec 2025 12:00:00 +0000", "Auto-Submitted": "auto-generated", "Precedence": "bulk", "X-Auto-Response-Suppress": "All", "Content-Language": "de",
	} {
		if got := got.Header.Get(key); got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
	if diff := cmp.Diff(l.To, got.To); diff != "" {
		t.Errorf("the envelope (-want +got):\n%s", diff)
	}
	for _, want := range []string{"multipart/mixed", "multipart/related", "multipart/alternative", "Gr=C3=BC=C3=9Fe", "Content-Id: <qr.png>", "method=PUBLISH", `filename="termin.ics"`} {
		if !strings.Contains(string(got.Raw), want) {
			t.Errorf("the letter lacks %q:\n%s", want, got.Raw)
		}
	}
	if p.Plain() {
		t.Error("something was said without TLS")
	}
}

// TestRelayRefuses: nothing is said to a server that is not the one we mean, or has no TLS.
func TestRelayRefuses(t *testing.T) {
	for name, spoil := range map[string]func(*posttest.Server, *Relay){
		"another's certificate": func(_ *posttest.Server, r *Relay) { r.Roots = x509.NewCertPool() },
		"wrong password":        func(_ *posttest.Server, r *Relay) { r.Password = func() (string, error) { return "wrong", nil } },
		"no password": func(_ *posttest.Server, r *Relay) {
			r.Password = func() (string, error) { return "", errors.New("no file") }
		},
		"no TLS": func(p *posttest.Server, _ *Relay) { p.WithoutTLS(t) },
	} {
		p := posttest.New(t)
		r := relayTo(p)
		spoil(p, &r)
		err := sendTo(t, r, letterTo("anna@example.org"))
		if err == nil || len(p.Letters()) != 0 || p.Plain() {
			t.Errorf("%s: %v, %d letters, without TLS %t", name, err, len(p.Letters()), p.Plain())
		}
		if err != nil && strings.Contains(err.Error(), posttest.Password) {
			t.Errorf("%s: the error has the password: %v", name, err)
		}
	}
}

// TestPlainRelayHasNoPassword: without TLS only what may be read by all is said.
func TestPlainRelayHasNoPassword(t *testing.T) {
	p := posttest.New(t)
	r := relayTo(p)
	r.Plain = true
	r.Password = func() (string, error) { t.Error("the password was asked for"); return "", nil }
	if err := sendTo(t, r, letterTo("anna@example.org")); err != nil || len(p.Letters()) != 1 || !p.Plain() {
		t.Errorf("%v, %d letters, without TLS %t", err, len(p.Letters()), p.Plain())
	}
}

func TestCheck(t *testing.T) {
	for from, to := range map[string]string{"nobody": "a@example.org", "a@example.org": "x\r\nBcc: b@example.org", "b@example.org": ""} {
		if err := (Relay{From: from}).Check(letterTo(to)); err == nil {
			t.Errorf("from %q to %q is taken", from, to)
		}
	}
	if err := (Relay{From: "Fotobox <a@example.org>"}).Check(letterTo("b@example.org")); err != nil {
		t.Error(err)
	}
}

// FuzzHead: whatever stands in a letter's head, no line begins there but ours, and it
// goes to the one address; what cannot be written is refused without repeating it.
func FuzzHead(f *testing.F) {
	f.Add("CANARY\r\nBcc: eve@example.org", "termin.ics", "de", "a@example.org")
	f.Add("=?UTF-8?Q?a=0D=0AX-Eve:_1?=", "a\"; x=\"\r\n", "de\nX: y", "\"a\nX-Eve: 1\"@example.org")
	f.Add("Ümläute und eine sehr lange Zeile, die gefaltet werden muss, damit sie in den Kopf passt, der nach 78 Zeichen umbricht", "ä\x00.ics", "", "b@example.org, eve@example.org")
	f.Fuzz(func(t *testing.T, subject, name, language, to string) {
		l := Letter{To: []string{to}, Subject: subject, Text: "b", Language: language, ReplyTo: "amt@example.org", Bulk: true, Files: []File{{name, "text/plain", nil}}}
		m, err := l.mail("fotobox@example.org", "abc@fotobox", time.Unix(0, 0))
		if err != nil {
			if strings.Contains(err.Error(), "CANARY") {
				t.Errorf("the error repeats it: %v", err)
			}
			return
		}
		var raw strings.Builder
		if _, err := m.WriteTo(&raw); err != nil {
			t.Fatal(err)
		}
		head, _, _ := strings.Cut(raw.String(), "\r\n\r\n")
		for line := range strings.SplitSeq(head, "\r\n") {
			key, _, _ := strings.Cut(line, ":")
			switch {
			case strings.HasPrefix(line, " "), strings.HasPrefix(line, "\t"):
			case strings.ContainsAny(line, "\r\n"):
				t.Errorf("a bare line break in %q", line)
			case !strings.Contains(" MIME-Version Message-ID Date Auto-Submitted Precedence X-Auto-Response-Suppress Content-Language Subject From To Reply-To Content-Type ", " "+key+" "):
				t.Errorf("a line of the head is not ours: %q", line)
			}
		}
		if to, err := m.GetRecipients(); err != nil || len(to) != 1 {
			t.Errorf("it goes to %q, %v", to, err)
		}
	})
}
