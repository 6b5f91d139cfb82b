// SPDX-License-Identifier: EUPL-1.2

package handover

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/devices"
	"github.com/fotobox-project/fotobox/registry/inbox"
	"github.com/fotobox-project/fotobox/upload/enrolment"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

// side is the interface on a real port, with those who knock at it.
type side struct {
	*bench
	api                     *API
	book                    *book.Book
	devices                 *devices.Devices
	id                      string // of the vendor
	url                     string
	vendor, station, nobody *http.Client
}

func newSide(t *testing.T) *side {
	t.Helper()
	b, dir := newBench(t), t.TempDir()
	if err := devices.Init(dir, 5_112_000, "Musterstadt"); err != nil {
		t.Fatal(err)
	}
	keys, err := devices.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	s := &side{bench: b, book: book.New(b.store, keys.Office, keys.Appointment), devices: devices.New(b.store, keys, b.log)}
	s.api = &API{Inbox: b.Inbox, Book: s.book, Identify: s.devices.IdentifyVendor, Log: b.log}
	server := httptest.NewUnstartedServer(s.api.Handler())
	// Not StartTLS: that adds a certificate of its own.
	server.Listener = tls.NewListener(server.Listener, keys.TLS([]string{"127.0.0.1"}))
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
	server.Start()
	t.Cleanup(server.Close)
	s.url = "https://" + server.Listener.Addr().String()
	s.vendor, s.station, s.nobody = s.client(t, keys, s.asVendor(t)), s.client(t, keys, s.asStation(t)), s.client(t, keys, nil)
	return s
}

// certified makes a key, has its request certified and gives both.
func certified(t *testing.T, by func(csr string) (cert string)) []tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, key)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode([]byte(by(string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der})))))
	return []tls.Certificate{{Certificate: [][]byte{block.Bytes}, PrivateKey: key}}
}

func (s *side) asVendor(t *testing.T) []tls.Certificate {
	return certified(t, func(csr string) string {
		v, cert, err := s.devices.AddVendor(t.Context(), "account root", "Fachverfahren", csr, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		s.id = v.ID
		return cert
	})
}

func (s *side) asStation(t *testing.T) []tls.Certificate {
	return certified(t, func(csr string) string {
		i, err := s.devices.Invite(t.Context(), "account root", "127.0.0.1:1", time.Now())
		if err != nil {
			t.Fatal(err)
		}
		a, err := s.devices.Enrol(t.Context(), enrolment.Request{Secret: i.Secret[:], CSR: csr, Name: "Foyer"}, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		return a.Certificate.Certificate
	})
}

func (s *side) client(t *testing.T, k *devices.Keys, own []tls.Certificate) *http.Client {
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: k.CA.Pool(), Certificates: own}}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: 10 * time.Second}
}

// full takes every place until after is called.
func (s *side) full() (after func()) {
	for range atOnce {
		s.api.places <- struct{}{}
	}
	return func() {
		for range atOnce {
			<-s.api.places
		}
	}
}

func tagOf(data []byte) string { return etag(sha256.Sum256(data)) }

// TestAPIFromListToErasure goes a registry software's whole way.
func TestAPIFromListToErasure(t *testing.T) {
	s := newSide(t)
	first, photo := s.takes(t, envelope.ModeLobby)
	second, _ := s.takes(t, envelope.ModeCounter)
	l, ids := s.listed(t, "")
	if diff := cmp.Diff([]uuid.UUID{first, second}, ids); diff != "" || l.More || l.Next != "2" {
		t.Fatalf("list %+v %s", l, diff)
	}
	got := s.send(t, s.vendor, "GET", l.Handovers[0].Photo, nil)
	if !bytes.Equal(got.body, photo) || !bytes.Equal(got.body, drawn(t, 1)) {
		t.Fatal("the photo is not the station's byte for byte")
	}
	h := got.Header
	if h.Get("ETag") != tagOf(photo) || h.Get("Content-Digest") != envelope.Digest(sha256.Sum256(photo)) || h.Get("Content-Length") != fmt.Sprint(len(photo)) {
		t.Errorf("headers %v", h)
	}
	record := s.send(t, s.vendor, "GET", l.Handovers[0].Record, nil)
	want, err := s.Fetch(t.Context(), "test", "record", first)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := Record(want); err != nil || !bytes.Equal(text, record.body) {
		t.Errorf("record %s, %v", record.body, err)
	}
	confirm := "/v1/handovers/" + first.String() + "/retrieved"
	for range 2 { // the answer may have been lost
		if a := s.send(t, s.vendor, "POST", confirm, map[string]string{"If-Match": h.Get("ETag")}); a.StatusCode != http.StatusNoContent {
			t.Fatalf("confirmation answers %d %s", a.StatusCode, a.body)
		}
	}
	if _, ids := s.listed(t, ""); !slices.Equal(ids, []uuid.UUID{second}) {
		t.Errorf("still listed: %v", ids)
	}
	if n, err := s.Forget(t.Context(), time.Now()); n != 1 || err != nil {
		t.Errorf("Forget = %d, %v", n, err)
	}
	by := "vendor:" + s.id
	recorded := []string{by + " fetched photo", by + " fetched record", "test fetched record", by + " retrieved", "office forgotten taken, the registry software has it"}
	if diff := cmp.Diff(recorded, s.bench.record(t, first)[3:]); diff != "" {
		t.Error(diff)
	}
	if strings.Contains(s.logged.String(), booked.String()) {
		t.Errorf("the log leads to the appointment:\n%s", s.logged)
	}
}

func TestAPIPages(t *testing.T) {
	s := newSide(t)
	var all []uuid.UUID
	for range 5 {
		id, _ := s.takes(t, envelope.ModeLobby)
		all = append(all, id)
	}
	var got []uuid.UUID
	since, more := "", true
	for pages := 0; more && pages < 4; pages++ {
		l, ids := s.listed(t, "?limit=2&since="+since)
		got, since, more = append(got, ids...), l.Next, l.More
	}
	if diff := cmp.Diff(all, got); diff != "" {
		t.Error(diff)
	}
	if l, ids := s.listed(t, "?since="+since); len(ids) != 0 || l.Next != since || l.More {
		t.Errorf("behind the last: %+v", l)
	}
	late, _ := s.takes(t, envelope.ModeLobby)
	if _, ids := s.listed(t, "?since="+since); !slices.Equal(ids, []uuid.UUID{late}) {
		t.Errorf("what came later: %v", ids)
	}
	for _, query := range []string{"?since=-1", "?since=1e3", "?limit=0", "?limit=501", "?limit=x", "?since=99999999999999999999"} {
		if a := s.send(t, s.vendor, "GET", "/v1/handovers"+query, nil); a.StatusCode != http.StatusBadRequest {
			t.Errorf("%s answers %d", query, a.StatusCode)
		}
	}
}

// TestAPIAppointment says how the registry software finds the case, and no name.
func TestAPIAppointment(t *testing.T) {
	s := newSide(t)
	start := time.Now().Add(time.Hour).Truncate(time.Minute).UTC()
	a, err := s.book.Add(t.Context(), book.Appointment{Name: book.NameOf("CANARY"), Start: start, Length: 15 * time.Minute, Service: 1, Persons: 1, PhotoWanted: true})
	if err != nil {
		t.Fatal(err)
	}
	m := manifest(t, envelope.ModeLobby, 2)
	m.Appointment = a.ID
	s.delivers(t, m)
	if _, err := s.Open(t.Context(), "anna", m.Capture); err != nil {
		t.Fatal(err)
	}
	if l, _ := s.listed(t, ""); len(l.Handovers) != 0 {
		t.Fatalf("listed before a clerk took it over: %+v", l)
	}
	if got := s.send(t, s.vendor, "GET", "/v1/handovers/"+m.Capture.String()+"/photo", nil).StatusCode; got != http.StatusNotFound {
		t.Errorf("before a clerk took it over: %d", got)
	}
	if _, err := s.TakeOver(t.Context(), "anna", m.Capture, 0, inbox.OKObvious); err != nil {
		t.Fatal(err)
	}
	l, _ := s.listed(t, "")
	one := l.Handovers[0]
	if one.Terminkennung != a.Terminkennung.String() || one.SlotStart == nil || !one.SlotStart.Equal(start) || one.Appointment != a.ID.String() {
		t.Errorf("listed as %+v", one)
	}
	if text, err := json.Marshal(l); err != nil || strings.Contains(string(text), "CANARY") {
		t.Errorf("the list names the citizen: %s", text)
	}
}

// TestAPIRefuses what no honest registry software asks.
func TestAPIRefuses(t *testing.T) {
	s := newSide(t)
	id, photo := s.takes(t, envelope.ModeLobby)
	path := "/v1/handovers/" + id.String()
	for _, tt := range []struct {
		method, path string
		want         int
	}{
		{"PUT", path + "/photo", 405}, {"DELETE", path + "/photo", 405}, {"GET", path + "/retrieved", 405}, {"POST", "/v1/handovers", 405},
		{"GET", path, 404}, {"GET", "/", 404}, {"GET", "/v1/station", 404},
		{"GET", "/v1/handovers/" + strings.ToUpper(id.String()) + "/photo", 404}, {"GET", "/v1/handovers/..%2f..%2fetc/photo", 404},
		{"GET", "/v1/handovers/{" + id.String() + "}/photo", 404},
	} {
		a := s.send(t, s.vendor, tt.method, tt.path, nil)
		if a.StatusCode != tt.want || a.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s %s answers %d %s", tt.method, tt.path, a.StatusCode, a.Header.Get("Content-Type"))
		}
	}
	for _, tag := range []string{"*", "W/" + tagOf(photo), strings.Trim(tagOf(photo), `"`), strings.ToUpper(tagOf(photo)), tagOf(photo) + ", " + tagOf(nil)} {
		if a := s.send(t, s.vendor, "POST", path+"/retrieved", map[string]string{"If-Match": tag}); a.StatusCode != http.StatusPreconditionFailed {
			t.Errorf("If-Match %s answers %d", tag, a.StatusCode)
		}
	}
	if whole := s.send(t, s.vendor, "GET", path+"/photo", map[string]string{"Range": "bytes=0-3"}); whole.StatusCode != 200 || !bytes.Equal(whole.body, photo) {
		t.Errorf("a range answers %d with %d bytes", whole.StatusCode, len(whole.body))
	}
	if err := s.devices.RevokeVendor(t.Context(), "account root", s.id, time.Now()); err != nil {
		t.Fatal(err)
	}
	if a := s.send(t, s.vendor, "GET", path+"/photo", nil); a.StatusCode != http.StatusForbidden {
		t.Errorf("revoked, on an open connection: %d", a.StatusCode)
	}
	if i := s.item(t, id); !i.Waits() || i.Appointment == (appointment.ID{}) {
		t.Errorf("something changed: %+v", i)
	}
}
