// SPDX-License-Identifier: EUPL-1.2

package alert

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/google/go-cmp/cmp"

	"github.com/fotobox-project/fotobox/hack/lab/emulation"
	"github.com/fotobox-project/fotobox/registry/fleet"
	"github.com/fotobox-project/fotobox/registry/post"
	"github.com/fotobox-project/fotobox/registry/post/posttest"
	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
)

// victim names the database, and port the mail server, in the environment of the process to be killed.
const victim, port = "FOTOBOX_TEST_ALERT_FROM", "FOTOBOX_TEST_MAIL_PORT"

func TestMain(m *testing.M) {
	if where := os.Getenv(victim); where != "" {
		fmt.Fprintln(os.Stderr, sendOnce(where))
		os.Exit(1)
	}
	os.Exit(storetest.Both(m).Run())
}

// sendOnce is a program that looks and sends at noon.
func sendOnce(where string) error {
	s, err := store.Open(context.Background(), where)
	if err != nil {
		return err
	}
	to, _ := strconv.Atoi(os.Getenv(port)) // a port that is none is refused
	w := newWatch(s, post.Relay{Host: posttest.Host, Port: to, Plain: true, From: "fotobox@example.org"})
	w.holds = []fleet.Condition{{Fault: fleet.Camera, Device: "left"}}
	return errors.Join(w.Pass(context.Background(), noon), errors.New("it was not killed"))
}

var noon = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)

// A watch is alerts about what a test says, on a store and with a mail server.
type watch struct {
	*Alerts
	box    *post.Box
	holds  []fleet.Condition
	logged *bytes.Buffer
}

func newWatch(s *store.Store, relay post.Relay) *watch {
	w := &watch{logged: &bytes.Buffer{}}
	log := slog.New(slog.NewTextHandler(w.logged, nil))
	w.box = post.Alerts(s, relay, To{"technik@example.org", "nacht@example.org"}, log)
	w.Alerts = New(s, w.box, log)
	w.Look = func(context.Context, time.Time) ([]fleet.Condition, error) { return w.holds, nil }
	w.Words = func(c fleet.Condition, began time.Time, over bool) (string, string) {
		end := "begins"
		if over {
			end = "is over"
		}
		return string(c.Fault) + " at " + c.Device + " " + end, "since " + began.UTC().Format("15:04")
	}
	return w
}

func (w *watch) passes(t *testing.T, at time.Time) {
	t.Helper()
	if err := w.Pass(t.Context(), at); err != nil {
		t.Fatal(err)
	}
}

// waits counts the mails that should have been sent.
func (w *watch) waits(t *testing.T, now time.Time) int {
	t.Helper()
	n, err := w.box.Waiting(t.Context(), now)
	if err != nil {
		t.Error(err)
	}
	return n
}

// tried counts the attempts that failed.
func (w *watch) tried() int { return strings.Count(w.logged.String(), "it waits") }

// relay is how the office sends to the server.
func relay(p *posttest.Server) post.Relay {
	return post.Relay{
		Host: posttest.Host, Port: p.Port(), Roots: p.Roots, User: posttest.User, Password: func() (string, error) { return posttest.Password, nil },
		From: "fotobox@example.org",
	}
}

// subjects are what the mail server has, sorted.
func subjects(p *posttest.Server) []string {
	list := p.Headers("Subject")
	slices.Sort(list)
	return list
}

// TestOnceWhenItBeginsAndOnceWhenItEnds: however often it is looked at.
func TestOnceWhenItBeginsAndOnceWhenItEnds(t *testing.T) {
	p := posttest.New(t)
	w := newWatch(storetest.Open(t), relay(p))
	camera, overdue := fleet.Condition{Fault: fleet.Camera, Device: "left"}, fleet.Condition{Fault: fleet.Overdue}
	for n, holds := range [][]fleet.Condition{{camera}, {camera}, {camera, overdue}, {camera, overdue}, {overdue}, {}, {}, {camera}} {
		w.holds = holds
		w.passes(t, noon.Add(time.Duration(n)*turn))
	}
	want := []string{"camera at left begins", "camera at left begins", "camera at left is over", "overdue at  begins", "overdue at  is over"}
	if diff := cmp.Diff(want, subjects(p)); diff != "" {
		t.Errorf("mails (-want +got):\n%s", diff)
	}
	if got := p.Letters(); got[2].Body != "since 12:00\r\n" || got[3].Body != "since 12:02\r\n" {
		t.Errorf("bodies %q and %q: the end does not say since when", got[2].Body, got[3].Body)
	}
	if n := w.waits(t, noon.Add(time.Hour)); n != 0 {
		t.Errorf("%d mails wait", n)
	}
}

// TestServerAway: mails wait, longer from attempt to attempt, over a restart of ours, and come once it is back.
func TestServerAway(t *testing.T) {
	p := posttest.New(t)
	p.Close()
	where := storetest.Where(t)
	s := storetest.OpenAt(t, where)
	w := newWatch(s, relay(p))
	w.holds = []fleet.Condition{{Fault: fleet.Camera, Device: "left"}, {Fault: fleet.Disk, Device: "left"}}
	now := noon
	var tries []time.Time
	for range 300 {
		was := w.tried()
		w.passes(t, now)
		if w.tried() != was {
			tries = append(tries, now)
		}
		now = now.Add(turn)
	}
	if len(tries) < 10 || len(tries) > 40 || now.Sub(tries[len(tries)-1]) > time.Hour {
		t.Errorf("%d attempts in 300 minutes, the last %s ago; want more and more rarely, hourly at least", len(tries), now.Sub(tries[len(tries)-1]))
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	p.Open(t)
	again := newWatch(storetest.OpenAt(t, where), relay(p))
	again.holds = w.holds
	for range 61 {
		again.passes(t, now)
		now = now.Add(turn)
	}
	if diff := cmp.Diff([]string{"camera at left begins", "disk at left begins"}, subjects(p)); diff != "" {
		t.Errorf("mails (-want +got):\n%s", diff)
	}
	if !strings.Contains(w.logged.String(), "refused") {
		t.Errorf("the log does not say what is wrong:\n%s", w.logged)
	}
}

// TestServerRefuses: for now, or for good; it is asked again either way, since what is wrong is mostly there.
func TestServerRefuses(t *testing.T) {
	p := posttest.New(t)
	w := newWatch(storetest.Open(t), relay(p))
	w.holds = []fleet.Condition{{Fault: fleet.Clock, Device: "left"}}
	now := noon
	for _, refusal := range []*smtp.SMTPError{{Code: 451, Message: "later"}, {Code: 550, Message: "not from you"}} {
		p.Refuse(refusal)
		w.passes(t, now)
		if n := w.waits(t, now); n != 1 {
			t.Errorf("%v: %d mails wait", refusal, n)
		}
		if !strings.Contains(w.logged.String(), refusal.Message) {
			t.Errorf("the log does not say %q:\n%s", refusal.Message, w.logged)
		}
		now = now.Add(time.Hour)
	}
	p.Refuse(nil)
	w.passes(t, now)
	if got := p.Letters(); len(got) != 1 {
		t.Errorf("%d letters, want one", len(got))
	}
}

// TestKilledBetweenSentAndNoted: the process dies by kill -9 when the mail server has
// its mail, before it hears so. The mail goes out again, as the same one, and then no more.
func TestKilledBetweenSentAndNoted(t *testing.T) {
	p := posttest.New(t)
	where := storetest.Where(t)
	dying := emulation.Command(t.Context(), os.Args[0])
	dying.Env = append(os.Environ(), victim+"="+where, port+"="+strconv.Itoa(p.Port()))
	dying.Stderr = &bytes.Buffer{}
	lives, dead := make(chan struct{}), make(chan struct{})
	p.Taken(func() {
		<-lives
		_ = dying.Process.Kill()
		<-dead // and only then is answered
	})
	if err := dying.Start(); err != nil {
		t.Fatal(err)
	}
	close(lives)
	err := dying.Wait()
	close(dead)
	if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() != -1 {
		t.Fatalf("%v: %s", err, dying.Stderr)
	}
	p.Taken(nil)
	next := newWatch(storetest.OpenAt(t, where), relay(p))
	next.holds = []fleet.Condition{{Fault: fleet.Camera, Device: "left"}}
	for n := range 3 {
		next.passes(t, noon.Add(time.Duration(n+1)*turn))
	}
	if ids := p.Headers("Message-ID"); len(ids) != 2 || ids[0] != ids[1] || ids[0] == "" {
		t.Errorf("the letters are %q, want two of one Message-ID", ids)
	}
}

// TestOneOfSeveralSends: four programs on one store look and send at once.
func TestOneOfSeveralSends(t *testing.T) {
	p := posttest.New(t)
	where := storetest.Where(t)
	var all []*watch
	for range 4 {
		w := newWatch(storetest.OpenAt(t, where), relay(p))
		w.holds = []fleet.Condition{{Fault: fleet.Camera, Device: "left"}, {Fault: fleet.Database}}
		all = append(all, w)
	}
	for n := range 6 {
		var group sync.WaitGroup
		for _, w := range all {
			group.Go(func() {
				if err := w.Pass(t.Context(), noon.Add(time.Duration(n)*turn/2)); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
	}
	if diff := cmp.Diff([]string{"camera at left begins", "database at  begins"}, subjects(p)); diff != "" {
		t.Errorf("mails (-want +got):\n%s", diff)
	}
}

// TestNobodyCanLook: what waits is sent all the same, and nothing counts as over.
func TestNobodyCanLook(t *testing.T) {
	p := posttest.New(t)
	w := newWatch(storetest.Open(t), relay(p))
	w.holds = []fleet.Condition{{Fault: fleet.Camera, Device: "left"}}
	if err := w.Note(t.Context(), w.holds, noon); err != nil {
		t.Fatal(err)
	}
	w.Look = func(context.Context, time.Time) ([]fleet.Condition, error) { return nil, errors.New("no list") }
	w.passes(t, noon)
	if diff := cmp.Diff([]string{"camera at left begins"}, subjects(p)); diff != "" {
		t.Errorf("mails (-want +got):\n%s", diff)
	}
}
