// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/fotobox-project/fotobox/internal/durable"
)

// What is sealed lies in the table captures. On SQLite a row has the name of a
// file beside the database instead: a database writes each byte twice, to its log
// and to its table, and photos are nearly all of its bytes. The file is on the
// disk before its row is and goes after it, so that a row always has its bytes,
// and a file without a row is nobody's.

// inFile begins a row's value that is the name of a file; what is sealed begins otherwise.
const inFile = "file:"

// WriteSealed is Write for a transaction that also keeps sealed bytes under the id
// of the item that before adds: all of it, or nothing. Other writers need not wait
// for bytes and before, which must not decide by what it reads.
func (s *Store) WriteSealed(ctx context.Context, id string, sealed []byte, before, do func(*sql.Tx) error) (err error) {
	value, name := sealed, ""
	if s.file {
		name = id + "." + rand.Text() // of this delivery: another one of the same id must not touch it
		var done func()
		if done, err = s.sealed.bring(name, sealed); err != nil {
			return fmt.Errorf("write store: %w", explain(err))
		}
		defer func() {
			if done(); err != nil { // also when the commit failed, after which the row may be there
				_ = s.sweepSealed(context.WithoutCancel(ctx)) // or the next Scrub does
			}
		}()
		value = []byte(inFile + name)
	}
	return s.writeAfter(ctx, func(tx *sql.Tx) error {
		if err := before(tx); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO captures (id, bytes) VALUES ($1, $2)`, id, value); err != nil || !s.file {
			return err
		}
		_, err := s.sealed.dir.Root.Lstat(name) // another program may have swept before this transaction began
		return err
	}, do)
}

// Sealed gives the sealed bytes under id, sql.ErrNoRows when there are none.
func (s *Store) Sealed(ctx context.Context, tx *sql.Tx, id string) ([]byte, error) {
	var value []byte
	if err := tx.QueryRowContext(ctx, `SELECT bytes FROM captures WHERE id = $1`, id).Scan(&value); err != nil {
		return nil, err
	}
	return s.Unfold(value)
}

// Unfold gives the sealed bytes for which a value in captures stands,
// sql.ErrNoRows when they were erased meanwhile.
func (s *Store) Unfold(value []byte) ([]byte, error) {
	name, ok := strings.CutPrefix(string(value[:min(len(value), 200)]), inFile)
	if !ok || !s.file {
		return value, nil
	}
	sealed, err := s.sealed.dir.Root.ReadFile(name)
	if err == nil { // it has its name until the zeros come: none of them was read
		_, err = s.sealed.dir.Root.Lstat(name)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, sql.ErrNoRows
	}
	return sealed, err
}

// sealedFiles are the files of a SQLite database's captures.
type sealedFiles struct {
	dir *durable.Dir

	mu     sync.Mutex
	coming map[string]bool // brought, and their rows not yet there
}

func openSealed(path string) (*sealedFiles, error) {
	dir, err := durable.Open(path)
	return &sealedFiles{dir: dir, coming: map[string]bool{}}, err
}

// bring writes a file that survives a power cut. Until done is called it counts as somebody's.
func (f *sealedFiles) bring(name string, sealed []byte) (done func(), err error) {
	f.mark(name, true)
	err = f.dir.Create(name, bytes.NewReader(sealed))
	if err == nil {
		err = f.dir.Sync(".")
	}
	if err != nil {
		f.mark(name, false)
		return nil, err
	}
	return func() { f.mark(name, false) }, nil
}

func (f *sealedFiles) mark(name string, coming bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if coming {
		f.coming[name] = true
	} else {
		delete(f.coming, name)
	}
}

func (f *sealedFiles) isComing(name string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.coming[name]
}

// sweepSealed erases the files that no row names: of what was erased, and of
// deliveries that were not finished.
func (s *Store) sweepSealed(ctx context.Context) error {
	entries, err := fs.ReadDir(s.sealed.dir.Root.FS(), ".")
	if err != nil || len(entries) == 0 {
		return err
	}
	loose := map[string]bool{} // before the rows are read: what comes after has its row by then
	for _, e := range entries {
		if !s.sealed.isComing(e.Name()) {
			loose[e.Name()] = true
		}
	}
	unnamed := func(tx *sql.Tx) error { return keepUnnamed(ctx, tx, loose) }
	if err := s.Read(ctx, unnamed); err != nil || len(loose) == 0 {
		return err
	}
	var gone []string
	err = s.Write(ctx, func(tx *sql.Tx) error { // no row comes meanwhile, from no program
		if err := unnamed(tx); err != nil {
			return err
		}
		gone, err = s.sealed.rename(slices.Collect(maps.Keys(loose)))
		return err
	})
	for _, name := range gone {
		err = errors.Join(err, s.sealed.erase(name))
	}
	return err
}

// keepUnnamed takes the files that rows name out of the list.
func keepUnnamed(ctx context.Context, tx *sql.Tx, files map[string]bool) error {
	values, err := Collect(ctx, tx, Text, `SELECT bytes FROM captures WHERE substr(bytes, 1, 5) = $1`, []byte(inFile))
	for _, value := range values {
		delete(files, strings.TrimPrefix(value, inFile))
	}
	return err
}

// rename gives files that are to be erased other names, so that nobody takes the
// zeros for what they held.
func (f *sealedFiles) rename(names []string) (others []string, err error) {
	for _, name := range names {
		id, _, _ := strings.Cut(name, ".")
		other := id + "." + rand.Text()
		switch err := f.dir.Root.Rename(name, other); {
		case errors.Is(err, fs.ErrNotExist): // another sweep has it
		case err != nil:
			return others, err
		default:
			others = append(others, other)
		}
	}
	return others, nil
}

// erase overwrites the file with zeros, as secure_delete does in the database, and removes it.
//
//	open(name, O_WRONLY), write(zeros), fsync, close
//	unlink(name), fsync(dir)
func (f *sealedFiles) erase(name string) error {
	file, err := f.dir.Root.OpenFile(name, os.O_WRONLY, 0)
	if errors.Is(err, fs.ErrNotExist) { // another sweep has it
		return nil
	}
	if err != nil {
		return err
	}
	info, err := file.Stat()
	if err == nil {
		_, err = io.CopyN(file, zeros{}, info.Size())
	}
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	return f.dir.Remove(name)
}

// zeros reads as nothing but zeros.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
