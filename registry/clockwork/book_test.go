// SPDX-License-Identifier: EUPL-1.2

package clockwork

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ed25519"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fotobox-project/fotobox/hack/lab/emulation"
	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/book/town"
	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
)

// victim names, in the environment, the database of a program that is killed.
const victim = "CLOCKWORK_VICTIM"

func TestMain(m *testing.M) {
	if where := os.Getenv(victim); where != "" {
		beKilled(where)
		return
	}
	os.Exit(storetest.Both(m).Run())
}

// open opens the book of a large town in a database, as each program does.
func open(t *testing.T, where string) (*store.Store, *book.Book) {
	t.Helper()
	s, err := store.Open(t.Context(), where)
	if err != nil {
		t.Fatal(err)
	}
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return s, book.New(s, 5112000, key)
}

func at(t *testing.T, text string) time.Time {
	t.Helper()
	when, err := time.ParseInLocation("2006-01-02 15:04", text, book.Zone())
	if err != nil {
		t.Fatal(err)
	}
	return when
}

func quiet(b *book.Book) *Clockwork { return New(slog.New(slog.DiscardHandler), OfBook(b)...) }

func count(t *testing.T, s *store.Store, query string, args ...any) (n int) {
	t.Helper()
	err := s.Read(t.Context(), func(tx *sql.Tx) error { return tx.QueryRow(query, args...).Scan(&n) })
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// released is how many releases the record has of days from that one on.
func released(t *testing.T, s *store.Store, kind string) int {
	t.Helper()
	return count(t, s, `SELECT count(*) FROM audit WHERE action = 'seats-released' AND detail LIKE $1`, kind+"%")
}

// TestDownOverNine: a program that was down from Monday evening to Tuesday noon
// releases once what was due at seven and at nine, and lapses the hold.
func TestDownOverNine(t *testing.T) {
	s, b := open(t, storetest.Where(t))
	defer s.Close()
	monday := at(t, "2026-11-30 18:00")
	if _, err := b.SetTown(t.Context(), "clerk:anna", town.Duisburg(), monday); err != nil {
		t.Fatal(err)
	}
	r, start := book.Request{Location: "mitte", Service: 102, Persons: 1}, at(t, "2026-12-03 10:00")
	if _, err := b.Take(t.Context(), r, start, book.Step{Do: book.Hold, At: monday, Actor: "citizen"}); err != nil {
		t.Fatal(err)
	}
	c := quiet(b)
	c.Pass(t.Context(), monday)
	if n := released(t, s, ""); n != 0 {
		t.Errorf("%d releases on Monday evening", n)
	}
	for _, text := range []string{"2026-12-01 12:00", "2026-12-01 12:00", "2026-12-01 12:01"} {
		c.Pass(t.Context(), at(t, text))
		if public, internal := released(t, s, "public"), released(t, s, "internal"); public != 1 || internal != 1 {
			t.Errorf("at %s: %d releases of public seats and %d of the reserve, want one of each", text, public, internal)
		}
		if n := count(t, s, `SELECT count(*) FROM audit WHERE action = 'appointment-lapsed'`); n != 1 {
			t.Errorf("at %s: %d holds lapsed, want 1", text, n)
		}
	}
	if got := c.jobs[1].figures; got.lag < 11*time.Hour {
		t.Errorf("the release was %s late, want since midnight, when the new day's slots were due", got.lag)
	}
	if _, err := audit.Verify(t.Context(), s); err != nil {
		t.Error(err)
	}
}

// TestTwoProgramsOnTime: two programs on one database run over three days, on
// clocks of their own; each release is there at its moment, and once.
func TestTwoProgramsOnTime(t *testing.T) {
	where := storetest.Where(t)
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(at(t, "2026-11-30 18:00")))
		s, b := open(t, where)
		other, beside := open(t, where)
		if _, err := b.SetTown(t.Context(), "clerk:anna", town.Duisburg(), time.Now()); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		var both sync.WaitGroup
		for _, c := range []*Clockwork{quiet(b), quiet(beside)} {
			both.Go(func() {
				if err := c.Run(ctx); err != nil {
					t.Error(err)
				}
			})
		}
		for _, step := range []struct {
			until            string
			public, internal int
		}{
			{"2026-12-01 06:59", 0, 0}, {"2026-12-01 07:01", 0, 1}, {"2026-12-01 08:59", 0, 1}, {"2026-12-01 09:01", 1, 1},
			{"2026-12-02 09:01", 2, 2}, {"2026-12-03 08:59", 2, 3},
		} {
			time.Sleep(time.Until(at(t, step.until)))
			if public, internal := released(t, s, "public"), released(t, s, "internal"); public != step.public || internal != step.internal {
				t.Errorf("%s: %d releases of public seats and %d of the reserve, want %d and %d", step.until, public, internal, step.public, step.internal)
			}
		}
		cancel()
		both.Wait()
		if late := count(t, s, `SELECT count(*) FROM audit WHERE action = 'seats-released' AND at % 3600000 >= 1000`); late != 0 {
			t.Errorf("%d releases were more than a second late", late)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if err := other.Close(); err != nil {
			t.Error(err)
		}
	})
}

// beKilled is a program that releases at the moments it is told, until it is killed.
func beKilled(where string) {
	s, err := store.Open(context.Background(), where)
	if err != nil {
		panic(err)
	}
	b := book.New(s, 5112000, nil)
	fmt.Println("ready")
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		now, err := time.Parse(time.RFC3339, lines.Text())
		if err != nil {
			panic(err)
		}
		quiet(b).Pass(context.Background(), now)
		fmt.Println("done")
	}
}

// TestKilledWhileReleasing: a program is killed at nine o'clock, each day a bit
// later in its work. The one that comes after it finds all or nothing done.
func TestKilledWhileReleasing(t *testing.T) {
	if testing.Short() || emulation.Active() {
		t.Skip("starts and kills a program again and again")
	}
	where := storetest.Where(t)
	s, b := open(t, where)
	defer s.Close()
	now := at(t, "2026-11-30 18:00")
	if _, err := b.SetTown(t.Context(), "clerk:anna", town.Duisburg(), now); err != nil {
		t.Fatal(err)
	}
	const days = 16
	var whole time.Duration // that the program takes when nobody kills it
	before, early := 0, 0
	for day := range days {
		now = time.Date(now.Year(), now.Month(), now.Day()+1, 9, 0, 0, 0, book.Zone())
		due, err := b.ReleaseDue(t.Context())
		if err != nil || due.After(now) {
			t.Fatal(due, err)
		}
		took := killWhileItWorks(t, where, now, whole*time.Duration(2*day)/days)
		if day == 0 {
			whole = took
		}
		if released(t, s, "") == before {
			early++
		}
		quiet(b).Pass(t.Context(), now.Add(time.Minute))
		before = released(t, s, "")
		if due, err = b.ReleaseDue(t.Context()); err != nil || !due.After(now.Add(time.Minute)) {
			t.Errorf("%s: the next release is due at %s, %v", now, due, err)
		}
	}
	t.Logf("on %d of %d days the program was killed before it had released anything, which takes %s", early, days, whole)
	if n := count(t, s, `SELECT count(*) FROM (SELECT subject, detail FROM audit WHERE action = 'seats-released' GROUP BY subject, detail HAVING count(*) > 1) AS twice`); n != 0 {
		t.Errorf("%d releases happened twice", n)
	}
	if public, want := released(t, s, "public"), openDays(t, b, now); public != want {
		t.Errorf("%d releases of public seats in %d days, want %d", public, days, want)
	}
	if _, err := audit.Verify(t.Context(), s); err != nil {
		t.Error(err)
	}
}

// openDays is how many days were to be released from 1 December on.
func openDays(t *testing.T, b *book.Book, last time.Time) int {
	t.Helper()
	p, err := b.Plan(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	days := map[string]bool{}
	for _, r := range p.Ahead(at(t, "2026-11-30 18:00"), last) {
		if r.Kind == "public" {
			days[r.Day.String()] = true
		}
	}
	return len(days)
}

// killWhileItWorks has a program release, and kills it after that time; without
// one when it is done, and says how long that took.
func killWhileItWorks(t *testing.T, where string, now time.Time, delay time.Duration) time.Duration {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), victim+"="+where)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	said := bufio.NewScanner(pipe)
	if !said.Scan() || said.Text() != "ready" {
		t.Errorf("the program said %q, %v", said.Text(), said.Err())
	}
	begun := time.Now()
	if _, err := io.WriteString(in, now.Format(time.RFC3339)+"\n"); err != nil {
		t.Error(err)
	}
	if delay == 0 && !said.Scan() {
		t.Errorf("the program ended: %v", said.Err())
	}
	time.Sleep(delay)
	took := time.Since(begun)
	if err := cmd.Process.Kill(); err != nil {
		t.Error(err)
	}
	_ = cmd.Wait() // it was killed
	return took
}

// A lender follows the book, and cannot do its part at first.
type lender struct{ refusals, opened int }

func (l *lender) Made(context.Context, *sql.Tx, book.Event) error { return nil }

func (l *lender) Opened(context.Context, *sql.Tx, book.Opening, time.Time) error {
	if l.refusals > 0 {
		l.refusals--
		return errors.New("not now")
	}
	l.opened++
	return nil
}

// TestWholeOrNothing: what a follower refuses is undone, and done once it can be.
func TestWholeOrNothing(t *testing.T) {
	s, b := open(t, storetest.Where(t))
	defer s.Close()
	now := at(t, "2026-11-30 12:00")
	if _, err := b.SetTown(t.Context(), "clerk:anna", town.Duisburg(), now); err != nil {
		t.Fatal(err)
	}
	r := book.Request{Location: "mitte", Service: 102, Persons: 1}
	a, err := b.Take(t.Context(), r, at(t, "2026-12-03 10:00"), book.Step{Do: book.Hold, At: now, Actor: "citizen"})
	if err != nil {
		t.Fatal(err)
	}
	l := &lender{refusals: 2}
	b.Follow(l)
	var log bytes.Buffer
	c := New(slog.New(slog.NewTextHandler(&log, nil)), OfBook(b)...)
	for i := range 3 {
		now = now.Add(time.Hour) // long after each try
		c.Pass(t.Context(), now)
		a, err := b.Get(t.Context(), a.ID)
		if done := i == 2; err != nil || (a.State == book.Cancelled) != done || l.opened != count(t, s, `SELECT count(*) FROM audit WHERE action = 'appointment-lapsed'`) {
			t.Errorf("pass %d: %s, %d seats were offered, %v", i, a.State, l.opened, err)
		}
	}
	if n := strings.Count(log.String(), "not now"); n != 2 || l.opened != 1 {
		t.Errorf("%d faults in the log, %d seats offered; want 2 and 1:\n%s", n, l.opened, log.String())
	}
}
