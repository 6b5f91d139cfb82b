// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// An edit replaces a text in a file of gok's source, exactly as often as it says.
type edit struct {
	file, old, new string
	times          int
}

// edits take from gok what makes two builds of one commit differ: the time of the
// build and of the files in the module cache, the machine's list of certification
// authorities and its time zone. The programs bring their own zones and trust the
// office's authority alone.
func edits() []edit {
	const write, prepare = "internal/packer/write.go", "internal/packer/packerprepare.go"
	return []edit{
		{write, "time.Now()", "sourceDate()", 7},
		{write, "st.ModTime()", "sourceDate(st)", 3},
		{prepare, "time.Now()", "sourceDate()", 1},
		{"internal/packer/sbom.go", "config.InstanceConfigPath()", `"config.json"`, 1},
		{"internal/packer/cacerts.go", "range certFiles {", "range certFiles[:0] {", 1},
		{"internal/packer/localtime.go", `"/etc/localtime"`, `""`, 1},
		{"internal/packer/localtime.go", "os.Stat(hostLocaltime); err == nil", "os.Stat(hostLocaltime); err != nil", 1},
	}
}

// sourceDate is the clock that gok gets instead of its own.
const sourceDate = `package packer

import (
	"os"
	"strconv"
	"time"
)

func sourceDate(...any) time.Time {
	seconds, err := strconv.ParseInt(os.Getenv("SOURCE_DATE_EPOCH"), 10, 64)
	if err != nil {
		panic("SOURCE_DATE_EPOCH: " + err.Error())
	}
	return time.Unix(seconds, 0).UTC()
}
`

const gokModule = "github.com/gokrazy/tools"

// buildGok builds the gok that hack/gok.mod pins, with the edits, below out.
func (r repository) buildGok(ctx context.Context) (string, error) {
	gok, source := r.out("gok"), r.out("gok-source")
	const list = "-modfile=hack/gok.mod"
	if err := r.quiet(ctx, nil, "go", "mod", "download", list, gokModule); err != nil {
		return "", err
	}
	from, err := r.ask(ctx, "go", "list", list, "-m", "-f", "{{.Dir}}", gokModule)
	if err != nil {
		return "", err
	}
	if err := os.RemoveAll(source); err != nil {
		return "", err
	}
	if err := copyTree(source, from); err != nil {
		return "", err
	}
	for _, e := range edits() {
		if err := e.apply(source); err != nil {
			return "", err
		}
	}
	if err := os.WriteFile(filepath.Join(source, "internal/packer/sourcedate.go"), []byte(sourceDate), 0o644); err != nil {
		return "", err
	}
	mod, err := r.pinned("hack/gok", "gok", gokModule, source)
	if err != nil {
		return "", err
	}
	return gok, r.quiet(ctx, nil, "go", "build", "-modfile="+mod, "-o", gok, gokModule+"/cmd/gok")
}

func (e edit) apply(dir string) error {
	name := filepath.Join(dir, e.file)
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	if n := strings.Count(string(text), e.old); n != e.times {
		return fmt.Errorf("gok's %s has %q %d times, want %d: look at its new version and change the edits", e.file, e.old, n, e.times)
	}
	return os.WriteFile(name, []byte(strings.ReplaceAll(string(text), e.old, e.new)), 0o644)
}

// pinned copies a go.mod and its go.sum below out, with one module replaced by a folder.
func (r repository) pinned(from, to, module, dir string) (string, error) {
	text, err := os.ReadFile(r.path(from + ".mod"))
	if err != nil {
		return "", err
	}
	sums, err := os.ReadFile(r.path(from + ".sum"))
	if err != nil {
		return "", err
	}
	mod := r.out(to + ".mod")
	text = fmt.Appendf(text, "\nreplace %s => %s\n", module, dir)
	if err := os.WriteFile(mod, text, 0o644); err != nil {
		return "", err
	}
	return mod, os.WriteFile(r.out(to+".sum"), sums, 0o644)
}

// copyTree copies a folder; the copy can be written, as the module cache cannot.
func copyTree(to, from string) error {
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		return err
	}
	return filepath.WalkDir(to, func(name string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		mode := os.FileMode(0o644)
		if d.IsDir() {
			mode = 0o755
		}
		return os.Chmod(name, mode)
	})
}
