// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fotobox-project/fotobox/daemon/conductor"
	"github.com/fotobox-project/fotobox/internal/durable"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// A stage of addresses answers as the test says.
type stage struct {
	errs  map[string]error
	busy  map[string]int // answered instead of 200
	asked []string
	read  []string // bodies
}

func (s *stage) RoundTrip(r *http.Request) (*http.Response, error) {
	s.asked = append(s.asked, r.URL.Host)
	if r.Host != r.URL.Host {
		return nil, errors.New("the header names another host")
	}
	if r.Body != nil {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		s.read = append(s.read, string(body))
	}
	err := s.errs[r.URL.Host]
	if errors.Is(err, context.DeadlineExceeded) {
		<-r.Context().Done()
	}
	if err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: cmp.Or(s.busy[r.URL.Host], http.StatusOK), Body: http.NoBody}, nil
}

// TestLine: the primary is asked first; while it does not answer the standby is, and a minute later
// the primary again.
func TestLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gone := errors.New("connection refused")
		var log bytes.Buffer
		s := &stage{errs: map[string]error{}}
		l := &line{RoundTripper: s, addresses: func() []string { return []string{"one:1", "two:2"} }, rest: awayFor, log: slog.New(slog.NewTextHandler(&log, nil)), away: map[string]time.Time{}}
		if got := l.answered(); got != "one:1" {
			t.Errorf("before anything it names %q, want the primary", got)
		}
		for _, step := range []struct {
			name         string
			wait         time.Duration
			errs         map[string]error
			asked        string
			answered     string
			failed, long bool
		}{
			{name: "all is well", asked: "one:1", answered: "one:1"},
			{name: "the primary goes", errs: map[string]error{"one:1": gone}, asked: "one:1 two:2", answered: "two:2"},
			{name: "the primary is still away", wait: 59 * time.Second, errs: map[string]error{"one:1": gone}, asked: "two:2", answered: "two:2"},
			{name: "both are away", errs: map[string]error{"one:1": gone, "two:2": gone}, asked: "two:2 one:1", answered: "two:2", failed: true},
			{name: "the standby is back first", errs: map[string]error{"one:1": gone}, asked: "one:1 two:2", answered: "two:2"},
			{name: "the primary is back", wait: awayFor, asked: "one:1", answered: "one:1"},
			{name: "the primary hangs", errs: map[string]error{"one:1": context.DeadlineExceeded}, asked: "one:1", answered: "one:1", failed: true, long: true},
			{name: "it hung just now", errs: map[string]error{"one:1": context.DeadlineExceeded}, asked: "two:2", answered: "two:2"},
		} {
			time.Sleep(step.wait)
			s.errs, s.asked, s.read = step.errs, nil, nil
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			r, err := http.NewRequestWithContext(ctx, http.MethodPut, "https://office/x", strings.NewReader("body"))
			if err != nil {
				t.Fatal(err)
			}
			_, err = l.RoundTrip(r)
			cancel()
			if got := strings.Join(s.asked, " "); got != step.asked || (err != nil) != step.failed || l.answered() != step.answered {
				t.Errorf("%s: asked %q, %v, answered by %q; want %q and %q", step.name, got, err, l.answered(), step.asked, step.answered)
			}
			if slices.ContainsFunc(s.read, func(b string) bool { return b != "body" }) {
				t.Errorf("%s: bodies %q", step.name, s.read)
			}
		}
		// Told once for each time it goes, not with every question.
		if got := strings.Count(log.String(), "does not answer at one of its addresses"); got != 3 {
			t.Errorf("the log tells %d times of an address that does not answer, want 3:\n%s", got, &log)
		}
	})
}

// TestLineOfRegistriesInTrouble: a registry that answers, but cannot work, is as good as none; when no
// other is better, its answer counts.
func TestLineOfRegistriesInTrouble(t *testing.T) {
	for _, tc := range []struct {
		one, two int
		gone     bool // the standby does not answer
		want     int  // 0: an error
		asked    int
	}{
		{one: 200, two: 200, want: 200, asked: 1},
		{one: 409, two: 200, want: 409, asked: 1},
		{one: 507, two: 200, want: 507, asked: 1},
		{one: 500, two: 201, want: 201, asked: 2},
		{one: 503, two: 503, want: 503, asked: 2},
		{one: 500, gone: true, asked: 2},
	} {
		s := &stage{busy: map[string]int{"one:1": tc.one, "two:2": tc.two}, errs: map[string]error{}}
		if tc.gone {
			s.errs["two:2"] = errors.New("connection refused")
		}
		l := &line{RoundTripper: s, addresses: func() []string { return []string{"one:1", "two:2"} }, rest: awayFor, log: slog.New(slog.DiscardHandler), away: map[string]time.Time{}}
		resp, err := l.RoundTrip(httptest.NewRequest(http.MethodGet, "https://office/x", nil))
		got := 0
		if err == nil {
			got = resp.StatusCode
		}
		if got != tc.want || len(s.asked) != tc.asked || tc.gone && !strings.Contains(err.Error(), "one:1: answers Internal Server Error; two:2: connection refused") {
			t.Errorf("%+v: answer %d, %v, asked %q", tc, got, err, s.asked)
		}
	}
}

// TestStopIsNoFailure: a station that stops says nothing about the address.
func TestStopIsNoFailure(t *testing.T) {
	s := &stage{errs: map[string]error{"one:1": context.Canceled}}
	l := &line{RoundTripper: s, addresses: func() []string { return []string{"one:1", "two:2"} }, away: map[string]time.Time{}}
	r := httptest.NewRequest(http.MethodGet, "https://office/x", nil)
	if _, err := l.RoundTrip(r); !errors.Is(err, context.Canceled) || len(l.away) != 0 || len(s.asked) != 1 {
		t.Errorf("%v, away %v, asked %q", err, l.away, s.asked)
	}
}

// second is another server of the same town, as a standby has the same keys.
func (o *town) second() *httptest.Server {
	o.t.Helper()
	s := httptest.NewUnstartedServer(o)
	s.TLS = o.server.TLS.Clone()
	s.Config.ErrorLog = o.server.Config.ErrorLog
	s.StartTLS()
	o.t.Cleanup(s.Close)
	return s
}

// TestMovedOffice: the office says where it will be, the station remembers it, and finds it there
// when the old address is dead, also after a restart.
func TestMovedOffice(t *testing.T) {
	o := newTown(t)
	line, dir := o.enrolled()
	moved := o.second()
	o.addresses = []string{moved.Listener.Addr().String()}
	if err := ask(t, line); err != nil {
		t.Fatal(err)
	}
	o.server.Close()
	if err := ask(t, line); err != nil || line.line.answered() != o.addresses[0] {
		t.Errorf("after the move: %v, answered by %s", err, line.line.answered())
	}
	again, err := identityAt(dir, heard())
	if err != nil {
		t.Fatal(err)
	}
	if err := ask(t, again); err != nil {
		t.Errorf("after a restart: %v", err)
	}
	// As many addresses as an office may announce, and the one of the invitation.
	for range 7 {
		o.addresses = append(o.addresses, o.second().Listener.Addr().String())
	}
	if err := ask(t, again); err != nil || len(again.addresses()) != 9 {
		t.Errorf("with eight addresses: %v, and the station knows %q", err, again.addresses())
	}
}

// TestWrongAddresses: whatever list the office announces by mistake, and whoever answers there, the
// station says nothing to strangers and finds the office where it was.
func TestWrongAddresses(t *testing.T) {
	o, stranger := newTown(t), newTown(t)
	asked := false
	stranger.answer = func(http.ResponseWriter, *http.Request) { asked = true }
	line, _ := o.enrolled()
	o.addresses = []string{"127.0.0.1:1", stranger.server.Listener.Addr().String()}
	for range 2 {
		if err := ask(t, line); err != nil || asked || line.line.answered() != o.server.Listener.Addr().String() {
			t.Errorf("%v, stranger asked: %v, answered by %s", err, asked, line.line.answered())
		}
	}
	o.addresses = []string{"no address"}
	if err := ask(t, line); err == nil || !strings.Contains(err.Error(), "host:port") {
		t.Errorf("an address that is none: %v", err)
	}
	if is := line.now(); len(is.Addresses) != 2 {
		t.Errorf("the station took %q over", is.Addresses)
	}
}

// TestAddressesOfTheSettings are those of an office that moved while the station was off.
func TestAddressesOfTheSettings(t *testing.T) {
	o := newTown(t)
	_, dir := o.enrolled()
	moved := o.second()
	o.server.Close()
	line := o.line(dir, Settings{Office: []string{moved.Listener.Addr().String()}})
	if err := ask(t, line); err != nil {
		t.Error(err)
	}
}

func (o *town) line(dir *durable.Dir, s Settings) *office {
	o.t.Helper()
	line, err := openOffice(dir, s, &conductor.Gate{}, heard(), slog.New(slog.DiscardHandler))
	if err != nil {
		o.t.Fatal(err)
	}
	return line
}

// A forwarder is a forward proxy that knows CONNECT alone.
type forwarder struct {
	status int    // answered instead, unless 0
	wants  string // NAME:PASSWORD
	mu     sync.Mutex
	asked  []string
}

func (f *forwarder) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	f.asked = append(f.asked, r.Method+" "+r.Host)
	f.mu.Unlock()
	if f.wants != "" && r.Header.Get("Proxy-Authorization") != "Basic "+base64.StdEncoding.EncodeToString([]byte(f.wants)) {
		w.WriteHeader(http.StatusProxyAuthRequired)
		return
	}
	if f.status != 0 {
		w.WriteHeader(f.status)
		return
	}
	office, err := net.Dial("tcp", r.Host)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	station, buffered, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	_, _ = io.WriteString(station, "HTTP/1.1 200 Connected\r\n\r\n")
	go func() { _, _ = bufio.NewReader(buffered).WriteTo(office); office.Close() }()
	go func() { _, _ = io.Copy(station, office); station.Close() }()
}

// TestThroughProxy enrols and asks through a real proxy, whose URL lies in a file with its password:
// the proxy sees the office's address alone.
func TestThroughProxy(t *testing.T) {
	o := newTown(t)
	f := &forwarder{wants: "station:SECRET"}
	proxy := httptest.NewServer(f)
	defer proxy.Close()
	u, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword("station", "SECRET")
	file := filepath.Join(t.TempDir(), "proxy")
	if err := os.WriteFile(file, []byte(u.String()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := Settings{State: t.TempDir(), Proxy: "file:" + file}
	if _, err := enrolAt(t.Context(), s, o.invite(), "Eingang", heard()); err != nil {
		t.Fatal(err)
	}
	dir, err := durable.Open(s.State)
	if err != nil {
		t.Fatal(err)
	}
	if err := ask(t, o.line(dir, s)); err != nil {
		t.Fatal(err)
	}
	want := "CONNECT " + o.server.Listener.Addr().String()
	if len(f.asked) != 2 || f.asked[0] != want || f.asked[1] != want {
		t.Errorf("the proxy was asked %q, want %q twice", f.asked, want)
	}
}

// TestProxyInTrouble: each way a proxy can fail has its own words, and none shows the password.
func TestProxyInTrouble(t *testing.T) {
	o := newTown(t)
	_, dir := o.enrolled()
	for name, tc := range map[string]struct {
		proxy *forwarder
		want  string
	}{
		"password":  {&forwarder{wants: "other:one"}, "it wants another name and password"},
		"forbidden": {&forwarder{status: 403}, "it must let the station CONNECT to " + o.server.Listener.Addr().String()},
		"gateway":   {&forwarder{status: 502}, "it does not reach " + o.server.Listener.Addr().String()},
		"teapot":    {&forwarder{status: 418}, "see its log"},
		"gone":      {nil, "the proxy of the settings cannot be reached"},
	} {
		proxy := httptest.NewServer(tc.proxy)
		if tc.proxy == nil {
			proxy.Close()
		}
		line := o.line(dir, Settings{Proxy: strings.Replace(proxy.URL, "//", "//station:SECRET@", 1)})
		if err := ask(t, line); err == nil || !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%s: %v, want %q", name, err, tc.want)
		}
		proxy.Close()
	}
}

// TestProxyThatOpensTLS: a proxy that plays the office is told nothing, and named as what it may be.
func TestProxyThatOpensTLS(t *testing.T) {
	o, opener := newTown(t), newTown(t)
	_, dir := o.enrolled()
	asked := false
	opener.answer = func(http.ResponseWriter, *http.Request) { asked = true }
	f := &forwarder{}
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Host = opener.server.Listener.Addr().String()
		f.ServeHTTP(w, r)
	}))
	defer proxy.Close()
	if err := ask(t, o.line(dir, Settings{Proxy: proxy.URL})); err == nil || !strings.Contains(err.Error(), "a proxy that opens TLS must leave this connection alone") || asked {
		t.Errorf("%v, asked: %v", err, asked)
	}
}

// TestUnreachable: what the log says about a dead address, and a name that nobody knows.
func TestUnreachable(t *testing.T) {
	o := newTown(t)
	_, dir := o.enrolled()
	line := o.line(dir, Settings{Office: []string{"127.0.0.1:1", "fotobox.invalid:8443"}})
	err := ask(t, line)
	for _, want := range []string{"127.0.0.1:1: ", "connection refused", "fotobox.invalid:8443: ", "the network's name server"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	if err := enrolment.CheckAddresses(line.addresses()); err != nil {
		t.Error(err)
	}
}
