// SPDX-License-Identifier: EUPL-1.2

package post

import (
	"bytes"
	"context"
	"database/sql"
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
	"github.com/fotobox-project/fotobox/registry/post/posttest"
	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
)

// victim names the database, port the mail server, and dies when it dies, in the
// environment of the process to be killed.
const victim, port, dies = "FOTOBOX_TEST_POST_FROM", "FOTOBOX_TEST_MAIL_PORT", "FOTOBOX_TEST_POST_DIES"

func TestMain(m *testing.M) {
	if where := os.Getenv(victim); where != "" {
		fmt.Fprintln(os.Stderr, putAndSend(where))
		os.Exit(1)
	}
	os.Exit(storetest.Both(m).Run())
}

// putAndSend is a program that has something to tell, and dies.
func putAndSend(where string) error {
	s, err := store.Open(context.Background(), where)
	if err != nil {
		return err
	}
	to, _ := strconv.Atoi(os.Getenv(port)) // a port that is none is refused
	b := Letters(s, Relay{Host: posttest.Host, Port: to, Plain: true, From: "fotobox@example.org"}, &clerk{}, slog.New(slog.DiscardHandler))
	err = s.Write(context.Background(), func(tx *sql.Tx) error { return Put(context.Background(), tx, anna(), noon) })
	if err == nil && os.Getenv(dies) == "committed" {
		fmt.Println("committed")
		time.Sleep(time.Hour) // killed meanwhile
	}
	return errors.Join(err, b.Turn(context.Background(), noon), errors.New("it was not killed"))
}

var noon = time.Date(2025, 12, 1, 12, 0, 0, 0, time.UTC)

// anna is a letter to her.
func anna() Message { return Message{Kind: Confirmed, About: "1", To: "anna@example.org"} }

// A clerk writes what the message is about.
type clerk struct{ err error }

func (c *clerk) Write(_ context.Context, m Message, _ time.Time) (Letter, error) {
	return Letter{To: []string{m.To}, Subject: string(m.Kind) + " " + m.About, Text: m.Facts.Body}, c.err
}

// A room is a box with its mail server.
type room struct {
	*Box
	server *posttest.Server
	clerk  *clerk
	logged *bytes.Buffer
}

func newRoom(t *testing.T, s *store.Store, p *posttest.Server) *room {
	t.Helper()
	r := &room{server: p, clerk: &clerk{}, logged: &bytes.Buffer{}}
	r.Box = Letters(s, relayTo(p), r.clerk, slog.New(slog.NewTextHandler(r.logged, nil)))
	return r
}

func (r *room) puts(t *testing.T, list ...Message) {
	t.Helper()
	err := r.store.Write(t.Context(), func(tx *sql.Tx) error {
		for _, m := range list {
			if err := Put(t.Context(), tx, m, noon); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (r *room) turns(t *testing.T, at time.Time) {
	t.Helper()
	if err := r.Turn(t.Context(), at); err != nil {
		t.Fatal(err)
	}
}

func (r *room) waits(t *testing.T, at time.Time) int {
	t.Helper()
	n, err := r.Waiting(t.Context(), at)
	if err != nil {
		t.Error(err)
	}
	return n
}

func (r *room) count(how result) int64 { return r.counts[how].Load() }

// TestOnlyWhatHappened is told: what is undone puts no letter.
func TestOnlyWhatHappened(t *testing.T) {
	r := newRoom(t, storetest.Open(t), posttest.New(t))
	undone := errors.New("undone")
	err := r.store.Write(t.Context(), func(tx *sql.Tx) error { return errors.Join(Put(t.Context(), tx, anna(), noon), undone) })
	if !errors.Is(err, undone) {
		t.Fatal(err)
	}
	if err := r.store.Write(t.Context(), func(tx *sql.Tx) error { return Put(t.Context(), tx, Message{Kind: Moved}, noon) }); !errors.Is(err, errPut) {
		t.Errorf("about nothing: %v", err)
	}
	r.turns(t, noon)
	if n := len(r.server.Letters()); n != 0 || r.waits(t, noon) != 0 {
		t.Errorf("%d letters of nothing", n)
	}
}

// TestFactsComeBack: each as it was put, and nothing that was not.
func TestFactsComeBack(t *testing.T) {
	r := newRoom(t, storetest.Open(t), posttest.New(t))
	want := []Message{
		{Kind: Moved, About: "0123456789abcdef", Facts: Facts{Revision: 3, Start: noon, Location: "mitte", Reason: ByOffice}},
		{Kind: WishLapsed, About: "7", To: "anna@example.org", Facts: Facts{Service: 102, Until: noon.Add(time.Hour), Wish: "7", Language: "uk"}},
	}
	r.puts(t, want...)
	got, err := r.due(t.Context(), noon)
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(got, func(a, b Message) int { return strings.Compare(string(a.Kind), string(b.Kind)) })
	for i := range got {
		if got[i].ID == "" || !got[i].Due.Equal(noon) {
			t.Errorf("%+v has no id, or another time", got[i])
		}
		got[i].ID, got[i].Due = "", time.Time{}
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(Message{})); diff != "" {
		t.Errorf("messages (-want +got):\n%s", diff)
	}
}

// TestNotBeforeItsTime: a reminder waits, and is nothing that is late.
func TestNotBeforeItsTime(t *testing.T) {
	r := newRoom(t, storetest.Open(t), posttest.New(t))
	m := anna()
	m.Due = noon.Add(48 * time.Hour)
	r.puts(t, m)
	r.turns(t, m.Due.Add(-time.Millisecond))
	if n := r.waits(t, m.Due.Add(-time.Millisecond)); n != 0 || len(r.server.Letters()) != 0 {
		t.Errorf("%d wait, %d were sent before their time", n, len(r.server.Letters()))
	}
	r.turns(t, m.Due)
	if got := r.server.Headers("Date"); len(got) != 1 || got[0] != "Wed, 03 Dec 2025 12:00:00 +0000" {
		t.Errorf("at its time: %q", got)
	}
}

// TestNothingToTell is forgotten without a letter.
func TestNothingToTell(t *testing.T) {
	r := newRoom(t, storetest.Open(t), posttest.New(t))
	r.clerk.err = fmt.Errorf("moved since: %w", ErrOver)
	r.puts(t, anna())
	r.turns(t, noon)
	if r.waits(t, noon) != 0 || r.count(over) != 1 || len(r.server.Letters()) != 0 {
		t.Errorf("%d wait, %d over, %d letters", r.waits(t, noon), r.count(over), len(r.server.Letters()))
	}
}

// TestWhatCannotBeWrittenWaits, and is written when it can.
func TestWhatCannotBeWrittenWaits(t *testing.T) {
	r := newRoom(t, storetest.Open(t), posttest.New(t))
	r.clerk.err = errors.New("no words")
	r.puts(t, anna())
	r.turns(t, noon)
	if r.waits(t, noon) != 1 || r.count(failed) != 1 || !strings.Contains(r.logged.String(), "no words") {
		t.Errorf("%d wait, %d failed:\n%s", r.waits(t, noon), r.count(failed), r.logged)
	}
	r.clerk.err = nil
	r.turns(t, noon.Add(time.Hour))
	if len(r.server.Letters()) != 1 {
		t.Errorf("%d letters, want one", len(r.server.Letters()))
	}
}

// TestOneAddressDelaysNoOther: whatever is wrong with it, the others have their
// letters in the same turn; and no log and no error says whose it is.
func TestOneAddressDelaysNoOther(t *testing.T) {
	for name, why := range map[string]error{
		"for good":       &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "canary@example.org: no such user"},
		"for now":        &smtp.SMTPError{Code: 450, EnhancedCode: smtp.EnhancedCode{4, 2, 2}, Message: "canary's mailbox is full"},
		"without a word": posttest.ErrHangUp,
	} {
		t.Run(name, func(t *testing.T) {
			r := newRoom(t, storetest.Open(t), posttest.New(t))
			r.server.RefuseTo("canary@example.org", why)
			bad := Message{Kind: Confirmed, About: "0", To: "canary@example.org"}
			r.puts(t, bad, anna(), bad, anna(), anna(), bad)
			r.turns(t, noon)
			if n := len(r.server.Letters()); n != 3 || r.waits(t, noon) != 3 {
				t.Errorf("%d of 3 letters were taken, %d wait:\n%s", n, r.waits(t, noon), r.logged)
			}
			if strings.Contains(r.logged.String(), "canary") || strings.Contains(r.logged.String(), "anna") {
				t.Errorf("the log says who:\n%s", r.logged)
			}
		})
	}
}

// TestNewLettersGoFirst: however many wait that are refused again and again.
func TestNewLettersGoFirst(t *testing.T) {
	r := newRoom(t, storetest.Open(t), posttest.New(t))
	r.server.RefuseTo("ben@example.org", posttest.ErrHangUp)
	for range 2 * fruitless {
		r.puts(t, Message{Kind: Confirmed, About: "0", To: "ben@example.org"})
	}
	r.turns(t, noon)
	r.turns(t, noon.Add(turn))
	r.puts(t, anna())
	r.turns(t, noon.Add(24*time.Hour))
	if n := len(r.server.Letters()); n != 1 {
		t.Errorf("%d letters, want the one that nobody refuses:\n%s", n, r.logged)
	}
}

// TestRefusedForGoodEnds after as many attempts as there are, and is counted; what
// is refused for now waits on.
func TestRefusedForGoodEnds(t *testing.T) {
	r := newRoom(t, storetest.Open(t), posttest.New(t))
	r.server.RefuseTo("anna@example.org", &smtp.SMTPError{Code: 550, Message: "no such user"})
	r.server.RefuseTo("ben@example.org", &smtp.SMTPError{Code: 450, Message: "later"})
	r.puts(t, anna(), Message{Kind: Confirmed, About: "2", To: "ben@example.org"})
	var end time.Time
	for at := noon; at.Before(noon.Add(24 * time.Hour)); at = at.Add(5 * time.Minute) {
		r.turns(t, at)
		if end.IsZero() && r.count(givenUp) > 0 {
			end = at
		}
	}
	if d := end.Sub(noon); end.IsZero() || d < time.Hour || d > 3*time.Hour {
		t.Errorf("given up after %s, want some two hours", d)
	}
	if n := r.waits(t, noon.Add(24*time.Hour)); r.count(givenUp) != 1 || n != 1 || r.count(failed) < 7+24 {
		t.Errorf("%d given up, %d wait, %d attempts failed", r.count(givenUp), n, r.count(failed))
	}
	r.server.RefuseTo("ben@example.org", nil)
	r.turns(t, noon.Add(25*time.Hour))
	if got := r.server.Letters(); len(got) != 1 || got[0].To[0] != "ben@example.org" {
		t.Errorf("letters %v, want ben's", got)
	}
}

// TestServerRefusesAll: it is not asked for every letter that waits, and not within the turn again.
func TestServerRefusesAll(t *testing.T) {
	r := newRoom(t, storetest.Open(t), posttest.New(t))
	r.server.Refuse(&smtp.SMTPError{Code: 451, Message: "out of order"})
	for range 3 * fruitless {
		r.puts(t, anna())
	}
	r.turns(t, noon)
	r.turns(t, noon.Add(turn/2))
	if n := r.count(failed); n != fruitless {
		t.Errorf("%d attempts in one turn, want %d", n, fruitless)
	}
	r.server.Refuse(nil)
	r.turns(t, noon.Add(turn))
	r.turns(t, noon.Add(time.Hour))
	if n := len(r.server.Letters()); n != 3*fruitless {
		t.Errorf("%d letters, want %d", n, 3*fruitless)
	}
}

// TestAfterARestart: the server was away, and so were we.
func TestAfterARestart(t *testing.T) {
	p, where := posttest.New(t), storetest.Where(t)
	s := storetest.OpenAt(t, where)
	r := newRoom(t, s, p)
	p.Close()
	for range 60 {
		r.puts(t, anna())
	}
	r.turns(t, noon)
	if r.count(failed) != 1 || !strings.Contains(r.logged.String(), "refused") {
		t.Errorf("%d attempts while the server is away, want one:\n%s", r.count(failed), r.logged)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	p.Open(t)
	next := newRoom(t, storetest.OpenAt(t, where), p)
	next.turns(t, noon.Add(turn))
	next.turns(t, noon.Add(time.Hour))
	if ids := p.Headers("Message-ID"); len(ids) != 60 || len(slices.Compact(slices.Sorted(slices.Values(ids)))) != 60 {
		t.Errorf("%d letters, want 60, each once", len(ids))
	}
}

// TestKilled: by kill -9 between the commit and the letter, or when the mail server
// has it, before it hears so. Then it goes out again, as the same one, and then no more.
func TestKilled(t *testing.T) {
	for when, want := range map[string]int{"committed": 1, "sent": 2} {
		t.Run(when, func(t *testing.T) {
			p, where := posttest.New(t), storetest.Where(t)
			die(t, p, where, when)
			next := newRoom(t, storetest.OpenAt(t, where), p)
			for n := range 3 {
				next.turns(t, noon.Add(time.Duration(n+1)*turn))
			}
			if ids := p.Headers("Message-ID"); len(ids) != want || len(slices.Compact(ids)) != 1 || ids[0] == "" {
				t.Errorf("the letters are %q, want %d of one Message-ID", ids, want)
			}
		})
	}
}

func die(t *testing.T, p *posttest.Server, where, when string) {
	t.Helper()
	dying := emulation.Command(t.Context(), os.Args[0])
	dying.Env = append(os.Environ(), victim+"="+where, port+"="+strconv.Itoa(p.Port()), dies+"="+when)
	dying.Stderr = &bytes.Buffer{}
	said, err := dying.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
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
	if when == "committed" {
		if _, err := said.Read(make([]byte, 1)); err != nil {
			t.Fatalf("%v: %s", err, dying.Stderr)
		}
		_ = dying.Process.Kill()
	}
	err = dying.Wait()
	close(dead)
	p.Taken(nil)
	if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() != -1 {
		t.Fatalf("%v: %s", err, dying.Stderr)
	}
}

// TestOneOfSeveralSends: four programs on one store look at once, again and again.
func TestOneOfSeveralSends(t *testing.T) {
	p, where := posttest.New(t), storetest.Where(t)
	var all []*room
	for range 4 {
		all = append(all, newRoom(t, storetest.OpenAt(t, where), p))
	}
	for range 30 {
		all[0].puts(t, anna())
	}
	for range 5 {
		var group sync.WaitGroup
		for _, r := range all {
			group.Go(func() {
				if err := r.Turn(t.Context(), noon); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
	}
	if ids := p.Headers("Message-ID"); len(ids) != 30 || len(slices.Compact(slices.Sorted(slices.Values(ids)))) != 30 {
		t.Errorf("%d letters, want 30, each once", len(ids))
	}
}

// TestLanes: what is told to citizens is not the technicians', and neither waits for the other.
func TestLanes(t *testing.T) {
	r := newRoom(t, storetest.Open(t), posttest.New(t))
	told := Alerts(r.store, relayTo(r.server), r.clerk, r.log)
	r.puts(t, anna(), Message{Kind: Alert, About: "camera", To: "technik@example.org"})
	if err := told.Send(t.Context(), noon); err != nil {
		t.Fatal(err)
	}
	if got := r.server.Headers("Subject"); len(got) != 1 || got[0] != "alert camera" {
		t.Errorf("the lane of alerts carried %q", got)
	}
	r.puts(t, Message{Kind: Alert, About: "disk", To: "technik@example.org"})
	if err := r.store.Write(t.Context(), func(tx *sql.Tx) error { return Settle(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
	if err := told.Send(t.Context(), noon); err != nil || r.waits(t, noon) != 1 {
		t.Errorf("%v, %d letters wait behind a restore", err, r.waits(t, noon))
	}
	r.turns(t, noon)
	if got := r.server.Headers("Subject"); len(got) != 2 || got[1] != "confirmed 1" {
		t.Errorf("the lane of letters carried %q", got)
	}
}

// TestRun sends soon after something was put, and ends with its context.
func TestRun(t *testing.T) {
	r := newRoom(t, storetest.Open(t), posttest.New(t))
	ctx, stop := context.WithCancel(t.Context())
	taken := make(chan struct{})
	r.server.Taken(func() { close(taken) })
	ended := make(chan error)
	go func() { ended <- r.Run(ctx) }()
	r.puts(t, anna())
	<-taken
	stop()
	if err := <-ended; err != nil {
		t.Errorf("Run = %v", err)
	}
}
