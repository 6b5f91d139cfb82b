// SPDX-License-Identifier: EUPL-1.2

// Package durable writes files so that they survive a power cut.
//
// It is the only package that does: whoever wants a file to stay goes through a [Dir].
package durable

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// A Dir is a directory that we own and change durably.
// Its methods may be called by several goroutines.
type Dir struct {
	// Root confines every name to the directory.
	Root *os.Root
	// Step, when set, is asked before each change of the disk; its error stops the change as a
	// power cut would. op is a verb and slash-separated names: "mkdir D", "create F", "write F",
	// "fsync F", "rename OLD NEW", "remove F", "sync D".
	Step func(op string) error
	// Mode is that of new files; zero means 0600, readable by us alone.
	Mode fs.FileMode
}

// tempSuffix ends the names of files that were being written.
const tempSuffix = ".tmp"

// Open opens the directory and makes it, readable by us alone, when it is missing.
//
//	mkdir(path, 0700), open(parent), fsync(parent), when it is missing
//	open(path, O_DIRECTORY)
func Open(path string) (*Dir, error) {
	if err := ensure(path); err != nil {
		return nil, fmt.Errorf("open directory: %w", err)
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, fmt.Errorf("open directory: %w", err)
	}
	return &Dir{Root: root}, nil
}

// Close releases the directory.
func (d *Dir) Close() error { return d.Root.Close() }

// ensure makes every missing directory of the path and syncs each one's parent.
func ensure(path string) error {
	err := os.Mkdir(path, 0o700)
	if errors.Is(err, fs.ErrExist) {
		return nil // OpenRoot says so when it is not a directory
	}
	parent := filepath.Dir(path)
	if errors.Is(err, fs.ErrNotExist) && parent != path {
		if err := ensure(parent); err != nil {
			return err
		}
		err = os.Mkdir(path, 0o700)
	}
	if err != nil {
		return err
	}
	return fsync(os.Open(parent))
}

// Mkdir makes the directory name below d when it is missing.
//
//	mkdir(name, 0700)
//	open(parent), fsync(parent)
func (d *Dir) Mkdir(name string) error {
	if err := d.step("mkdir " + name); err != nil {
		return err
	}
	if err := d.Root.Mkdir(name, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return d.Sync(path.Dir(name))
}

// Write gives the file name the content of r, all of it or none: when Write returns nil the
// content survives a power cut, and at no moment is a part of it seen under that name.
//
//	open(dir/.name.RANDOM.tmp, O_WRONLY|O_CREAT|O_EXCL, 0600)
//	write(...), fsync, close
//	rename(dir/.name.RANDOM.tmp, dir/name)
//	open(dir), fsync(dir)
func (d *Dir) Write(name string, r io.Reader) error {
	temp := path.Join(path.Dir(name), "."+path.Base(name)+"."+rand.Text()+tempSuffix)
	if err := d.Create(temp, r); err != nil {
		return err
	}
	if err := d.Rename(temp, name); err != nil {
		d.discard(temp)
		return err
	}
	return nil
}

// Create writes a new file and brings its content, but not yet its name, to stable storage;
// a Rename makes the name stay. A file that could not be written completely is removed.
//
//	open(name, O_WRONLY|O_CREAT|O_EXCL, 0600)
//	fchmod(Mode), when it is set
//	write(...), fsync, close
func (d *Dir) Create(name string, r io.Reader) error {
	if err := d.step("create " + name); err != nil {
		return err
	}
	f, err := d.Root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if err := errors.Join(d.fill(f, name, r), f.Close()); err != nil {
		d.discard(name)
		return err
	}
	return nil
}

// fill copies r into the new file and syncs it.
func (d *Dir) fill(f *os.File, name string, r io.Reader) error {
	if d.Mode != 0 { // whatever the umask says
		if err := f.Chmod(d.Mode); err != nil {
			return err
		}
	}
	if _, err := io.Copy(stepWriter{d, name, f}, r); err != nil {
		return err
	}
	if err := d.step("fsync " + name); err != nil {
		return err
	}
	return f.Sync()
}

// discard removes what a failed call left; the call's own error is the one that counts.
func (d *Dir) discard(name string) {
	if d.step("remove "+name) == nil {
		_ = d.Root.Remove(name)
	}
}

// Rename gives a file another name below d and replaces what had that name.
// The new directory is synced before the old one, so that the file is never in neither.
//
//	rename(old, new)
//	open(dir of new), fsync
//	open(dir of old), fsync, when it is another one
func (d *Dir) Rename(old, new string) error {
	if err := d.step("rename " + old + " " + new); err != nil {
		return err
	}
	if err := d.Root.Rename(old, new); err != nil {
		return err
	}
	if err := d.Sync(path.Dir(new)); err != nil {
		return err
	}
	if path.Dir(old) == path.Dir(new) {
		return nil
	}
	return d.Sync(path.Dir(old))
}

// Remove removes the file; one that is missing already is no error.
//
//	unlink(name)
//	open(dir), fsync(dir)
func (d *Dir) Remove(name string) error {
	if err := d.step("remove " + name); err != nil {
		return err
	}
	if err := d.Root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return d.Sync(path.Dir(name))
}

// Sync brings the names in the directory dir ("." is d itself) to stable storage.
//
//	open(dir), fsync, close
func (d *Dir) Sync(dir string) error {
	if err := d.step("sync " + dir); err != nil {
		return err
	}
	return fsync(d.Root.Open(dir))
}

// Sweep removes the half-written files that a power cut during Write left in the directory dir.
//
//	unlink(dir/.*.tmp)...
//	open(dir), fsync(dir)
func (d *Dir) Sweep(dir string) error {
	entries, err := fs.ReadDir(d.Root.FS(), dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") || !strings.HasSuffix(e.Name(), tempSuffix) {
			continue
		}
		if err := d.Remove(path.Join(dir, e.Name())); err != nil {
			return err
		}
	}
	return nil
}

func (d *Dir) step(op string) error {
	if d.Step == nil {
		return nil
	}
	return d.Step(op)
}

// fsync syncs and closes what an Open returned.
func fsync(f *os.File, err error) error {
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// A stepWriter asks before each write.
type stepWriter struct {
	dir  *Dir
	name string
	file *os.File
}

func (w stepWriter) Write(p []byte) (int, error) {
	if err := w.dir.step("write " + w.name); err != nil {
		return 0, err
	}
	return w.file.Write(p)
}
