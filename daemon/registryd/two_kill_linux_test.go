// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/clerks"
	"github.com/fotobox-project/fotobox/registry/inbox"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

// A pair is two programs on one database, of which one is killed again and again.
type pair struct {
	t        *testing.T
	survivor *office
	logged   *safeBuffer
	victim   Settings // with other ports
	running  *exec.Cmd
	browser  *http.Client
}

// patience is how long a station or a clerk asks both programs for one thing.
const patience = 20 * time.Second

// newPair has a capture whose time ends in the middle of the test.
func newPair(t *testing.T) (p *pair, ends uuid.UUID) {
	t.Helper()
	first, _, stop := started(t)
	ends = uuid.Must(uuid.NewV7())
	taken := time.Now().Add(5*time.Second - envelope.Lifetime).UnixMilli()
	for i := range 6 {
		ends[i] = byte(taken >> (40 - 8*i))
	}
	sealed := []byte("age-encryption.org/v1\n")
	if _, _, err := first.inbox.Put(t.Context(), "station", ends, appointment.ID{9}, envelope.Digest(sha256.Sum256(sealed)), bytes.NewReader(sealed)); err != nil {
		t.Fatal(err)
	}
	password := clerks.NewPassword()
	if err := first.clerks.Add(t.Context(), "anna", password, clerks.RoleClerk); err != nil {
		t.Fatal(err)
	}
	stop()
	p = &pair{t: t, victim: first.settings}
	p.survivor, p.logged, _ = startedOn(t, first.settings)
	p.victim.Device, p.victim.Desk = free(t), free(t)
	p.start()
	t.Cleanup(p.kill)
	p.signIn(password)
	return p, ends
}

// start runs the victim and waits until it serves.
func (p *pair) start() {
	p.t.Helper()
	name := filepath.Join(p.t.TempDir(), "office.toml")
	write(p.t, name, fmt.Appendf(nil, "state = %q\ndatabase = %q\ndevice = %q\nlisten = %q\ndesk = %q\n",
		p.victim.State, p.victim.Database, p.victim.Device, p.victim.Device, p.victim.Desk))
	p.running = registryd(p.t, "run", "-config", name)
	if err := p.running.Start(); err != nil {
		p.t.Fatal(err)
	}
	for deadline := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		a, err := http.Get("http://" + p.victim.Desk + "/sign-in")
		if err == nil {
			a.Body.Close()
			return
		}
		if time.Now().After(deadline) {
			p.t.Fatal(err)
		}
	}
}

// kill ends the victim as a power cut does.
func (p *pair) kill() {
	_ = p.running.Process.Kill()
	_ = p.running.Wait() // it was killed, and says so
}

// signIn signs a clerk in at the victim; the session holds at both.
func (p *pair) signIn(password string) {
	p.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	p.browser = &http.Client{Jar: jar, Timeout: 5 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	status, err := p.ask(p.browser, p.page(p.victim.Desk, "/sign-in", url.Values{"name": {"anna"}, "password": {password}}))
	if err != nil || status != http.StatusSeeOther {
		p.t.Fatalf("sign-in: %d, %v", status, err)
	}
}

// page asks for a page of the desk, or sends a form.
func (p *pair) page(desk, path string, form url.Values) func() (*http.Request, error) {
	return func() (*http.Request, error) {
		if form == nil {
			return http.NewRequestWithContext(p.t.Context(), "GET", "http://"+desk+path, nil)
		}
		r, err := http.NewRequestWithContext(p.t.Context(), "POST", "http://"+desk+path, strings.NewReader(form.Encode()))
		if err == nil {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("Origin", "http://"+desk)
		}
		return r, err
	}
}

func (p *pair) ask(c *http.Client, make func() (*http.Request, error)) (int, error) {
	r, err := make()
	if err != nil {
		return 0, err
	}
	a, err := c.Do(r)
	if err != nil {
		return 0, err
	}
	_, err = io.Copy(io.Discard, a.Body)
	return a.StatusCode, errors.Join(err, a.Body.Close())
}

// insist asks one program after the other until one gives the wanted answer.
func (p *pair) insist(c *http.Client, first int, good func(int) bool, ways ...func() (*http.Request, error)) (took time.Duration, err error) {
	began, status := time.Now(), 0
	for n := first; time.Since(began) < patience; n++ {
		if status, err = p.ask(c, ways[n%len(ways)]); err == nil && good(status) {
			return time.Since(began), nil
		}
		time.Sleep(20 * time.Millisecond)
	}
	return 0, fmt.Errorf("no program answered well within %s: %d, %w", patience, status, err)
}

// A load is what stations deliver and clerks take over.
type load struct {
	mu        sync.Mutex
	delivered []uuid.UUID
	longest   time.Duration
}

func (l *load) note(took time.Duration, id uuid.UUID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.longest = max(l.longest, took)
	l.delivered = append(l.delivered, id)
}

// A parcel is a capture that a station has ready.
type parcel struct {
	id   uuid.UUID
	ways []func() (*http.Request, error) // to the one and to the other program
}

// parcel seals one capture.
func (p *pair) parcel(recipients []string, n int) parcel {
	p.t.Helper()
	id, put := delivery(p.t, p.survivor, recipients, appointment.ID{1, byte(n >> 8), byte(n)})
	sealed, err := io.ReadAll(put.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	to := func(host string) func() (*http.Request, error) {
		return func() (*http.Request, error) {
			r, err := http.NewRequestWithContext(p.t.Context(), "PUT", "https://"+host+put.URL.Path, bytes.NewReader(sealed))
			if err == nil {
				r.Header = put.Header
			}
			return r, err
		}
	}
	return parcel{id, []func() (*http.Request, error){to(p.survivor.settings.Device), to(p.victim.Device)}}
}

// deliver brings a station's captures, to both programs in turn.
func (p *pair) deliver(c *http.Client, list []parcel, arrived chan<- uuid.UUID, l *load) error {
	for n, parcel := range list {
		took, err := p.insist(c, n, func(s int) bool { return s == 200 || s == 201 }, parcel.ways...)
		if err != nil {
			return fmt.Errorf("capture %s: %w", parcel.id, err)
		}
		l.note(took, parcel.id)
		arrived <- parcel.id
		time.Sleep(40 * time.Millisecond)
	}
	return nil
}

// take opens captures at one program and takes them over at the other.
func (p *pair) take(arrived <-chan uuid.UUID) error {
	n := 0
	for id := range arrived {
		n++
		path := "/captures/" + id.String()
		ways := func(path string, form url.Values) []func() (*http.Request, error) {
			return []func() (*http.Request, error){p.page(p.survivor.settings.Desk, path, form), p.page(p.victim.Desk, path, form)}
		}
		if _, err := p.insist(p.browser, n, func(s int) bool { return s == 200 }, ways(path, nil)...); err != nil {
			return fmt.Errorf("open %s: %w", id, err)
		}
		// Who asks again after a lost answer is told that it is taken.
		done := func(s int) bool { return s == http.StatusSeeOther || s == http.StatusConflict }
		if _, err := p.insist(p.browser, n+1, done, ways(path+"/take-over", url.Values{"photo": {"1"}, "reason": {string(inbox.OKObvious)}})...); err != nil {
			return fmt.Errorf("take %s over: %w", id, err)
		}
	}
	return nil
}

// TestOneOfTwoIsKilled: three stations deliver to two programs, two clerks open at one and
// take over at the other, and one program is killed twice in the middle of everything.
func TestOneOfTwoIsKilled(t *testing.T) {
	storetest.ServerOnly(t)
	p, ends := newPair(t)
	arrived, l := make(chan uuid.UUID, 100), &load{}
	var stations, desks sync.WaitGroup
	errs := make(chan error, 5)
	for s := range 3 {
		client, settings := enrolled(t, p.survivor)
		var list []parcel
		for n := range 20 {
			list = append(list, p.parcel(settings.Recipients, 20*s+n))
		}
		stations.Go(func() { errs <- p.deliver(client, list, arrived, l) })
	}
	for range 2 {
		desks.Go(func() { errs <- p.take(arrived) })
	}
	for range 2 {
		time.Sleep(rand.N(time.Second))
		p.kill()
		p.start()
	}
	stations.Wait()
	close(arrived)
	desks.Wait()
	for range 5 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	t.Logf("%d captures, the longest delivery took %s", len(l.delivered), l.longest)
	p.account(l.delivered, ends)
}

// account: everything is there once, and the record has it once.
func (p *pair) account(delivered []uuid.UUID, ends uuid.UUID) {
	p.t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		i, err := p.survivor.inbox.Get(p.t.Context(), ends)
		if err != nil || !i.ErasedAt.IsZero() {
			break
		}
		if time.Now().After(deadline) {
			p.t.Error("a capture whose time is over is not erased")
			break
		}
	}
	want := map[string]int{"forgotten capture:" + ends.String(): 1, "delivered capture:" + ends.String(): 1}
	for _, id := range delivered {
		want["delivered capture:"+id.String()], want["taken capture:"+id.String()] = 1, 1
	}
	got := map[string]int{}
	for e, err := range audit.All(p.t.Context(), p.survivor.store) {
		if err != nil {
			p.t.Fatal(err)
		}
		if key := e.Action + " " + e.Subject; want[key] > 0 || e.Action == "delivered" || e.Action == "taken" {
			got[key]++
		}
	}
	for key, n := range got {
		if n != want[key] {
			p.t.Errorf("%s: %d times, want %d", key, n, want[key])
		}
		delete(want, key)
	}
	for key := range want {
		p.t.Errorf("%s: never", key)
	}
	var items int
	err := p.survivor.store.Read(p.t.Context(), func(tx *sql.Tx) error { return tx.QueryRow(`SELECT count(*) FROM items`).Scan(&items) })
	if err != nil || items != len(delivered)+1 {
		p.t.Errorf("%d captures, %v, want %d", items, err, len(delivered)+1)
	}
	if _, err := audit.Verify(p.t.Context(), p.survivor.store); err != nil {
		p.t.Error(err)
	}
	if strings.Contains(p.logged.String(), "level=ERROR") {
		p.t.Errorf("log:\n%s", p.logged)
	}
}
