// SPDX-License-Identifier: EUPL-1.2

// Package store keeps everything the office has in one relational database file.
//
// Items, sealed bytes and audit entries change in one transaction or not at
// all. Queries use $1 placeholders and standard SQL, times are integers
// (milliseconds since 1970-01-01T00:00Z), ids are lower-case text.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	_ "modernc.org/sqlite" // the driver named "sqlite"
)

// readers is the number of connections that may read while one writes. A desk
// has a handful of clerks; more would only cost page caches.
const readers = 4

// Store is an open database. It is safe for concurrent use.
type Store struct {
	path  string
	write *sql.DB // exactly one connection
	read  *sql.DB
}

// Open opens the database file at path, makes it (0600) when missing and
// brings its schema up to date.
//
// A file that is damaged, is no database, or was written by a newer program is
// refused with an error that says so.
func Open(ctx context.Context, path string) (*Store, error) {
	s, err := open(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("open store %s: %w", path, explain(err))
	}
	return s, nil
}

func open(ctx context.Context, path string) (*Store, error) {
	if err := touch(path); err != nil {
		return nil, err
	}
	s := &Store{path: path}
	var err error
	if s.write, err = connect(path, "immediate", 1); err != nil {
		return nil, err
	}
	if s.read, err = connect(path, "deferred", readers, "query_only(1)"); err != nil {
		return nil, errors.Join(err, s.write.Close())
	}
	if err := migrate(ctx, s.write); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// touch makes the file first, because SQLite would make it with the umask;
// its -wal and -shm files inherit these permissions.
func touch(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// connect gives a pool of at most n connections. secure_delete overwrites what
// is deleted with zeros; temp_store keeps sorts of personal data off the disk.
func connect(path, lock string, n int, more ...string) (*sql.DB, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	pragmas := append([]string{
		"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)",
		"foreign_keys(1)", "secure_delete(1)", "temp_store(MEMORY)",
	}, more...)
	dsn := url.URL{Scheme: "file", Path: abs, RawQuery: url.Values{"_pragma": pragmas, "_txlock": {lock}}.Encode()}
	db, err := sql.Open("sqlite", dsn.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
	return db, nil
}

// Close waits for transactions under way and writes the log back into the
// database file.
func (s *Store) Close() error {
	return explain(errors.Join(s.read.Close(), s.write.Close()))
}

// String names the file.
func (s *Store) String() string { return s.path }

// Write runs do in a transaction that is on the disk when Write returns nil and
// leaves nothing behind when it returns an error. Only one runs at a time: do
// must not wait for anything but the database.
func (s *Store) Write(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("write store: %w", explain(err))
	}
	defer tx.Rollback() // after Commit it has nothing to do
	if err := do(tx); err != nil {
		return explain(err)
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("write store: %w", explain(err))
	}
	return nil
}

// Read runs do on one snapshot of the database, which writers do not disturb.
func (s *Store) Read(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := s.read.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("read store: %w", explain(err))
	}
	defer tx.Rollback() // a read leaves nothing to undo
	return explain(do(tx))
}

// Scrub writes the log back into the database file and cuts it to nothing, so
// that bytes deleted before are in neither. It returns an error while a reader
// still uses the log; the caller asks again.
func (s *Store) Scrub(ctx context.Context) error {
	var busy, log, done int
	row := s.write.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
	if err := row.Scan(&busy, &log, &done); err != nil {
		return fmt.Errorf("scrub store: %w", explain(err))
	}
	if busy != 0 {
		return errors.New("scrub store: a reader still uses the log")
	}

	return nil
}
