// SPDX-License-Identifier: EUPL-1.2

package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/fotobox-project/fotobox/registry/store"
)

// OnDisk says how many of the pieces lie in the database's files: SQLite's file,
// log and index and those of its captures, or all tables of the server. PostgreSQL's log is left out: it
// keeps everything for a while, as docs/disk.md says.
func OnDisk(t testing.TB, s *store.Store, pieces ...[]byte) (found int) {
	t.Helper()
	files, err := filepath.Glob(s.String() + "-captures/*")
	files = append(files, s.String(), s.String()+"-wal", s.String()+"-shm")
	if Postgres() {
		files, err = tables()
	}
	if err == nil {
		found, err = inFiles(pieces, files)
	}
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// tables are the files of all tables, once the server has written them.
func tables() (files []string, err error) {
	dir := os.Getenv(server)
	if err := command(context.Background(), dir, "CHECKPOINT"); err != nil {
		return nil, err
	}
	err = filepath.WalkDir(filepath.Join(dir, data, "base"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, path)
		}
		return err
	})
	return files, err
}

// inFiles counts the pieces in the files; one that is away holds nothing.
func inFiles(pieces [][]byte, names []string) (int, error) {
	pieces, all := slices.Clone(pieces), len(pieces)
	for _, name := range names {
		content, err := os.ReadFile(name)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return 0, fmt.Errorf("search: %w", err)
		}
		pieces = slices.DeleteFunc(pieces, func(p []byte) bool { return bytes.Contains(content, p) })
	}
	return all - len(pieces), nil
}
