// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// A repository is the checkout that images are built from. What is made lies in
// bin/appliance below it.
type repository string

func (r repository) path(name string) string { return filepath.Join(string(r), name) }

func (r repository) out(name string) string { return r.path(filepath.Join("bin/appliance", name)) }

// openRepository finds the checkout around the working directory.
func openRepository(ctx context.Context) (repository, error) {
	name, err := repository(".").ask(ctx, "go", "list", "-m", "-f", "{{.Dir}}")
	if err != nil {
		return "", fmt.Errorf("find the repository: %w", err)
	}
	r := repository(name)
	return r, os.MkdirAll(r.out(""), 0o755)
}

// quiet runs a program in the repository and shows what it said only when it fails.
func (r repository) quiet(ctx context.Context, env []string, name string, args ...string) error {
	_, err := r.output(ctx, env, name, args...)
	return err
}

// ask runs a program in the repository and returns its only line.
func (r repository) ask(ctx context.Context, name string, args ...string) (string, error) {
	out, err := r.output(ctx, nil, name, args...)
	return strings.TrimSpace(string(out)), err
}

func (r repository) output(ctx context.Context, env []string, name string, args ...string) ([]byte, error) {
	c := exec.CommandContext(ctx, name, args...)
	c.Dir = string(r)
	c.Env = append(os.Environ(), env...)
	var said bytes.Buffer
	c.Stderr = &said
	out, err := c.Output()
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w\n%s%s", name, strings.Join(args, " "), err, out, said.Bytes())
	}
	return out, nil
}

// A release says from which source an image is built.
type release struct {
	version string    // of the module, as Go writes a commit's
	date    time.Time // of the commit: the only time in an image
}

// String is what the image and guardd call the release.
func (v release) String() string { return v.version }

// head is the release of the checkout as it stands. Changes that are not
// committed end the version with ".changed".
func (r repository) head(ctx context.Context) (release, error) {
	line, err := r.ask(ctx, "git", "log", "-1", "--format=%ct %H")
	if err != nil {
		return release{}, err
	}
	seconds, hash, _ := strings.Cut(line, " ")
	n, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil || len(hash) < 12 {
		return release{}, fmt.Errorf("git log says %q, want a time and a hash", line)
	}
	v := release{date: time.Unix(n, 0).UTC()}
	v.version = "v0.0.0-" + v.date.Format("20060102150405") + "-" + hash[:12]
	changed, err := r.ask(ctx, "git", "status", "--porcelain")
	if changed != "" {
		v.version += ".changed"
	}
	return v, err
}
