// SPDX-License-Identifier: EUPL-1.2

package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
)

// setting reads what the server holds for a connection.
func setting(t *testing.T, s *store.Store, name string) (got string) {
	t.Helper()
	err := s.Write(t.Context(), func(tx *sql.Tx) error { return tx.QueryRow("SHOW " + name).Scan(&got) })
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// TestReceiptsAreOnTheServersDisk, although the database's owner said otherwise.
func TestReceiptsAreOnTheServersDisk(t *testing.T) {
	storetest.ServerOnly(t)
	where := storetest.Where(t)
	s := storetest.OpenAt(t, where)
	var name string
	err := s.Read(t.Context(), func(tx *sql.Tx) error { return tx.QueryRow(`SELECT current_database()`).Scan(&name) })
	if err != nil {
		t.Fatal(err)
	}
	storetest.Command(t, where, "ALTER DATABASE "+name+" SET synchronous_commit = off")
	again := storetest.OpenAt(t, where)
	if got := setting(t, again, "synchronous_commit"); got != "on" {
		t.Errorf("synchronous_commit = %s, want on", got)
	}
	if got := setting(t, again, "idle_in_transaction_session_timeout"); got != "30s" {
		t.Errorf("idle_in_transaction_session_timeout = %s, want 30s", got)
	}
}

func TestServerThatForgetsIsRefused(t *testing.T) {
	storetest.ServerOnly(t)
	where := storetest.Where(t)
	set := func(statement, want string) {
		storetest.Command(t, where, statement)
		storetest.Command(t, where, "SELECT pg_reload_conf()")
		for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
			s, err := store.Open(t.Context(), where)
			if err == nil {
				s.Close()
			}
			if (err == nil) == (want == "") && (err == nil || strings.Contains(err.Error(), want)) {
				return
			}
		}
		t.Errorf("after %s: not %q", statement, want)
	}
	set("ALTER SYSTEM SET fsync = off", "server has fsync = off")
	set("ALTER SYSTEM RESET fsync", "")
}

// TestPasswordIsInNoError: whoever reads the log must not get into the database.
func TestPasswordIsInNoError(t *testing.T) {
	socket := url.QueryEscape(t.TempDir())
	for _, where := range []string{
		"postgres://office:SECRET@/fotobox?host=" + socket,
		"postgres://office:SECRET@127.0.0.1:1/fotobox",
		"postgres://office:SECRET@nowhere.invalid/fotobox?connect_timeout=2&sslmode=verify-full",
		"postgres://office:SEC#SECRET@db/fotobox",
		"postgres://office:SEC/SECRET@db/fotobox",
		"postgres://office:%SECRET@db/fotobox",
		"postgres://office:SECRET@db:port/fotobox",
		"postgres://office:SECRET@db/fotobox?sslmode=what",
		"postgresql:///fotobox?user=office&password=SECRET&host=" + socket,
		"postgresql:///fotobox?user=office&password=SECRET&sslmode=what",
	} {
		s, err := store.Open(t.Context(), where)
		if err == nil {
			t.Fatalf("%s opened %s", where, s)
		}
		if strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%s: %v", where, err)
		}
	}
}

// TestServerElsewhereMustProveItself: what the driver does by itself is to try
// without TLS when the server has none, and to believe any certificate.
func TestServerElsewhereMustProveItself(t *testing.T) {
	const refusal = "needs sslmode=verify-full"
	for where, refused := range map[string]bool{
		"postgres://office@nowhere.invalid/fotobox":                                 true,
		"postgres://office@nowhere.invalid/fotobox?sslmode=disable":                 true,
		"postgres://office@nowhere.invalid/fotobox?sslmode=require":                 true,
		"postgres://office@localhost,nowhere.invalid/fotobox":                       true,
		"postgres://office@nowhere.invalid/fotobox?sslmode=verify-full":             false,
		"postgres://office@127.0.0.1:1,nowhere.invalid/fotobox?sslmode=verify-full": false,
		"postgres://office@127.0.0.1:1/fotobox":                                     false,
		"postgres://office@[::1]:1/fotobox":                                         false,
		"postgres://office@localhost:1/fotobox":                                     false,
		"postgres:///fotobox?user=office&host=" + url.QueryEscape(t.TempDir()):      false,
	} {
		_, err := store.Open(t.Context(), where)
		if err == nil || strings.Contains(err.Error(), refusal) != refused {
			t.Errorf("%s: %v, want the refusal: %v", where, err, refused)
		}
	}
}

// TestDeadlockIsTriedAgain: two transactions take the same rows in opposite
// orders before their turn; the server gives one up, and both come through.
func TestDeadlockIsTriedAgain(t *testing.T) {
	storetest.ServerOnly(t)
	s := openTemp(t)
	write(t, s, `INSERT INTO scratch (id, n) VALUES (1, 0), (2, 0)`)
	var first, all sync.WaitGroup
	first.Add(2)
	runs := make(chan int, 8)
	for _, rows := range [][2]int{{1, 2}, {2, 1}} {
		meet := sync.OnceFunc(func() { first.Done(); first.Wait() })
		all.Go(func() {
			err := s.WriteAfter(t.Context(), func(tx *sql.Tx) error {
				runs <- 1
				err := add(t, rows[0])(tx)
				meet()
				return errors.Join(err, add(t, rows[1])(tx))
			}, func(*sql.Tx) error { return nil })
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if len(runs) < 3 {
		t.Errorf("%d runs: there was no deadlock, the test proves nothing", len(runs))
	}
	var n int
	err := s.Read(t.Context(), func(tx *sql.Tx) error { return tx.QueryRow(`SELECT sum(n) FROM scratch`).Scan(&n) })
	if n != 4 || err != nil {
		t.Errorf("sum %d, %v, want 4", n, err)
	}
}

// TestBeforeWaitsForNobody: while one has its turn, another brings its bytes.
func TestBeforeWaitsForNobody(t *testing.T) {
	storetest.ServerOnly(t)
	s := openTemp(t)
	insert := func(tx *sql.Tx) error {
		_, err := tx.Exec(`INSERT INTO scratch (id) VALUES (1)`)
		return err
	}
	brought, done := make(chan error, 1), make(chan error, 1)
	err := s.Write(t.Context(), func(*sql.Tx) error {
		go func() {
			done <- s.WriteAfter(t.Context(), func(tx *sql.Tx) error {
				err := insert(tx)
				brought <- err
				return err
			}, func(*sql.Tx) error { return nil })
		}()
		if err := <-brought; err != nil {
			return err
		}
		select {
		case err := <-done:
			t.Errorf("another committed in my turn: %v", err)
		case <-time.After(100 * time.Millisecond):
		}
		return nil
	})
	if err := errors.Join(err, <-done); err != nil {
		t.Error(err)
	}
}

// TestLostConnectionGivesTheTurnBack ends a writer's connection in the middle, and
// with it all that wait in the pools, as a server does that is started again.
func TestLostConnectionGivesTheTurnBack(t *testing.T) {
	storetest.ServerOnly(t)
	where := storetest.Where(t)
	s := storetest.OpenAt(t, where)
	write(t, s, `CREATE TABLE scratch (id BIGINT PRIMARY KEY, n BIGINT)`)
	err := s.Write(t.Context(), func(tx *sql.Tx) error {
		storetest.Command(t, where, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
		_, err := tx.Exec(`INSERT INTO scratch (id) VALUES (1)`)
		return err
	})
	if err == nil {
		t.Error("Write = nil without its connection")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	err = s.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.Exec(`INSERT INTO scratch (id) VALUES (1)`)
		return err
	})
	if err != nil || count(t, s) != 1 {
		t.Errorf("the next writer: %v", err)
	}
}

// TestSweptTableHoldsNoDeletedByte searches the server's files, without its log
// (docs/disk.md says how long that keeps them).
func TestSweptTableHoldsNoDeletedByte(t *testing.T) {
	storetest.ServerOnly(t)
	s := storetest.Open(t)
	write(t, s, `INSERT INTO items VALUES ('a', '', '', '', 0, 0, 0, '', 0, '', 0, '', 0), ('b', '', '', '', 0, 0, 0, '', 0, '', 0, '', 0)`)
	write(t, s, `INSERT INTO captures (id, bytes) VALUES ('a', $1), ('b', $2)`, bytes.Repeat([]byte("planted in clear sight "), 90000), bytes.Repeat([]byte("kept in clear sight "), 90000))
	found := func(text string) bool { return storetest.OnDisk(t, s, []byte(text)) == 1 }
	if !found("planted in clear") {
		t.Fatal("planted bytes are not on the disk: the search proves nothing")
	}
	write(t, s, `DELETE FROM captures WHERE id = 'a'`)
	if err := s.Scrub(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !found("planted in clear") {
		t.Error("VACUUM alone takes the bytes away: then Sweep is not needed")
	}
	if err := s.Sweep(t.Context(), time.Now()); err != nil {
		t.Fatal(err)
	}
	if found("planted in clear") || !found("kept in clear") {
		t.Error("deleted bytes are still on the disk, or kept ones are not")
	}
}

// TestSweepIsOnceANight, in one of two programs, and waits for no reader.
func TestSweepIsOnceANight(t *testing.T) {
	storetest.ServerOnly(t)
	where := storetest.Where(t)
	one, two := storetest.OpenAt(t, where), storetest.OpenAt(t, where)
	file := func() (name string) {
		err := one.Read(t.Context(), func(tx *sql.Tx) error { return tx.QueryRow(`SELECT pg_relation_filepath('captures')`).Scan(&name) })
		if err != nil {
			t.Fatal(err)
		}
		return name
	}
	evening, last := time.Date(2026, 12, 1, 20, 0, 0, 0, time.UTC), file()
	for n, step := range []struct {
		s      *store.Store
		after  time.Duration
		swept  bool
		reader bool
	}{
		{one, 0, true, false}, {two, 5 * time.Hour, false, false},
		{two, 6 * time.Hour, false, true}, // the table is in use: the lease is given back
		{two, 6 * time.Hour, true, false}, {one, 7 * time.Hour, false, false}, {one, 30 * time.Hour, true, false},
	} {
		err := sweepBeside(t, step.s, evening.Add(step.after), step.reader)
		if step.reader != (err != nil) {
			t.Errorf("step %d: %v", n, err)
		}
		now := file()
		if (now != last) != step.swept {
			t.Errorf("step %d: swept %v, want %v", n, now != last, step.swept)
		}
		last = now
	}
}

func sweepBeside(t *testing.T, s *store.Store, at time.Time, reader bool) (err error) {
	t.Helper()
	if !reader {
		return s.Sweep(t.Context(), at)
	}
	readErr := s.Read(t.Context(), func(tx *sql.Tx) error {
		var n int
		if err := tx.QueryRow(`SELECT count(*) FROM captures`).Scan(&n); err != nil {
			return err
		}
		err = s.Sweep(t.Context(), at)
		return nil
	})
	if readErr != nil {
		t.Error(readErr)
	}
	return err
}
