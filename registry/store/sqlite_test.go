// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func openTemp(t *testing.T) *Store {
	t.Helper()
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "office.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// table makes a table that belongs to this test alone.
func table(t *testing.T, s *Store) {
	t.Helper()
	write(t, s, `CREATE TABLE scratch (id BIGINT PRIMARY KEY, bytes BLOB)`)
}

func write(t *testing.T, s *Store, query string, args ...any) {
	t.Helper()
	err := s.Write(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.Exec(query, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, s *Store) (n int) {
	t.Helper()
	err := s.Read(t.Context(), func(tx *sql.Tx) error {
		return tx.QueryRow(`SELECT count(*) FROM scratch`).Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestPragmasHoldOnEveryConnection(t *testing.T) {
	s := openTemp(t)
	want := map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "secure_delete": "1", "busy_timeout": "5000", "temp_store": "2"}
	check := func(tx *sql.Tx) error {
		for name, value := range want {
			var got string
			if err := tx.QueryRow("PRAGMA " + name).Scan(&got); err != nil {
				return err
			}
			if got != value {
				t.Errorf("PRAGMA %s = %s, want %s", name, got, value)
			}
		}
		return nil
	}
	if err := errors.Join(s.Write(t.Context(), check), s.Read(t.Context(), check)); err != nil {
		t.Fatal(err)
	}
}

func TestFileIsTheOwnersAlone(t *testing.T) {
	s := openTemp(t)
	table(t, s)
	for _, name := range []string{s.name, s.name + "-wal", s.name + "-shm"} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != 0o600 {
			t.Errorf("%s has mode %o, want 600", filepath.Base(name), got)
		}
	}
}

func TestFullDatabaseSaysSoAndStaysReadable(t *testing.T) {
	s := openTemp(t)
	table(t, s)
	write(t, s, `INSERT INTO scratch (id) VALUES ($1)`, 1)
	if _, err := s.write.Exec(`PRAGMA max_page_count = 40`); err != nil {
		t.Fatal(err)
	}
	err := s.Write(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.Exec(`INSERT INTO scratch (id, bytes) VALUES ($1, $2)`, 2, make([]byte, 1<<20))
		return err
	})
	if !errors.Is(err, ErrFull) {
		t.Errorf("Write = %v, want ErrFull", err)
	}
	if n := count(t, s); n != 1 {
		t.Errorf("%d rows readable, want 1", n)
	}
}

func TestReopenKeepsRowsAndLeavesNoLog(t *testing.T) {
	path := filepath.Join(t.TempDir(), "name with space and ?#%.db")
	for want := range 3 {
		s, err := Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		write(t, s, `CREATE TABLE IF NOT EXISTS scratch (id BIGINT PRIMARY KEY, bytes BLOB)`)
		if got := count(t, s); got != want {
			t.Errorf("%d rows, want %d", got, want)
		}
		write(t, s, `INSERT INTO scratch (id) VALUES ($1)`, want)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(path + "-wal"); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("log after Close: %v, want none", err)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	tests := []struct {
		name   string
		damage func(t *testing.T, path string)
		want   string
	}{
		{"a text file", func(t *testing.T, path string) {
			put(t, path, []byte(strings.Repeat("no database\n", 200)))
		}, "not a database"},
		{"a file cut short", func(t *testing.T, path string) {
			if err := os.Truncate(path, 8192); err != nil {
				t.Fatal(err)
			}
		}, "damaged"},
		{"a newer program's file", func(t *testing.T, path string) {
			newer(t, path)
		}, "start the newer program"},
		{"a folder", func(t *testing.T, path string) {
			os.Remove(path)
			os.Mkdir(path, 0o700)
		}, "is a directory"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := openTemp(t)
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			test.damage(t, s.name)
			again, err := Open(t.Context(), s.name)
			if err == nil {
				again.Close()
				t.Fatal("Open took it")
			}
			if !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), s.name) {
				t.Errorf("Open = %v, want the path and %q", err, test.want)
			}
		})
	}
}

func put(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func newer(t *testing.T, path string) {
	t.Helper()
	db, err := connect(path, "immediate", 1)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`); err != nil {
		t.Fatal(err)
	}
}

func TestScrubLeavesNoDeletedByte(t *testing.T) {
	s := openTemp(t)
	table(t, s)
	planted := []byte(strings.Repeat("planted in clear sight ", 90000)) // 2 MB: overflow pages too
	write(t, s, `INSERT INTO scratch (id, bytes) VALUES ($1, $2)`, 1, planted)
	if !onDisk(t, s, "planted in clear") {
		t.Fatal("planted bytes are not on the disk: the search proves nothing")
	}
	write(t, s, `DELETE FROM scratch`)
	if err := s.Scrub(t.Context()); err != nil {
		t.Fatal(err)
	}
	if onDisk(t, s, "planted in clear") {
		t.Error("deleted bytes are still on the disk")
	}
}

func onDisk(t *testing.T, s *Store, text string) bool {
	t.Helper()
	for _, name := range []string{s.name, s.name + "-wal", s.name + "-shm"} {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(data), text) {
			return true
		}
	}
	return false
}

// TestScrubTogether: programs that cut the log at the same time wait for each other.
func TestScrubTogether(t *testing.T) {
	first := openTemp(t)
	table(t, first)
	second, err := Open(t.Context(), first.name)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	var all sync.WaitGroup
	for n, s := range []*Store{first, second} {
		all.Go(func() {
			for i := range 100 {
				err := s.Write(t.Context(), func(tx *sql.Tx) error {
					_, err := tx.Exec(`INSERT INTO scratch (id) VALUES ($1)`, 100*n+i)
					return err
				})
				if err := errors.Join(err, s.Scrub(t.Context())); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
}

func TestScrubSaysWhenAReaderIsInTheWay(t *testing.T) {
	s := openTemp(t)
	table(t, s)
	if _, err := s.write.Exec("PRAGMA busy_timeout = 1"); err != nil {
		t.Fatal(err)
	}
	err := s.Read(t.Context(), func(tx *sql.Tx) error {
		var n int
		if err := tx.QueryRow(`SELECT count(*) FROM scratch`).Scan(&n); err != nil {
			return err
		}
		write(t, s, `INSERT INTO scratch (id) VALUES ($1)`, 1)
		if err := s.Scrub(t.Context()); err == nil {
			t.Error("Scrub = nil while a reader uses the log")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestRoomIsThatOfTheDisk(t *testing.T) {
	room, err := openTemp(t).Room()
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("room on the disk is known on Linux only")
	}
	if err != nil || room <= 0 {
		t.Fatalf("Room = %d, %v", room, err)
	}
}
