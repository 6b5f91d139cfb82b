// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"golang.org/x/sync/semaphore"
)

// readers is the number of connections that may read while one writes. A desk
// has a handful of clerks; more would only cost page caches.
const readers = 4

func openSQLite(path string) (*Store, error) {
	s := &Store{name: path, file: true, queue: semaphore.NewWeighted(1)}
	err := touch(path)
	if err == nil {
		s.write, err = connect(path, "immediate", 1)
	}
	if err == nil {
		if s.read, err = connect(path, "deferred", readers, "query_only(1)"); err != nil {
			err = errors.Join(err, s.write.Close())
		}
	}
	if err == nil {
		if s.sealed, err = openSealed(path + "-captures"); err != nil {
			err = errors.Join(err, s.read.Close(), s.write.Close())
		}
	}
	if err != nil {
		return nil, fmt.Errorf("open store %s: %w", path, explain(err))
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
// is deleted with zeros; temp_store keeps sorts of personal data off the disk;
// 16 MB hold the slots and appointments of some weeks.
func connect(path, lock string, n int, more ...string) (*sql.DB, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	pragmas := append([]string{
		"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)",
		"foreign_keys(1)", "secure_delete(1)", "temp_store(MEMORY)", "cache_size(-16384)",
	}, more...)
	dsn := url.URL{Scheme: "file", Path: abs, RawQuery: url.Values{"_pragma": pragmas, "_txlock": {lock}}.Encode()}
	c, err := newCompiler(dsn.String())
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(c)
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
	return db, nil
}
