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
	"testing"

	"github.com/fotobox-project/fotobox/registry/store"
)

// OnDisk says whether the bytes lie in the database's files: SQLite's file, log
// and index, or all tables of the server. PostgreSQL's log is left out: it keeps
// everything for a while, as docs/disk.md says.
func OnDisk(t testing.TB, s *store.Store, planted []byte) (found bool) {
	t.Helper()
	var err error
	if Postgres() {
		found, err = onServer(planted)
	} else {
		found, err = inFiles(planted, s.String(), s.String()+"-wal", s.String()+"-shm")
	}
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func onServer(planted []byte) (found bool, err error) {
	dir := os.Getenv(server)
	if err := command(context.Background(), dir, "CHECKPOINT"); err != nil {
		return false, err
	}
	var files []string
	err = filepath.WalkDir(filepath.Join(dir, data, "base"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		return false, err
	}
	return inFiles(planted, files...)
}

// inFiles reads the files; one that is away holds nothing.
func inFiles(planted []byte, names ...string) (bool, error) {
	for _, name := range names {
		content, err := os.ReadFile(name)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return false, fmt.Errorf("search: %w", err)
		}
		if bytes.Contains(content, planted) {
			return true, nil
		}
	}
	return false, nil
}
