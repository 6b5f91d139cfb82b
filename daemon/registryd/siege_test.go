// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"crypto"
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
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/registry/clerks"
	"github.com/fotobox-project/fotobox/upload/enrolment"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

// A siege is what a hostile client has: the doors, what it stole, what it made itself.
type siege struct {
	*house
	recipients []string

	ca    *x509.Certificate // of the office; its key makes the certificates that were let in once
	caKey crypto.Signer

	thief     tls.Certificate // a station's, with its key: may add captures, and nothing else
	revoked   tls.Certificate
	vendor    tls.Certificate
	spent     enrolment.Invite // was used
	blocked   enrolment.Invite // open; its first half is known
	theirs    *http.Client     // without a certificate
	asThief   *http.Client
	asOther   *http.Client // another stolen one
	asRevoked *http.Client
	asVendor  *http.Client
	asClerk   *http.Client // a browser that is signed in
	strange   *http.Client // one that is not

	prey prey // a citizen's appointment

	victim *http.Request // another station's delivery
	sealed []byte        // its content

	audited  atomic.Int64 // refusals that the record must have
	mu       sync.Mutex
	statuses map[string]int // of deliveries, by status, as the office should count them
}

// besieged is an office with an honest station, whose client and answer come with it.
func besieged(t *testing.T) (s *siege, honest *http.Client) {
	t.Helper()
	s = &siege{house: opened(t, 5), statuses: map[string]int{}}
	honest, told := admitted(t, s.invites[0])
	s.recipients, s.spent, s.blocked = told.Recipients, s.invites[0], s.invites[3]
	s.asThief, _ = admitted(t, s.invites[1])
	s.asOther, _ = admitted(t, s.invites[4])
	s.asOther.Timeout = 90 * time.Second
	var out enrolment.Answer
	s.asRevoked, out = admitted(t, s.invites[2])
	s.thief, s.revoked = certificateOf(s.asThief), certificateOf(s.asRevoked)
	s.theirs = clientWith(honest, nil)
	s.readCA(t)
	s.inside(t, func(o *office) {
		if err := o.devices.Revoke(t.Context(), "clerk:anna", out.Device, time.Now()); err != nil {
			t.Fatal(err)
		}
		s.vendor = vendorOf(t, o)
		s.books(t, o)
		if err := o.clerks.Add(t.Context(), "anna", "lusab-babad-gutih-tugad", clerks.RoleSupervisor); err != nil {
			t.Fatal(err)
		}
	})
	s.asVendor = clientWith(honest, &s.vendor)
	s.asClerk = &http.Client{Jar: jar{}, CheckRedirect: stay, Timeout: 30 * time.Second}
	s.strange = &http.Client{CheckRedirect: stay, Timeout: 30 * time.Second}
	s.signIn(t)
	s.victim = s.honestDelivery(t)
	s.sealed, _ = io.ReadAll(s.victim.Body)
	if status := s.deliverAgain(t, honest); status != http.StatusCreated {
		t.Fatalf("victim's delivery answers %d", status)
	}
	return s, honest
}

// jar keeps the desk's cookie whatever the address.
type jar map[string]*http.Cookie

func (j jar) SetCookies(_ *url.URL, list []*http.Cookie) {
	for _, c := range list {
		j[c.Name] = c
	}
}

func (j jar) Cookies(*url.URL) (list []*http.Cookie) {
	for _, c := range j {
		list = append(list, c)
	}
	return list
}

func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

func (s *siege) signIn(t *testing.T) {
	t.Helper()
	a, err := s.asClerk.PostForm("http://"+s.settings.Desk+"/sign-in", url.Values{"name": {"anna"}, "password": {"lusab-babad-gutih-tugad"}})
	if err != nil || a.StatusCode != http.StatusSeeOther {
		t.Fatalf("sign-in: %v %v", a, err)
	}
	a.Body.Close()
}

func certificateOf(c *http.Client) tls.Certificate {
	return c.Transport.(*http.Transport).TLSClientConfig.Certificates[0]
}

// clientWith trusts the office as like does and shows cert, whatever the server asks for.
func clientWith(like *http.Client, cert *tls.Certificate) *http.Client {
	config := like.Transport.(*http.Transport).TLSClientConfig.Clone()
	config.Certificates = nil
	if cert != nil {
		config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return cert, nil }
	}
	return &http.Client{Transport: &http.Transport{TLSClientConfig: config}, CheckRedirect: stay, Timeout: 90 * time.Second}
}

func (s *siege) readCA(t *testing.T) {
	t.Helper()
	for name, take := range map[string]func([]byte) error{
		"ca.crt": func(b []byte) (err error) { s.ca, err = x509.ParseCertificate(b); return err },
		"ca.key": func(b []byte) error {
			k, err := x509.ParsePKCS8PrivateKey(b)
			s.caKey, _ = k.(crypto.Signer)
			return err
		},
	} {
		text, err := os.ReadFile(filepath.Join(s.settings.State, "keys", name))
		if err != nil {
			t.Fatal(err)
		}
		block, _ := pem.Decode(text)
		if err := take(block.Bytes); err != nil {
			t.Fatal(err)
		}
	}
}

func vendorOf(t *testing.T, o *office) tls.Certificate {
	t.Helper()
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	der := must(x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, key))
	csr := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der})
	_, text, err := o.devices.AddVendor(t.Context(), "account root", "Fachverfahren", string(csr), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	leaf, _ := pem.Decode([]byte(text))
	return tls.Certificate{Certificate: [][]byte{leaf.Bytes}, PrivateKey: key}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// forge makes a client's certificate as change wishes, signed by the office's key or by another of its name.
func (s *siege) forge(own bool, change func(*x509.Certificate)) *tls.Certificate {
	if own {
		return forgedBy(s.ca, s.caKey, change)
	}
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		panic(err)
	}
	return forgedBy(&x509.Certificate{Subject: s.ca.Subject, SubjectKeyId: s.ca.SubjectKeyId}, key, change)
}

func forgedBy(parent *x509.Certificate, signer crypto.Signer, change func(*x509.Certificate)) *tls.Certificate {
	public, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		panic(err)
	}
	now := time.Now()
	c := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()), Subject: pkix.Name{CommonName: "0123456789abcdef"}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}, KeyUsage: x509.KeyUsageDigitalSignature,
	}
	change(c)
	der := must(x509.CreateCertificate(rand.Reader, c, parent, public, signer))
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// honestDelivery is a sealed capture as a station sends it.
func (s *siege) honestDelivery(t testing.TB) *http.Request {
	t.Helper()
	_, r := delivery(t, &office{settings: s.settings}, s.recipients, [8]byte{1})
	return r
}

// deliverAgain sends the victim's capture.
func (s *siege) deliverAgain(t testing.TB, c *http.Client) int {
	t.Helper()
	r := s.victim.Clone(t.Context())
	r.Body = io.NopCloser(bytes.NewReader(s.sealed))
	status := do(t, c, r, nil)
	s.counted(r, status)
	return status
}

// counted notes what the office should have counted: deliveries alone.
func (s *siege) counted(r *http.Request, status int) {
	path, ok := strings.CutPrefix(r.URL.Path, "/v1/captures/")
	if r.Method != http.MethodPut || r.Host != s.settings.Device || !ok || path == "" || strings.Contains(path, "/") || path == "." || path == ".." {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.statuses[strconv.Itoa(status)]++
}

// put is a delivery of content under an id, each as a hostile station likes.
func (s *siege) put(id string, content []byte, header ...string) *http.Request {
	r := s.request(http.MethodPut, "/v1/captures/"+id, content)
	r.Header.Set("Content-Type", "application/age")
	r.Header.Set("Content-Digest", envelope.Digest(sha256.Sum256(content)))
	r.Header.Set("If-None-Match", "*")
	r.Header.Set("Fotobox-Appointment", "0100000000000000")
	for i := 0; i < len(header); i += 2 {
		if r.Header.Del(header[i]); header[i+1] != "" {
			r.Header.Set(header[i], header[i+1])
		}
	}
	return r
}

// request is to the device door; the path goes out as it is written.
func (s *siege) request(method, path string, body []byte) *http.Request {
	return requestTo("https://"+s.settings.Device, method, path, body)
}

func requestTo(door, method, path string, body []byte) *http.Request {
	r := must(http.NewRequest(method, door, bytes.NewReader(body)))
	r.URL.Opaque = "//" + r.URL.Host + path
	r.URL.Path, _ = url.PathUnescape(path)
	return r
}

// ask sends a request to a door of programs and says what came: "refused" by TLS, or
// the status and the problem's kind.
func (s *siege) ask(c *http.Client, r *http.Request) string {
	a, err := c.Do(r)
	if err != nil {
		if strings.Contains(err.Error(), "tls:") || strings.Contains(err.Error(), "reset by peer") || strings.Contains(err.Error(), "broken pipe") {
			return "refused"
		}
		return err.Error()
	}
	defer a.Body.Close()
	s.counted(r, a.StatusCode)
	text, err := io.ReadAll(io.LimitReader(a.Body, 1<<20))
	if err != nil {
		return err.Error()
	}
	if a.StatusCode < 300 {
		return strconv.Itoa(a.StatusCode)
	}
	return fmt.Sprint(a.StatusCode, " ", problemIn(r.Method, a.Header.Get("Content-Type"), text, a.StatusCode))
}

// problemIn is the kind of a problem, or what is wrong with it.
func problemIn(method, media string, text []byte, status int) string {
	if media != "application/problem+json" {
		return fmt.Sprintf("is %s: %.80q", media, text)
	}
	if method == http.MethodHead {
		return "problem"
	}
	var p struct {
		Type, Title string
		Status      int
	}
	if err := json.Unmarshal(text, &p); err != nil || p.Status != status || p.Title == "" {
		return fmt.Sprintf("is no problem: %.80q", text)
	}
	return strings.TrimPrefix(p.Type, "urn:fotobox:problem:")
}
