// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/devices"
	"github.com/fotobox-project/fotobox/registry/inbox"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
	"github.com/fotobox-project/fotobox/upload/enrolment"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

// safeBuffer is a log that is read while it is written.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// started is an office that runs, with a stop that waits for its end.
func started(t *testing.T) (o *office, logged *safeBuffer, stop func()) {
	t.Helper()
	return startedWith(t, func(*Settings) {})
}

// startedWith runs an office with more settings than a test needs.
func startedWith(t *testing.T, set func(*Settings)) (o *office, logged *safeBuffer, stop func()) {
	t.Helper()
	s := Settings{State: t.TempDir()}
	if storetest.Postgres() {
		s.Database = storetest.Where(t)
	}
	if err := devices.Init(s.State, 9_162_000, "Musterstadt"); err != nil {
		t.Fatal(err)
	}
	set(&s)
	return startedOn(t, s)
}

// startedOn runs one more program on the state and the database of s, on ports of its own.
func startedOn(t *testing.T, s Settings) (o *office, logged *safeBuffer, stop func()) {
	t.Helper()
	s.Device, s.Desk, s.Metrics = free(t), free(t), free(t)
	s.Listen = s.Device
	logged = &safeBuffer{}
	o, err := open(t.Context(), s, slog.New(slog.NewTextHandler(logged, nil)))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- o.run(ctx) }()
	for !strings.Contains(logged.String(), "office ready") {
		time.Sleep(time.Millisecond)
	}
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("run = %v", err)
		}
		o.close()
	})
	t.Cleanup(stop)
	return o, logged, stop
}

// free is an address that nobody listens on.
func free(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// enrolled is a station's client and what the office told it.
func enrolled(t testing.TB, o *office) (*http.Client, enrolment.Answer) {
	t.Helper()
	return admitted(t, invited(t, o))
}

func invited(t testing.TB, o *office) enrolment.Invite {
	t.Helper()
	i, err := o.devices.Invite(t.Context(), "clerk:anna", o.settings.Device, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// admitted is the client of the station that used the invitation.
func admitted(t testing.TB, i enrolment.Invite) (*http.Client, enrolment.Answer) {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, key)
	if err != nil {
		t.Fatal(err)
	}
	csr := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der})
	body, err := json.Marshal(enrolment.Request{Secret: i.Secret[:], CSR: string(csr), Name: "Foyer"})
	if err != nil {
		t.Fatal(err)
	}
	pinned := &http.Client{Transport: &http.Transport{TLSClientConfig: i.TLS(nil), DisableKeepAlives: true}}
	var answer enrolment.Answer
	status := do(t, pinned, request(t, "POST", "https://"+i.Address+enrolment.EnrolPath, bytes.NewReader(body)), &answer)
	if status != 201 {
		t.Fatalf("enrolment answers %d", status)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM([]byte(answer.CA))
	leaf, _ := pem.Decode([]byte(answer.Certificate.Certificate))
	config := &tls.Config{RootCAs: pool, Certificates: []tls.Certificate{{Certificate: [][]byte{leaf.Bytes}, PrivateKey: key}}}
	return &http.Client{Transport: &http.Transport{TLSClientConfig: config}, Timeout: 10 * time.Second}, answer
}

func request(t testing.TB, method, url string, body io.Reader) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, body)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func do(t testing.TB, c *http.Client, r *http.Request, into any) (status int) {
	t.Helper()
	a, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	if a.StatusCode < 300 && into != nil {
		if err := json.NewDecoder(a.Body).Decode(into); err != nil {
			t.Fatal(err)
		}
	}
	return a.StatusCode
}

// delivery seals a capture for the recipients and makes the PUT of it.
func delivery(t testing.TB, o *office, recipients []string, a appointment.ID) (uuid.UUID, *http.Request) {
	t.Helper()
	to, err := envelope.ParseRecipients(recipients)
	if err != nil {
		t.Fatal(err)
	}
	m := envelope.Manifest{
		Capture: uuid.Must(uuid.NewV7()), Appointment: a, CapturedAt: time.Now(), CapturedBy: "09162000", Mode: envelope.ModeLobby,
		Software: "test", Photos: []envelope.Photo{{Chosen: true, Report: json.RawMessage(`{"verdict":"accept"}`)}},
	}
	var sealed bytes.Buffer
	if err := envelope.Seal(&sealed, m, [][]byte{[]byte("JPEG")}, to); err != nil {
		t.Fatal(err)
	}
	r := request(t, "PUT", "https://"+o.settings.Device+"/v1/captures/"+m.Capture.String(), bytes.NewReader(sealed.Bytes()))
	r.Header.Set("Content-Type", "application/age")
	r.Header.Set("Content-Digest", envelope.Digest(sha256.Sum256(sealed.Bytes())))
	r.Header.Set("If-None-Match", "*")
	r.Header.Set("Fotobox-Appointment", a.String())
	return m.Capture, r
}

// TestFromInvitationToTakeOver goes the whole way through the real listeners:
// an appointment, an invited station, a delivery, a clerk, a revoked station.
func TestFromInvitationToTakeOver(t *testing.T) {
	o, logged, _ := started(t)
	booked, err := o.book.Add(t.Context(), book.Appointment{
		Name: book.NameOf("CANARY"), Start: time.Now().Add(time.Hour).Truncate(time.Minute), Length: 15 * time.Minute, Service: 1, Persons: 1, PhotoWanted: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	station, settings := enrolled(t, o)
	if !o.known(t, settings, booked) {
		t.Error("station cannot check the appointment in")
	}
	id, put := delivery(t, o, settings.Recipients, booked.ID)
	var receipt envelope.Receipt
	if status := do(t, station, put, &receipt); status != 201 || receipt.ID != id || receipt.Verify(settings.ReceiptKey) != nil {
		t.Fatalf("delivery answers %d %+v", status, receipt)
	}
	if _, err := o.inbox.Open(t.Context(), "anna", id); err != nil {
		t.Fatal(err)
	}
	if jpeg, err := o.inbox.TakeOver(t.Context(), "anna", id, 0, inbox.NoVeto); err != nil || string(jpeg) != "JPEG" {
		t.Fatalf("TakeOver = %q, %v", jpeg, err)
	}
	if err := o.devices.Revoke(t.Context(), "clerk:anna", settings.Device, time.Now()); err != nil {
		t.Fatal(err)
	}
	_, late := delivery(t, o, settings.Recipients, booked.ID)
	if status := do(t, station, late, nil); status != 403 {
		t.Errorf("revoked station's delivery answers %d, want 403", status)
	}
	if text := logged.String() + figures(t, o); strings.Contains(text, "CANARY") || strings.Contains(text, string(booked.Terminkennung)) || strings.Contains(text, booked.ID.String()) {
		t.Errorf("log or figures hold what is personal:\n%s", text)
	}
}

// known plays the station's check of a typed code and of the code it leads to.
func (o *office) known(t *testing.T, s enrolment.Answer, booked book.Appointment) bool {
	t.Helper()
	hmac := booked.Terminkennung.HMAC(s.DayKey)
	checker := appointment.Checker{Office: 9_162_000, Keys: s.AppointmentKeys}
	for _, typed := range s.Typed {
		if bytes.Equal(typed.HMAC, hmac[:]) {
			code, answer := checker.Check(typed.Code, booked.Start)
			return answer == appointment.OK && code.ID == booked.ID
		}
	}
	return false
}

func figures(t *testing.T, o *office) string {
	t.Helper()
	a, err := http.Get("http://" + o.settings.Metrics + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	data, err := io.ReadAll(a.Body)
	if err != nil || !strings.Contains(string(data), "fotobox_inbox_deliveries_total") {
		t.Errorf("figures %q, %v", data, err)
	}
	return string(data)
}

// TestDoorsAreSeparate asks each listener for what another one serves.
func TestDoorsAreSeparate(t *testing.T) {
	o, _, _ := started(t)
	station, _ := enrolled(t, o)
	for url, client := range map[string]*http.Client{
		"https://" + o.settings.Device + "/signin":                          station,
		"https://" + o.settings.Device + "/metrics":                         station,
		"http://" + o.settings.Desk + "/v1/station":                         http.DefaultClient,
		"http://" + o.settings.Desk + "/metrics":                            http.DefaultClient,
		"http://" + o.settings.Metrics + "/v1/station":                      http.DefaultClient,
		"http://" + o.settings.Metrics + "/v1/captures/" + uuid.NewString(): http.DefaultClient,
	} {
		if status := do(t, client, request(t, "GET", url, nil), nil); status != 404 {
			t.Errorf("%s answers %d, want 404", url, status)
		}
	}
}

// TestStopIsQuick stops the office while a station sends slowly.
func TestStopIsQuick(t *testing.T) {
	o, _, stop := started(t)
	station, settings := enrolled(t, o)
	_, put := delivery(t, o, settings.Recipients, appointment.ID{1})
	slow, hold := io.Pipe()
	put.Body, put.ContentLength = slow, -1
	sent := make(chan error, 1)
	go func() {
		a, err := station.Do(put)
		if err == nil {
			a.Body.Close()
		}
		sent <- err
	}()
	if _, err := hold.Write([]byte("age-encryption.org/v1\n")); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	stop()
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("stop took %s", took)
	}
	hold.Close()
	<-sent
	if list, err := o.inbox.Of(context.Background(), appointment.ID{1}); err == nil && len(list) != 0 {
		t.Errorf("half a delivery was kept: %v", list)
	}
}
