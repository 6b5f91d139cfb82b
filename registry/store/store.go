// SPDX-License-Identifier: EUPL-1.2

// Package store keeps everything the office has in one relational database: a SQLite file, or a PostgreSQL server that several programs share.
//
// Items, sealed bytes and audit entries change in one transaction or not at
// all. Queries use $1 placeholders and the SQL that both databases understand,
// times are integers (milliseconds since 1970-01-01T00:00Z), ids are lower-case
// text. Where the databases differ, this package alone knows it.
package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"golang.org/x/sync/semaphore"
)

// Store is an open database. It is safe for concurrent use.
type Store struct {
	name     string       // the file, or server and database; never a password
	file     bool         // it is SQLite's
	sealed   *sealedFiles // of SQLite's captures
	write    *sql.DB
	queue    *semaphore.Weighted // as many places as write has connections: a pool gives the next to anyone who waits, this to the first
	read     *sql.DB
	snapshot *sql.TxOptions // of a transaction that reads
	holder   string         // this program in leases
}

// Open opens the database at where and brings its schema up to date. Where is
// the path of a SQLite file, which is made (0600) when missing, or the URL of a
// PostgreSQL database, postgres://user@host/database, which must be there.
//
// A file that is damaged, is no database, or was written by a newer program is
// refused with an error that says so; so is a server that does not write to its
// disk before it answers. No error holds the URL's password.
func Open(ctx context.Context, where string) (*Store, error) {
	s, err := open(ctx, where)
	if err != nil {
		return nil, err
	}
	s.holder = rand.Text()
	if err := migrate(ctx, s); err != nil {
		return nil, fmt.Errorf("open store %s: %w", s.name, errors.Join(explain(err), s.Close()))
	}
	return s, nil
}

func open(ctx context.Context, where string) (*Store, error) {
	if IsURL(where) {
		return openPostgres(ctx, where)
	}
	return openSQLite(where)
}

// IsURL says whether where means a PostgreSQL database, and not a file.
func IsURL(where string) bool {
	return strings.HasPrefix(where, "postgres://") || strings.HasPrefix(where, "postgresql://")
}

// Close waits for transactions under way; SQLite then writes its log back into
// the database file.
func (s *Store) Close() error {
	err := errors.Join(s.read.Close(), s.write.Close())
	if s.sealed != nil {
		err = errors.Join(err, s.sealed.dir.Close())
	}
	return explain(err)
}

// String names the file, or the server and its database.
func (s *Store) String() string { return s.name }

// Write runs do in a transaction that is on the disk when Write returns nil and
// leaves nothing behind when it returns an error. Only one runs at a time, in
// all programs on the database: do sees what everybody wrote before, and must
// not wait for anything but the database. Do may run again when the database
// asks for it, so it must not add to what an earlier run left in variables.
func (s *Store) Write(ctx context.Context, do func(*sql.Tx) error) error {
	return s.writeAfter(ctx, func(*sql.Tx) error { return nil }, do)
}

// writeAfter runs before and do in one transaction as Write does, but other
// writers need not wait for before: it is for what is large and depends on
// nothing, such as sealed bytes. Before must not decide by what it reads.
func (s *Store) writeAfter(ctx context.Context, before, do func(*sql.Tx) error) error {
	for tries := 1; ; tries++ {
		err := s.writeOnce(ctx, before, do)
		if tries == writeTries || !again(err) {
			return err
		}
	}
}

// writeTries is how often a transaction runs that the database gave up in favour of another one.
const writeTries = 4

func (s *Store) writeOnce(ctx context.Context, before, do func(*sql.Tx) error) error {
	if err := s.queue.Acquire(ctx, 1); err != nil {
		return fmt.Errorf("write store: %w", err)
	}
	defer s.queue.Release(1)
	tx, err := s.begin(ctx, s.write, nil)
	if err != nil {
		return fmt.Errorf("write store: %w", explain(err))
	}
	defer tx.Rollback() // after Commit it has nothing to do
	if err := before(tx); err != nil {
		return explain(err)
	}
	if !s.file { // there, beginning waits for the turn
		if _, err := tx.ExecContext(ctx, turn); err != nil {
			return fmt.Errorf("write store: %w", explain(err))
		}
	}
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
	tx, err := s.begin(ctx, s.read, s.snapshot)
	if err != nil {
		return fmt.Errorf("read store: %w", explain(err))
	}
	defer tx.Rollback() // a read leaves nothing to undo
	return explain(do(tx))
}

// begin goes on to the next connection of the pool when one turns out to be dead,
// as all are after a server was started again; nothing has happened on it yet.
func (s *Store) begin(ctx context.Context, db *sql.DB, options *sql.TxOptions) (*sql.Tx, error) {
	for tries := 0; ; tries++ {
		tx, err := db.BeginTx(ctx, options)
		if err == nil || s.file || tries == connections || ctx.Err() != nil {
			return tx, err
		}
		if _, down := errors.AsType[*pgconn.ConnectError](err); down {
			return nil, err
		}
	}
}
