// SPDX-License-Identifier: EUPL-1.2

package courier

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/upload/envelope"
	"github.com/fotobox-project/fotobox/upload/outbox"
)

// An office answers requests in memory, by a script.
type office struct {
	// script holds the answers in turn; the last one repeats.
	script []reply

	mu    sync.Mutex
	start time.Time
	seen  []request
}

// A request is what the office saw.
type request struct {
	// at is the time since the start.
	at     time.Duration
	item   outbox.Item
	body   []byte
	header http.Header
}

// A reply answers one request; receipt is the true one for it.
type reply func(r *http.Request, receipt envelope.Receipt) (*http.Response, error)

// officeKey signs the receipts.
func officeKey() ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
}

func (o *office) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	capture, _ := uuid.Parse(r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:])
	appt, _ := appointment.ParseID(r.Header.Get("Fotobox-Appointment"))
	o.mu.Lock()
	answer := o.script[min(len(o.seen), len(o.script)-1)]
	o.seen = append(o.seen, request{time.Since(o.start), outbox.Item{Capture: capture, Appointment: appt}, body, r.Header})
	o.mu.Unlock()
	receipt := envelope.Receipt{
		ID: capture, Digest: envelope.Digest(sha256.Sum256(body)),
		ReceivedAt: time.Now(), ExpiresAt: envelope.ExpiryOf(capture),
	}
	return answer(r, receipt.Sign(officeKey()))
}

// requests returns what was seen so far.
func (o *office) requests() []request {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.seen)
}

func respond(status int, body string) (*http.Response, error) {
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}, nil
}

// takes answers with the receipt, bent if bend is not nil.
func takes(status int, bend func(*envelope.Receipt)) reply {
	return func(_ *http.Request, receipt envelope.Receipt) (*http.Response, error) {
		if bend != nil {
			bend(&receipt)
		}
		data, err := json.Marshal(receipt)
		if err != nil {
			return nil, err
		}
		return respond(status, string(data))
	}
}

func answers(status int, body string) reply {
	return func(*http.Request, envelope.Receipt) (*http.Response, error) { return respond(status, body) }
}

func busy(status int, retryAfter string) reply {
	return func(*http.Request, envelope.Receipt) (*http.Response, error) {
		resp, err := respond(status, "")
		resp.Header.Set("Retry-After", retryAfter)
		return resp, err
	}
}

// redirects sends the station elsewhere.
func redirects(*http.Request, envelope.Receipt) (*http.Response, error) {
	resp, err := respond(http.StatusFound, "")
	resp.Header.Set("Location", "https://elsewhere.example/")
	return resp, err
}

func unreachable(*http.Request, envelope.Receipt) (*http.Response, error) {
	return nil, errors.New("connection refused")
}

func hangs(r *http.Request, _ envelope.Receipt) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// stalls answers with a status and a body that never ends.
func stalls(r *http.Request, _ envelope.Receipt) (*http.Response, error) {
	pr, pw := io.Pipe()
	context.AfterFunc(r.Context(), func() { pw.CloseWithError(r.Context().Err()) })
	return &http.Response{StatusCode: http.StatusCreated, Header: http.Header{}, Body: pr}, nil
}

// A route is a courier between a box and an office.
type route struct {
	*Courier
	office *office
	wake   chan struct{}
	log    *bytes.Buffer
	done   chan error

	mu        sync.Mutex
	delivered []uuid.UUID
}

// newRoute makes a route whose time starts now.
func newRoute(t *testing.T, script ...reply) *route {
	t.Helper()
	box, err := outbox.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { box.Close() })
	r := &route{
		office: &office{script: script, start: time.Now()},
		wake:   make(chan struct{}, 1), log: new(bytes.Buffer), done: make(chan error, 1),
	}
	r.Courier = &Courier{
		Box: box, Client: &http.Client{Transport: r.office}, Office: &url.URL{Scheme: "https", Host: "office.example"},
		ReceiptKey: func() ed25519.PublicKey { return officeKey().Public().(ed25519.PublicKey) }, Log: slog.New(slog.NewTextHandler(r.log, nil)), Wake: r.wake,
		Delivered: func(capture uuid.UUID) {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.delivered = append(r.delivered, capture)
		},
	}
	return r
}

// run starts the courier and stops it at the end of the test.
func (r *route) run(t *testing.T) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	go func() { r.done <- r.Run(ctx) }()
	return sync.OnceFunc(func() {
		cancel()
		if err := <-r.done; err != nil {
			t.Errorf("Run returned %v after its context's end, want nil", err)
		}
	})
}

// put puts the n-th item, captured now.
func (r *route) put(t *testing.T, n byte) outbox.Item {
	t.Helper()
	return r.putAt(t, n, time.Now())
}

func (r *route) putAt(t *testing.T, n byte, taken time.Time) outbox.Item {
	t.Helper()
	i := outbox.Item{Appointment: appointment.ID{7: n}}
	binary.BigEndian.PutUint64(i.Capture[:], uint64(taken.UnixMilli())<<16)
	i.Capture[6], i.Capture[8], i.Capture[15] = 0x70, 0x80, n
	if err := r.Box.Put(i, strings.NewReader(sealed(n))); err != nil {
		t.Fatal(err)
	}
	return i
}

func sealed(n byte) string { return "sealed envelope " + strconv.Itoa(int(n)) }

// pending returns the captures that wait.
func (r *route) pending(t *testing.T) []outbox.Item {
	t.Helper()
	items, err := r.Box.Pending()
	if err != nil {
		t.Fatal(err)
	}
	return items
}
