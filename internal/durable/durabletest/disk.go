// SPDX-License-Identifier: EUPL-1.2

// Package durabletest pulls the plug: it models what a power cut leaves of a directory.
package durabletest

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
)

// ErrCut is the error of every change after the power cut.
var ErrCut = errors.New("power cut")

// A Loss says how much of what was not synced a power cut takes with it.
type Loss int

// The losses. A file system may leave any of them, and all mixtures between.
const (
	// Nothing is lost: everything had reached the disk by chance.
	Nothing Loss = iota
	// Names that were not synced are as before; content that was not synced is gone.
	Names
	// Content that was not synced is gone, although all names have reached the disk.
	Content
)

// Losses lists them.
func Losses() []Loss { return []Loss{Nothing, Names, Content} }

// String names the loss.
func (l Loss) String() string { return [...]string{"nothing", "names", "content"}[l] }

// A Disk watches the changes of one directory. Its Step belongs into durable.Dir.Step.
type Disk struct {
	dir string
	// left is how many changes are still allowed.
	left int

	mu sync.Mutex
	// done is the change that was allowed last: it has happened when Step is called again.
	done            string
	current, stable map[string]*file
}

// A file is what a name stands for.
type file struct {
	folder bool
	synced []byte
}

// New watches the directory, whose present content counts as stable, and allows the given number of changes.
func New(dir string, changes int) (*Disk, error) {
	d := &Disk{dir: dir, left: changes, current: map[string]*file{}, stable: map[string]*file{}}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		f := &file{folder: e.IsDir()}
		if !f.folder {
			if f.synced, err = os.ReadFile(filepath.Join(dir, name)); err != nil {
				return err
			}
		}
		d.current[name], d.stable[name] = f, f
		return nil
	})
	return d, err
}

// Step allows a change, or returns ErrCut.
func (d *Disk) Step(op string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.happened(); err != nil {
		return err
	}
	if d.left--; d.left < 0 {
		return ErrCut
	}
	d.done = op
	return nil
}

// happened brings the last allowed change into the model.
func (d *Disk) happened() error {
	f := strings.Fields(d.done)
	d.done = ""
	if len(f) == 0 {
		return nil
	}
	switch name := f[1]; f[0] {
	case "mkdir":
		if d.current[name] == nil {
			d.current[name] = &file{folder: true}
		}
	case "create":
		d.current[name] = &file{}
	case "fsync":
		data, err := os.ReadFile(filepath.Join(d.dir, name))
		if err != nil {
			return err
		}
		d.current[name].synced = data
	case "rename":
		d.current[f[2]] = d.current[name]
		delete(d.current, name)
	case "remove":
		delete(d.current, name)
	case "sync":
		d.sync(name)
	}
	return nil
}

func (d *Disk) sync(dir string) {
	for name := range d.stable {
		if path.Dir(name) == dir && d.current[name] == nil {
			delete(d.stable, name)
		}
	}
	for name, f := range d.current {
		if path.Dir(name) == dir {
			d.stable[name] = f
		}
	}
}

// Leave writes what the power cut left into another, empty directory.
func (d *Disk) Leave(to string, l Loss) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.happened(); err != nil {
		return err
	}
	switch l {
	case Names:
		return leave(to, d.stable)
	case Content:
		return leave(to, d.current)
	}
	return os.CopyFS(to, os.DirFS(d.dir))
}

func leave(to string, files map[string]*file) error {
	for name, f := range files {
		at := filepath.Join(to, name)
		if f.folder {
			if err := os.MkdirAll(at, 0o700); err != nil {
				return err
			}
			continue
		}
		if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(at, f.synced, 0o600); err != nil {
			return err
		}
	}
	return nil
}
