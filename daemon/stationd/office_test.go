// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"github.com/fotobox-project/fotobox/daemon/conductor"
	"github.com/fotobox-project/fotobox/internal/clock"
	"github.com/fotobox-project/fotobox/internal/durable"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// A town is an office that a station can enrol at: it certifies whoever comes,
// and answers as the test wishes.
type town struct {
	t       testing.TB
	server  *httptest.Server
	ca      *x509.Certificate
	key     *ecdsa.PrivateKey
	issued  time.Time // NotBefore of the certificates it makes
	renewed int
	late    int // of these without a certificate on the connection
	// strangers is how often somebody asked who showed none.
	strangers int
	answer    http.HandlerFunc // when set, instead of everything
	name      string
	// addresses are announced to the stations.
	addresses []string
	// more goes with the CA's certificate, and admits is answered to who renews, when set.
	more   string
	admits *enrolment.Certificate
}

func newTown(t testing.TB) *town {
	t.Helper()
	return newTownAt(t, time.Now())
}

// newTownAt is a town where it is now.
func newTownAt(t testing.TB, now time.Time) *town {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	o := &town{t: t, key: key, issued: now, name: "Bürgeramt"}
	root := &x509.Certificate{
		Subject: pkix.Name{CommonName: "Fotobox 05112000"}, SerialNumber: big.NewInt(1), NotAfter: now.Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		NotBefore: now.Add(-time.Hour), KeyUsage: x509.KeyUsageCertSign,
	}
	o.ca = o.certify(root, root, key.Public())
	o.server = httptest.NewUnstartedServer(o)
	leaf := o.certify(&x509.Certificate{
		SerialNumber: big.NewInt(2), NotBefore: root.NotBefore, NotAfter: root.NotAfter,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}, o.ca, key.Public())
	o.server.TLS = &tls.Config{
		Certificates: []tls.Certificate{{Certificate: [][]byte{leaf.Raw, o.ca.Raw}, PrivateKey: key}}, ClientAuth: tls.RequestClientCert,
	}
	o.server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo)
	o.server.StartTLS()
	t.Cleanup(o.server.Close)
	return o
}

func (o *town) certify(c, parent *x509.Certificate, public any) *x509.Certificate {
	o.t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, c, parent, public, o.key)
	if err != nil {
		o.t.Fatal(err)
	}
	made, err := x509.ParseCertificate(der)
	if err != nil {
		o.t.Fatal(err)
	}
	return made
}

func (o *town) invite() enrolment.Invite {
	return enrolment.Invite{Address: o.server.Listener.Addr().String(), CA: sha256.Sum256(o.ca.Raw)}
}

func pemOf(c *x509.Certificate) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}))
}

func (o *town) admit(csr string) enrolment.Certificate {
	block, _ := pem.Decode([]byte(csr))
	request, err := x509.ParseCertificateRequest(block.Bytes)
	if err != nil {
		o.t.Error(err)
		return enrolment.Certificate{}
	}
	c := o.certify(&x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "00112233"},
		NotBefore: o.issued, NotAfter: o.issued.Add(7 * 24 * time.Hour),
	}, o.ca, request.PublicKey)
	return enrolment.Certificate{Certificate: pemOf(c), CA: pemOf(o.ca) + o.more, NotAfter: c.NotAfter}
}

func (o *town) settings() enrolment.Settings {
	seal, err := age.GenerateHybridIdentity()
	if err != nil {
		o.t.Error(err)
	}
	return enrolment.Settings{
		Office: "05112000", OfficeName: o.name, Addresses: o.addresses, Recipients: []string{seal.Recipient().String()},
		ReceiptKey: make(ed25519.PublicKey, ed25519.PublicKeySize),
	}
}

func (o *town) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if o.answer != nil {
		o.answer(w, r)
		return
	}
	var answer any
	switch r.URL.Path {
	case enrolment.EnrolPath:
		var q enrolment.Request
		if err := json.NewDecoder(r.Body).Decode(&q); err != nil {
			o.t.Error(err)
		}
		answer = enrolment.Answer{Device: "00112233", Certificate: o.admit(q.CSR), Settings: o.settings()}
	case enrolment.RenewPath:
		o.renewed++
		var q enrolment.Renewal
		if err := json.NewDecoder(r.Body).Decode(&q); err != nil {
			o.t.Error(err)
		}
		if len(r.TLS.PeerCertificates) == 0 && q.Certificate != "" {
			o.late++
		}
		answer = o.admit(q.CSR)
		if o.admits != nil {
			answer = o.admits
		}
	case enrolment.StationPath:
		if len(r.TLS.PeerCertificates) != 1 {
			o.strangers++
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		answer = o.settings()
	}
	if err := json.NewEncoder(w).Encode(answer); err != nil {
		o.t.Error(err)
	}
}

// enrolled is a station that has enrolled at the town, and its line to it.
func (o *town) enrolled() (*office, *durable.Dir) {
	o.t.Helper()
	return o.enrolledBy(heard())
}

func (o *town) enrolledBy(c *clock.Clock) (*office, *durable.Dir) {
	o.t.Helper()
	state := o.t.TempDir()
	if _, err := enrolAt(o.t.Context(), Settings{State: state}, o.invite(), "Eingang", c); err != nil {
		o.t.Fatal(err)
	}
	dir, err := durable.Open(state)
	if err != nil {
		o.t.Fatal(err)
	}
	line, err := identityAt(dir, c)
	if err != nil {
		o.t.Fatal(err)
	}
	return line, dir
}

// identityAt opens the line of an enrolled station.
func identityAt(dir *durable.Dir, c *clock.Clock) (*office, error) {
	return openOffice(dir, Settings{}, &conductor.Gate{}, c, slog.New(slog.DiscardHandler))
}

func ask(t *testing.T, line *office) error {
	t.Helper()
	defer line.client.CloseIdleConnections()
	return line.ask(t.Context())
}

func TestSettingsAreKept(t *testing.T) {
	o := newTown(t)
	line, dir := o.enrolled()
	o.name = "Bürgeramt Mitte"
	if err := ask(t, line); err != nil {
		t.Fatal(err)
	}
	if o.renewed != 0 {
		t.Errorf("a fresh certificate was renewed %d times", o.renewed)
	}
	id, _, err := loadIdentity(dir)
	if err != nil || id.OfficeName != o.name {
		t.Errorf("after a restart the office is %q, %v; want %q", id.OfficeName, err, o.name)
	}
}

// TestCertificateIsRenewedDaily: after a day a new certificate comes, is stored, and is shown from then on.
func TestCertificateIsRenewedDaily(t *testing.T) {
	o := newTown(t)
	o.issued = time.Now().Add(-25 * time.Hour)
	line, dir := o.enrolled()
	o.issued = time.Now()
	if err := ask(t, line); err != nil {
		t.Fatal(err)
	}
	cert := line.now().cert
	id, key, err := loadIdentity(dir)
	if err != nil {
		t.Fatal(err)
	}
	stored, err := id.certificate(key)
	if err != nil {
		t.Fatal(err)
	}
	if o.renewed != 1 || ageOf(cert, time.Now()) > time.Hour || !stored.Leaf.Equal(cert.Leaf) {
		t.Errorf("renewed %d times, age %v, stored until %v; want once, fresh and stored", o.renewed, ageOf(cert, time.Now()), stored.Leaf.NotAfter)
	}
	if err := ask(t, line); err != nil || o.renewed != 1 {
		t.Errorf("the next question: %v, renewed %d times", err, o.renewed)
	}
}

// TestOfficeInTrouble: whatever comes back, the station keeps what it knows and says what was wrong.
func TestOfficeInTrouble(t *testing.T) {
	problem := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, `{"title":"station is revoked","detail":"ask the office"}`)
	}
	for name, tc := range map[string]struct {
		answer http.HandlerFunc
		want   string
	}{
		"problem":         {problem, "station is revoked: ask the office"},
		"500":             {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }, "500"},
		"garbage":         {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>") }, "read the office's answer"},
		"nothing":         {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "EOF"},
		"empty settings":  {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "{}") }, "recipients"},
		"another's words": {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"recipients":["age1x"]}`) }, "recipient"},
	} {
		o := newTown(t)
		line, _ := o.enrolled()
		o.answer = tc.answer
		err := ask(t, line)
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v, want %q", name, err, tc.want)
		}
		if is := line.now(); is.OfficeName != o.name || len(line.Recipients()) != 1 {
			t.Errorf("%s: the station has forgotten its office", name)
		}
	}
}

// TestFalseOffice: a server whose CA is not the one in the code gets nothing from us.
func TestFalseOffice(t *testing.T) {
	o := newTown(t)
	invite := o.invite()
	invite.CA[0]++
	asked := false
	o.answer = func(http.ResponseWriter, *http.Request) { asked = true }
	_, err := enrolAt(t.Context(), Settings{State: t.TempDir()}, invite, "Eingang", heard())
	if !errors.Is(err, enrolment.ErrPin) || asked {
		t.Errorf("got %v, asked %v; want ErrPin before anything is said", err, asked)
	}
}
