// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// An order says which image to build.
type order struct {
	kind    string // of machine: "pi" or "pc"
	name    string // of gok's folder below out
	image   string // file
	release release
	files   []file        // of the data partition
	change  func(*config) // of the instance; nil: none
}

// make builds a bootable image. It needs no root and no loop device.
func (r repository) make(ctx context.Context, gok string, o order) error {
	if err := r.instance(o.kind, o.name, o.release, o.change); err != nil {
		return err
	}
	before, err := r.sums(o.name)
	if err != nil {
		return err
	}
	if err := os.Remove(o.image); err != nil && !os.IsNotExist(err) {
		return err // a new file has holes where an old one has yesterday's bytes
	}
	if _, err := r.gok(ctx, gok, o, "overwrite", "--full="+o.image, fmt.Sprintf("--target_storage_bytes=%d", diskSize)); err != nil {
		return err
	}
	after, err := r.sums(o.name)
	if err != nil {
		return err
	}
	if !bytes.Equal(before, after) {
		return fmt.Errorf("the build needed more than hack/appliance/instances/%s/builddir/go.sum pins; compare it with %s",
			o.kind, r.out(filepath.Join("instances", o.name, "builddir")))
	}
	return r.formatPerm(ctx, o.image, diskSize, fixed(o.release), o.files)
}

// gok runs a command of gok on the order's instance. The names of this machine's
// folders do not get into the programs.
func (r repository) gok(ctx context.Context, gok string, o order, args ...string) ([]byte, error) {
	env := []string{
		fmt.Sprintf("SOURCE_DATE_EPOCH=%d", o.release.date.Unix()),
		"GOFLAGS=-trimpath -buildvcs=false", "CGO_ENABLED=0", "GOWORK=off",
	}
	return r.output(ctx, env, gok, append([]string{"--parent_dir", r.out("instances"), "-i", o.name}, args...)...)
}

// sums are the checksums that a build must find and not add to.
func (r repository) sums(name string) ([]byte, error) {
	dir := r.out(filepath.Join("instances", name, "builddir"))
	a, err1 := os.ReadFile(filepath.Join(dir, "go.sum"))
	b, err2 := os.ReadFile(filepath.Join(dir, fotobox, "go.sum"))
	return slices.Concat(a, b), errors.Join(err1, err2)
}

// describe says how large an image is and which modules are in it.
func (r repository) describe(ctx context.Context, gok string, o order, w io.Writer) error {
	info, err := os.Stat(o.image)
	if err != nil {
		return err
	}
	disk := info.Sys().(*syscall.Stat_t).Blocks * 512
	p, err := openParts(o.image)
	if err != nil {
		return err
	}
	p.close()
	fmt.Fprintf(w, "%s: %d MB on disk of a card of %d MB\nrelease %s\n\n", o.image, disk/1e6, info.Size()/1e6, o.release)
	out, err := r.gok(ctx, gok, o, "sbom")
	if err != nil {
		return err
	}
	modules, err := modulesOf(out)
	if err != nil {
		return err
	}
	for _, pinned := range []string{"github.com/gokrazy/kernel", "github.com/gokrazy/firmware"} {
		mod, err := os.ReadFile(r.path(filepath.Join("hack/appliance/instances", o.kind, "builddir/go.mod")))
		if err != nil {
			return err
		}
		for line := range strings.Lines(string(mod)) {
			if line = strings.TrimSpace(line); strings.HasPrefix(line, pinned) {
				modules = append(modules, line)
			}
		}
	}
	slices.Sort(modules)
	for _, m := range modules {
		fmt.Fprintln(w, m)
	}
	return nil
}

// modulesOf lists the Go modules in gok's bill of materials, each with its version.
func modulesOf(bill []byte) ([]string, error) {
	var b struct {
		SBOM struct {
			Programs []struct{ BuildInfo string } `json:"go_packages"`
		} `json:"sbom"`
	}
	if err := json.Unmarshal(bill, &b); err != nil {
		return nil, fmt.Errorf("read bill of materials: %w", err)
	}
	found := map[string]bool{}
	for _, p := range b.SBOM.Programs {
		for line := range strings.Lines(p.BuildInfo) {
			f := strings.Fields(line)
			switch {
			case len(f) >= 3 && (f[0] == "dep" || f[0] == "mod"):
				found[f[1]+" "+f[2]] = true
			case len(f) == 2 && f[0] == "go":
				found["go "+f[1]] = true
			}
		}
	}
	return slices.Collect(maps.Keys(found)), nil
}
