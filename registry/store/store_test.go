// SPDX-License-Identifier: EUPL-1.2

package store_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Both(m).Run()) }

// openTemp opens a database with a table that belongs to this test alone.
func openTemp(t *testing.T) *store.Store {
	t.Helper()
	s := storetest.Open(t)
	write(t, s, `CREATE TABLE scratch (id BIGINT PRIMARY KEY, n BIGINT)`)
	return s
}

func write(t *testing.T, s *store.Store, query string, args ...any) {
	t.Helper()
	err := s.Write(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.Exec(query, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, s *store.Store) (n int) {
	t.Helper()
	err := s.Read(t.Context(), func(tx *sql.Tx) error {
		return tx.QueryRow(`SELECT count(*) FROM scratch`).Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestWriteIsWholeOrNothing(t *testing.T) {
	s := openTemp(t)
	want := errors.New("changed my mind")
	err := s.Write(t.Context(), func(tx *sql.Tx) error {
		if _, err := tx.Exec(`INSERT INTO scratch (id) VALUES ($1)`, 1); err != nil {
			return err
		}
		return want
	})
	if !errors.Is(err, want) {
		t.Errorf("Write = %v, want the caller's own error", err)
	}
	if n := count(t, s); n != 0 {
		t.Errorf("%d rows stayed, want 0", n)
	}
}

func TestReadersCannotWrite(t *testing.T) {
	s := openTemp(t)
	err := s.Read(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.Exec(`INSERT INTO scratch (id) VALUES ($1)`, 1)
		return err
	})
	if err == nil {
		t.Error("a read wrote")
	}
}

func TestReadKeepsItsSnapshot(t *testing.T) {
	s := openTemp(t)
	err := s.Read(t.Context(), func(tx *sql.Tx) error {
		var before, after int
		if err := tx.QueryRow(`SELECT count(*) FROM scratch`).Scan(&before); err != nil {
			return err
		}
		write(t, s, `INSERT INTO scratch (id) VALUES ($1)`, 1)
		if err := tx.QueryRow(`SELECT count(*) FROM scratch`).Scan(&after); err != nil {
			return err
		}
		if before != after {
			t.Errorf("snapshot went from %d to %d rows", before, after)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestManyWritersTakeTurns(t *testing.T) {
	s := openTemp(t)
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() {
			err := s.Write(t.Context(), func(tx *sql.Tx) error {
				_, err := tx.Exec(`INSERT INTO scratch (id) VALUES ($1)`, i)
				return err
			})
			if err != nil {
				t.Errorf("writer %d: %v", i, err)
			}
		})
	}
	all.Wait()
	if n := count(t, s); n != 50 {
		t.Errorf("%d rows, want 50", n)
	}
}

func TestDuplicateIsNamed(t *testing.T) {
	s := openTemp(t)
	insert := func(tx *sql.Tx) error {
		_, err := tx.Exec(`INSERT INTO scratch (id) VALUES ($1)`, 1)
		return err
	}
	if err := s.Write(t.Context(), insert); err != nil {
		t.Fatal(err)
	}
	if err := s.Write(t.Context(), insert); !errors.Is(err, store.ErrDuplicate) {
		t.Errorf("second insert = %v, want ErrDuplicate", err)
	}
}

func TestCancelledWriteLeavesNothing(t *testing.T) {
	s := openTemp(t)
	ctx, cancel := context.WithCancel(t.Context())
	err := s.Write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `INSERT INTO scratch (id) VALUES ($1)`, 1); err != nil {
			return err
		}
		cancel()
		return nil
	})
	if err == nil {
		t.Error("Write = nil after its context ended")
	}
	if n := count(t, s); n != 0 {
		t.Errorf("%d rows stayed, want 0", n)
	}
}

// add gives the statement that adds to a row's number.
func add(t *testing.T, id int) func(*sql.Tx) error {
	return func(tx *sql.Tx) error {
		_, err := tx.ExecContext(t.Context(), `UPDATE scratch SET n = n + 1 WHERE id = $1`, id)
		return err
	}
}

// TestReadAndWriteOfTwoProgramsIsOneStep: what a writer read is true until it has written.
func TestReadAndWriteOfTwoProgramsIsOneStep(t *testing.T) {
	where := storetest.Where(t)
	one, two := storetest.OpenAt(t, where), storetest.OpenAt(t, where)
	write(t, one, `CREATE TABLE scratch (id BIGINT PRIMARY KEY, n BIGINT)`)
	write(t, one, `INSERT INTO scratch (id, n) VALUES (1, 0)`)
	var all sync.WaitGroup
	for i := range 60 {
		s := []*store.Store{one, two}[i%2]
		all.Go(func() {
			err := s.Write(t.Context(), func(tx *sql.Tx) error {
				var n int
				if err := tx.QueryRow(`SELECT n FROM scratch`).Scan(&n); err != nil {
					return err
				}
				_, err := tx.Exec(`UPDATE scratch SET n = $1`, n+1)
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	var n int
	err := two.Read(t.Context(), func(tx *sql.Tx) error { return tx.QueryRow(`SELECT n FROM scratch`).Scan(&n) })
	if n != 60 || err != nil {
		t.Errorf("counted to %d, %v, want 60", n, err)
	}
}

// TestWriteAfterIsOneTransaction: what comes before is undone with what comes after.
func TestWriteAfterIsOneTransaction(t *testing.T) {
	s := openTemp(t)
	write(t, s, `INSERT INTO scratch (id, n) VALUES (1, 0)`)
	want := errors.New("changed my mind")
	if err := s.WriteAfter(t.Context(), add(t, 1), func(*sql.Tx) error { return want }); !errors.Is(err, want) {
		t.Errorf("WriteAfter = %v, want %v", err, want)
	}
	if err := s.WriteAfter(t.Context(), add(t, 1), add(t, 1)); err != nil {
		t.Error(err)
	}
	var n int
	err := s.Read(t.Context(), func(tx *sql.Tx) error { return tx.QueryRow(`SELECT n FROM scratch`).Scan(&n) })
	if n != 2 || err != nil {
		t.Errorf("n = %d, %v, want 2", n, err)
	}
}

func TestLeaseFallsToOneProgram(t *testing.T) {
	where := storetest.Where(t)
	one, two := storetest.OpenAt(t, where), storetest.OpenAt(t, where)
	now := time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
	for n, step := range []struct {
		s     *store.Store
		after time.Duration
		want  bool
	}{
		{one, 0, true},
		{two, 0, false},
		{one, 0, false}, // the work is done once, also by who did it
		{two, time.Hour - time.Millisecond, false},
		{two, time.Hour, true}, // one may have died
		{one, time.Hour, false},
	} {
		at := now.Add(step.after)
		if mine, err := step.s.Lease(t.Context(), "work", at, at.Add(time.Hour)); mine != step.want || err != nil {
			t.Errorf("step %d: Lease = %v, %v, want %v", n, mine, err, step.want)
		}
	}
	if err := one.Release(t.Context(), "work"); err != nil {
		t.Error(err)
	}
	at := now.Add(time.Hour)
	if mine, err := one.Lease(t.Context(), "work", at, at); mine || err != nil {
		t.Errorf("one gave back what two holds: %v, %v", mine, err)
	}
	if err := two.Release(t.Context(), "work"); err != nil {
		t.Error(err)
	}
	if mine, err := one.Lease(t.Context(), "work", at, at); !mine || err != nil {
		t.Errorf("after it was given back: %v, %v", mine, err)
	}
}

// TestProgramsStartTogether on a database without a schema. SQLite has one program.
func TestProgramsStartTogether(t *testing.T) {
	storetest.ServerOnly(t)
	where := storetest.Empty(t)
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			s, err := store.Open(t.Context(), where)
			if err != nil {
				t.Error(err)
				return
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

// TestNewerDatabaseIsRefused, whoever made it.
func TestNewerDatabaseIsRefused(t *testing.T) {
	where := storetest.Where(t)
	write(t, storetest.OpenAt(t, where), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, $1)`, true)
	if s, err := store.Open(t.Context(), where); err == nil || !strings.Contains(err.Error(), "start the newer program") {
		t.Errorf("Open = %v, %v", s, err)
	}
}

// TestMigrationsGoTogether: each set has the same files.
func TestMigrationsGoTogether(t *testing.T) {
	var sets [2][]string
	for n, dir := range []string{"migrations/sqlite", "migrations/postgres"} {
		files, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			sets[n] = append(sets[n], f.Name())
		}
	}
	if diff := cmp.Diff(sets[0], sets[1]); diff != "" {
		t.Errorf("sqlite and postgres differ:\n%s", diff)
	}
}
