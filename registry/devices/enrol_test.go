// SPDX-License-Identifier: EUPL-1.2

package devices

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fotobox-project/fotobox/internal/problem"
	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

func TestMain(m *testing.M) { os.Exit(storetest.Both(m).Run()) }

// bench is an office with its device listener on a real port.
type bench struct {
	*Devices
	server *httptest.Server
	addr   string
}

func newBench(t *testing.T) *bench {
	t.Helper()
	s := storetest.Open(t)
	b := &bench{Devices: New(s, loadTemp(t), slog.New(slog.DiscardHandler))}
	b.server = httptest.NewUnstartedServer(b.Handler())
	// Not StartTLS: that adds a certificate of its own.
	b.server.Listener = tls.NewListener(b.server.Listener, b.keys.TLS([]string{"127.0.0.1", "localhost"}))
	b.server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
	b.server.Start()
	t.Cleanup(b.server.Close)
	b.addr = b.server.Listener.Addr().String()
	return b
}

func (b *bench) invite(t *testing.T, at time.Time) enrolment.Invite {
	t.Helper()
	i, err := b.Invite(t.Context(), "clerk:test", b.addr, at)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// station is a station's half of the exchange.
type station struct {
	key    ed25519.PrivateKey
	answer enrolment.Answer
}

func newStation() *station {
	_, key, _ := ed25519.GenerateKey(rand.Reader)
	return &station{key: key}
}

func csrFor(key any) string {
	der := must(x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, key))
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der}))
}

func (s *station) enrol(i enrolment.Invite) error {
	q := enrolment.Request{Secret: i.Secret[:], CSR: csrFor(s.key), Name: "Foyer"}
	return ask(i.TLS(nil), "POST", "https://"+i.Address+enrolment.EnrolPath, q, &s.answer)
}

// tls is what the station uses once it is enrolled.
func (s *station) tls() *tls.Config {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM([]byte(s.answer.CA))
	block, _ := pem.Decode([]byte(s.answer.Certificate.Certificate))
	return &tls.Config{RootCAs: pool, Certificates: []tls.Certificate{{Certificate: [][]byte{block.Bytes}, PrivateKey: s.key}}}
}

// ask sends one request on a connection of its own.
func ask(c *tls.Config, method, url string, body, into any) error {
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: c, DisableKeepAlives: true}, Timeout: 10 * time.Second}
	q := must(http.NewRequest(method, url, bytes.NewReader(must(json.Marshal(body)))))
	a, err := client.Do(q)
	if err != nil {
		return err
	}
	defer a.Body.Close()
	data, err := io.ReadAll(a.Body)
	if err != nil {
		return err
	}
	if a.StatusCode >= 400 {
		p := &problem.Problem{}
		if err := json.Unmarshal(data, p); err != nil || p.Status != a.StatusCode || a.Header.Get("Content-Type") != "application/problem+json" {
			return errors.New("answer " + a.Status + " is no problem: " + string(data))
		}
		return p
	}
	return json.Unmarshal(data, into)
}

func (b *bench) settings(s *station) (got enrolment.Settings, err error) {
	return got, ask(s.tls(), "GET", "https://"+b.addr+enrolment.StationPath, nil, &got)
}

func (b *bench) enrolled(t *testing.T) *station {
	t.Helper()
	s := newStation()
	if err := s.enrol(b.invite(t, time.Now())); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestEnrolByTheCodeAlone(t *testing.T) {
	b := newBench(t)
	b.Day = func(context.Context, time.Time) (enrolment.Day, error) {
		return enrolment.Day{Revoked: []enrolment.Revocation{{Appointment: "0123456789abcdef", Revision: 1, Reason: "moved"}}}, nil
	}
	i, err := enrolment.ParseInvite(b.invite(t, time.Now()).String()) // through its text
	if err != nil {
		t.Fatal(err)
	}
	s := newStation()
	if err := s.enrol(i); err != nil {
		t.Fatal(err)
	}
	if left := time.Until(s.answer.NotAfter); left < StationLife-time.Minute || left > StationLife {
		t.Errorf("certificate is good for %s, want 7 days", left)
	}
	got, err := b.settings(s)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(s.answer.Settings, got); diff != "" {
		t.Error(diff)
	}
	if got.Office != "09162000" || got.OfficeName != "Musterstadt" || len(got.AppointmentKeys) != 2 || len(got.ReceiptKey) != ed25519.PublicKeySize || len(got.Recipients) != 2 || len(got.Revoked) != 1 {
		t.Errorf("settings %+v", got)
	}
	list, err := b.List(t.Context())
	if err != nil || len(list) != 1 || list[0].ID != s.answer.Device || list[0].Name != "Foyer" {
		t.Errorf("List = %+v, %v", list, err)
	}
	if n, err := audit.Verify(t.Context(), b.store); n != 2 || err != nil {
		t.Errorf("audit has %d entries, %v, want invited and enrolled", n, err)
	}
}

func TestEnrolRefuses(t *testing.T) {
	b := newBench(t)
	over := b.invite(t, time.Now().Add(-inviteLife))
	unknown := b.invite(t, time.Now())
	unknown.Secret[0] ^= 1
	wrong := b.invite(t, time.Now())
	wrong.Secret[19] ^= 1
	used := b.invite(t, time.Now())
	if err := newStation().enrol(used); err != nil {
		t.Fatal(err)
	}
	pin := b.invite(t, time.Now())
	pin.CA[0] ^= 1
	name := b.invite(t, time.Now())
	name.Address = strings.Replace(name.Address, "127.0.0.1", "127.0.0.2", 1)
	for _, test := range []struct {
		name   string
		invite enrolment.Invite
		want   error
	}{
		{"expired code", over, ErrInviteOver},
		{"unknown code", unknown, ErrSecret},
		{"wrong code", wrong, ErrSecret},
		{"used code", used, ErrUsed},
		{"another office's pin", pin, enrolment.ErrPin},
	} {
		if err := newStation().enrol(test.invite); !errors.Is(err, test.want) {
			t.Errorf("%s: enrol = %v, want %v", test.name, err, test.want)
		}
	}
	if err := newStation().enrol(name); err == nil {
		t.Error("a server that does not bear the invitation's address was believed")
	}
	if list := must(b.List(t.Context())); len(list) != 1 {
		t.Errorf("%d stations listed, want 1", len(list))
	}
}

func TestInviteEndsOnTheMinute(t *testing.T) {
	b := newBench(t)
	made := time.Now().Truncate(time.Millisecond)
	early, late := b.invite(t, made), b.invite(t, made)
	q := enrolment.Request{CSR: csrFor(newStation().key), Name: "Foyer", Secret: early.Secret[:]}
	if _, err := b.Enrol(t.Context(), q, made.Add(inviteLife-time.Millisecond)); err != nil {
		t.Errorf("last millisecond: %v", err)
	}
	q.Secret = late.Secret[:]
	if _, err := b.Enrol(t.Context(), q, made.Add(inviteLife)); !errors.Is(err, ErrInviteOver) {
		t.Errorf("after 15 minutes: %v, want ErrInviteOver", err)
	}
}

func TestWrongTriesKillTheirInvitationOnly(t *testing.T) {
	b := newBench(t)
	good, attacked := b.invite(t, time.Now()), b.invite(t, time.Now())
	guess := attacked
	for n := range inviteTries {
		guess.Secret[10] = attacked.Secret[10] + byte(n) + 1
		if err := newStation().enrol(guess); !errors.Is(err, ErrSecret) {
			t.Errorf("guess %d: %v, want ErrSecret", n, err)
		}
	}
	if err := newStation().enrol(attacked); !errors.Is(err, ErrTries) {
		t.Errorf("right secret after too many guesses: %v, want ErrTries", err)
	}
	if err := newStation().enrol(good); err != nil {
		t.Errorf("another invitation: %v", err)
	}
}

func TestSecretIsKeptAsHashOnly(t *testing.T) {
	b := newBench(t)
	i := b.invite(t, time.Now())
	if storetest.OnDisk(t, b.store, []byte(inviteID(i.Secret[:]))) != 1 {
		t.Fatal("the invitation is not on the disk: the search proves nothing")
	}
	if storetest.OnDisk(t, b.store, i.Secret[idBytes:]) != 0 {
		t.Error("secret lies in the database")
	}
}

func TestEnrolTakesGoodRequestsOnly(t *testing.T) {
	b := newBench(t)
	good := csrFor(newStation().key)
	der, _ := pem.Decode([]byte(good))
	der.Bytes[len(der.Bytes)-1] ^= 1
	forged := string(pem.EncodeToMemory(der))
	for _, test := range []struct{ name, csr, station, want string }{
		{"RSA key", csrFor(must(rsa.GenerateKey(rand.Reader, 2048))), "Foyer", "Ed25519 or ECDSA P-256"},
		{"P-384 key", csrFor(must(ecdsa.GenerateKey(elliptic.P384(), rand.Reader))), "Foyer", "Ed25519 or ECDSA P-256"},
		{"forged signature", forged, "Foyer", "not signed by its own key"},
		{"no request", "hello", "Foyer", "not a PEM certificate request"},
		{"damaged request", "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n", "Foyer", "damaged"},
		{"no name", good, " ", "1 to 64 characters"},
		{"long name", good, strings.Repeat("ä", 65), "1 to 64 characters"},
		{"control character", good, "Foyer\x1b[31m", "cannot be shown"},
	} {
		i := b.invite(t, time.Now())
		q := enrolment.Request{Secret: i.Secret[:], CSR: test.csr, Name: test.station}
		err := ask(i.TLS(nil), "POST", "https://"+b.addr+enrolment.EnrolPath, q, nil)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", test.name, err, test.want)
		}
		q.CSR, q.Name = csrFor(must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))), "Foyer"
		if err := ask(i.TLS(nil), "POST", "https://"+b.addr+enrolment.EnrolPath, q, &enrolment.Answer{}); err != nil {
			t.Errorf("%s: the invitation was spent: %v", test.name, err)
		}
	}
}

func TestInviteNeedsAnAddress(t *testing.T) {
	b := newBench(t)
	for _, address := range []string{"", "office", ":8443", strings.Repeat("x", 400) + ":1"} {
		if _, err := b.Invite(t.Context(), "clerk:test", address, time.Now()); err == nil {
			t.Errorf("Invite(%.20q) = nil", address)
		}
	}
}
