// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"encoding/json"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/internal/durable"
	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/devices"
	"github.com/fotobox-project/fotobox/registry/inbox"
	"github.com/fotobox-project/fotobox/registry/queue"
	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/upload/courier"
	"github.com/fotobox-project/fotobox/upload/enrolment"
	"github.com/fotobox-project/fotobox/upload/envelope"
	"github.com/fotobox-project/fotobox/upload/outbox"
)

// registries are two real device listeners on one database, as two registryd are.
type registries struct {
	t       *testing.T
	keys    *devices.Keys
	store   *store.Store
	devices *devices.Devices
	book    *book.Book
	queue   *queue.Queue
	address [2]string
	server  [2]*httptest.Server
	taken   [2]atomic.Int32 // captures that were offered there
	cut     atomic.Bool     // the primary dies after it has stored what came and before it answers
}

func newRegistries(t *testing.T) *registries {
	t.Helper()
	dir := t.TempDir()
	if err := devices.Init(dir, 5_112_000, "Bürgeramt"); err != nil {
		t.Fatal(err)
	}
	r := &registries{t: t}
	var err error
	if r.keys, err = devices.Load(dir); err != nil {
		t.Fatal(err)
	}
	if r.store, err = store.Open(t.Context(), filepath.Join(dir, "office.db")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.store.Close() })
	r.devices = devices.New(r.store, r.keys, slog.New(slog.DiscardHandler))
	r.book = book.New(r.store, r.keys.Office, r.keys.Appointment)
	r.queue = queue.New(r.store, r.book, appointment.Checker{Office: r.keys.Office, Keys: []ed25519.PublicKey{r.keys.Appointment.Public().(ed25519.PublicKey)}})
	r.devices.Place = r.queue.Place
	for n := range r.address {
		r.address[n] = "127.0.0.1:0"
		r.start(n)
	}
	r.devices.Addresses = r.address[:]
	return r
}

// start opens the n-th listener, at the address that it had before.
func (r *registries) start(n int) {
	r.t.Helper()
	in := inbox.New(r.store, r.keys.Receipt, []age.Identity{r.keys.Ring}, slog.New(slog.DiscardHandler))
	put := in.Handler(r.devices.Identify)
	noting := r.queue.Handler(r.devices.Identify, slog.New(slog.DiscardHandler))
	mux := http.NewServeMux()
	mux.Handle("/", r.devices.Handler())
	mux.HandleFunc("/v1/captures/", func(w http.ResponseWriter, q *http.Request) {
		r.taken[n].Add(1)
		if n == 0 && r.cut.Load() {
			put.ServeHTTP(httptest.NewRecorder(), q)
			panic(http.ErrAbortHandler)
		}
		put.ServeHTTP(w, q)
	})
	mux.HandleFunc(enrolment.ArrivalsPath, func(w http.ResponseWriter, q *http.Request) {
		if n == 0 && r.cut.Load() {
			noting.ServeHTTP(httptest.NewRecorder(), q)
			panic(http.ErrAbortHandler)
		}
		noting.ServeHTTP(w, q)
	})
	l, err := net.Listen("tcp", r.address[n])
	if err != nil {
		r.t.Fatal(err)
	}
	r.address[n] = l.Addr().String()
	s := httptest.NewUnstartedServer(mux)
	s.Listener.Close()
	s.Listener = tls.NewListener(l, r.keys.TLS([]string{"127.0.0.1"}))
	s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo)
	s.Start()
	r.t.Cleanup(s.Close)
	r.server[n] = s
}

// A carrier is a station that is enrolled there, as far as it delivers.
type carrier struct {
	office  *office
	box     *outbox.Outbox
	wake    chan struct{}
	arrived chan uuid.UUID
}

// carrier enrols a station and has it deliver until the test ends.
func (r *registries) carrier() *carrier {
	r.t.Helper()
	invite, err := r.devices.Invite(r.t.Context(), "clerk:test", r.address[0], time.Now())
	if err != nil {
		r.t.Fatal(err)
	}
	s := Settings{State: r.t.TempDir()}
	if _, err := enrolAt(r.t.Context(), s, invite, "Eingang", heard()); err != nil {
		r.t.Fatal(err)
	}
	dir, err := durable.Open(s.State)
	if err != nil {
		r.t.Fatal(err)
	}
	c := &carrier{office: (&town{t: r.t}).line(dir, s), wake: make(chan struct{}, 1), arrived: make(chan uuid.UUID, 9)}
	if c.box, err = outbox.Open(filepath.Join(s.State, "outbox")); err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { c.box.Close() })
	return c
}

// run delivers until the test ends.
func (c *carrier) run(t *testing.T) {
	t.Helper()
	post := &courier.Courier{
		Box: c.box, Client: c.office.client, Office: c.office.base(), ReceiptKey: c.office.ReceiptKey, Log: slog.New(slog.DiscardHandler), Wake: c.wake,
		Now: c.office.time.now, Delivered: func(capture uuid.UUID) { c.arrived <- capture },
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- post.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-ended })
}

// put seals a capture into the outbox.
func (c *carrier) put(t *testing.T, taken time.Time) uuid.UUID {
	t.Helper()
	m := envelope.Manifest{
		Capture: takenAt(taken), Appointment: appointment.ID{1}, CapturedAt: taken, CapturedBy: "05112000", Mode: envelope.ModeLobby,
		Software: "test", Photos: []envelope.Photo{{Chosen: true, Report: json.RawMessage(`{"verdict":"accept"}`)}},
	}
	var sealed bytes.Buffer
	if err := envelope.Seal(&sealed, m, [][]byte{bytes.Repeat([]byte("JPEG"), 1<<18)}, c.office.Recipients()); err != nil {
		t.Fatal(err)
	}
	if err := c.box.Put(outbox.Item{Capture: m.Capture, Appointment: m.Appointment}, &sealed); err != nil {
		t.Fatal(err)
	}
	nudge(c.wake)
	return m.Capture
}

// deliver puts a capture and waits until its receipt is there.
func (c *carrier) deliver(t *testing.T) {
	t.Helper()
	id := c.put(t, time.Now())
	select {
	case got := <-c.arrived:
		if got != id {
			t.Fatalf("delivered %v, want %v", got, id)
		}
	case <-time.After(30 * time.Second):
		t.Fatal("not delivered")
	}
}

// offered is how many deliveries each registry saw since the last call.
func (r *registries) offered() (n [2]int32) {
	for i := range n {
		n[i] = r.taken[i].Swap(0)
	}
	return n
}

// TestPrimaryAndStandby delivers to the primary, which then dies between storing a capture and its
// answer, stays away, and comes back: every capture is at the office once.
func TestPrimaryAndStandby(t *testing.T) {
	r := newRegistries(t)
	c := r.carrier()
	c.office.line.rest = time.Second
	c.run(t)
	for _, step := range []struct {
		name    string
		do      func()
		offered [2]int32
	}{
		{"both are there", func() {}, [2]int32{1, 0}},
		{"the primary dies before it answers", func() { r.cut.Store(true) }, [2]int32{1, 1}},
		{"it is away", func() { r.server[0].CloseClientConnections(); r.server[0].Close() }, [2]int32{0, 1}},
		{"it is back", func() { r.cut.Store(false); r.start(0); time.Sleep(c.office.line.rest) }, [2]int32{1, 0}},
	} {
		step.do()
		c.deliver(t)
		if got := r.offered(); got != step.offered {
			t.Errorf("%s: offered %v times, want %v", step.name, got, step.offered)
		}
	}
	in := inbox.New(r.store, r.keys.Receipt, []age.Identity{r.keys.Ring}, slog.New(slog.DiscardHandler))
	if items, err := in.Of(t.Context(), appointment.ID{1}); err != nil || len(items) != 4 {
		t.Errorf("%d captures are at the office (%v), want 4", len(items), err)
	}
	if n, err := audit.Verify(t.Context(), r.store); n != 2+4 || err != nil { // invited, enrolled; delivered
		t.Errorf("the record has %d entries, %v; want each delivery once", n, err)
	}
	if items, err := c.box.Pending(); len(items) != 0 || err != nil {
		t.Errorf("pending: %v, %v", items, err)
	}
}

// renewalOf is the station's own question for its next certificate.
func renewalOf(t *testing.T, is understood) enrolment.Renewal {
	t.Helper()
	csr, err := request(is.key)
	if err != nil {
		t.Fatal(err)
	}
	return enrolment.Renewal{CSR: csr}
}

// TestOutboxOutOfTheDrawer: a station was away for a week, its certificate has ended; what it
// photographed in the last days is delivered once it has the next one, by the real office. What has
// outlived its 96 hours is gone.
func TestOutboxOutOfTheDrawer(t *testing.T) {
	r := newRegistries(t)
	c := r.carrier()
	is := c.office.now()
	issued := time.Now().AddDate(0, 0, -9)
	old, err := r.devices.Renew(t.Context(), is.Device, renewalOf(t, is), issued)
	if err != nil {
		t.Fatal(err)
	}
	is.identity.Certificate = old
	if err := c.office.take(is.identity, is.key); err != nil {
		t.Fatal(err)
	}
	c.put(t, time.Now().Add(-envelope.Lifetime-time.Hour))
	lives := c.put(t, time.Now().Add(-envelope.Lifetime+time.Hour))
	c.run(t)
	items, err := c.box.Pending()
	for deadline := time.Now().Add(30 * time.Second); err == nil && len(items) != 1 && time.Now().Before(deadline); items, err = c.box.Pending() {
		time.Sleep(10 * time.Millisecond)
	}
	if err != nil || len(items) != 1 || items[0].Capture != lives {
		t.Errorf("before the renewal pending is %v, %v; want the one that lives", items, err)
	}
	if err := c.office.ask(t.Context()); err != nil {
		t.Fatal(err)
	}
	nudge(c.wake)
	select {
	case got := <-c.arrived:
		if got != lives {
			t.Errorf("delivered %v, want %v", got, lives)
		}
	case <-time.After(30 * time.Second):
		t.Error("not delivered")
	}
	if d, err := r.devices.Get(t.Context(), is.Device); err != nil || time.Until(d.ValidUntil) < 6*24*time.Hour {
		t.Errorf("the office lists it until %v, %v", d.ValidUntil, err)
	}
}

// TestAdvice: what a real office answers to a station that it does not let in, or that knocks under
// another name, comes with what to do.
func TestAdvice(t *testing.T) {
	r, other := newRegistries(t), newRegistries(t)
	at := func(name, address string, c *carrier, want string) {
		t.Helper()
		c.office.line.addresses = func() []string { return []string{address} }
		if err := c.office.ask(t.Context()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
	c := r.carrier()
	at("another name", strings.Replace(r.address[0], "127.0.0.1", "localhost", 1), c, "but not under this address")
	at("another office", other.address[0], c, "is not the office where the station is enrolled")

	foreign := other.carrier()
	is := foreign.office.now().identity
	is.CA = r.keys.CA.PEM()
	if err := foreign.office.learn(is, foreign.office.now().key); err != nil {
		t.Fatal(err)
	}
	at("a certificate of another office", r.address[0], foreign, "the office refuses the station's certificate")

	if err := r.devices.Revoke(t.Context(), "clerk:test", c.office.now().Device, time.Now()); err != nil {
		t.Fatal(err)
	}
	at("revoked", r.address[0], c, "station is revoked; get a code from")
}
