// SPDX-License-Identifier: EUPL-1.2

package devices

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/internal/problem"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

func TestRenewal(t *testing.T) {
	b := newBench(t)
	s := b.enrolled(t)
	fresh := newStation()
	var got enrolment.Certificate
	err := ask(s.tls(), "POST", "https://"+b.addr+enrolment.RenewPath, enrolment.Renewal{CSR: csrFor(fresh.key)}, &got)
	if err != nil {
		t.Fatal(err)
	}
	fresh.answer = s.answer
	fresh.answer.Certificate = got
	if _, err := b.settings(fresh); err != nil {
		t.Errorf("with the new certificate: %v", err)
	}
	if _, err := b.settings(s); err != nil {
		t.Errorf("with the old certificate, whose answer may be lost: %v", err)
	}
	block, _ := pem.Decode([]byte(got.Certificate))
	if leaf := must(x509.ParseCertificate(block.Bytes)); leaf.Subject.CommonName != s.answer.Device {
		t.Errorf("new certificate is for %s, want %s", leaf.Subject.CommonName, s.answer.Device)
	}
	err = ask(s.tls(), "POST", "https://"+b.addr+enrolment.RenewPath, enrolment.Renewal{CSR: "x"}, &got)
	if err == nil || !strings.Contains(err.Error(), "not a PEM") {
		t.Errorf("renewal without a request: %v", err)
	}
}

func TestRevokedStationIsShutOutAtOnce(t *testing.T) {
	b := newBench(t)
	s := b.enrolled(t)
	if err := b.Revoke(t.Context(), "clerk:test", s.answer.Device, time.Now()); err != nil {
		t.Fatal(err)
	}
	if _, err := b.settings(s); !errors.Is(err, ErrRevoked) {
		t.Errorf("settings = %v, want ErrRevoked", err)
	}
	err := ask(s.tls(), "POST", "https://"+b.addr+enrolment.RenewPath, enrolment.Renewal{CSR: csrFor(s.key)}, nil)
	if !errors.Is(err, ErrRevoked) {
		t.Errorf("renewal = %v, want ErrRevoked", err)
	}
	if err := b.Revoke(t.Context(), "clerk:test", "0000000000000000", time.Now()); !errors.Is(err, ErrUnknown) {
		t.Errorf("Revoke of a stranger = %v, want ErrUnknown", err)
	}
	if v := must(b.Get(t.Context(), s.answer.Device)); v.RevokedAt.IsZero() {
		t.Error("list does not show that it is revoked")
	}
}

// TestRevokedOnAnOpenConnection keeps the connection that was made while the
// station was still let in.
func TestRevokedOnAnOpenConnection(t *testing.T) {
	b := newBench(t)
	s := b.enrolled(t)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: s.tls()}}
	status := func() int {
		a, err := client.Get("https://" + b.addr + enrolment.StationPath)
		if err != nil {
			t.Fatal(err)
		}
		a.Body.Close()
		return a.StatusCode
	}
	if got := status(); got != 200 {
		t.Fatalf("before: %d", got)
	}
	if err := b.Revoke(t.Context(), "clerk:test", s.answer.Device, time.Now()); err != nil {
		t.Fatal(err)
	}
	if got := status(); got != 403 {
		t.Errorf("after: %d, want 403", got)
	}
}

func TestCertificatesThatAreNotLetIn(t *testing.T) {
	b, other := newBench(t), newBench(t)
	stranger := other.enrolled(t)
	stranger.answer.CA = b.keys.CA.PEM()
	expired := b.enrolled(t)
	parsed := must(parseCSR(csrFor(expired.key)))
	expired.answer.Certificate.Certificate = certPEM(must(b.keys.CA.station(parsed, expired.answer.Device, time.Now().Add(-StationLife-time.Hour))))
	unlisted := newStation()
	unlisted.answer.CA = b.keys.CA.PEM()
	unlisted.answer.Certificate.Certificate = certPEM(must(b.keys.CA.station(must(parseCSR(csrFor(unlisted.key))), "ffffffffffffffff", time.Now())))
	for name, s := range map[string]*station{"of another CA": stranger, "expired": expired} {
		if _, err := b.settings(s); err == nil || !strings.Contains(err.Error(), "tls:") {
			t.Errorf("certificate %s: %v, want a refused handshake", name, err)
		}
	}
	if _, err := b.settings(unlisted); !errors.Is(err, ErrUnknown) {
		t.Errorf("certificate of a station not listed: %v, want ErrUnknown", err)
	}
	none := stranger.tls()
	none.Certificates = nil
	err := ask(none, "GET", "https://"+b.addr+enrolment.StationPath, nil, nil)
	if want := problem.New(401, "no-certificate", ""); !errors.Is(err, want) {
		t.Errorf("no certificate: %v, want %v", err, want)
	}
}

// TestExpiredOnAnOpenConnection: a TLS connection outlives the certificate it
// was made with, the permission does not.
func TestExpiredOnAnOpenConnection(t *testing.T) {
	b := newBench(t)
	s := b.enrolled(t)
	parsed := must(parseCSR(csrFor(s.key)))
	leaf := must(x509.ParseCertificate(must(b.keys.CA.station(parsed, s.answer.Device, time.Now().Add(-StationLife-time.Second)))))
	r := httptest.NewRequest("GET", enrolment.StationPath, nil)
	r.TLS = &tls.ConnectionState{VerifiedChains: [][]*x509.Certificate{{leaf}}}
	if _, err := b.Identify(r); !errors.Is(err, problem.New(401, "certificate-expired", "")) {
		t.Errorf("Identify = %v, want certificate-expired", err)
	}
}

func TestStationsCertificateMakesNoServer(t *testing.T) {
	b := newBench(t)
	s := b.enrolled(t)
	config := s.tls()
	fake := httptest.NewUnstartedServer(http.NotFoundHandler())
	fake.Config.ErrorLog = b.server.Config.ErrorLog
	fake.TLS = &tls.Config{Certificates: []tls.Certificate{{
		Certificate: [][]byte{config.Certificates[0].Certificate[0], b.keys.CA.cert.Raw}, PrivateKey: s.key,
	}}}
	fake.StartTLS()
	defer fake.Close()
	i := b.invite(t, time.Now())
	i.Address = fake.Listener.Addr().String()
	if err := newStation().enrol(i); !errors.Is(err, enrolment.ErrPin) {
		t.Errorf("enrolment at a station that plays the office: %v, want ErrPin", err)
	}
}

func TestOldTLSIsRefused(t *testing.T) {
	b := newBench(t)
	i := b.invite(t, time.Now())
	config := i.TLS(nil)
	config.MinVersion, config.MaxVersion = tls.VersionTLS12, tls.VersionTLS12
	if err := ask(config, "POST", "https://"+b.addr+enrolment.EnrolPath, nil, nil); err == nil || !strings.Contains(err.Error(), "protocol version") {
		t.Errorf("TLS 1.2: %v, want a refused version", err)
	}
}

func TestEveryWrongAddressIsAProblem(t *testing.T) {
	b := newBench(t)
	config := b.invite(t, time.Now()).TLS(nil)
	for _, test := range []struct {
		method, path string
		body         any
		want         int
	}{
		{"GET", "/", nil, 404},
		{"GET", "/v1/enrol", nil, 405},
		{"DELETE", "/v1/station", nil, 405},
		{"PUT", "/v1/certificate", nil, 405},
		{"POST", "/v1/certificate", enrolment.Renewal{}, 401},
		{"POST", "/v1/enrol", "a string", 400},
		{"POST", "/v1/enrol", strings.Repeat("long ", 10000), 413},
		{"POST", "/v1/enrol", enrolment.Request{}, 422},
	} {
		err := ask(config, test.method, "https://"+b.addr+test.path, test.body, nil)
		p, ok := errors.AsType[*problem.Problem](err)
		if !ok || p.Status != test.want {
			t.Errorf("%s %s = %v, want %d", test.method, test.path, err, test.want)
		}
	}
}

func TestLastSeenIsNotedOnceAMinute(t *testing.T) {
	b := newBench(t)
	s := b.enrolled(t)
	at := must(b.Get(t.Context(), s.answer.Device)).SeenAt
	for _, step := range []struct{ after, want time.Duration }{
		{30 * time.Second, 0}, {61 * time.Second, 61 * time.Second}, {90 * time.Second, 61 * time.Second}, {time.Hour, time.Hour},
	} {
		if err := b.admit(t.Context(), s.answer.Device, at.Add(step.after)); err != nil {
			t.Fatal(err)
		}
		if got := must(b.Get(t.Context(), s.answer.Device)).SeenAt.Sub(at); got != step.want {
			t.Errorf("after %s: seen at +%s, want +%s", step.after, got, step.want)
		}
	}
}

func TestServerRenewsItsOwnCertificate(t *testing.T) {
	s := &serverCertificate{ca: loadTemp(t).CA, names: []string{"127.0.0.1"}}
	start := time.Now()
	first := must(s.at(start))
	if again := must(s.at(start.Add(serverLife/2 - time.Hour))); again != first {
		t.Error("certificate was changed early")
	}
	next := must(s.at(start.Add(serverLife/2 + time.Hour)))
	if next == first || !next.Leaf.NotAfter.After(first.Leaf.NotAfter) {
		t.Error("certificate was not renewed in time")
	}
}
