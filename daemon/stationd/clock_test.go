// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/internal/clock"
)

// A stopped kernel's clock shows what this machine's shows, whatever it is set to.
type stopped struct{ set []time.Time }

func (k *stopped) Synchronised() bool { return false }

func (k *stopped) Step(to time.Time) error {
	k.set = append(k.set, to)
	return nil
}

func (k *stopped) Slew(time.Duration) error { return nil }

// heard is the clock of a machine whose time another program keeps, and a server has confirmed: whether
// this machine is synchronised does not matter.
func heard() *clock.Clock {
	c := clock.Kept()
	_, _ = c.Hear(time.Now(), time.Second) // a clock that it does not set does not fail
	return c
}

// says makes the town answer with a Date of its own.
func (o *town) says(at time.Time) {
	inner := o.server.Config.Handler
	o.server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", at.UTC().Format(http.TimeFormat))
		inner.ServeHTTP(w, r)
	})
}

// TestClockYearsBehind: a station that was switched on with a clock that lags by
// years enrols, and has the office's time from its first answer on.
func TestClockYearsBehind(t *testing.T) {
	now := time.Now().AddDate(4, 0, 0).Truncate(time.Second)
	o := newTownAt(t, now)
	o.says(now)
	k := &stopped{}
	c := clock.New(k)
	_, dir := o.enrolledBy(c)
	if is, known := c.Now(); !known || is.Sub(now).Abs() > time.Minute || len(k.set) != 1 || k.set[0].Sub(now).Abs() > time.Second {
		t.Errorf("after the enrolment at %s the clock was set to %v, and it is %v, known %v", now, k.set, is, known)
	}
	if _, _, err := loadIdentity(dir); err != nil {
		t.Error(err)
	}
}

// TestTimeThatCannotBe: a server may hold a key of the office that has had its day.
// As long as the station does not know the time it does not take it from there.
func TestTimeThatCannotBe(t *testing.T) {
	for name, off := range map[string]time.Duration{
		"before the station's own certificate was made": -30 * time.Minute,
		"after the server's certificate has ended":      2 * time.Hour,
	} {
		o := newTown(t)
		_, dir := o.enrolled()
		o.says(time.Now().Add(off))
		k := &stopped{}
		c := clock.New(k)
		line, err := identityAt(dir, c)
		if err != nil {
			t.Fatal(err)
		}
		if err := ask(t, line); err == nil || !strings.Contains(err.Error(), "cannot be") || c.Trusted() || k.set != nil {
			t.Errorf("%s: %v, trusted %v, clock set to %v; want an error that names the time", name, err, c.Trusted(), k.set)
		}
	}
}

// TestStrangeServer: not knowing the time does not make the station trust anybody else.
func TestStrangeServer(t *testing.T) {
	o, other := newTown(t), newTown(t)
	_, dir := o.enrolled()
	c := clock.New(&stopped{})
	line, err := identityAt(dir, c)
	if err != nil {
		t.Fatal(err)
	}
	line.is.Address = other.server.Listener.Addr().String()
	if err := ask(t, line); err == nil || !strings.Contains(err.Error(), "x509: ") || c.Trusted() {
		t.Errorf("%v, trusted %v; want a certificate that is not believed", err, c.Trusted())
	}
}

func TestCertificateThatHasEnded(t *testing.T) {
	past := time.Now().Add(-48 * time.Hour)
	o := newTownAt(t, past)
	o.says(past)
	_, dir := o.enrolledBy(clock.New(&stopped{}))
	line, err := identityAt(dir, heard())
	if err != nil {
		t.Fatal(err)
	}
	if err := ask(t, line); err == nil || !strings.Contains(err.Error(), "expired") {
		t.Errorf("with the time known: %v, want an expired certificate", err)
	}
}
