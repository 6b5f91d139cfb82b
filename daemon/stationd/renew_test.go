// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/internal/clock"
	"github.com/fotobox-project/fotobox/internal/durable"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// TestOutOfTheDrawer: a station that was switched off for seven weeks shows no certificate that has
// ended but sends it, gets the next one for the same key, and is let in with that at once.
func TestOutOfTheDrawer(t *testing.T) {
	o := newTown(t)
	o.issued = time.Now().AddDate(0, 0, -49)
	line, dir := o.enrolled()
	o.issued = time.Now()
	if err := ask(t, line); err != nil || o.late != 1 {
		t.Fatalf("%v, renewed late %d times; want once", err, o.late)
	}
	again, err := identityAt(dir, heard())
	if err != nil {
		t.Fatal(err)
	}
	if err := ask(t, again); err != nil || o.late != 1 {
		t.Errorf("after a restart: %v, renewed late %d times", err, o.late)
	}
}

// TestTooLongInTheDrawer: the office says no, and the station says what to do, in the log, in the
// self-test and on the first screen. A new code of the same office is taken on the maintenance page,
// one of another office is not.
func TestTooLongInTheDrawer(t *testing.T) {
	o, other := newTown(t), newTown(t)
	o.issued = time.Now().AddDate(0, 0, -120)
	st := opened(t, o, "sitter")
	o.issued = time.Now()
	o.answer = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, `{"title":"station's certificate ended more than 60 days ago"}`)
	}
	err := ask(t, st.office)
	st.office.report(err)
	for _, want := range []string{"has expired: it ended", "60 days ago", "registryd invite"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	if faults := st.firstScreen().state(t.Context()).Faults; len(faults) != 2 || !strings.Contains(faults[1].Words, "registryd invite") {
		t.Errorf("the first screen shows %v", faults)
	}
	o.answer = nil

	page := httptest.NewServer(st.workbench())
	defer page.Close()
	before := st.office.now()
	for _, tc := range []struct {
		town *town
		want string
	}{{other, "another office"}, {o, "enrolled at"}} {
		resp, err := page.Client().PostForm(page.URL+"/enrol", url.Values{"code": {tc.town.invite().String()}})
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || !bytes.Contains(body, []byte(tc.want)) {
			t.Errorf("the page does not say %q (%v)", tc.want, err)
		}
	}
	select {
	case <-st.again:
	default:
		t.Error("the station does not start again")
	}
	if err := ask(t, st.office); err != nil || st.office.now().key.Equal(before.key) {
		t.Errorf("enrolled again: %v, with the old key: %v", err, st.office.now().key.Equal(before.key))
	}
}

// TestEnrolAgain: what becomes of a second enrolment costs the station nothing before it has
// succeeded, and its outbox is kept.
func TestEnrolAgain(t *testing.T) {
	o := newTown(t)
	_, dir := o.enrolled()
	s := Settings{State: dir.Root.Name()}
	if err := dir.Write("outbox", strings.NewReader("a capture")); err != nil {
		t.Fatal(err)
	}
	for name, answer := range map[string]http.HandlerFunc{
		"refused":  func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) },
		"trouble":  func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) },
		"cut":      func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"nonsense": func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"device":"1"}`) },
	} {
		o.answer = answer
		if _, err := enrolAt(t.Context(), s, o.invite(), "Eingang", heard()); err == nil {
			t.Errorf("%s: enrolled", name)
		}
		o.answer = nil
		if err := ask(t, o.line(dir, s)); err != nil {
			t.Errorf("%s: the station has lost what it had: %v", name, err)
		}
		if keys, err := fs.Glob(os.DirFS(s.State), keyStart+"*"); len(keys) != 1 || err != nil {
			t.Errorf("%s: keys %q, %v; want the one that counts", name, keys, err)
		}
	}
	if _, err := enrolAt(t.Context(), s, o.invite(), "Eingang", heard()); err != nil {
		t.Fatal(err)
	}
	if err := ask(t, o.line(dir, s)); err != nil {
		t.Error(err)
	}
	keys, err := fs.Glob(os.DirFS(s.State), keyStart+"*")
	if kept, rerr := dir.Root.ReadFile("outbox"); len(keys) != 1 || string(kept) != "a capture" || err != nil || rerr != nil {
		t.Errorf("keys %q, outbox %q, %v, %v", keys, kept, err, rerr)
	}
	unlock, err := dir.Lock()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = unlock() }()
	if _, err := enrolAt(t.Context(), s, o.invite(), "Eingang", heard()); !errors.Is(err, durable.ErrLocked) {
		t.Errorf("while the station runs: %v, want ErrLocked", err)
	}
}

// TestNewAuthority: an office announces its next CA with the certificates that it renews; the
// station trusts both from then on, without a restart, and after one.
func TestNewAuthority(t *testing.T) {
	o := newTown(t)
	o.issued = time.Now().Add(-25 * time.Hour)
	line, dir := o.enrolled()
	next := newTown(t)
	o.more = pemOf(next.ca)
	o.issued = time.Now()
	if err := ask(t, line); err != nil {
		t.Fatal(err)
	}
	for name, line := range map[string]*office{"running": line, "restarted": o.line(dir, Settings{})} {
		line.line.addresses = func() []string { return []string{next.server.Listener.Addr().String()} }
		if err := ask(t, line); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if is := line.now(); !is.names(next.invite().CA) || !is.names(o.invite().CA) || is.names([32]byte{}) {
		t.Error("the station does not know both by their hashes")
	}
}

// TestForeignCertificate: an answer with a certificate for somebody else's key is not taken over.
func TestForeignCertificate(t *testing.T) {
	o := newTown(t)
	o.issued = time.Now().Add(-25 * time.Hour)
	line, _ := o.enrolled()
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := o.certify(&x509.Certificate{SerialNumber: big.NewInt(9), Subject: pkix.Name{CommonName: "x"}, NotAfter: time.Now().Add(time.Hour)}, o.ca, other.Public())
	o.admits = &enrolment.Certificate{Certificate: pemOf(c), CA: pemOf(o.ca)}
	before := line.now().cert
	if err := ask(t, line); err == nil || !strings.Contains(err.Error(), "another key") || line.now().cert != before {
		t.Errorf("%v, want the certificate refused", err)
	}
}

// TestStartsIn1970: a box without a clock starts in 1970, or long after its certificate by its own
// reckoning: it shows none before it knows the time, learns the time from the office, and goes on.
func TestStartsIn1970(t *testing.T) {
	for name, now := range map[string]time.Time{
		"behind": time.Now().AddDate(40, 0, 0), "ahead": time.Now().AddDate(-20, 0, 0),
	} {
		now = now.Truncate(time.Second)
		o := newTownAt(t, now)
		o.says(now)
		_, dir := o.enrolledBy(clock.New(&stopped{}))
		c := clock.New(&stopped{})
		line, err := identityAt(dir, c)
		if err != nil {
			t.Fatal(err)
		}
		if is, known := c.Now(); known || now.Sub(is).Abs() > 2*time.Hour {
			t.Errorf("%s: before anybody said the time it is %v, known %v; want what the certificate proves", name, is, known)
		}
		if err := ask(t, line); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if is, known := c.Now(); !known || is.Sub(now).Abs() > time.Minute || o.strangers != 1 {
			t.Errorf("%s: then it is %v, known %v; asked without a certificate %d times, want once", name, is, known, o.strangers)
		}
	}
}

// TestWrongClockOfTheMachine: a machine whose clock somebody else keeps, hours off, is told so, and
// goes on by the office's time.
func TestWrongClockOfTheMachine(t *testing.T) {
	for _, off := range []time.Duration{30 * time.Minute, -30 * time.Minute} {
		now := time.Now().Add(off)
		o := newTown(t)
		o.says(now)
		line, _ := o.enrolled()
		if err := ask(t, line); err != nil {
			t.Fatal(err)
		}
		if is, known := line.time.clock.Now(); !known || is.Sub(now).Abs() > time.Minute || line.time.clock.Trusted() {
			t.Errorf("off by %v: it is %v, known %v, trusted %v", off, is, known, line.time.clock.Trusted())
		}
		if _, err := checkClock(t.Context(), subject{running: &station{clock: line.time.clock}}); err == nil || !strings.Contains(err.Error(), "set it") {
			t.Errorf("off by %v: the self-test says %v", off, err)
		}
	}
}

// TestNotYetValid is told from expired.
func TestNotYetValid(t *testing.T) {
	o := newTown(t)
	line, _ := o.enrolled()
	ahead := o.certify(&x509.Certificate{
		SerialNumber: big.NewInt(3), NotBefore: time.Now().Add(20 * time.Minute), NotAfter: time.Now().Add(40 * time.Minute),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}, o.ca, o.key.Public())
	o.server.TLS.Certificates[0].Certificate[0] = ahead.Raw
	if err := ask(t, line); err == nil || !strings.Contains(err.Error(), "certificate is not yet valid: it begins") {
		t.Errorf("%v, want a certificate that is not yet valid", err)
	}
	for name, now := range map[string]time.Time{"is not yet valid": time.Now().AddDate(1, 0, 0), "has expired": time.Now().AddDate(-1, 0, 0)} {
		_, err := enrolAt(t.Context(), Settings{State: t.TempDir()}, newTownAt(t, now).invite(), "Eingang", heard())
		if err == nil || !strings.Contains(err.Error(), name) || errors.Is(err, enrolment.ErrPin) {
			t.Errorf("to enrol by a clock that is a year off: %v, want that the certificate %s", err, name)
		}
	}
}

// TestPassedIsRemembered: a station that nobody tells the time writes down, once an hour, what it has
// counted itself, and goes on from there when it starts again. One that knows the time writes nothing.
func TestPassedIsRemembered(t *testing.T) {
	o := newTown(t)
	line, dir := o.enrolled()
	if err := ask(t, line); err != nil {
		t.Fatal(err)
	}
	line.remember()
	if id, _, err := loadIdentity(dir); err != nil || !id.Passed.IsZero() {
		t.Errorf("with the time known it wrote down %v, %v", id.Passed, err)
	}
	passed := time.Now().AddDate(0, 0, 3)
	for range 2 {
		c := clock.New(&stopped{})
		again, err := identityAt(dir, c)
		if err != nil {
			t.Fatal(err)
		}
		if now, _ := c.Now(); now.After(passed) {
			t.Errorf("a start without the time counts from %v", now)
		}
		c.NotBefore(passed)
		again.remember()
		id, _, err := loadIdentity(dir)
		if err != nil || !id.Passed.Equal(passed.Truncate(time.Hour)) {
			t.Errorf("%v has passed, %v; want %v", id.Passed, err, passed.Truncate(time.Hour))
		}
	}
}

// TestCountsFromTheNewestCapture: a box that starts without the time knows by its outbox what has
// passed, unless another program keeps the clock, which may have been wrong.
func TestCountsFromTheNewestCapture(t *testing.T) {
	r := newRegistries(t)
	box := r.carrier()
	taken := time.Now().Add(50 * time.Hour).Truncate(time.Millisecond)
	box.put(t, taken.Add(-time.Hour))
	box.put(t, taken)
	for keeper, want := range map[string]bool{clockOffice: true, clockSystem: false} {
		c := clock.New(&stopped{})
		if err := (Settings{Clock: keeper}).countFrom(box.box, c); err != nil {
			t.Fatal(err)
		}
		if now, known := c.Now(); known || now.Before(taken) == want {
			t.Errorf("clock %q: it counts from %v, known %v", keeper, now, known)
		}
	}
}

// TestClockHoursBehindItsCertificate: by its own clock, which nobody vouches for, the station takes a
// certificate for valid that has ended. The real office would end the connection of who shows it.
func TestClockHoursBehindItsCertificate(t *testing.T) {
	r := newRegistries(t)
	c := r.carrier()
	is := c.office.now()
	ended, err := r.devices.Renew(t.Context(), is.Device, renewalOf(t, is), time.Now().Add(-8*24*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	is.identity.Certificate = ended
	if err := c.office.take(is.identity, is.key); err != nil {
		t.Fatal(err)
	}
	behind := clock.New(&stopped{})
	line, err := openOffice(c.office.dir, Settings{}, c.office.gate, behind, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if now, known := behind.Now(); known || now.After(ended.NotAfter) {
		t.Fatalf("at first it is %v, known %v; want before the certificate's end", now, known)
	}
	if err := ask(t, line); err != nil {
		t.Error(err)
	}
	if left := time.Until(line.now().NotAfter); left < 6*24*time.Hour {
		t.Errorf("the certificate holds for %v", left)
	}
}
