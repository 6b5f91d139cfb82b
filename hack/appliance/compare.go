// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/fotobox-project/fotobox/internal/command"
)

// compare builds the commit in two folders and says whether the images are the same.
func compare(ctx context.Context, c *command.Call) error {
	e, err := begin(ctx, c)
	if err != nil {
		return err
	}
	differing, err := e.compare(ctx, "a", "folder-with-a-longer-name/b")
	if err != nil {
		return err
	}
	if differing != 0 {
		return fmt.Errorf("two builds of one commit differ in %d bytes", differing)
	}
	fmt.Fprintln(c.Stdout, "two builds of one commit in two folders: 0 of", int64(diskSize), "bytes differ")
	return nil
}

// compare builds the commit in each of the folders and counts the bytes that differ.
func (e errand) compare(ctx context.Context, folders ...string) (int64, error) {
	dir, err := os.MkdirTemp("", "fotobox-compare")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	var images []string
	for _, name := range folders {
		r := repository(filepath.Join(dir, name))
		if err := e.quiet(ctx, nil, "git", "clone", "-q", string(e.repository), string(r)); err != nil {
			return 0, err
		}
		const pages = "ui/style/kern" // which the repository does not hold; a lock file pins it
		if err := errors.Join(os.RemoveAll(r.path(pages)), copyTree(r.path(pages), e.path(pages))); err != nil {
			return 0, err
		}
		o := order{kind: e.kind, name: e.kind, image: r.out("fotobox.img"), files: card{}.files()}
		if err := r.buildAt(ctx, o); err != nil {
			return 0, err
		}
		images = append(images, o.image)
	}
	return differing(images[0], images[1])
}

// buildAt builds the commit of a fresh clone.
func (r repository) buildAt(ctx context.Context, o order) (err error) {
	if err := os.MkdirAll(r.out(""), 0o755); err != nil {
		return err
	}
	if o.release, err = r.head(ctx); err != nil {
		return err
	}
	gok, err := r.buildGok(ctx)
	if err != nil {
		return err
	}
	return r.make(ctx, gok, o)
}

// differing counts the bytes in which two images differ.
func differing(a, b string) (n int64, err error) {
	var files [2]*os.File
	for i, name := range []string{a, b} {
		if files[i], err = os.Open(name); err != nil {
			return 0, err
		}
		defer files[i].Close()
	}
	x, y := make([]byte, 4*mib), make([]byte, 4*mib)
	for at := int64(0); at < diskSize; at += int64(len(x)) {
		for i, block := range [][]byte{x, y} {
			if _, err := files[i].ReadAt(block, at); err != nil {
				return n, err
			}
		}
		if string(x) == string(y) {
			continue
		}
		for i := range x {
			if x[i] != y[i] {
				n++
			}
		}
	}
	return n, nil
}
