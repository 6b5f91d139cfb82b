// SPDX-License-Identifier: EUPL-1.2

package inbox

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/fotobox-project/fotobox/internal/problem"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

// station lets every request through that names one.
func station(r *http.Request) (string, error) {
	if id := r.Header.Get("Station"); id != "" {
		return id, nil
	}
	return "", problem.New(401, "no-certificate", "a station's certificate is required")
}

// request is a PUT as a station sends it.
func (c capture) request(t testing.TB, base string) *http.Request {
	t.Helper()
	r, err := http.NewRequest("PUT", base+"/v1/captures/"+c.manifest.Capture.String(), bytes.NewReader(c.sealed))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"Station": "station-1", "Content-Type": "application/age", "Content-Digest": c.digest,
		"If-None-Match": "*", "Fotobox-Appointment": appt.String(),
	} {
		r.Header.Set(name, value)
	}
	return r
}

// send gives the status and either the receipt or the problem.
func send(t testing.TB, client *http.Client, r *http.Request) (status int, receipt envelope.Receipt, p problem.Problem) {
	t.Helper()
	a, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	data, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	var into any = &receipt
	want := "application/json"
	if a.StatusCode >= 400 {
		into, want = &p, "application/problem+json"
	}
	if got := a.Header.Get("Content-Type"); got != want {
		t.Errorf("%d comes as %q, want %q", a.StatusCode, got, want)
	}
	if err := json.Unmarshal(data, into); err != nil && r.Method != "HEAD" {
		t.Errorf("%d answers %q", a.StatusCode, data)
	}
	return a.StatusCode, receipt, p
}

func (b *bench) listen(t testing.TB) *httptest.Server {
	t.Helper()
	server := httptest.NewTLSServer(b.Handler(station))
	t.Cleanup(server.Close)
	return server
}

func TestHandlerTakesInAndRepeats(t *testing.T) {
	b := newBench(t)
	server := b.listen(t)
	c := b.big(t, time.Now().Add(-50*time.Hour))
	status, first, _ := send(t, server.Client(), c.request(t, server.URL))
	if status != 201 || first.Verify(b.public) != nil || first.Digest != c.digest {
		t.Fatalf("first: %d %+v", status, first)
	}
	status, again, _ := send(t, server.Client(), c.request(t, server.URL))
	if status != 200 {
		t.Errorf("again: %d, want 200", status)
	}
	if diff := cmp.Diff(first, again); diff != "" {
		t.Error(diff)
	}
	b.counted(t, `fotobox_inbox_deliveries_total{status="201"} 1`)
	b.counted(t, `fotobox_inbox_deliveries_total{status="200"} 1`)
}

func TestHandlerRefuses(t *testing.T) {
	b := newBench(t)
	server := b.listen(t)
	now := time.Now()
	kept := b.capture(t, now, "accept")
	b.deliver(t, kept)
	fresh := b.capture(t, now, "accept")
	set := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	id := func(text string) func(*http.Request) {
		return func(r *http.Request) { r.URL.Path = "/v1/captures/" + text }
	}
	fill := func(n int64) func(*http.Request) {
		return func(r *http.Request) { r.Body, r.ContentLength = io.NopCloser(io.LimitReader(zeros{}, n)), n }
	}
	tests := []struct {
		name   string
		spoil  func(*http.Request)
		status int
		kind   string
	}{
		{"no certificate", set("Station", ""), 401, "no-certificate"},
		{"other content", id(kept.manifest.Capture.String()), 409, "conflict"},
		{"announced too large", fill(envelope.MaxSize + 1), 413, "too-large"},
		{"too large, in chunks", func(r *http.Request) { fill(envelope.MaxSize + 1)(r); r.ContentLength = -1 }, 413, "too-large"},
		{"media type", set("Content-Type", "image/jpeg"), 415, "media-type"},
		{"no id", id("hello"), 422, "capture-id"},
		{"UUIDv4", id(uuid.NewString()), 422, "capture-id"},
		{"upper case", id(strings.ToUpper(fresh.manifest.Capture.String())), 422, "capture-id"},
		{"in braces", id("{" + fresh.manifest.Capture.String() + "}"), 422, "capture-id"},
		{"from the future", id(capturedAt(now.Add(time.Hour)).String()), 422, "capture-in-future"},
		{"four days old", id(capturedAt(now.Add(-97 * time.Hour)).String()), 422, "capture-expired"},
		{"no appointment", set("Fotobox-Appointment", ""), 422, "appointment"},
		{"no digest", set("Content-Digest", ""), 422, "digest"},
		{"only SHA-512", set("Content-Digest", "sha-512=:AAAA:"), 422, "digest"},
		{"other digest", set("Content-Digest", kept.digest), 422, "digest"},
		{"no envelope", func(r *http.Request) {
			text := []byte("{}")
			r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
			r.Header.Set("Content-Digest", envelope.Digest(sha256.Sum256(text)))
		}, 422, "envelope"},
		{"no precondition", set("If-None-Match", ""), 428, "if-none-match"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := fresh.request(t, server.URL)
			test.spoil(r)
			status, _, p := send(t, server.Client(), r)
			if status != test.status || p.Type != "urn:fotobox:problem:"+test.kind || p.Status != status || p.Title == "" {
				t.Errorf("answer %d %+v, want %d %s", status, p, test.status, test.kind)
			}
		})
	}
	if list, err := b.Of(t.Context(), appt); len(list) != 1 || err != nil {
		t.Errorf("%d captures kept (%v), want the first alone", len(list), err)
	}
	if status, _, _ := send(t, server.Client(), fresh.request(t, server.URL)); status != 201 {
		t.Errorf("the unspoilt request: %d, want 201", status)
	}
}

// TestOnlyABodyIsTooSlow: what breaks off is the station's fault, a database that
// does not answer in time is not.
func TestOnlyABodyIsTooSlow(t *testing.T) {
	b := newBench(t)
	c := b.capture(t, time.Now(), "accept")
	for _, fault := range []error{io.ErrUnexpectedEOF, os.ErrDeadlineExceeded, errors.New("invalid byte in chunk length")} {
		r := c.request(t, "http://office")
		r.Body = io.NopCloser(&faulty{bytes.NewReader(c.sealed), fault})
		w := httptest.NewRecorder()
		b.Handler(station).ServeHTTP(w, r)
		if w.Code != 400 || !strings.Contains(w.Body.String(), "urn:fotobox:problem:body") {
			t.Errorf("%v: answer %d %s", fault, w.Code, w.Body)
		}
	}
	if status := statusOf(b.answer(fmt.Errorf("write store: %w", os.ErrDeadlineExceeded))); status != 500 {
		t.Errorf("a slow database is answered %d", status)
	}
}

// zeros never ends.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// TestAStationOnlyAdds plays a stolen certificate: whatever it sends, what is
// there stays, and nothing of it comes back.
func TestAStationOnlyAdds(t *testing.T) {
	b := newBench(t)
	server := b.listen(t)
	c := b.capture(t, time.Now(), "accept")
	b.deliver(t, c)
	before, err := b.Get(t.Context(), c.manifest.Capture)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/v1/captures/" + c.manifest.Capture.String(), "/v1/captures/", "/v1/captures", "/"} {
		for _, method := range []string{"GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS"} {
			r := c.request(t, server.URL)
			r.Method, r.URL.Path = method, path
			r.Header.Set("Station", "thief")
			if status, _, _ := send(t, server.Client(), r); status != 404 && status != 405 {
				t.Errorf("%s %s answers %d", method, path, status)
			}
		}
	}
	other := b.capture(t, time.Now(), "accept")
	other.manifest.Capture = c.manifest.Capture
	if status, _, _ := send(t, server.Client(), other.request(t, server.URL)); status != 409 {
		t.Errorf("PUT over a kept capture answers %d, want 409", status)
	}
	after, err := b.Get(t.Context(), c.manifest.Capture)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, after); diff != "" {
		t.Error(diff)
	}
	if o, err := b.Open(t.Context(), "anna", c.manifest.Capture); err != nil || string(o.Photos[0]) != "JPEG accept" {
		t.Errorf("Open = %q, %v", o.Photos, err)
	}
}

func TestSameDeliveryManyTimesAtOnce(t *testing.T) {
	b := newBench(t)
	server := b.listen(t)
	c := b.capture(t, time.Now(), "accept")
	var mu sync.Mutex
	counts := map[int]int{}
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			status, _, _ := send(t, server.Client(), c.request(t, server.URL))
			mu.Lock()
			defer mu.Unlock()
			counts[status]++
		})
	}
	all.Wait()
	if counts[201] != 1 || counts[200]+counts[503] != 15 {
		t.Errorf("answers %v, want one 201 and else 200 or 503", counts)
	}
}

// TestTooManyAtOnce: a station that holds its places with bodies that do not end
// gets no more of them, and takes none from another.
func TestTooManyAtOnce(t *testing.T) {
	b := newBench(t)
	server := b.listen(t)
	var writers []*io.PipeWriter
	var all sync.WaitGroup
	for range ofOne {
		pr, pw := io.Pipe()
		writers = append(writers, pw)
		r := b.capture(t, time.Now(), "accept").request(t, server.URL)
		r.Body, r.ContentLength = pr, -1
		all.Go(func() { server.Client().Do(r) })
	}
	for _, w := range writers { // taken once the first bytes are fetched
		if _, err := w.Write([]byte(magic)); err != nil {
			t.Fatal(err)
		}
	}
	c := b.capture(t, time.Now(), "accept")
	deadline := time.Now().Add(10 * time.Second)
	for {
		r := c.request(t, server.URL)
		a, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		a.Body.Close()
		if a.StatusCode == 503 && a.Header.Get("Retry-After") == "2" {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("answer %d, want 503 with Retry-After", a.StatusCode)
		}
	}
	other := b.capture(t, time.Now(), "accept").request(t, server.URL)
	other.Header.Set("Station", "station-2")
	if status, _, _ := send(t, server.Client(), other); status != 201 {
		t.Errorf("meanwhile another station is answered %d", status)
	}
	for _, w := range writers {
		w.CloseWithError(io.ErrClosedPipe)
	}
	all.Wait()
	for { // the office may learn later than the stations that they are gone
		status, _, _ := send(t, server.Client(), c.request(t, server.URL))
		if status < 300 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("afterwards: %d", status)
		}
	}
}

func TestAnswersTellNothingOfTheInside(t *testing.T) {
	b := newBench(t)
	server := b.listen(t)
	c := b.capture(t, time.Now(), "accept")
	b.store.Close()
	status, _, p := send(t, server.Client(), c.request(t, server.URL))
	if status != 500 || p.Title != "internal error" || p.Detail != "" {
		t.Errorf("with a broken store: %d %+v", status, p)
	}
	if !strings.Contains(b.logged.String(), "request failed") {
		t.Error("log does not say that a request failed")
	}
	b.counted(t, `fotobox_inbox_deliveries_total{status="500"} 1`)
}

// counted looks for a line among the figures as Prometheus fetches them.
func (b *bench) counted(t *testing.T, line string) {
	t.Helper()
	all := prometheus.NewPedanticRegistry()
	if err := all.Register(b); err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	promhttp.HandlerFor(all, promhttp.HandlerOpts{}).ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	if !strings.Contains(w.Body.String(), "\n"+line+"\n") {
		t.Errorf("figures have no %q:\n%s", line, w.Body)
	}
}
