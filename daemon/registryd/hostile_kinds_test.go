// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	crand "crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/upload/enrolment"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

// A kind is one way to be hostile. Try does it once and says what came; each
// of want, between bars, is an answer that lets nobody in.
type kind struct {
	name   string
	weight int
	want   string
	try    func(s *siege, r *rand.Rand) string
}

// kinds are all ways.
func kinds() []kind {
	return append(append(append(certificates(), deliveries()...), questions()...), append(append(rawKinds(), deskKinds()...), publicKinds()...)...)
}

// pick draws one of a list.
func pick[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }

// noise is n bytes that are nothing.
func noise(r *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

// newID is a capture's id of a moment that far from now.
func newID(r *rand.Rand, ahead time.Duration) string {
	id := uuid.UUID(noise(r, 16))
	ms := time.Now().Add(ahead).UnixMilli()
	for i := range 6 {
		id[i] = byte(ms >> (40 - 8*i))
	}
	id[6], id[8] = 0x70|id[6]&0x0f, 0x80|id[8]&0x3f
	return id.String()
}

// like begins as an envelope does.
func like(content []byte) []byte { return append([]byte("age-encryption.org/v1\n"), content...) }

// certificates are wrong or missing ones, each on a connection of its own.
func certificates() []kind {
	shown := func(own bool, change func(*x509.Certificate)) func(*siege, *rand.Rand) string {
		return func(s *siege, r *rand.Rand) string { return s.show(s.forge(own, change), r) }
	}
	now := time.Now()
	return []kind{
		{"certificate of another office", 10, "refused", shown(false, func(*x509.Certificate) {})},
		{"certificate that is expired", 10, "refused", shown(true, func(c *x509.Certificate) { c.NotBefore, c.NotAfter = now.Add(-48*time.Hour), now.Add(-time.Minute) })},
		{"certificate of tomorrow", 10, "refused", shown(true, func(c *x509.Certificate) { c.NotBefore, c.NotAfter = now.Add(24*time.Hour), now.Add(48*time.Hour) })},
		{"certificate for servers", 10, "refused", shown(true, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth} })},
		{"certificate of a station that is not listed", 20, "403 unknown-station", shown(true, func(*x509.Certificate) {})},
		{"certificate with a trick for a name", 10, "403 unknown-station", shown(true, func(c *x509.Certificate) { c.Subject.CommonName = "' OR 1=1 --\x00../" })},
		{"certificate signed by a station", 10, "refused", func(s *siege, r *rand.Rand) string {
			leaf := must(x509.ParseCertificate(s.thief.Certificate[0]))
			c := forgedBy(leaf, s.thief.PrivateKey.(crypto.Signer), func(*x509.Certificate) {})
			c.Certificate = append(c.Certificate, s.thief.Certificate[0])
			return s.show(c, r)
		}},
		{"another's certificate without its key", 10, "refused", func(s *siege, r *rand.Rand) string {
			c := s.forge(true, func(*x509.Certificate) {})
			return s.show(&tls.Certificate{Certificate: s.thief.Certificate, PrivateKey: c.PrivateKey}, r)
		}},
		{"revoked station", 60, "403 revoked", func(s *siege, r *rand.Rand) string { return s.ask(s.asRevoked, s.anything(r)) }},
		{"registry software at the stations' door", 60, "403 unknown-station", func(s *siege, r *rand.Rand) string { return s.ask(s.asVendor, s.anything(r)) }},
		{"station at the registry software's door", 60, "403 unknown-vendor", func(s *siege, r *rand.Rand) string { return s.ask(s.asThief, s.handover(r)) }},
		{"no certificate", 60, "401 no-certificate", func(s *siege, r *rand.Rand) string {
			return s.ask(s.theirs, pick(r, s.anything(r), s.handover(r)))
		}},
		{"TLS 1.2", 5, "refused", func(s *siege, r *rand.Rand) string {
			c := clientWith(s.theirs, &s.thief)
			config := c.Transport.(*http.Transport).TLSClientConfig
			config.MinVersion, config.MaxVersion = tls.VersionTLS10, tls.VersionTLS12
			return s.once(c, s.anything(r))
		}},
	}
}

// show asks with a certificate on a new connection.
func (s *siege) show(c *tls.Certificate, r *rand.Rand) string {
	return s.once(clientWith(s.theirs, c), s.anything(r))
}

func (s *siege) once(c *http.Client, r *http.Request) string {
	defer c.CloseIdleConnections()
	r.Body, r.ContentLength = nil, 0 // a refusal must not race with what is still sent
	return s.ask(c, r)
}

// anything is a request that a station may make.
func (s *siege) anything(r *rand.Rand) *http.Request {
	return pick(r,
		s.put(newID(r, -time.Hour), like(noise(r, 50))),
		s.request("GET", enrolment.StationPath, nil),
		s.request("POST", enrolment.RenewPath, []byte("{}")),
		s.request("POST", enrolment.ArrivalsPath, []byte("[]")),
		s.request("POST", enrolment.VisitsPath, []byte("[]")))
}

// handover is a request that registry software may make.
func (s *siege) handover(r *rand.Rand) *http.Request {
	id := newID(r, -time.Hour)
	return pick(r, s.atHandover("GET", "/v1/handovers?since=0"), s.atHandover("GET", "/v1/handovers/"+id+"/photo"),
		s.atHandover("GET", "/v1/handovers/"+id+"/record"), s.atHandover("POST", "/v1/handovers/"+id+"/retrieved"))
}

func (s *siege) atHandover(method, path string) *http.Request {
	return requestTo("https://"+s.settings.Handover.Listen, method, path, nil)
}

// deliveries are what a stolen certificate sends.
func deliveries() []kind {
	as := func(make func(s *siege, r *rand.Rand) *http.Request) func(*siege, *rand.Rand) string {
		return func(s *siege, r *rand.Rand) string { return s.ask(s.asThief, make(s, r)) }
	}
	list := []kind{
		{"replay of another's delivery", 60, "200", as(func(s *siege, _ *rand.Rand) *http.Request { return s.put(s.victimID(), s.sealed) })},
		{"another's id, other content", 60, "409 conflict", as(func(s *siege, r *rand.Rand) *http.Request { return s.put(s.victimID(), like(noise(r, 400))) })},
		{"id that is none", 60, "422 capture-id|404 not-found", as(func(s *siege, r *rand.Rand) *http.Request {
			id := newID(r, -time.Hour)
			return s.put(pick(r, uuid.UUID(noise(r, 16)).String()[:35], strings.ToUpper(id), "{"+id+"}", "urn:uuid:"+id, strings.ReplaceAll(id, "-", ""), id[:14]+"4"+id[15:],
				id+"%00", id+"%20", "%2e%2e%2fetc%2fpasswd", strings.Repeat("a", 5000), id+"';DROP%20TABLE%20items"), like(nil))
		})},
		{"capture of the future", 30, "422 capture-in-future", as(func(s *siege, r *rand.Rand) *http.Request {
			return s.put(newID(r, time.Duration(10+r.IntN(1e6))*time.Minute), like(nil))
		})},
		{"capture of last week", 30, "422 capture-expired", as(func(s *siege, r *rand.Rand) *http.Request {
			return s.put(newID(r, -time.Duration(97+r.IntN(1e5))*time.Hour), like(nil))
		})},
		{"wrong digest", 60, "422 digest", as(func(s *siege, r *rand.Rand) *http.Request {
			return s.put(newID(r, -time.Hour), like(noise(r, 90)), "Content-Digest", pick(r, "", "sha-512=:AAAA:", "sha-256=AAAA", "sha-256=:"+strings.Repeat("A", 9000)+":", "sha-256=:é:", envelope.Digest(sha256.Sum256(nil))))
		})},
		{"no envelope", 60, "422 envelope", as(func(s *siege, r *rand.Rand) *http.Request {
			return s.put(newID(r, -time.Hour), pick(r, nil, noise(r, 2000), []byte(`{"id":"x","digest":"y","signature":"AAAA"}`), []byte("age-encryption.org/v2\n"), []byte("-----BEGIN AGE ENCRYPTED FILE-----\n"), []byte("\x89PNG")))
		})},
		{"wrong content type", 30, "415 media-type", as(func(s *siege, r *rand.Rand) *http.Request {
			return s.put(newID(r, -time.Hour), like(nil), "Content-Type", pick(r, "", "image/jpeg", "application/age, text/html", "application/json", "multipart/form-data; boundary=x", "application/age;="))
		})},
		{"no precondition", 30, "428 if-none-match", as(func(s *siege, r *rand.Rand) *http.Request {
			return s.put(newID(r, -time.Hour), like(nil), "If-None-Match", pick(r, "", `"*"`, "W/*", "*, *"))
		})},
		{"appointment that is none", 30, "422 appointment", as(func(s *siege, r *rand.Rand) *http.Request {
			return s.put(newID(r, -time.Hour), like(nil), "Fotobox-Appointment", pick(r, "", "1", "ABCDEFABCDEFABCD", "010000000000000g", "' OR 1=1", strings.Repeat("0", 3000)))
		})},
		{"too large", 1, "413 too-large", func(s *siege, r *rand.Rand) string { return s.ask(s.asOther, tooLarge(s, r)) }},
		{"unknown method", 60, "404 not-found|405 method|405 problem|404 problem", as(func(s *siege, r *rand.Rand) *http.Request {
			return s.request(pick(r, "GET", "HEAD", "POST", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "BREW"), pick(r, "/v1/captures/"+s.victimID(), "/v1/captures/", "/v1/captures", "/v1/enrol/x", "/v1/captures/"+s.victimID()+"/"), nil)
		})},
		{"trick in the path", 60, "404 not-found|422 capture-id", as(func(s *siege, r *rand.Rand) *http.Request {
			q := s.put("x", like(nil))
			path := pick(r, "/v1/captures/../station", "/v1/captures/%2e%2e/station", "/v1/./captures/x", "//v1/station", "/v1//station", "/..%2f..%2fetc/passwd", "/v1/captures/..%5c..", "/v1/captures/%00", "/v1/captures/"+strings.Repeat("../", 900),
				"/v1/captures/"+strings.Repeat("%2e", 3000), "/sign-in", "/metrics", "/v1/handovers", "/debug/pprof/", "/v1/station;x=y", "/v1/station%00", "/V1/STATION")
			q.URL.Opaque = "//" + q.URL.Host + path
			q.URL.Path, _ = url.PathUnescape(path)
			return q
		})},
	}
	for i := range list { // a station has no more than two deliveries at once
		list[i].want += "|503 busy"
	}
	return list
}

func (s *siege) victimID() string { return s.victim.URL.Path[len("/v1/captures/"):] }

// tooLarge sends more than any envelope has, announced or without an end.
func tooLarge(s *siege, r *rand.Rand) *http.Request {
	q := s.put(newID(r, -time.Hour), like(nil))
	q.Body, q.ContentLength = io.NopCloser(io.MultiReader(bytes.NewReader(like(nil)), io.LimitReader(zeros{}, envelope.MaxSize))), -1
	if r.IntN(2) == 0 {
		q.ContentLength = envelope.MaxSize + int64(len(like(nil)))
	}
	return q
}

// zeros never ends.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// questions are the other requests of stations and registry software.
func questions() []kind {
	return []kind{
		{"records of visits that cannot be", 60, "400 malformed|422 visit-record|413 too-large|408 body", func(s *siege, r *rand.Rand) string {
			return s.ask(s.asThief, s.request("POST", enrolment.VisitsPath, pick(r, nil, []byte("{"), []byte("{}"), []byte(`[{"id":1}]`), []byte(`[null]`), []byte(`[{"seconds":{"x":1e999}}]`),
				[]byte("["+strings.Repeat("[", 9000)), bytes.Repeat([]byte(" "), 600<<10), noise(r, 300), []byte("["+strings.Repeat("{},", 2000)+"{}]"))))
		}},
		{"check-ins that cannot be", 60, "200|400 malformed|413 too-large|413 too-many|408 body", func(s *siege, r *rand.Rand) string {
			return s.ask(s.asThief, s.request("POST", enrolment.ArrivalsPath, pick(r, nil, []byte("{"), []byte("{}"), []byte(`[{"at":1}]`), []byte(`[{"nonce":"n","code":"FB1:","at":"2026-12-01T09:00:00Z"}]`), []byte(`[{"nonce":"`+strings.Repeat("n", 999)+`"}]`),
				[]byte("["+strings.Repeat("[", 9000)), bytes.Repeat([]byte(" "), 200<<10), noise(r, 300), []byte("["+strings.Repeat("{},", 2000)+"{}]"))))
		}},
		{"renewal that is none", 30, "400 malformed|422 request|413 too-large|408 body", func(s *siege, r *rand.Rand) string {
			return s.ask(s.asThief, s.request("POST", enrolment.RenewPath, pick(r, nil, []byte("["), noise(r, 200), bytes.Repeat([]byte(" "), 20<<10), csr(r))))
		}},
		{"forged invitation", 60, "403 invitation-unknown|403 invitation-blocked|403 invitation-used", func(s *siege, r *rand.Rand) string {
			secret := pick(r, noise(r, enrolment.SecretSize), noise(r, r.IntN(40)), s.spent.Secret[:], append(s.blocked.Secret[:4:4], noise(r, 16)...), nil)
			key := pick(r, "Foyer", "<b>", strings.Repeat("ü", 64))
			return s.ask(s.theirs, s.request("POST", enrolment.EnrolPath, must(json.Marshal(enrolment.Request{Secret: secret, CSR: goodCSR(), Name: key}))))
		}},
		{"malformed enrolment", 60, "400 malformed|422 request|413 too-large|408 body", func(s *siege, r *rand.Rand) string {
			return s.ask(s.theirs, s.request("POST", enrolment.EnrolPath, pick(r, nil, []byte("null"), []byte(`{"secret":1}`), []byte(`{"csr":"`+goodCSR()), noise(r, 500), csr(r), bytes.Repeat([]byte(" "), 20<<10),
				must(json.Marshal(enrolment.Request{CSR: goodCSR(), Name: "\x00\x1b[2J"})), must(json.Marshal(enrolment.Request{CSR: goodCSR(), Name: strings.Repeat("x", 65)})))))
		}},
		{"registry software asks for what is not its", 60, "404 unknown-handover|400 since|400 limit|404 not-found|405 method|428 if-match|412 digest", func(s *siege, r *rand.Rand) string {
			id := pick(r, s.victimID(), newID(r, -time.Hour), "..", "%2e%2e", "x%00")
			q := pick(r, s.atHandover("GET", "/v1/handovers/"+id+"/photo"), s.atHandover("GET", "/v1/handovers/"+id+"/record"), s.atHandover("POST", "/v1/handovers/"+id+"/retrieved"), s.atHandover("PATCH", "/v1/handovers/"+id+"/photo"),
				s.atHandover("GET", "/v1/handovers?since=-1"), s.atHandover("GET", "/v1/handovers?limit=99999999999999999999"), s.atHandover("DELETE", "/v1/handovers"), s.atHandover("GET", "/v1/captures/"+s.victimID()), s.atHandover("GET", "/metrics"))
			if r.IntN(2) == 0 {
				q.Header.Set("If-Match", pick(r, `"00"`, "*", `"`+strings.Repeat("0", 64)+`"`, strings.Repeat("x", 4000)))
			}
			return s.ask(s.asVendor, q)
		}},
	}
}

// goodCSR is well made, so that what is refused is the rest.
var goodCSR = sync.OnceValue(func() string {
	_, key, err := ed25519.GenerateKey(crand.Reader)
	if err != nil {
		panic(err)
	}
	der := must(x509.CreateCertificateRequest(crand.Reader, &x509.CertificateRequest{}, key))
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der}))
})

// csr is a body with a request that is not let through.
func csr(r *rand.Rand) []byte {
	damaged := []byte(goodCSR())
	damaged[60+r.IntN(100)] ^= 1 << r.IntN(6)
	return must(json.Marshal(enrolment.Request{CSR: pick(r, "", "x", string(damaged), strings.ReplaceAll(goodCSR(), "CERTIFICATE REQUEST", "PRIVATE KEY")), Name: "Foyer"}))
}
