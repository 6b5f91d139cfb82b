// SPDX-License-Identifier: EUPL-1.2

package durable_test

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/fotobox-project/fotobox/internal/durable"
	"github.com/fotobox-project/fotobox/internal/durable/durabletest"
)

func open(t *testing.T, path string) *durable.Dir {
	t.Helper()
	d, err := durable.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// names lists every file and folder of the directory.
func names(t *testing.T, d *durable.Dir) (all []string) {
	t.Helper()
	err := fs.WalkDir(d.Root.FS(), ".", func(name string, _ fs.DirEntry, err error) error {
		if name != "." {
			all = append(all, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestMode(t *testing.T) {
	d := open(t, t.TempDir())
	d.Mode = 0o664 // more than the usual umask leaves
	if err := d.Write("a", strings.NewReader("a")); err != nil {
		t.Fatal(err)
	}
	if info, err := d.Root.Stat("a"); err != nil || info.Mode().Perm() != 0o664 {
		t.Errorf("a has mode %v, %v, want 664", info.Mode(), err)
	}
}

func TestOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a", "b", "c")
	open(t, path)
	open(t, path)
	for _, p := range []string{path, filepath.Dir(path)} {
		info, err := os.Stat(p)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != 0o700 {
			t.Errorf("%s has mode %o, want 700", p, got)
		}
	}
	file := filepath.Join(path, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{file, filepath.Join(file, "below")} {
		if _, err := durable.Open(p); err == nil {
			t.Errorf("Open(%s) succeeded", p)
		}
	}
}

func TestChanges(t *testing.T) {
	d := open(t, t.TempDir())
	for _, err := range []error{
		d.Mkdir("in"), d.Mkdir("in"),
		d.Write("in/a", strings.NewReader("one")),
		d.Write("in/a", strings.NewReader("two")),
		d.Create("b", strings.NewReader("three")),
		d.Rename("b", "in/b"),
		d.Remove("none"),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{"in", "in/a", "in/b"}, names(t, d)); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
	if got, err := d.Root.ReadFile("in/a"); err != nil || string(got) != "two" {
		t.Errorf("in/a = %q, %v, want two", got, err)
	}
	if err := d.Create("in/a", strings.NewReader("")); !errors.Is(err, fs.ErrExist) {
		t.Errorf("Create of an existing file: %v, want fs.ErrExist", err)
	}
	if info, err := d.Root.Stat("in/a"); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("in/a has mode %v, %v, want 600", info.Mode(), err)
	}
}

func TestNothingLeftAfterError(t *testing.T) {
	d := open(t, t.TempDir())
	broken := io.MultiReader(strings.NewReader("some"), iotest.ErrReader(io.ErrNoProgress))
	if err := d.Write("a", broken); !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("Write's error is %v, want the reader's", err)
	}
	if err := d.Mkdir("folder"); err != nil {
		t.Fatal(err)
	}
	if err := d.Write("folder", strings.NewReader("a file")); err == nil {
		t.Error("Write replaced a folder")
	}
	if err := d.Write("../outside", strings.NewReader("")); err == nil {
		t.Error("Write left the directory")
	}
	if diff := cmp.Diff([]string{"folder"}, names(t, d)); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
}

func TestSweep(t *testing.T) {
	d := open(t, t.TempDir())
	for _, name := range []string{"a", "b.tmp", ".hidden", ".c.ABC.tmp"} {
		if err := d.Create(name, strings.NewReader("")); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Sweep("."); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{".hidden", "a", "b.tmp"}, names(t, d)); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
}

// TestPowerCut stops before every change of Write and Remove: the file holds the old text, the new
// one or, removed, nothing; what a call that returned nil has promised is there.
func TestPowerCut(t *testing.T) {
	for _, loss := range durabletest.Losses() {
		cuts := 0
		for ; ; cuts++ {
			if !cutAt(t, cuts, loss) {
				break
			}
		}
		if cuts != 7 { // create, write, fsync, rename, sync; remove, sync
			t.Errorf("%d changes of the disk were seen, want 7", cuts)
		}
	}
}

func cutAt(t *testing.T, cut int, loss durabletest.Loss) (wasCut bool) {
	t.Helper()
	path := t.TempDir()
	d := open(t, path)
	if err := d.Write("a", strings.NewReader("old")); err != nil {
		t.Fatal(err)
	}
	disk, err := durabletest.New(path, cut)
	if err != nil {
		t.Fatal(err)
	}
	d.Step = disk.Step
	want := map[string]bool{"old": true, "new": true}
	var werr, rerr error
	if werr = d.Write("a", strings.NewReader("new")); werr == nil {
		delete(want, "old")
		want["gone"] = true
		if rerr = d.Remove("a"); rerr == nil {
			want = map[string]bool{"gone": true}
		}
	}
	after := t.TempDir()
	if err := disk.Leave(after, loss); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(after, "a"))
	if errors.Is(err, fs.ErrNotExist) {
		got = []byte("gone")
	}
	if !want[string(got)] {
		t.Errorf("cut %d, losing %v: the file holds %q, want one of %v", cut, loss, got, fmt.Sprint(want))
	}
	return werr != nil || rerr != nil
}

// TestRenameBetweenFolders cuts the power right after a Rename from one folder to another: the file
// has its new name only.
func TestRenameBetweenFolders(t *testing.T) {
	path := t.TempDir()
	d := open(t, path)
	for _, err := range []error{d.Mkdir("from"), d.Mkdir("to"), d.Write("from/a", strings.NewReader("text"))} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, loss := range durabletest.Losses() {
		disk, err := durabletest.New(path, 10)
		if err != nil {
			t.Fatal(err)
		}
		d.Step = disk.Step
		if err := d.Rename("from/a", "to/a"); err != nil {
			t.Fatal(err)
		}
		after := t.TempDir()
		if err := disk.Leave(after, loss); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"from", "to", "to/a"}, names(t, open(t, after))); diff != "" {
			t.Errorf("losing %v, names (-want +got):\n%s", loss, diff)
		}
		if err := d.Rename("to/a", "from/a"); err != nil {
			t.Fatal(err)
		}
	}
}
